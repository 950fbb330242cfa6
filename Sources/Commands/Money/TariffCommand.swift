import CommandLine
import Diagnostics
import Documents
import Scenarios
import Tariffs

/// `wattif tariff import`: a rate record as a tariff, with a report of every field.
struct TariffCommand: Subcommand {
  static let name = "tariff"

  /// What to do with a tariff.
  enum Action: String, ArgumentChoice {
    /// Import a rate record.
    case `import`
    /// Check a tariff document.
    case check
  }

  static var grammar: Grammar<TariffCommand> {
    Grammar(
      summary: "Imports rate records and checks tariff documents.",
      discussion: """
        'import' reads a record of the Utility Rate Database (JSON, versions 3 to 8) and \
        says for each field whether it is billed, billed with an assumption, or not billed and \
        why. With --output the tariff is written as a document.

        'check' reads a tariff document, reports all mistakes at once and says in words what \
        the document says.
        """,
      arguments: [
        .argument("ACTION", "What to do: import or check.", \.action),
        .argument(
          "FILE", "Rate record or tariff document.", \.file,
          completion: .file(suffixes: ["json", "yaml", "yml"])),
      ],
      options: [
        .option(
          "--tier-convention", "NAME", "Convention for tiers; the record does not say.",
          \.convention),
        .option("--power-factor", "NUMBER", "Power factor of the site.", \.powerFactor),
        .option(
          "--output", short: "-o", "DIR", "Write the tariff document into this folder.", \.output,
          completion: .folder),
        .flag("--json", "Print one JSON object on standard output.", \.isJSON),
        .wide(\.isWide),
      ],
      examples: [("wattif tariff import rate.json", "what a record says, field by field")])
  }

  var action = Action.import
  var file = ""
  var convention: TierChoice?
  var powerFactor: Double?
  var output: String?
  var isJSON = false
  var isWide = false

  var outputs: [OutputPlace] { output.map { [.folder($0)] } ?? [] }

  func validate() throws(UsageError) {
    if let powerFactor, !(powerFactor > 0 && powerFactor <= 1) {
      throw UsageError("'--power-factor' must be above 0 and at most 1")
    }
  }

  func run(_ context: CommandContext) throws -> ExitCode {
    switch action {
    case .import: return try runImport(context)
    case .check:
      let tariff = try TariffDocument.read(file)
      context.report(tariff.warnings)
      context.print("\(file): \(tariff.name), \(tariff.currency), no mistakes found")
      var table = TextTable([("rule", .left), ("what it says", .left)])
      for (rule, text) in tariff.words { table.add([rule, text]) }
      context.print("\n\(table.text)")
      return .done
    }
  }

  private func runImport(_ context: CommandContext) throws -> ExitCode {
    var options = URDBImport.Options()
    options.tierConvention = convention.flatMap { TierConvention(rawValue: $0.rawValue) }
    options.powerFactor = powerFactor
    let found = try URDBImport(
      try context.read(file).bytes, file: file, options: options)
    isJSON ? context.print(json(found)) : context.print(text(found))
    context.report(found.diagnostics)
    guard let tariff = found.tariff else { return .badInput }
    if let output {
      let stem = file.split(separator: "/").last?.split(separator: ".").first ?? "tariff"
      try context.write(TariffDocument.text(of: tariff), to: "\(stem).yaml", in: output)
    }
    return .done
  }

  private func text(_ found: URDBImport) -> String {
    var table = TextTable([("field", .left), ("outcome", .left), ("what", .left)])
    for field in found.fields {
      table.add([
        field.field, field.outcome.rawValue.replacing("_", with: " "),
        field.text.split(whereSeparator: \.isNewline).joined(separator: " "),
      ])
    }
    let head = found.tariff.map { "\($0.name), \($0.currency)" } ?? "refused"
    return "\(head)\n\n\(table.text)"
  }

  private func json(_ found: URDBImport) -> JSONValue {
    [
      "schema": "wattif.tariff/1", "tariff": .optional(found.tariff?.name),
      "fields": .array(
        found.fields.map {
          [
            "field": .string($0.field), "outcome": .string($0.outcome.rawValue),
            "text": .string($0.text),
          ]
        }),
      "findings": .array(
        found.diagnostics.map {
          ["severity": .string($0.severity.rawValue), "text": .string($0.message)]
        }),
    ]
  }
}

/// Names of tier conventions on the command line.
enum TierChoice: String, ArgumentChoice {
  /// One counter through the month.
  case chronological
  /// The month's total shared by energy.
  case proRata = "pro_rata"
  /// A counter for each period.
  case perPeriod = "per_period"
}
