import CommandLine
import Documents
import Foundation
import TestSupport
import Testing

@Suite("Page of the outputs") struct OutputsPageTests {
  private static let folder = Result { try OutputsPageFiles.prepared() }

  /// A subcommand, its arguments with `@` for the folder, and the section of the page.
  struct Run: Sendable, CustomTestStringConvertible {
    let section: String
    let arguments: String
    /// Whether it takes no folder for results.
    var writesNothing: Bool {
      section.hasPrefix("shadow") || section.hasPrefix("runs ") && section != "runs rerun"
    }
    var testDescription: String { section }
  }

  static let runs = [
    Run(
      section: "compare",
      arguments:
        "compare @/site.yaml --explain all --explain-leads --explain-plans --audit --require cost<1e9"
    ),
    Run(
      section: "benchmark", arguments: "benchmark @/sites --small --reference persistence"),
    Run(section: "replay", arguments: "replay @/batteries.yaml --version ridge --battery nmc"),
    Run(section: "size", arguments: "size @/batteries.yaml --battery nmc"),
    Run(section: "size of a folder", arguments: "size @/sites"),
    Run(section: "stress", arguments: "stress @/batteries.yaml"),
    Run(section: "stress --campaign", arguments: "stress @/batteries.yaml --campaign 3"),
    Run(section: "plan", arguments: "plan @/batteries.yaml"),
    Run(
      section: "bill",
      arguments: "bill @/tariffs/tariff.yaml @/synth/history.csv --time-zone Europe/Berlin"
        + " --column load_kw --pv pv_kw --explain 2024-05-02 --battery-kwh 10 --battery-kw 5"),
    Run(
      section: "bill --compare",
      arguments: "bill --compare @/tariffs @/synth/history.csv --column load_kw"),
    Run(section: "twin", arguments: "twin @/site.yaml --power @/p.csv --ambient 25"),
    Run(section: "twin", arguments: "twin @/site.yaml --protocol @/protocol.yaml"),
    Run(
      section: "compare with batteries", arguments: "compare @/batteries.yaml"),
    Run(
      section: "twin with batteries",
      arguments: "twin @/batteries.yaml --power @/p.csv --ambient 25"),
    Run(section: "twin list", arguments: "twin list lg-resu10"),
    Run(
      section: "twin fit", arguments: "twin fit @/cell.csv --capacity-ah 2 --diffusion"),
    Run(
      section: "forecast predict",
      arguments: "forecast predict @/site.yaml --version ridge --quantiles"),
    Run(
      section: "forecast backtest",
      arguments: "forecast backtest @/site.yaml --version ridge --version naive_day --first-day 20"
        + " --ablate --windows 2"),
    Run(section: "forecast versions", arguments: "forecast versions @/site.yaml"),
    Run(
      section: "thermal label",
      arguments: "thermal label @/heat.csv --run run --temperature temp_c --current current_a"
        + " --limit 32 --lead 60 --window 120"),
    Run(
      section: "thermal evaluate",
      arguments: "thermal evaluate @/heat.csv --run run --temperature temp_c --current current_a"
        + " --limit 32 --lead 60 --window 120 --leak --require mae_k<9"),
    Run(
      section: "thermal train",
      arguments: "thermal train @/heat.csv --run run --temperature temp_c --current current_a"
        + " --limit 32 --lead 60 --window 120 --model ridge"),
    Run(
      section: "thermal advise",
      arguments: "thermal advise @/heat.csv --run run --temperature temp_c --current current_a"
        + " --limit 32 --lead 60 --window 120 --model ridge"),
    Run(
      section: "thermal predict",
      arguments: "thermal predict @/heat.csv --run run --model-file @/heat.json"),
    Run(section: "forecast import", arguments: "forecast import @/vendor.csv"),
    Run(section: "check", arguments: "check @/site.yaml"),
    Run(section: "ingest", arguments: "ingest @/synth/history.csv"),
    Run(section: "ingest --signals", arguments: "ingest --signals @/synth/history.csv --step 900"),
    Run(section: "ingest --forecasts", arguments: "ingest --forecasts @/vendor.csv"),
    Run(section: "synth", arguments: "synth @/site.yaml"),
    Run(section: "runs list", arguments: "runs list @/runs"),
    Run(section: "runs show", arguments: "runs show @/runs 1"),
    Run(section: "runs diff", arguments: "runs diff @/runs 1 2"),
    Run(section: "runs rerun", arguments: "runs rerun @/runs 1"),
    Run(section: "shadow", arguments: "shadow @/site.yaml --day 2024-05-03 -o @/shadow"),
    Run(section: "shadow --keep", arguments: "shadow @/site.yaml --keep -o @/shadow"),
    Run(section: "version", arguments: "version"),
  ]

