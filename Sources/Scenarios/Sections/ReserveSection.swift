import Diagnostics
import Documents
import Replay
import Tariffs
import TimeSeries

extension MappingReader {
  /// Reads the share of the battery that is kept for outages: a number, or a section with other numbers at some times.
  func reserve(_ key: String) -> Reserve? {
    sectionOrNode(
      key,
      section: { reader -> Reserve? in
        Reserve(
          fraction: reader.number("fraction", .fraction, default: 0),
          windows: reader.list("windows") { window in
            Reserve.Window(
              time: window.calendarWindow(), fraction: window.number("fraction", .fraction))
          })
      },
      other: { node in Reserve(fraction: self.context.number(node, named: key, .fraction)) })
  }

  /// Reads the outages that the site makes ready for.
  func expectedOutages(_ key: String, zone: Zone) -> ExpectedOutages? {
    optionalSection(key) { reader in
      var stated = reader.optionalList("events") { $0.outage(zone: zone) } ?? []
      let file = reader.has("file") ? reader.existingPath("file") : ""
      if !file.isEmpty, let node = reader.node("file") {
        stated +=
          reader.context.attempt(at: node) { try ExpectedOutages.read(file, zone: zone) } ?? []
      }
      let drawn = reader.number("per_year", .within(0...1000), default: 0)
      let hours = reader.number("hours", .within(0.25...720), default: 4)
      reader.require(
        drawn > 0 || !reader.has("hours"), "hours",
        "'hours' is the length of outages that are drawn, so it needs 'per_year'")
      if !reader.has("events"), !reader.has("file"), drawn <= 0 {
        reader.context.error(
          "expected outages need 'events', 'file' or 'per_year'", at: reader.position)
      }
      let critical = reader.optionalNumber("critical_kw", .zeroOrMore)
      let share = reader.number("critical_load_fraction", .fraction, default: 1)
      reader.require(
        critical == nil || !reader.has("critical_load_fraction"), "critical_kw",
        "give 'critical_kw' or 'critical_load_fraction', not both")
      let known = reader.number("known_hours", .within(0...720), default: 24)
      return ExpectedOutages(
        stated: stated, drawnPerYear: drawn, drawnHours: hours, criticalShare: share,
        criticalKW: critical, knownSeconds: Int((known * 3600).rounded()))
    }
  }

  /// Reads the beginning and the end of an outage on the site's clock.
  private func outage(zone: Zone) -> Range<Int>? {
    guard let event = event() else { return nil }
    let instants = event.instants(in: zone)
    if instants.isEmpty {
      context.error("an outage ends after it begins", at: position)
      return nil
    }
    return instants
  }
}

extension ExpectedOutages {
  /// Reads outages from a CSV file with the columns `start` and `end`.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - zone: The site's clock, for times without an offset.
  /// - Returns: The outages as they stand in the file. [UTC epoch s]
  /// - Throws: `InputError` with every wrong cell.
  static func read(_ path: String, zone: Zone) throws -> [Range<Int>] {
    var cells = try CSVRows(try TextFile(path))
    var findings = Findings()
    let columns = ["start", "end"].map { name in cells.names.firstIndex(of: name) }
    guard let first = columns[0], let last = columns[1] else {
      findings.error(
        "a file of outages has the columns 'start' and 'end'; found "
          + cells.names.map { "'\($0)'" }.joined(separator: ", "), at: cells.headerPosition())
      try findings.throwIfErrors()
      return []
    }
    var stamps = StampScanner(zone: zone)
    var outages: [Range<Int>] = []
    while cells.next() {
      if let surplus = cells.surplus() { findings.append(contentsOf: [surplus]) }
      var instants: [Int] = []
      for column in [first, last] {
        if let instant = stamps.instant(cells.text(column)) {
          instants.append(instant)
        } else {
          findings.error(
            "'\(cells.names[column])' must be a date and time, found '\(cells.text(column))'",
            at: cells.position(column))
        }
      }
      guard instants.count == 2 else { continue }
      if instants[0] < instants[1] {
        outages.append(instants[0]..<instants[1])
      } else {
        findings.error(
          "an outage ends after it begins, found \(cells.text(first)) to \(cells.text(last))",
          at: cells.position)
      }
    }
    if let finding = cells.openQuote { findings.append(contentsOf: [finding]) }
    try findings.throwIfErrors()
    return outages
  }
}
