import Documents
import Foundation

/// `wattif-bench STAGE|CASE|all [--json]`: how fast each stage is, or a single case, each answer checked.
///
/// `wattif-bench sites [--only NAME]… [--vary hedge|recourse|peak_pricing]`: what plans are worth.
@main
struct WattIfBench {
  /// Stages in the order of the pipeline; each has one file that lists its cases.
  static let stages: [(name: String, cases: @Sendable () -> [BenchmarkCase])] = [
    ("ingest", DataBenchmarks.cases),
    ("forecast", ForecastBenchmarks.cases),
    ("plan", PlanningBenchmarks.cases),
    ("twin", TwinBenchmarks.cases),
    ("replay", ReplayBenchmarks.cases),
    ("bill", TariffBenchmarks.cases),
    ("size", SizeBenchmarks.cases),
    ("stress", StressBenchmarks.cases),
  ]

  static func main() {
    var arguments = Array(CommandLine.arguments.dropFirst())
    let isJSON = arguments.contains("--json")
    arguments.removeAll { $0 == "--json" }
    let names = stages.map(\.name)
    if arguments.first == "sites" { sites(Array(arguments.dropFirst())) }
    let chosen = stages.map { stage in
      let isWhole = arguments.first == "all" || arguments.first == stage.name
      return stage.cases().filter { isWhole || arguments.first == $0.name }
    }
    guard arguments.count == 1, chosen.contains(where: { !$0.isEmpty }) else {
      write(
        "usage: wattif-bench STAGE|CASE|all [--json]\nstages: \(names.joined(separator: ", "))\n"
          + siteUsage,
        to: .standardError)
      exit(64)
    }
    var rows: [JSONValue] = []
    var table = TextTable([
      ("case", .left), ("value", .right), ("unit", .left), ("target", .right), ("checked", .left),
    ])
    var failed = false
    for cases in chosen {
      for item in cases {
        do {
          let result = try item.measure()
          failed = failed || !result.isChecked
          rows.append(row(item, result))
          table.add(cells(item, result))
          for detail in result.details {
            table.add([
              "  \(detail.name)", NumberText.fixed(detail.value, decimals: 3), "", "", "",
            ])
          }
        } catch {
          failed = true
          write("\(item.name): \(error)\n", to: .standardError)
        }
      }
    }
    let result: JSONValue = ["schema": "wattif.bench/1", "cases": .array(rows)]
    write(isJSON ? result.text() + "\n" : table.text, to: .standardOutput)
    exit(failed ? 1 : 0)
  }

  private static let siteUsage = """
    or: wattif-bench sites [--only NAME]... [--vary WHAT]
    names: \(SiteTable.sites.map(\.name).joined(separator: ", "))
    what: \(SiteTable.Variation.allCases.map(\.rawValue).joined(separator: ", "))

    """

  private static func sites(_ arguments: [String]) -> Never {
    var variation = SiteTable.Variation.hedge
    var only: [String] = []
    var rest = arguments[...]
    while let option = rest.popFirst() {
      let value = rest.popFirst()
      if option == "--only", let value, SiteTable.sites.contains(where: { $0.name == value }) {
        only.append(value)
      } else if option == "--vary", let named = value.flatMap(SiteTable.Variation.init) {
        variation = named
      } else {
        write(siteUsage, to: .standardError)
        exit(64)
      }
    }
    let isComplete = SiteTable.write(only: only, variation) { write($0, to: .standardOutput) }
    exit(isComplete ? 0 : 1)
  }

  private static func row(
    _ item: BenchmarkCase, _ result: BenchmarkCase.Measurement
  ) -> JSONValue {
    [
      "name": .string(item.name), "value": .number(result.value), "unit": .string(item.unit),
      "target": .optional(item.target), "checked": .boolean(result.isChecked),
      "details": .object(
        Dictionary(uniqueKeysWithValues: result.details.map { ($0.name, .number($0.value)) })),
    ]
  }

  private static func cells(
    _ item: BenchmarkCase, _ result: BenchmarkCase.Measurement
  ) -> [String] {
    let target = item.target.map { (item.isRate ? "≥ " : "≤ ") + NumberText.shortest($0) }
    return [
      item.name, NumberText.fixed(result.value, decimals: 3), item.unit, target ?? "–",
      result.isChecked ? "yes" : "NO",
    ]
  }

  private static func write(_ text: String, to handle: FileHandle) {
    handle.write(Data(text.utf8))
  }
}
