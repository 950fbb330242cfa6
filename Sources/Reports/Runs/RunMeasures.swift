import Documents
import Numerics
package import Store

extension KeptRun {
  /// One run of the ledger.
  package static let measures = MeasureList<KeptRun>([
    Measure(
      "run", header: "run", "Number in the database; the next run may take that of one replaced."
    ) {
      .integer($0.run.number)
    },
    Measure(
      "id", header: "id", unit: .words,
      "First digits of the fingerprint of everything that was read."
    ) { .text($0.run.shortHash) },
    Measure("command", header: "command", unit: .words, "Subcommand.") { .text($0.run.command) },
    Measure("scenario", header: "scenario", unit: .words, "Name of the scenario.") {
      .text($0.scenario)
    },
    Measure(
      "document", unit: .words,
      "Path of the scenario's document from the folder of the database; null for a run of an older program."
    ) { .text($0.run.document) },
    Measure("options", unit: .words, "Options that can move a result.") {
      .text($0.run.options.joined(separator: " "))
    },
    Measure("versions", unit: .words, "Forecast versions that were run.") {
      .text($0.run.versions.joined(separator: " "))
    },
    Measure(
      "from", header: "from", unit: .instant, "First instant of the period.",
      words: { $0.day($0.from) }
    ) { .text($0.from) },
    Measure(
      "to", header: "to", unit: .instant, "End of the period.",
      words: { $0.day($0.to) }
    ) { .text($0.to) },
    Measure("seed", unit: .words, "Seed of everything random.") { .text($0.run.seed) },
    Measure("program_version", unit: .words, "Version of the program.") {
      .text($0.run.programVersion)
    },
    Measure(
      "headline", unit: .words,
      "What `amount` is: the cost of a version, or the net present value of a size."
    ) {
      .text($0.headline.map { "\($0.figure) of \($0.name)" })
    },
    Measure(
      "amount", header: "amount", namesUnit: false, unit: .currency,
      "Cost of the cheapest honest version, or net present value of the best size."
    ) { .number($0.headline?.amount) },
    Measure("currency", header: "", unit: .words, "Currency of the amount.") {
      .text($0.currency)
    },
  ])
}

extension RunInput {
  /// Something that a run read.
  package static let measures = MeasureList<RunInput>([
    Measure("kind", header: "read", unit: .words, "`file`, `history` or `forecasts`.") {
      .text($0.kind.rawValue)
    },
    Measure("name", header: "name", unit: .words, "Path, quantity, or version and quantity.") {
      .text($0.name)
    },
    Measure("count", header: "count", "Bytes of a file, slots of a history, rows of forecasts.") {
      .integer($0.count)
    },
    Measure(
      "missing", header: "missing", namesUnit: false, unit: .slots,
      "Slots without a value; null for a file."
    ) {
      .integer($0.missing)
    },
    Measure("mean", header: "mean", decimals: 4, "Mean of the values; null for a file.") {
      .number($0.mean)
    },
    Measure(
      "fingerprint", header: "fingerprint", unit: .words, "Tells contents apart.",
      words: { String($0.fingerprint.text.prefix(8)) }
    ) {
      .text($0.fingerprint.text)
    },
  ])
}
