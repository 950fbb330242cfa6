import Forecasting
import Numerics
import TimeSeries

/// Histories made for these tests.
enum ForecastFixture {
  /// 2024-01-01T00:00Z, a Monday.
  static let start = 1_704_067_200

  /// A year-like load and PV with noise, gaps and a weekly pattern.
  static func history(
    days: Int, stepSeconds: Int = 3600, seed: UInt64 = 7, zone: Zone = .utc, gaps: Bool = true
  ) -> SiteHistory {
    let perDay = 86_400 / stepSeconds
    let grid = TimeGrid(start: start, stepSeconds: stepSeconds, count: days * perDay)
    var random = SeededGenerator(seed: seed)
    var load: [Double] = []
    var pv: [Double] = []
    var ambient: [Double] = []
    var sky = 0.7
    for i in grid.indices {
      let hour = Double(i % perDay) * 24 / Double(perDay)
      let weekend = (i / perDay) % 7 >= 5 ? 0.6 : 0
      if i % perDay == 0 { sky = random.uniform(0.2, 1) }
      let bump = max(0, 1 - abs(hour - 12) / 6)
      load.append(0.4 + weekend + 0.5 * bump + 0.3 * random.uniform())
      pv.append(4 * bump * sky * random.uniform(0.8, 1))
      ambient.append(10 + 5 * bump + random.normal())
    }
    if gaps {
      for i in stride(from: 100, to: grid.count, by: 97) { load[i] = .nan }
      for i in stride(from: 130, to: grid.count, by: 211) { pv[i] = .nan }
    }
    return SiteHistory(
      grid: grid, zone: zone, columns: [.load: load, .pv: pv, .ambient: ambient])
  }

  static func request(
    _ history: SiteHistory, at slot: Int, count: Int, quantity: Quantity, gap: Int = 0
  ) -> ForecastRequest {
    ForecastRequest(
      past: history.known(before: history.grid.instant(slot - gap)), quantity: quantity,
      grid: TimeGrid(
        start: history.grid.instant(slot), stepSeconds: history.grid.stepSeconds, count: count))
  }

  /// The honest kinds, which a truncation test must pass.
  static let honestKinds = ForecastRecipe.Kind.allCases.filter {
    !$0.isOracle && !$0.followsMoney && $0 != .external && $0 != .program
  }
}
