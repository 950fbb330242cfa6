import Planning
import Replay
import TimeSeries

/// Why even perfect forecasts cost more than the foresight bound.
///
/// The oracle is replayed with a horizon of a week, with its envelope agreed between plan and battery round by
/// round, where its slots are longer than the intervals of the meter with shorter slots, and with all sets of these;
/// the parts are the means over their orders. What is left is between plans that know all of that and the bound: what
/// the planner's model leaves out of battery and bill.
package struct BeyondForecasts: Sendable {
  /// A horizon that ends too soon, and what energy is held to be worth at its end. [currency]
  package let horizon: Double
  /// Power and heat expected along another path than the plan's own. [currency]
  package let envelope: Double
  /// What happens within a slot of the plan, which knows means only and leaves the rest to the recourse; nothing
  /// where the slots are as short as the intervals of the meter. [currency]
  package let withinSlot: Double?
  /// The planner's model of battery and bill. [currency]
  package let model: Double

  /// Cost of the oracle less the bound; nothing but the sum of the parts. [currency]
  package var total: Double { horizon + envelope + (withinSlot ?? 0) + model }

  /// Length of the long horizon. [h]
  package static let longHorizonHours = 168.0

  /// Slots are not made shorter than this: plans of a week have no more than two thousand of them. [s]
  static let shortestSlotSeconds = 300

  /// Length of slots that come closer to the meter's intervals; nothing where there is none. [s]
  static func shorterSlotSeconds(_ replay: ReplayCase) -> Int? {
    let step = replay.period.stepSeconds
    let slot = replay.settings.planningStepSeconds
    let shorter = max(step, shortestSlotSeconds)
    return shorter < slot && shorter % step == 0 && slot % shorter == 0 ? shorter : nil
  }

  /// The cases that are replayed: bit 0 of the place plus one stands for a long horizon, bit 1 for an envelope in
  /// agreement, bit 2 for shorter slots.
  static func cases(_ replay: ReplayCase) -> [ReplayCase] {
    let slot = shorterSlotSeconds(replay)
    return (1..<(slot == nil ? 4 : 8)).map { mask in
      var changed = replay
      if mask & 1 != 0 {
        changed.settings.horizonHours = max(longHorizonHours, replay.settings.horizonHours)
      }
      if mask & 2 != 0 { changed.settings.heat = .iterated }
      if mask & 4 != 0, let slot { changed.settings.planningStepSeconds = slot }
      return changed
    }
  }

  /// Splits the cost of the oracle beyond the bound.
  ///
  /// - Parameters:
  ///   - oracle: Cost of the oracle. [currency]
  ///   - costs: Costs of the cases, in their order. [currency]
  ///   - bound: Cost of the foresight bound. [currency]
  init(oracle: Double, costs: [Double], bound: Double) {
    let count = costs.count > 3 ? 3 : 2
    let shares = ShapleyShares.shares(count) { mask in mask == 0 ? oracle : costs[mask - 1] }
    horizon = shares[0]
    envelope = shares[1]
    withinSlot = count > 2 ? shares[2] : nil
    model = (costs.last ?? oracle) - bound
  }
}
