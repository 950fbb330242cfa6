import Foundation
import Synchronization

/// Thrown for a zone name that the time zone database does not hold.
package struct UnknownZone: Error, Sendable, Hashable {
  /// The name as the user wrote it.
  package let identifier: String
}

/// What a local date and time means in a zone.
package enum LocalInstant: Sendable, Hashable {
  /// Exactly one instant. [UTC epoch s]
  case unique(Int)
  /// Two instants, when clocks are set back. [UTC epoch s]
  case ambiguous(earlier: Int, later: Int)
  /// No instant, when clocks are set forward, or a date that does not exist.
  case nonexistent
}

/// A civil time zone with its offset changes from 1970 to 2100, looked up once.
///
/// The rules are those of the toolchain's time zone data. Outside 1970…2100 the nearest known
/// offset is used.
package struct Zone: Sendable, Hashable {
  /// IANA name.
  package let identifier: String
  private let changes: [Int]
  private let offsets: [Int]

  /// The zone without offset.
  package static let utc = Zone(identifier: "UTC", changes: [], offsets: [0])

  /// Loads a zone by its IANA name.
  ///
  /// - Parameter identifier: For example `Europe/Berlin`.
  /// - Throws: `UnknownZone` when there is no such zone.
  package init(_ identifier: String) throws(UnknownZone) {
    if identifier == "UTC" {
      self = .utc
      return
    }
    if let known = Zone.loaded.withLock({ $0[identifier] }) {
      self = known
      return
    }
    // Foundation also accepts abbreviations such as "CEST", whose offset would not change.
    guard identifier.contains("/"), let zone = TimeZone(identifier: identifier) else {
      throw UnknownZone(identifier: identifier)
    }
    self = Zone(identifier: identifier, scanning: zone)
    let loadedZone = self
    Zone.loaded.withLock { $0[identifier] = loadedZone }
  }

  /// A clock that is always the same from UTC, such as that of `UTC+05:30`.
  ///
  /// - Parameter offsetSeconds: Local time minus UTC. [s]
  package init(offsetSeconds: Int) {
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let minutes = abs(offsetSeconds) / 60
    self.init(
      identifier: offsetSeconds == 0
        ? "UTC" : "UTC\(offsetSeconds < 0 ? "-" : "+")\(two(minutes / 60)):\(two(minutes % 60))",
      changes: [], offsets: [offsetSeconds])
  }

  private init(identifier: String, changes: [Int], offsets: [Int]) {
    self.identifier = identifier
    self.changes = changes
    self.offsets = offsets
  }

  /// Loading scans 130 years, which is worth doing once per zone and process.
  private static let loaded = Mutex<[String: Zone]>([:])

  private init(identifier: String, scanning zone: TimeZone) {
    func offset(_ instant: Int) -> Int {
      zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(instant)))
    }
    var changes: [Int] = []
    var offsets = [offset(0)]
    var low = 0
    let last = CivilCalendar.days(year: 2101, month: 1, day: 1) * 86_400
    while low < last {
      let high = low + 86_400
      if offset(high) != offsets[offsets.count - 1] {
        var before = low
        var after = high
        while after - before > 1 {
          let middle = (before + after) / 2
          if offset(middle) == offsets[offsets.count - 1] {
            before = middle
          } else {
            after = middle
          }
        }
        changes.append(after)
        offsets.append(offset(after))
      }
      low = high
    }
    self.init(identifier: identifier, changes: changes, offsets: offsets)
  }

  /// Returns local time minus UTC at an instant. [s]
  package func offsetSeconds(at instant: Int) -> Int {
    var low = 0
    var high = changes.count
    while low < high {
      let middle = (low + high) / 2
      if changes[middle] <= instant { low = middle + 1 } else { high = middle }
    }
    return offsets[low]
  }

  /// Returns the local date and time at an instant.
  package func civil(at instant: Int) -> CivilTime {
    CivilTime(localSeconds: instant + offsetSeconds(at: instant))
  }

  /// Returns the instants that a local date and time can mean.
  package func instant(of local: CivilTime) -> LocalInstant {
    guard local.isValid else { return .nonexistent }
    let guess = local.localSeconds
    var found: [Int] = []
    // An offset change within a day of the guess gives at most two candidate offsets.
    for probe in [guess - 86_400, guess, guess + 86_400] {
      let candidate = guess - offsetSeconds(at: probe)
      if candidate + offsetSeconds(at: candidate) == guess, !found.contains(candidate) {
        found.append(candidate)
      }
    }
    found.sort()
    switch found.count {
    case 0: return .nonexistent
    case 1: return .unique(found[0])
    default: return .ambiguous(earlier: found[0], later: found[1])
    }
  }

  /// Returns the first instant of a local day.
  ///
  /// Where midnight does not exist, the day begins at the first instant after the change.
  ///
  /// - Parameter dayNumber: Days since 1970-01-01 on the local calendar.
  /// - Returns: The first instant. [UTC epoch s]
  package func startOfDay(_ dayNumber: Int) -> Int {
    switch instant(of: CivilTime(localSeconds: dayNumber * 86_400)) {
    case .unique(let instant), .ambiguous(earlier: let instant, later: _): return instant
    case .nonexistent:
      var low = dayNumber * 86_400 - 86_400 - offsetSeconds(at: dayNumber * 86_400 - 86_400)
      var high = low + 2 * 86_400
      while high - low > 1 {
        let middle = (low + high) / 2
        if civil(at: middle).dayNumber >= dayNumber { high = middle } else { low = middle }
      }
      return high
    }
  }
}
