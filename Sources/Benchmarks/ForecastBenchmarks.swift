import Forecasting
import Numerics
import TimeSeries

/// Training and issuing of forecasts, and a year's backtest of the classical versions.
enum ForecastBenchmarks {
  static func cases() -> [BenchmarkCase] {
    [
      BenchmarkCase(
        name: "forecast.xgboost_train", unit: "s", target: 3.5, measure: training),
      BenchmarkCase(name: "forecast.xgboost_issue", unit: "ms", target: 1) {
        try issue(.trees, unitsPerSecond: 1e3)
      },
      BenchmarkCase(name: "forecast.ridge_issue", unit: "µs", target: 100) {
        try issue(.ridge, unitsPerSecond: 1e6)
      },
      BenchmarkCase(
        name: "forecast.year_classical", unit: "s", target: 2, measure: classicalYear),
    ]
  }

  /// 35 000 × 20, 200 trees of depth 6, beside the library's own time for the same data.
  private static func training() throws -> BenchmarkCase.Measurement {
    let width = 20
    let count = 35_000
    var random = SeededGenerator(seed: 11)
    let rows = (0..<(count * width)).map { _ in Float(random.normal()) }
    let targets = (0..<count).map { i -> Float in
      let x = rows[(i * width)..<((i + 1) * width)]
      let first = x.startIndex
      return x[first] * x[first + 1] + abs(x[first + 2]) + 0.3 * Float(random.normal())
    }
    var settings = TreeSettings()
    settings.rounds = 200
    settings.depth = 6
    settings.rowShare = 1
    settings.columnShare = 1
    settings.minChildWeight = 1
    let library = LibraryTraining(rows: rows, width: width, targets: targets)
    var predictions: [Float] = []
    var ownTimes: [Double] = []
    var libraryTimes: [Double] = []
    var trees: TreeEnsemble?
    // Taken in turns, so that a busy machine disturbs both alike.
    for _ in 0..<5 {
      libraryTimes.append(Stopwatch.seconds { predictions = library.run(settings) })
      ownTimes.append(
        try Stopwatch.seconds {
          trees = try BoostedTrees.fitSquaredError(
            rows: rows, width: width, targets: targets, settings: settings, seed: 1)
        })
    }
    let own = trees?.values(rows: rows, width: width) ?? []
    let largest = zip(own, predictions).map { abs($0 - $1) }.max() ?? .infinity
    let ownSeconds = Stopwatch.median(ownTimes)
    let librarySeconds = Stopwatch.median(libraryTimes)
    return BenchmarkCase.Measurement(
      value: ownSeconds, isChecked: own.count == count && largest < 1e-5,
      details: [
        ("library s", librarySeconds), ("ratio to library", ownSeconds / librarySeconds),
      ])
  }

  /// A year at 15 min, one issue of 96 slots a day, features included; median over the year.
  private static func issue(
    _ kind: ForecastRecipe.Kind, unitsPerSecond: Double
  ) throws -> BenchmarkCase.Measurement {
    let history = year(stepSeconds: 900)
    var forecaster = try ForecastRecipe(kind)
      .forecaster(site: SiteContext(zone: history.zone), seed: 1)
    var scores = ErrorStatistics()
    let truth = history[.load] ?? []
    var times: [Double] = []
    for day in 30..<364 {
      let request = ForecastRequest(
        past: history.known(before: history.grid.instant(day * 96)), quantity: .load,
        grid: history.grid[(day * 96)..<((day + 1) * 96)])
      var forecast: Forecast?
      times.append(try Stopwatch.seconds { forecast = try forecaster.forecast(request) })
      if let forecast {
        scores.add(forecast, actual: truth[(day * 96)..<((day + 1) * 96)])
      }
    }
    var naive = try ForecastRecipe(.naiveDay)
      .forecaster(site: SiteContext(zone: history.zone), seed: 1)
    let backtest = Backtest(
      quantity: .load, history: history, firstDay: 30, localHours: [0])
    let baseline = try backtest.scores(of: &naive, history: history)
    // One issue in 28 refits the model; the median leaves them out.
    return BenchmarkCase.Measurement(
      value: Stopwatch.median(times) * unitsPerSecond,
      isChecked: scores.count > 30_000 && scores.mae < baseline.errors.mae)
  }

  /// A year's backtest, four issues of 24 h a day, of all classical versions on load and PV.
  private static func classicalYear() throws -> BenchmarkCase.Measurement {
    let history = year(stepSeconds: 3600)
    let kinds: [ForecastRecipe.Kind] = [
      .persistence, .naiveDay, .naiveWeek, .sevenDayAverage, .sevenDayHourAverage, .slotEWMA,
      .clearSkyPersistence, .ridge,
    ]
    var errors: [Double] = []
    let seconds = try Stopwatch.median {
      errors = []
      for quantity in [Quantity.load, .pv] {
        for kind in kinds {
          var forecaster = try ForecastRecipe(kind)
            .forecaster(site: SiteContext(zone: history.zone), seed: 1)
          let backtest = Backtest(quantity: quantity, history: history)
          errors.append(try backtest.scores(of: &forecaster, history: history).mase)
        }
      }
    }
    let isSane = errors.allSatisfy { $0 > 0.1 && $0 < 20 }
    return BenchmarkCase.Measurement(
      value: seconds, isChecked: isSane && errors[7] < errors[0],
      details: [("versions and quantities", Double(errors.count))])
  }

  /// A home with weekly and daily structure, cloudy days and noise.
  private static func year(stepSeconds: Int) -> SiteHistory {
    let perDay = 86_400 / stepSeconds
    let grid = TimeGrid(
      start: 1_704_067_200, stepSeconds: stepSeconds, count: 365 * perDay)
    var random = SeededGenerator(seed: 5)
    var load: [Double] = []
    var pv: [Double] = []
    var level = 0.0
    var sky = 0.5
    for i in grid.indices {
      let hour = Double(i % perDay) * 24 / Double(perDay)
      if i % perDay == 0 {
        sky = random.uniform(0.2, 1)
        level = 0.8 * level + 0.2 * random.normal()
      }
      let evening = max(0, 1 - abs(hour - 19) / 4)
      let weekend = (i / perDay) % 7 >= 5 ? 0.2 : 0
      load.append(max(0.05, 0.4 + weekend + 0.3 * level + 1.2 * evening + 0.3 * random.normal()))
      pv.append(4 * max(0, 1 - abs(hour - 12) / 6) * sky * random.uniform(0.7, 1))
    }
    return SiteHistory(grid: grid, zone: .utc, columns: [.load: load, .pv: pv])
  }
}
