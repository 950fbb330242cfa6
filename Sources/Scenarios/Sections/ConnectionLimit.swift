import Diagnostics
package import Tariffs
package import TimeSeries

/// A limit of the connection as a document states it: a number, or numbers for times of the week and the year.
package struct ConnectionLimit: Sendable, Hashable {
  /// The limit at all times without a window; infinite for none. [kW]
  package var everywhereKW = Double.infinity
  /// Times with another limit; where two hold, the first counts.
  package var windows: [Window] = []

  /// A time with a limit of its own.
  package struct Window: Sendable, Hashable {
    /// When it holds, on the local clock.
    package var time: CalendarWindow
    /// The limit then. [kW]
    package var limitKW: Double
  }

  /// The lowest limit of all times. [kW]
  package var leastKW: Double { windows.map(\.limitKW).reduce(everywhereKW, min) }

  /// Returns the limit of each slot.
  ///
  /// - Parameters:
  ///   - grid: The slots.
  ///   - zone: The site's clock.
  ///   - holidays: Days that are no weekdays.
  /// - Returns: The limits. [kW]
  package func limits(
    over grid: TimeGrid, zone: Zone, holidays: HolidayCalendar
  ) -> PowerLimit {
    guard !windows.isEmpty else { return PowerLimit(everywhereKW) }
    let held = firstWindow(
      windows.map(\.time), over: grid, zone: zone, holidays: holidays)
    return PowerLimit(slotsKW: held.map { $0.map { windows[$0].limitKW } ?? everywhereKW })
  }
}

extension MappingReader {
  /// Reads a limit: a number, or a section with a number and windows.
  func connectionLimit(_ key: String) -> ConnectionLimit {
    sectionOrNode(
      key,
      section: { reader -> ConnectionLimit? in
        var limit = ConnectionLimit()
        limit.everywhereKW = reader.optionalNumber("kw", .zeroOrMore) ?? .infinity
        limit.windows = reader.list("windows") { window in
          ConnectionLimit.Window(
            time: window.calendarWindow(), limitKW: window.number("kw", .zeroOrMore))
        }
        return limit
      },
      other: { node in
        ConnectionLimit(everywhereKW: self.context.number(node, named: key, .zeroOrMore))
      }) ?? ConnectionLimit()
  }
}
