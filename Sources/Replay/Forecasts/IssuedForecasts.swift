import Forecasting
import Planning
import TimeSeries

/// Forecasts of one version over a period, issued once for replays that follow each other on one thread.
///
/// Replays of one case with one battery after the other are told the same. Where the horizons of all plans take more
/// room than is worth it, which those of hedged plans do, they are issued again instead.
package final class IssuedForecasts {
  /// Most room that horizons are kept in. [B]
  private static let mostBytes = 64 << 20

  private var outlooks: [HorizonForecast] = []
  private var finished: ForecastIssuer?
  private var isKeeping = true

  /// Nothing issued yet.
  package init() {}

  /// A way through the plans of a period, which issues what was not issued before.
  struct Reader {
    private let source: IssuedForecasts?
    private let replay: ReplayCase
    private var issuer: ForecastIssuer
    private let isIssued: Bool
    private let plans: Int
    private var place = 0

    init(
      _ source: IssuedForecasts?, replay: ReplayCase, issuer: () throws -> ForecastIssuer
    ) rethrows {
      self.source = source
      self.replay = replay
      isIssued = source?.finished != nil
      self.issuer = try source?.finished ?? issuer()
      let intervals = replay.settings.replanSeconds / replay.period.stepSeconds
      plans = (replay.period.count + intervals - 1) / intervals
      if !isIssued { source?.outlooks.removeAll() }
    }

    /// Returns the forecasts of the plan that is due at an interval.
    mutating func issue(at first: Int) throws -> HorizonForecast {
      defer { place += 1 }
      if isIssued, let source { return source.outlooks[place] }
      let outlook = try issuer.issue(horizon: replay.planHorizon(at: first))
      guard let source else { return outlook }
      if place == 0 { source.isKeeping = outlook.byteCount * plans <= IssuedForecasts.mostBytes }
      if source.isKeeping { source.outlooks.append(outlook) }
      return outlook
    }

    /// Returns the issuer with what it counted, after the last plan.
    func finish() -> ForecastIssuer {
      if let source, source.isKeeping { source.finished = issuer }
      return issuer
    }
  }
}

extension HorizonForecast {
  /// Room that the numbers take. [B]
  fileprivate var byteCount: Int {
    let own =
      loadKW.count + pvKW.count + spotPerKWh.count + surroundings.ambientC.count
      + surroundings.irradianceWM2.count
    return MemoryLayout<Double>.size
      * paths.reduce(own) { $0 + $1.loadKW.count + $1.pvKW.count }
  }
}
