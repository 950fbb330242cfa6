import Forecasting
import Replay
import Tariffs

/// What a forecast costs that is too high or too low by a tenth while everything else is known.
///
/// The plans trust it as the oracle's do, so that no hedge hides what the error does.
package struct BiasCost: Sendable {
  /// The quantity that is forecast wrongly.
  package let cause: ForecastCause
  /// What the truth is multiplied by.
  package let scale: Double
  /// Cost less the oracle's. [currency]
  package let cost: Double

  /// The factors that are tried.
  package static let scales = [1.1, 0.9]

  /// What is asked: the quantities with a forecast, each too high and too low.
  static func cases(at replay: ReplayCase) -> [(cause: ForecastCause, scale: Double)] {
    [ForecastCause.load, .pv].filter { $0.exists(at: replay) }.flatMap { cause in
      scales.map { (cause, $0) }
    }
  }

  /// Returns what a wrong forecast costs.
  static func costs(
    _ cause: ForecastCause, scale: Double, _ replay: ReplayCase, _ monitor: ReplayMonitor
  ) throws -> InformedRun.Cost {
    var trusting = replay
    trusting.settings.hedge = HedgeSettings()
    if trusting.settings.peakPricing == .trailingTarget {
      trusting.settings.peakPricing = .fullPrice
    }
    let perfect = ForecastRecipe(.perfect)
    var wrong = ForecastRecipe(.oracleNoise)
    wrong.noise.scale = scale
    let version = ForecastVersion(
      name: "\(cause.rawValue) × \(scale)", load: cause == .load ? wrong : perfect,
      pv: cause == .pv ? wrong : perfect, price: perfect)
    return InformedRun.Cost(try Replayer(trusting).run(.planned(version), monitor: monitor))
  }
}
