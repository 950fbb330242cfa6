package import Diagnostics
import TimeSeries

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
    /// Label or name of the record, where the file has several.
    package var record: String?
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
    record = try URDBRecord(bytes, file: file, named: options.record)
    self.options = options
    place = record.position
    if record["energyratestructure"] == nil {
      refuse("energyratestructure", "a rate record must have 'energyratestructure'")
    } else {
      build()
    }
    describeTheRest()
    tariff?.warnings = diagnostics
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

  /// Writes down what became of a field, spelled as in the record if it is there.
  mutating func note(_ field: String, _ outcome: FieldReport.Outcome, _ text: String) {
    fields.append(
      FieldReport(
        field: record.fields[field] == nil ? record.spelled(field) : field, outcome: outcome,
        text: text))
  }

  /// Refuses the record because of a field, at the place of a value or of the field.
  mutating func refuse(_ field: String, _ text: String, at value: URDBValue? = nil) {
    note(field, .refused, text)
    diagnostics.append(.error(text, at: value?.position ?? position(of: field)))
  }

  /// Where a field stands; the record's place for one that it does not have.
  func position(of field: String) -> SourcePosition { record[field]?.position ?? place }

  /// Adds a warning about the record.
  mutating func warn(_ text: String, at value: URDBValue? = nil) {
    diagnostics.append(.warning(text, at: value?.position ?? place))
  }

  /// Returns the number of a value, or refuses the record because of a field.
  mutating func number(_ value: URDBValue, of field: String) -> Double? {
    if let number = value.number { return number }
    refuse(field, "'\(value.path)' must be a number, found '\(value.summary)'", at: value)
    return nil
  }

  private mutating func build() {
    let arrangement = self.arrangement()
    let energy = energyCharges(netMetering: arrangement.rule == .netMeteringEnergy)
    let demand = demandCharges()
    let fixed = fixedCharges()
    let minimums = minimumCharges()
    let reactive = reactiveCharges()
    describeService()
    let applicability = self.applicability()
    guard isSound else { return }
    if arrangement.isAssumed {
      fields.append(
        FieldReport(
          field: "dgrules", outcome: .assumed, text: "missing; net billing at the 'sell' prices"))
      warn(
        "the record has no 'dgrules': export is taken as net billing and earns "
          + (energy.export.isEmpty ? "nothing" : "the 'sell' prices"))
    }
    let isNetMetered = arrangement.rule == .netMeteringEnergy
    let name = [record["utility"]?.text, record["name"]?.text].compactMap { $0 }
      .joined(separator: ", ")
    do {
      tariff = try Tariff(
        name: name.isEmpty ? "imported rate" : name, currency: "USD", source: sourceText(),
        energy: energy.charges, demand: demand, reactive: reactive, fixed: fixed,
        export: ExportRule(
          charges: energy.export, arrangement: arrangement.rule,
          trueUpMonth: isNetMetered ? 12 : nil,
          trueUpPerKWh: isNetMetered && energy.export.isEmpty ? 0 : nil),
        minimums: minimums, settlement: arrangement.settlement, applicability: applicability,
        position: place)
    } catch {
      diagnostics += error.diagnostics
    }
  }

  /// How export is set against import.
  private struct Arrangement {
    var rule = MeteringArrangement.netBilling
    var settlement: Settlement?
    /// True when the record says nothing of it.
    var isAssumed = false
  }

  private mutating func arrangement() -> Arrangement {
    let stated = record["usenetmetering"]
    guard let rule = record["dgrules"] else {
      guard let stated else { return Arrangement(isAssumed: true) }
      guard let isNetMetered = stated.flag else {
        refuse(
          "usenetmetering", "'\(stated.path)' must be true or false, found '\(stated.summary)'",
          at: stated)
        return Arrangement()
      }
      note(
        "usenetmetering", .assumed,
        isNetMetered
          ? "net metering with yearly true-up in December" : "net billing at the export price")
      return Arrangement(rule: isNetMetered ? .netMeteringEnergy : .netBilling)
    }
    if stated != nil { note("usenetmetering", .description, "'dgrules' decides") }
    switch rule.text?.lowercased() {
    case "net metering":
      note("dgrules", .assumed, "net metering; the true-up is taken at the end of December")
      return Arrangement(rule: .netMeteringEnergy)
    case "net billing instantaneous":
      note("dgrules", .honoured, "net billing in every step")
      return Arrangement()
    case "net billing hourly":
      note("dgrules", .honoured, "net billing, import and export netted within the hour")
      return Arrangement(settlement: Settlement(seconds: 3600, netsImportAndExport: true))
    case "buy all sell all":
      note("dgrules", .honoured, "load and generation are metered apart")
      return Arrangement(rule: .buyAllSellAll)
    default:
      refuse(
        "dgrules", "'\(rule.path)' has a rule that is not known, found '\(rule.summary)'", at: rule)
      return Arrangement()
    }
  }

  private func sourceText() -> String {
    var parts = ["Utility Rate Database"]
    if let label = record["label"]?.text { parts[0] += " record \(label)" }
    for (field, word) in [("startdate", "from"), ("enddate", "until")] {
      if let day = record[field]?.day { parts.append("\(word) \(dateText(day))") }
    }
    if let source = record["source"]?.text { parts.append("after \(source)") }
    return parts.joined(separator: ", ")
  }
}
