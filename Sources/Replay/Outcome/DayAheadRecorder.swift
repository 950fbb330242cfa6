import Forecasting
import Tariffs
import TimeSeries

/// Keeps what plans were told of each day at its first issue.
struct DayAheadRecorder {
  private(set) var log: DayAheadLog
  private let zone: Zone
  private let firstDay: Int
  private let published: PublishedPrices
  private let hasPrices: Bool
  private let grid: TimeGrid
  private let actual: [DayAheadLog.Subject: [Double]]
  private var last: (start: Int, values: [DayAheadLog.Subject: [Double]])?

  /// Prepares to keep the forecasts of a case.
  init(_ replay: ReplayCase) {
    let history = replay.planningHistory
    zone = history.zone
    grid = history.grid
    firstDay = zone.civil(at: replay.period.start).dayNumber
    published = PublishedPrices(
      zone: zone, publicationMinute: replay.settings.publicationMinute)
    hasPrices = replay.tariff.usesSpot
    var actual: [DayAheadLog.Subject: [Double]] = [:]
    if let load = history.measured(.load) {
      actual[.load] = load
      if let pv = history.measured(.pv) {
        actual[.pv] = pv
        actual[.net] = zip(load, pv).map { $0 - $1 }
      }
    }
    if hasPrices, let price = history.measured(.price) { actual[.price] = price }
    self.actual = actual
    log = DayAheadLog(
      slotsPerHour: max(1, 3600 / replay.settings.planningStepSeconds),
      days: actual.mapValues { _ in [] })
  }

  /// Takes in the forecasts of a plan.
  mutating func enter(_ outlook: HorizonForecast) {
    let now = outlook.grid.start
    let day = zone.civil(at: now).dayNumber - firstDay
    let count = outlook.grid.indices.prefix {
      zone.civil(at: outlook.grid.instant($0)).dayNumber - firstDay == day
    }.count
    let values = told(outlook)
    for subject in actual.keys {
      enter(values[subject], subject, at: now, day: day, count: count)
    }
    last = (now, values)
  }

  /// What is forecast rather than known.
  private func told(_ outlook: HorizonForecast) -> [DayAheadLog.Subject: [Double]] {
    var values: [DayAheadLog.Subject: [Double]] = [.load: outlook.loadKW]
    if actual[.pv] != nil {
      values[.pv] = outlook.pvKW
      values[.net] = zip(outlook.loadKW, outlook.pvKW).map { $0 - $1 }
    }
    let now = outlook.grid.start
    if hasPrices, published.knownUntil(at: now) <= now { values[.price] = outlook.spotPerKWh }
    return values
  }

  private mutating func enter(
    _ values: [Double]?, _ subject: DayAheadLog.Subject, at now: Int, day: Int, count: Int
  ) {
    var days = log.days.removeValue(forKey: subject) ?? []
    while days.count < day { days.append(nil) }
    if days.count == day {
      days.append(values.flatMap { first(of: $0, subject, at: now, count: count) })
    } else if let values, let last, let before = last.values[subject] {
      let shift = (now - last.start) / grid.stepSeconds
      for k in 0..<max(0, min(count, values.count, before.count - shift)) {
        days[day]?.changes += abs(values[k] - before[k + shift])
        days[day]?.changed += 1
      }
    }
    log.days[subject] = days
  }

  private func first(
    of values: [Double], _ subject: DayAheadLog.Subject, at now: Int, count: Int
  ) -> DayAheadLog.Day? {
    let offset = (now - grid.start) / grid.stepSeconds
    guard count > 0, values.count >= count, let actual = actual[subject],
      offset + count <= actual.count
    else { return nil }
    return DayAheadLog.Day(
      forecast: Array(values[..<count]), actual: Array(actual[offset..<offset + count]))
  }
}
