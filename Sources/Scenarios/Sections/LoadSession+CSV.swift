import Diagnostics
import Documents
import Replay
import TimeSeries

extension LoadSession {
  /// Reads the sessions of a car from a CSV file.
  ///
  /// Columns by name, in any order: `arrival`, `departure` and `energy_kwh`, and where they are known `nice_kwh`
  /// (on top of it), `power_kw` (below that of the charger) and `told_departure` (what was said at the
  /// arrival, where the car left at another time). Times with an offset, or on the site's clock.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - powerKW: Power of the charger. [kW]
  ///   - zone: The site's clock.
  /// - Returns: The sessions in the order of time.
  /// - Throws: `InputError` with every wrong cell, and sessions that overlap.
  static func read(_ path: String, powerKW: Double, zone: Zone) throws -> [LoadSession] {
    var cells = try CSVRows(try TextFile(path))
    var findings = Findings()
    func column(_ name: String) -> Int? { cells.names.firstIndex(of: name) }
    for name in ["arrival", "departure", "energy_kwh"] where column(name) == nil {
      findings.error(
        "a file of sessions has a column '\(name)'; found "
          + cells.names.map { "'\($0)'" }.joined(separator: ", "), at: cells.headerPosition())
    }
    try findings.throwIfErrors()
    let known = ["arrival", "departure", "energy_kwh", "nice_kwh", "power_kw", "told_departure"]
      .reduce(into: [String: Int]()) { $0[$1] = column($1) }
    var stamps = StampScanner(zone: zone)
    var read: [(session: LoadSession, place: SourcePosition)] = []
    while cells.next() {
      if let surplus = cells.surplus() { findings.append(contentsOf: [surplus]) }
      func instant(_ name: String, _ cells: CSVRows, _ stamps: inout StampScanner) -> Int? {
        guard let k = known[name], !cells.text(k).isEmpty || name != "told_departure" else {
          return nil
        }
        if let found = stamps.instant(cells.text(k)) { return found }
        findings.error(
          "'\(name)' must be a date and time, found '\(cells.text(k))'", at: cells.position(k))
        return nil
      }
      func number(_ name: String, _ cells: CSVRows) -> Double? {
        guard let k = known[name], !cells.text(k).isEmpty || name == "energy_kwh" else {
          return nil
        }
        if let found = cells.number(k), found >= 0, found <= 1e6 { return found }
        findings.error(
          "'\(name)' must be a number, zero or more, found '\(cells.text(k))'",
          at: cells.position(k))
        return nil
      }
      let errors = findings.all.count
      let told = instant("told_departure", cells, &stamps)
      let arrival = instant("arrival", cells, &stamps)
      let departure = instant("departure", cells, &stamps)
      let energy = number("energy_kwh", cells)
      let nice = number("nice_kwh", cells)
      let power = number("power_kw", cells)
      guard findings.all.count == errors, let arrival, let departure, let energy else { continue }
      guard departure > arrival, told ?? departure > arrival else {
        findings.error(
          "a session ends after it begins, found \(cells.text(known["arrival"] ?? 0)) to "
            + cells.text(known["departure"] ?? 0), at: cells.position)
        continue
      }
      read.append(
        (
          LoadSession(
            arrival: arrival, departure: departure, toldDeparture: told, mustKWh: energy,
            niceKWh: nice ?? 0, powerKW: min(powerKW, power ?? powerKW)), cells.position
        ))
    }
    if let finding = cells.openQuote { findings.append(contentsOf: [finding]) }
    read.sort { $0.session.arrival < $1.session.arrival }
    for (a, b) in zip(read, read.dropFirst()) where b.session.arrival < a.session.departure {
      findings.error(
        "a session begins \(Instant.localText(b.session.arrival, zone: zone)) before the one of "
          + "line \(a.place.line) has ended; a second car needs a load of its own", at: b.place)
    }
    try findings.throwIfErrors()
    return read.map(\.session)
  }
}
