import Planning
import Replay

/// Why even perfect forecasts cost more than the foresight bound.
///
/// The oracle is replayed with a horizon of a week, with its envelope agreed between plan and battery round by
/// round, and with both; the first two parts are the means over both orders. What is left is between plans that know
/// all of that and the bound: what the planner's model leaves out of battery and bill, and how a plan is followed
/// within its slots.
package struct BeyondForecasts: Sendable {
  /// A horizon that ends too soon, and what energy is held to be worth at its end. [currency]
  package let horizon: Double
  /// Power and heat expected along another path than the plan's own. [currency]
  package let envelope: Double
  /// The planner's model of battery and bill, and how a plan is followed within its slots. [currency]
  package let model: Double

  /// Cost of the oracle less the bound; nothing but the sum of the parts. [currency]
  package var total: Double { horizon + envelope + model }

  /// Length of the long horizon. [h]
  package static let longHorizonHours = 168.0

  /// The cases that are replayed: a long horizon, an envelope in agreement, both.
  static func cases(_ replay: ReplayCase) -> [ReplayCase] {
    [(true, false), (false, true), (true, true)].map { long, agreed in
      var changed = replay
      if long {
        changed.settings.horizonHours = max(longHorizonHours, replay.settings.horizonHours)
      }
      if agreed { changed.settings.heat = .iterated }
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
    let shares = ShapleyShares.shares(2) { mask in mask == 0 ? oracle : costs[mask - 1] }
    horizon = shares[0]
    envelope = shares[1]
    model = costs[2] - bound
  }
}
