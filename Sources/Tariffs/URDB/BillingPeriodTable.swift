package import Diagnostics
import Documents
import TimeSeries

/// Imports the table of billing periods that DER-VET and StorageVET read as a customer's tariff.
///
/// A row is a price of energy or of power within months, hours and kinds of day; rows add up. Hours are
/// numbered by their end, from 1 to 24, and `Weekday?` is 1 for Monday to Friday, 0 for Saturday and Sunday, 2 for
/// all days. Such a table knows no fixed charges and no holidays, and a billed demand is the highest of a row's
/// hours in the month.
///
/// Source: EPRI, DER-VET, `retailTimeShift` and `DemandChargeReduction` of StorageVET.
package enum BillingPeriodTable {
  /// Columns that a table must have.
  private static let columns = [
    "Start Month", "End Month", "Start Time", "End Time", "Weekday?", "Value", "Charge",
  ]

  /// Whether bytes are such a table: their first line has a column `Billing Period`.
  package static func isTable(_ bytes: [UInt8]) -> Bool {
    let first = bytes.prefix(4096).prefix { $0 != 0x0A }
    return String(decoding: first, as: UTF8.self).lowercased().contains("billing period")
  }

  /// Reads a table.
  ///
  /// - Parameters:
  ///   - bytes: The table as CSV.
  ///   - file: Its name, which becomes that of the tariff, and for messages.
  ///   - meteringSeconds: Interval over which power is averaged; the table does not say. [s]
  /// - Returns: The tariff, with a warning about what such a table leaves out.
  /// - Throws: `InputError` with every finding.
  package static func read(
    _ bytes: [UInt8], file: String, meteringSeconds: Int = 900
  ) throws(InputError) -> Tariff {
    var rows = try CSVRows(bytes, file: file, findsHeader: false)
    var findings = Findings()
    let names = rows.names.map { $0.lowercased() }
    func column(_ name: String) -> Int? { names.firstIndex(of: name.lowercased()) }
    let missing = columns.filter { column($0) == nil }
    guard missing.isEmpty else {
      throw InputError(
        "a table of billing periods must have '\(missing.joined(separator: "', '"))'",
        at: rows.headerPosition())
    }
    var energy: [EnergyCharge] = []
    var demand: [DemandCharge] = []
    while rows.next() {
      let place = rows.position
      func whole(_ name: String, _ range: ClosedRange<Int>) -> Int? {
        guard let column = column(name) else { return nil }
        if let number = rows.number(column), let whole = Int(exactly: number), range.contains(whole)
        {
          return whole
        }
        findings.error(
          "'\(name)' must be a whole number of \(range.lowerBound) to \(range.upperBound), found"
            + " '\(rows.text(column))'", at: rows.position(column))
        return nil
      }
      func optional(_ name: String) -> Int? {
        guard let index = column(name), !rows.text(index).isEmpty else { return nil }
        return whole(name, 1...24)
      }
      let start = (whole("Start Month", 1...12), whole("End Month", 1...12))
      let hours = (whole("Start Time", 1...24), whole("End Time", 1...24))
      let kind = whole("Weekday?", 0...2)
      let value = column("Value").flatMap { rows.number($0) }
      let word = column("Charge").map { rows.text($0).lowercased() } ?? ""
      if value == nil {
        findings.error("'Value' must be a number", at: rows.position(column("Value") ?? 0))
      }
      if word != "energy", word != "demand" {
        findings.error(
          "'Charge' must be 'Energy' or 'Demand', found '\(word)'",
          at: rows.position(column("Charge") ?? 0))
      }
      guard let from = start.0, let through = start.1, let first = hours.0, let last = hours.1,
        let kind, let value, ["energy", "demand"].contains(word)
      else { continue }
      var window = CalendarWindow(dates: [DateSpan(months: from, through: through)])
      window.days = kind == 2 ? .all : kind == 1 ? .weekday : .weekend
      window.times = spans(
        first, last, without: optional("Excluding Start Time"), optional("Excluding End Time"))
      let title = column("Name_optional").map { rows.text($0) } ?? ""
      let number =
        column("Billing Period").map { rows.text($0) } ?? "\(energy.count + demand.count)"
      let name = title.isEmpty ? "period \(number)" : "\(title), period \(number)"
      if word == "energy" {
        energy.append(
          EnergyCharge(
            name,
            periods: [
              EnergyPeriod("applies", window: window, pricePerKWh: DatedValue(value)),
              EnergyPeriod("rest", window: .rest, pricePerKWh: 0),
            ], position: place))
      } else {
        demand.append(
          DemandCharge(
            name,
            periods: [DemandPeriod("applies", window: window, pricePerKW: DatedValue(value))],
            meteringSeconds: meteringSeconds, position: place))
      }
    }
    try findings.throwIfErrors()
    let stem = file.split(separator: "/").last.map(String.init) ?? file
    return try Tariff(
      name: stem.hasSuffix(".csv") ? String(stem.dropLast(4)) : stem, currency: "USD",
      source: "table of billing periods \(stem)", energy: energy, demand: demand,
      warnings: [
        .warning(
          "a table of billing periods has no fixed charges, no holidays and no export price; power is"
            + " averaged over \(meteringSeconds / 60) min", at: SourcePosition(file: file))
      ], position: SourcePosition(file: file))
  }

  /// Clock times of hours numbered by their end, without some of them.
  private static func spans(
    _ first: Int, _ last: Int, without from: Int?, _ through: Int?
  ) -> [ClockSpan] {
    guard let from, let through, first <= last else {
      return [ClockSpan(hours: (first - 1) % 24, to: last)]
    }
    var spans: [ClockSpan] = []
    if from > first { spans.append(ClockSpan(hours: first - 1, to: min(from - 1, last))) }
    if through < last { spans.append(ClockSpan(hours: max(through, first - 1), to: last)) }
    return spans
  }
}
