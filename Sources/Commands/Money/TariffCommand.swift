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
        'import' reads a record of the Utility Rate Database (JSON, versions 3 to 8, alone, in \
        a list or an answer, a record a line, or the CSV of all rates) and says for each field whether it is billed, billed with an assumption, or not billed and \
        why. A table of billing periods (CSV of DER-VET) is read as well. With --output the \
        tariff is written as a document.

        'check' reads a tariff document, reports all mistakes at once and says in words what \
        the document says.
        """,
      arguments: [
        .argument("ACTION", "What to do: import or check.", \.action),
        .argument(
          "FILE", "Rate record or tariff document.", \.file,
          completion: .file(suffixes: ["json", "csv", "yaml", "yml"])),
      ],
      options: [
        .option(
          "--tier-convention", "NAME", "Convention for tiers; the record does not say.",
          \.convention),
        .option("--power-factor", "NUMBER", "Power factor of the site.", \.powerFactor),
        .option(
          "--record", "LABEL", "Label or name of the record, where the file has several.", \.record),
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
  var record: String?
  var output: String?
  var isJSON = false
  var isWide = false

  var outputs: [OutputPlace] { output.map { [.folder($0)] } ?? [] }

  func validate() throws(UsageError) {
    if let powerFactor { try Self.check(powerFactor: powerFactor) }
  }

  static func check(powerFactor: Double) throws(UsageError) {
    if !(powerFactor > 0 && powerFactor <= 1) {
      throw UsageError("'--power-factor' must be above 0 and at most 1")
    }
  }

  /// What the command line says of the site and the record.
  static func options(
    convention: TierChoice?, powerFactor: Double?, record: String?
  ) -> URDBImport.Options {
    var options = URDBImport.Options()
    options.tierConvention = convention.flatMap { TierConvention(rawValue: $0.rawValue) }
    options.powerFactor = powerFactor
    options.record = record
    return options
  }

  func run(_ context: CommandContext) throws -> ExitCode {
    switch action {
    case .import: return try runImport(context)
    case .check:
      let tariff = try TariffDocument.read(
        file,
        options: Self.options(convention: convention, powerFactor: powerFactor, record: record))
      context.report(tariff.warnings)
      context.print("\(file): no mistakes found\n")
      printWords(tariff, context)
      return .done
    }
  }

  private func runImport(_ context: CommandContext) throws -> ExitCode {
    let bytes = try context.read(file).bytes
    if BillingPeriodTable.isTable(bytes) { return try importTable(bytes, context) }
    let found = try URDBImport(
      bytes, file: file,
      options: Self.options(convention: convention, powerFactor: powerFactor, record: record))
    isJSON ? context.print(json(found)) : context.print(text(found))
    context.report(found.diagnostics)
    guard let tariff = found.tariff else { return .badInput }
    try write(tariff, context)
    return .done
  }

  private func importTable(_ bytes: [UInt8], _ context: CommandContext) throws -> ExitCode {
    let tariff = try BillingPeriodTable.read(bytes, file: file)
    if isJSON {
      let words: [JSONValue] = tariff.words.map {
        ["rule": .string($0.rule), "text": .string($0.text)]
      }
      context.print(
        ["schema": "wattif.tariff/1", "tariff": .string(tariff.name), "words": .array(words)])
    } else {
      printWords(tariff, context)
    }
    context.report(tariff.warnings)
    try write(tariff, context)
    return .done
  }

  private func write(_ tariff: Tariff, _ context: CommandContext) throws {
    guard let output else { return }
    let stem = file.split(separator: "/").last?.split(separator: ".").first ?? "tariff"
    try context.write(TariffDocument.text(of: tariff), to: "\(stem).yaml", in: output)
  }

  private func printWords(_ tariff: Tariff, _ context: CommandContext) {
    var table = TextTable([("rule", .left), ("what it says", .left)])
    for (rule, text) in tariff.words { table.add([rule, text]) }
    context.print("\(tariff.name), \(tariff.currency)\n\n\(table.text)")
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