  @Test("its tables of measures are those of the measures") func made() throws {
    let page = try OutputsPage()
    let renewed = page.renewed()
    if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" {
      try Data(renewed.utf8).write(to: OutputsPage.file)
      Issue.record("recorded the page")
      return
    }
    #expect(page.text == renewed)
    let missing = OutputsPage.made.keys.filter { !page.text.contains("### \($0)\n") }
    #expect(missing == [])
  }

  @Test("it names every key that a subcommand prints and every column it writes", arguments: runs)
  func named(run: Run) throws {
    let page = try OutputsPage()
    let folder = try Self.folder.get().path
    let output = "\(folder)/\(run.section.replacing(" ", with: "_"))"
    let words = run.arguments.replacing("@", with: folder).split(separator: " ").map(String.init)
    let outcome = wattif(
      words
        + (run.section == "version"
          ? ["--json"]
          : run.writesNothing ? ["--json", "-q"] : ["--json", "-q", "-o", output]))
    #expect(outcome.code == .done, "\(outcome.error)")

    let paths = page.paths(run.section).map { $0.split(separator: ".") }
    let printed = Self.paths(in: try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)))
    let unnamed = printed.filter { path in
      let parts = path.split(separator: ".")
      return !paths.contains { Self.matches($0.prefix(parts.count), parts) }
    }
    #expect(unnamed.sorted() == [], "keys that are not on the page")

    for file in (try? FileManager.default.contentsOfDirectory(atPath: output)) ?? []
    where file.hasSuffix(".csv") {
      let named = page.files.first { Self.isInstance(file.dropLast(4), of: $0.name.dropLast(4)) }
      let columns = page.columns(try #require(named, "\(file) is not on the page").section)
      let header = try String(contentsOfFile: "\(output)/\(file)", encoding: .utf8)
        .prefix { $0 != "\n" }.split(separator: ",", omittingEmptySubsequences: false)
      if columns.contains(where: { $0.contains(where: \.isUppercase) }) {
        #expect(
          header.allSatisfy { name in columns.contains { Self.isInstance(name, of: $0[...]) } })
      } else {
        #expect(header.map(String.init) == columns, "\(file)")
      }
    }
  }

  @Test("the keys it names by hand are printed") func printed() throws {
    let page = try OutputsPage()
    let folder = try Self.folder.get().path
    for run in Self.runs {
      let words = run.arguments.replacing("@", with: folder).split(separator: " ").map(String.init)
      let outcome = wattif(words + (run.section == "version" ? ["--json"] : ["--json", "-q"]))
      let printed = Self.paths(
        in: try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)))
      let unprinted = (page.sections[run.section] ?? []).map(\.json).filter { key in
        let parts = key.split(separator: ".")
        return !key.isEmpty && key != "."
          && !printed.contains { Self.matches(parts, $0.split(separator: ".").prefix(parts.count)) }
          && !Self.onlySometimes.contains(
            "\(run.section): \(key.prefix { $0 != "." && $0 != "[" })")
      }
      #expect(unprinted == [], "\(run.section)")
    }
  }

  /// Keys that stand only where there is something to say.
  private static let onlySometimes: Set = [
    "ingest: layouts", "shadow: labelled", "shadow: notes",
    "compare: warnings", "replay: warnings", "size: warnings", "stress: warnings",
    "size: flat_region", "bill: warnings", "bill --compare: ranking", "check: findings",
    "ingest: findings", "ingest --signals: findings", "ingest --signals: slots",
    "ingest --signals: gaps", "ingest --signals: idle", "ingest --signals: cells",
    "ingest --signals: remarks", "ingest --forecasts: findings",
    "plan: slack", "forecast versions: models", "forecast backtest: scenario",
    "thermal predict: alarms", "twin: sun", "twin: pv", "twin: protocol",
    "twin: warranty", "compare: warranty", "replay: warranty", "compare with batteries: warnings",
    "compare with batteries: history",
    "compare: battery", "compare: meters", "compare with batteries: meters", "replay: meters",
    "size: meters", "stress: meters", "stress --campaign: meters",
    "compare: history", "replay: history", "size: history",
    "stress: history", "stress --campaign: warnings", "stress --campaign: history",
  ]

  /// Every path to a value, with `[]` for the elements of a list.
  private static func paths(in value: Any, at path: String = "") -> Set<String> {
    if let object = value as? [String: Any], !object.isEmpty {
      return object.reduce(into: []) { found, member in
        found.formUnion(
          paths(in: member.value, at: path.isEmpty ? member.key : "\(path).\(member.key)"))
      }
    }
    if let list = value as? [Any], !list.isEmpty {
      return list.reduce(into: []) { $0.formUnion(paths(in: $1, at: "\(path)[]")) }
    }
    return [value is [Any] ? "\(path)[]" : path]
  }

  private static func matches(
    _ documented: some Sequence<Substring>, _ printed: some Sequence<Substring>
  ) -> Bool {
    let (a, b) = (Array(documented), Array(printed))
    return a.count == b.count && zip(a, b).allSatisfy { isInstance($1, of: $0) }
  }

  /// Whether a name is what a pattern with words in capitals stands for; null may stand for a list.
  private static func isInstance(_ name: Substring, of pattern: Substring) -> Bool {
    guard let from = pattern.firstIndex(where: \.isUppercase) else {
      return name == pattern || "\(name)[]" == pattern || name == "\(pattern)[]"
    }
    let to = pattern[from...].firstIndex { !$0.isUppercase } ?? pattern.endIndex
    return name.hasPrefix(pattern[..<from]) && name.hasSuffix(pattern[to...])
      && name.count >= pattern.count - pattern[from..<to].count
  }
}
