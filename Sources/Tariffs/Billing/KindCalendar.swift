import Diagnostics
import TimeSeries

/// Which kind of day each slot of a grid belongs to.
struct KindCalendar {
  /// Marks a slot of an ordinary day.
  static let none: UInt8 = 255

  let kinds: [DayKind]
  /// Position of the kind of each slot; empty without kinds.
  let ofSlot: [UInt8]
  /// Local day of the kind that each slot counts to; empty without kinds.
  private let dayOfSlot: [Int32]

  init(_ kinds: [DayKind], slots: LocalSlots, zone: Zone) {
    self.kinds = kinds
    guard !kinds.isEmpty else {
      (ofSlot, dayOfSlot) = ([], [])
      return
    }
    let grid = slots.grid
    var found = [UInt8](repeating: KindCalendar.none, count: grid.count)
    var days = [Int32](repeating: 0, count: grid.count)
    for (position, kind) in kinds.enumerated() {
      let named = Set(kind.days)
      let events = kind.events.map { (instants: $0.instants(in: zone), day: $0.start.dayNumber) }
      for i in grid.indices where found[i] == KindCalendar.none {
        let day = slots.dayNumber[i] - (slots.minuteOfDay[i] < kind.startMinute ? 1 : 0)
        let slot = grid.instant(i)..<grid.instant(i + 1)
        if named.contains(day) {
          (found[i], days[i]) = (UInt8(position), Int32(day))
        } else if let event = events.first(where: { $0.instants.overlaps(slot) }) {
          (found[i], days[i]) = (UInt8(position), Int32(event.day))
        }
      }
    }
    (ofSlot, dayOfSlot) = (found, days)
  }

  /// Warns of kinds of which no day lies on the grid: their dates may be those of another year.
  func reportAbsent(into findings: inout Findings) {
    for (position, kind) in kinds.enumerated() where !ofSlot.contains(UInt8(position)) {
      let days = kind.days + kind.events.map(\.start.dayNumber)
      guard let first = days.min(), let last = days.max() else { continue }
      findings.warning(
        "no day of '\(kind.name)' lies in the data: the tariff names days from \(dateText(first)) to"
          + " \(dateText(last))", at: kind.position)
    }
  }

  /// Returns whether plans made at an instant know what kind of day a slot belongs to.
  func isKnown(slot: Int, at now: Int, zone: Zone) -> Bool {
    guard !kinds.isEmpty, ofSlot[slot] != KindCalendar.none,
      let minute = kinds[Int(ofSlot[slot])].knownMinute
    else { return true }
    return now >= zone.startOfDay(Int(dayOfSlot[slot]) - 1) + minute * 60
  }
}
