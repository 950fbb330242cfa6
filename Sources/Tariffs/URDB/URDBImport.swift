package import Diagnostics

/// Imports rate records of the United States Utility Rate Database, versions 3 to 8.
///
/// Every field of the record ends up in ``fields``: honoured, assumed with the assumption, not billed
/// with the reason, a description, or refused. Nothing is ignored in silence.
///
/// Source: OpenEI, "Utility Rates API", versions 3 to 8; departures by other importers are in the
/// documentation of this room.
package struct URDBImport: Sendable {
  /// Choices that a record leaves open.
  package struct Options: Sendable, Hashable {
    /// How tiers and periods combine; nothing for chronological, or pro rata under net metering.
    package var tierConvention: TierConvention?
    /// Power factor of the site, where the record bills reactive power or kilovolt-amperes.
    package var powerFactor: Double?
    /// Metering interval where the record names none. [s]
    package var meteringSeconds = 900

    /// Starts with the defaults.
    package init() {}
  }

  /// The tariff, or nothing when the record is refused.
  package internal(set) var tariff: Tariff?
  /// What became of every field, in alphabetical order.
  package internal(set) var fields: [FieldReport] = []
  /// Findings about the record as a whole; errors when it is refused.
  package internal(set) var diagnostics: [Diagnostic] = []

  let record: URDBRecord
  let options: Options
  let place: SourcePosition

  /// Imports a record.
  ///
  /// - Parameters:
  ///   - bytes: The record as JSON, alone or as the only item of an API answer.
  ///   - file: Its name, for messages.
  ///   - options: Choices that the record leaves open.
  /// - Throws: `InputError` when the bytes are no JSON record at all; a record that is understood
  ///   but cannot be billed gives an import without a tariff.
  package init(_ bytes: [UInt8], file: String, options: Options = Options()) throws {
    record = try URDBRecord(bytes, file: file)
    self.options = options
    place = SourcePosition(file: file)
    guard record["energyratestructure"] != nil else {
      refuse("energyratestructure", "a rate record must have 'energyratestructure'")
      describeTheRest()
      return
    }
    build()
    describeTheRest()
  }

  /// Returns the tariff.
  ///
  /// - Throws: `InputError` with the findings when the record is refused.
  package func requireTariff() throws -> Tariff {
    guard let tariff else { throw InputError(diagnostics) }
    return tariff
  }

  /// True when no field is refused.
  var isSound: Bool { !fields.contains { $0.outcome == .refused } }

  /// Writes down what became of a field that the record has.
  mutating func note(_ field: String, _ outcome: FieldReport.Outcome, _ text: String) {
    let spelled =
      record.fields[field] != nil
      ? field : record.fields.keys.first { $0.lowercased() == field.lowercased() } ?? field
    fields.append(FieldReport(field: spelled, outcome: outcome, text: text))
  }

  /// Refuses the record because of a field.
  mutating func refuse(_ field: String, _ text: String) {
    note(field, .refused, text)
    diagnostics.append(.error(text, at: place))
  }

  /// Adds a warning about the record.
  mutating func warn(_ text: String) {
    diagnostics.append(.warning(text, at: place))
  }

  private mutating func build() {
    let arrangement = self.arrangement()
    let energy = energyCharges(netMetering: arrangement.rule == .netMeteringEnergy)
    let demand = demandCharges()
    let fixed = fixedCharges()
    let minimums = minimumCharges()
    describeService()
    guard isSound else { return }
    let isNetMetered = arrangement.rule == .netMeteringEnergy
    let name = [record["utility"]?.text, record["name"]?.text].compactMap { $0 }
      .joined(separator: ", ")
    do {
      tariff = try Tariff(
        name: name.isEmpty ? "imported rate" : name, currency: "USD", source: sourceText(),
        energy: energy.charges, demand: demand, reactive: reactiveCharges(), fixed: fixed,
        export: ExportRule(
          charges: energy.export, arrangement: arrangement.rule,
          trueUpMonth: isNetMetered ? 12 : nil,
          trueUpPerKWh: isNetMetered && energy.export.isEmpty ? 0 : nil),
        minimums: minimums, settlement: arrangement.settlement, position: place)
    } catch {
      diagnostics += error.diagnostics
    }
  }

  /// Reads how export is set against import.
  private mutating func arrangement() -> (rule: MeteringArrangement, settlement: Settlement?) {
    let isNetMetered = record["usenetmetering"]?.isTrue
    guard let rule = record["dgrules"] else {
      if let isNetMetered {
        note(
          "usenetmetering", .assumed,
          isNetMetered
            ? "net metering with yearly true-up in December" : "net billing at the export price")
        return (isNetMetered ? .netMeteringEnergy : .netBilling, nil)
      }
      return (.netBilling, nil)
    }
    if isNetMetered != nil {
      note("usenetmetering", .description, "'dgrules' decides")
    }
    switch rule.text?.lowercased() {
    case "net metering":
      note("dgrules", .assumed, "net metering; the true-up is taken at the end of December")
      return (.netMeteringEnergy, nil)
    case "net billing instantaneous":
      note("dgrules", .honoured, "net billing in every step")
      return (.netBilling, nil)
    case "net billing hourly":
      note("dgrules", .honoured, "net billing, import and export netted within the hour")
      return (.netBilling, Settlement(seconds: 3600, netsImportAndExport: true))
    case "buy all sell all":
      note("dgrules", .honoured, "load and generation are metered apart")
      return (.buyAllSellAll, nil)
    default:
      refuse("dgrules", "'dgrules' has a rule that is not known, found '\(rule.summary)'")
      return (.netBilling, nil)
    }
  }

  private func sourceText() -> String {
    var parts = ["Utility Rate Database"]
    if let label = record["label"]?.text { parts[0] += " record \(label)" }
    for (field, word) in [("startdate", "from"), ("enddate", "until")] {
      if let seconds = record[field]?.wholeNumber {
        parts.append("\(word) \(dateText(seconds / 86_400))")
      }
    }
    if let source = record["source"]?.text { parts.append("after \(source)") }
    return parts.joined(separator: ", ")
  }
}
