import Replay
import TimeSeries

/// Where in the day, the week and the year the regret of a version falls.
///
/// What adds up over intervals falls on its hour, what a month's peak decides on the hour of the version's own
/// highest import. What only a whole month or year decides falls on no hour.
package struct RegretProfile: Sendable {
  /// A part of the time.
  package struct Part: Sendable, Hashable {
    /// How time is divided.
    package let division: Division
    /// Local hour `0`…`23`, weekday `monday`…`sunday`, or month such as `2024-03`.
    package let label: String
    /// Cost less the oracle's of what adds up over intervals. [currency]
    package var energy: Double
    /// Cost less the oracle's of what the peaks of months decide. [currency]
    package var peak: Double

    /// Both together. [currency]
    package var regret: Double { energy + peak }
  }

  /// How time is divided.
  package enum Division: String, Sendable, CaseIterable {
    case hour
    case weekday
    case month
  }

  /// The parts of each division in order of time; those of a division sum to the regret less `elsewhere`.
  package let parts: [Part]
  /// What falls on no hour. [currency]
  package let elsewhere: Double

  /// Returns the parts of a division.
  package func parts(by division: Division) -> [Part] { parts.filter { $0.division == division } }

  private static let weekdays = [
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
  ]

  /// Divides the regret of a version.
  ///
  /// - Parameters:
  ///   - outcome: The version.
  ///   - oracle: The oracle on the same grid.
  ///   - zone: The site's clock.
  init(of outcome: ReplayOutcome, against oracle: ReplayOutcome, zone: Zone) {
    let grid = outcome.trace.grid
    let slots = LocalSlots(grid: grid, zone: zone)
    var hours = (0..<24).map { Part(division: .hour, label: "\($0)", energy: 0, peak: 0) }
    var weekdays = Self.weekdays.map { Part(division: .weekday, label: $0, energy: 0, peak: 0) }
    var months = outcome.monthCosts.map {
      Part(division: .month, label: $0.label, energy: 0, peak: 0)
    }
    // Months follow each other without a gap, so the next one begins where the number changes.
    var month = -1
    var monthOf = [Int](repeating: 0, count: grid.count)
    for i in grid.indices {
      if i == 0 || slots.month[i] != slots.month[i - 1] { month += 1 }
      monthOf[i] = min(month, max(0, months.count - 1))
    }
    var attributed = 0.0
    for i in grid.indices where !months.isEmpty {
      let lost = outcome.slotCosts[i] - oracle.slotCosts[i]
      hours[slots.minuteOfDay[i] / 60].energy += lost
      weekdays[slots.weekday[i] - 1].energy += lost
      months[monthOf[i]].energy += lost
      attributed += lost
    }
    for (place, (own, best)) in zip(outcome.monthCosts, oracle.monthCosts).enumerated() {
      guard let peak = own.peakStart, let i = grid.index(containing: peak) else { continue }
      let lost = own.demand - best.demand
      hours[slots.minuteOfDay[i] / 60].peak += lost
      weekdays[slots.weekday[i] - 1].peak += lost
      months[place].peak += lost
      attributed += lost
    }
    parts = hours + weekdays + months
    elsewhere = outcome.cost - oracle.cost - attributed
  }
}
