package import Forecasting
import TimeSeries

/// How well one way of expecting battery power met what was executed, over the first 24 h.
package struct BatteryPowerMethodScore: Sendable {
  /// How the battery power was expected.
  package var method: BatteryPowerMethod
  /// Errors while the battery rested for an hour: under 2 % of its rated power.
  package var quiet = ErrorStatistics()
  /// Errors in all other slots.
  package var cycling = ErrorStatistics()
  /// Right signs and the energy of a day.
  package var battery = BatteryScores()
}

/// Remembers what battery power was expected before each plan, to compare it with what was done.
struct BatteryPowerLog {
  private struct Entry {
    var slot: Int
    var rule: [Float]
    var previousPlan: [Float]?
    var persistence: Float?
    var ridge: [Float]?

    /// The first `count` values at most.
    func values(_ method: BatteryPowerMethod, count: Int) -> [Double]? {
      switch method {
      case .rule: rule.prefix(count).map(Double.init)
      case .previousPlan: previousPlan?.prefix(count).map(Double.init)
      case .persistence:
        persistence.map {
          [Double](repeating: Double($0), count: min(count, rule.count))
        }
      case .ridge: ridge?.prefix(count).map(Double.init)
      }
    }
  }

  private let slotsPerPlanningSlot: Int
  private let mostSlots: Int
  private var entries: [Entry] = []

  /// Creates an empty log.
  ///
  /// - Parameters:
  ///   - slotsPerPlanningSlot: Intervals of the replay to a slot of the plans.
  ///   - slotsPerDay: Slots of the plans to a day, beyond which nothing is compared.
  init(slotsPerPlanningSlot: Int, slotsPerDay: Int) {
    self.slotsPerPlanningSlot = slotsPerPlanningSlot
    mostSlots = slotsPerDay
  }

  mutating func enter(
    at slot: Int, rule: [Double], previousPlan: [Double]?, persistence: Double?
  ) {
    entries.append(
      Entry(
        slot: slot, rule: rule.prefix(mostSlots).map(Float.init),
        previousPlan: previousPlan?.prefix(mostSlots).map(Float.init),
        persistence: persistence.map(Float.init)))
  }

  mutating func enterRidge(_ values: [Double]?) {
    entries[entries.count - 1].ridge = values?.prefix(mostSlots).map(Float.init)
  }

  func scores(of trace: ReplayTrace, ratedKW: Double) -> [BatteryPowerMethodScore] {
    let step = trace.grid.stepSeconds * slotsPerPlanningSlot
    let executed = stride(
      from: 0, to: trace.grid.count - slotsPerPlanningSlot + 1, by: slotsPerPlanningSlot
    ).map { from in
      trace.batteryKW[from..<from + slotsPerPlanningSlot].reduce(0, +)
        / Double(slotsPerPlanningSlot)
    }
    let isQuiet = quietSlots(executed, ratedKW: ratedKW, hour: max(1, 3600 / step))
    let day = 86_400 / step
    return BatteryPowerMethod.allCases.compactMap { method in
      var score = BatteryPowerMethodScore(method: method)
      for entry in entries {
        let from = entry.slot / slotsPerPlanningSlot
        let last = min(day, executed.count - from)
        guard let values = entry.values(method, count: last) else { continue }
        for k in values.indices {
          let i = from + k
          if isQuiet[i] {
            score.quiet.add(forecast: values[k], actual: executed[i], lead: k)
          } else {
            score.cycling.add(forecast: values[k], actual: executed[i], lead: k)
          }
        }
        score.battery.add(
          values, actual: Array(executed[from..<from + values.count]), slotsPerDay: day,
          ratedKW: ratedKW)
      }
      return score.quiet.count + score.cycling.count > 0 ? score : nil
    }
  }

  private func quietSlots(_ executed: [Double], ratedKW: Double, hour: Int) -> [Bool] {
    var quietFor = 0
    return executed.map { power in
      quietFor = abs(power) < BatteryScores.restFraction * ratedKW ? quietFor + 1 : 0
      return quietFor >= hour
    }
  }
}
