import Numerics
package import TimeSeries

/// All measures of one version in one backtest.
///
/// The error is forecast minus actual, where it was measured. Pairs with a missing side are counted and
/// left out. Measures without a pair are NaN. Definitions are in <doc:ForecastMeasures>.
package struct BacktestScores: Sendable {
  /// What was forecast.
  package let quantity: Quantity
  /// Errors over all pairs and by lead.
  package private(set) var errors = ErrorStatistics()
  /// Errors by hour of the local day, 24 entries.
  package private(set) var byHour = [ErrorStatistics.Sums](repeating: .init(), count: 24)
  /// Errors on working days and on weekends.
  package private(set) var byDayType = [ErrorStatistics.Sums](repeating: .init(), count: 2)
  /// Errors by local weekday, Monday first, 7 entries.
  package private(set) var byWeekday = [ErrorStatistics.Sums](repeating: .init(), count: 7)
  /// Errors by regime: quiet and cycling slots for battery power; overcast, mixed and clear days
  /// for PV; empty otherwise.
  package private(set) var byRegime: [ErrorStatistics.Sums] = []
  /// Names of the regimes.
  package private(set) var regimes: [String] = []
  /// Errors by local day of the issue, for tests of significance; keyed by days since 1970-01-01.
  package private(set) var byDay: [Int: ErrorStatistics.Sums] = [:]
  /// Measures of the quantiles.
  package private(set) var quantiles = QuantileScores()
  /// Measures of the shape of the daily curve.
  package private(set) var shape = ShapeScores()
  /// Measures that only battery power has.
  package private(set) var battery = BatteryScores()
  /// What had to be done to the values of all forecasts.
  package private(set) var counts = ForecastCounts()

  private var scaledError = 0.0
  private var scaledCount = 0
  private let truth: [Double]
  private let grid: TimeGrid
  private let slots: LocalSlots
  private let scaleSums: [Double]
  private let scaleCounts: [Int]
  private let regimeOfSlot: [Int]
  private let ratedKW: Double
  private var previous: Forecast?

  init(quantity: Quantity, history: SiteHistory) {
    self.quantity = quantity
    grid = history.grid
    truth = history.measured(quantity) ?? [Double](repeating: .nan, count: history.grid.count)
    slots = LocalSlots(grid: grid, zone: history.zone)
    let perDay = 86_400 / grid.stepSeconds
    var sums = [0.0]
    var counts = [0]
    for i in truth.indices {
      let difference = i >= perDay ? abs(truth[i] - truth[i - perDay]) : .nan
      sums.append(sums[i] + (difference.isFinite ? difference : 0))
      counts.append(counts[i] + (difference.isFinite ? 1 : 0))
    }
    scaleSums = sums
    scaleCounts = counts
    let split = RegimeSplit(quantity: quantity, truth: truth, stepSeconds: grid.stepSeconds)
    regimes = split.names
    regimeOfSlot = split.regimeOfSlot
    ratedKW = RegimeSplit.largest(truth)
    byRegime = regimes.map { _ in ErrorStatistics.Sums() }
  }

  /// Mean absolute error over the mean absolute daily difference of everything before each issue.
  package var mase: Double { scaledError / Double(scaledCount) }

  /// Returns the errors of the issues of some local days, given as days since 1970-01-01.
  package func total(over days: Range<Int>) -> ErrorStatistics.Sums {
    var sums = ErrorStatistics.Sums()
    for day in byDay.keys.sorted() where days.contains(day) {
      if let one = byDay[day] { sums.add(one) }
    }
    return sums
  }

  /// Takes in one forecast.
  package mutating func add(_ forecast: Forecast) {
    counts += forecast.counts
    guard let first = grid.index(containing: forecast.grid.start) else { return }
    let last = min(truth.count, first + forecast.grid.count)
    let actual = Array(truth[first..<last])
    let scale =
      scaleCounts[first] > 0 ? scaleSums[first] / Double(scaleCounts[first]) : Double.nan
    counts.note(actual: actual[...])
    for k in actual.indices {
      errors.add(forecast: forecast.values[k], actual: actual[k], lead: k)
      guard forecast.values[k].isFinite, actual[k].isFinite else { continue }
      let i = first + k
      byHour[slots.minuteOfDay[i] / 60].add(forecast.values[k], actual[k])
      byWeekday[slots.weekday[i] - 1].add(forecast.values[k], actual[k])
      byDayType[slots.weekday[i] >= 6 ? 1 : 0].add(forecast.values[k], actual[k])
      if regimeOfSlot[i] >= 0 { byRegime[regimeOfSlot[i]].add(forecast.values[k], actual[k]) }
      byDay[slots.dayNumber[first], default: .init()].add(forecast.values[k], actual[k])
      if scale > 0 {
        scaledError += abs(forecast.values[k] - actual[k]) / scale
        scaledCount += 1
      }
      quantiles.add(forecast, slot: k, actual: actual[k])
    }
    shape.add(forecast, actual: actual, previous: previous)
    if quantity == .batteryPower {
      battery.add(
        forecast.values, actual: actual, slotsPerDay: 86_400 / grid.stepSeconds, ratedKW: ratedKW)
    }
    previous = forecast
  }
}

/// Divides the slots of a history into regimes that deserve their own errors.
struct RegimeSplit {
  var names: [String] = []
  /// Regime of each slot, −1 for none.
  var regimeOfSlot: [Int]

  /// The largest power seen either way.
  static func largest(_ truth: [Double]) -> Double {
    truth.reduce(0) { $1.isFinite ? max($0, abs($1)) : $0 }
  }

  init(quantity: Quantity, truth: [Double], stepSeconds: Int) {
    regimeOfSlot = [Int](repeating: -1, count: truth.count)
    let perDay = 86_400 / stepSeconds
    switch quantity {
    case .batteryPower:
      names = ["quiet", "cycling"]
      let rated = RegimeSplit.largest(truth)
      let hour = max(1, perDay / 24)
      var quietFor = 0
      for i in truth.indices where truth[i].isFinite {
        quietFor = abs(truth[i]) < BatteryScores.restFraction * rated ? quietFor + 1 : 0
        let newest = truth[max(0, i - hour + 1)...i]
        let spread = hour > 1 ? Statistics.standardDeviation(Array(newest)) : 0
        regimeOfSlot[i] = quietFor >= hour && spread < 0.01 * rated ? 0 : 1
      }
    case .pv:
      names = ["overcast", "mixed", "clear"]
      let days = (truth.count + perDay - 1) / perDay
      let energy = (0..<days).map { day -> Double in
        truth[(day * perDay)..<min(truth.count, (day + 1) * perDay)]
          .reduce(0) { $0 + ($1.isFinite ? $1 : 0) }
      }
      // A day's output over the best day within two weeks, in terciles.
      let index = energy.indices.map { d -> Double in
        let best = energy[max(0, d - 14)...min(days - 1, d + 14)].max() ?? 0
        return best > 0 ? energy[d] / best : 0
      }
      let sorted = index.sorted()
      guard days >= 3 else { return }
      let low = sorted[days / 3]
      let high = sorted[2 * days / 3]
      for i in truth.indices {
        let value = index[i / perDay]
        regimeOfSlot[i] = value < low ? 0 : value < high ? 1 : 2
      }
    default: break
    }
  }
}
