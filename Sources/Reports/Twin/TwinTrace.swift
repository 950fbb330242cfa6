import Numerics
import Twin

/// The course of a run for charts, in so many intervals at most.
///
/// Steps are gathered into intervals of equal length, twice as long whenever there are too many: means are over time,
/// lowest and highest values are those of any step.
struct TwinTrace: Sendable {
  /// What is kept of an interval.
  struct Interval: Sendable {
    /// Length that has been filled, by which means are weighted. [s]
    var seconds = 0.0
    /// Sums of power times time: asked for, given, what rules left of the rating. [kWs]
    var requestedKWs = 0.0
    var deliveredKWs = 0.0
    var chargeLimitKWs = 0.0
    var dischargeLimitKWs = 0.0
    /// Lowest, mean times time and highest voltage of the cells. [V]
    var lowestV = Double.infinity
    var voltS = 0.0
    var highestV = -Double.infinity
    /// Lowest, mean times time and highest temperature of the cells, and that of the air times time. [°C]
    var coldestC = Double.infinity
    var celsiusS = 0.0
    var hottestC = -Double.infinity
    var airCS = 0.0
    /// State of charge at the end.
    var soc = 0.0
    /// Losses since the start by kind, at the end. [kWh]
    var lossKWh: [Double] = []
    /// Power refused times time, by cause. [kWs]
    var refusedKWs: [ClipCause: Double] = [:]

    mutating func add(_ next: Interval) {
      guard next.seconds > 0 else { return }
      seconds += next.seconds
      requestedKWs += next.requestedKWs
      deliveredKWs += next.deliveredKWs
      chargeLimitKWs += next.chargeLimitKWs
      dischargeLimitKWs += next.dischargeLimitKWs
      lowestV = min(lowestV, next.lowestV)
      voltS += next.voltS
      highestV = max(highestV, next.highestV)
      coldestC = min(coldestC, next.coldestC)
      celsiusS += next.celsiusS
      hottestC = max(hottestC, next.hottestC)
      airCS += next.airCS
      soc = next.soc
      lossKWh = next.lossKWh
      for (cause, energy) in next.refusedKWs { refusedKWs[cause, default: 0] += energy }
    }
  }

  /// Kinds of loss, in the order of `Interval.lossKWh`.
  static let lossKinds = [
    "series resistance", "RC pairs", "rest of the cells", "inverter",
    "fan, air conditioning, standby",
  ]
  /// Most intervals.
  static let mostIntervals = 800

  /// Intervals from the start on; the last one may not be full.
  private(set) var intervals: [Interval] = []
  /// Length of each. [s]
  private(set) var intervalSeconds = 0.0
  /// Highest temperature of each cell at the end of any step. [°C]
  private(set) var highestCellC: [Double]
  private var elapsedSeconds = 0.0
  private let before: [Double]

  /// Starts before the first step.
  init(_ twin: DigitalTwin) {
    highestCellC = twin.pack.temperatureC
    before = Self.losses(twin)
  }

  private static func losses(_ twin: DigitalTwin) -> [Double] {
    let ledger = twin.ledger
    return [
      ledger.seriesLossKWh, ledger.pairsLossKWh,
      ledger.cellLossKWh - ledger.seriesLossKWh - ledger.pairsLossKWh, ledger.converterLossKWh,
      ledger.auxiliaryKWh,
    ]
  }

  /// Enters a step.
  mutating func add(_ step: TwinStep, after twin: DigitalTwin, seconds: Double, airC: Double) {
    let celsius = twin.pack.temperatureC
    for (cell, value) in celsius.enumerated() where value > highestCellC[cell] {
      highestCellC[cell] = value
    }
    let rating = twin.specification.converter.ratedKW
    var one = Interval()
    one.seconds = seconds
    one.requestedKWs = step.requestedKW * seconds
    one.deliveredKWs = step.deliveredKW * seconds
    one.chargeLimitKWs = (rating - step.withheldChargeKW) * seconds
    one.dischargeLimitKWs = (rating - step.withheldDischargeKW) * seconds
    one.lowestV = twin.pack.lowestV
    one.highestV = twin.pack.highestV
    one.voltS = twin.pack.packV / Double(twin.specification.series) * seconds
    one.coldestC = celsius.min() ?? .nan
    one.hottestC = celsius.max() ?? .nan
    one.celsiusS = celsius.reduce(0, +) / Double(celsius.count) * seconds
    one.airCS = airC * seconds
    one.soc = step.socFraction
    one.lossKWh = zip(Self.losses(twin), before).map(-)
    if let cause = step.cause { one.refusedKWs[cause] = step.clippedKW * seconds }

    if intervalSeconds == 0 { intervalSeconds = seconds }
    // A step belongs to the interval in which it begins.
    let place = Int(elapsedSeconds / intervalSeconds + 1e-9)
    while intervals.count <= place { intervals.append(Interval()) }
    intervals[place].add(one)
    elapsedSeconds += seconds
    if intervals.count > Self.mostIntervals { halve() }
  }

  /// Makes intervals twice as long.
  private mutating func halve() {
    var fewer: [Interval] = []
    for (place, interval) in intervals.enumerated() {
      if place % 2 == 0 { fewer.append(interval) } else { fewer[place / 2].add(interval) }
    }
    intervals = fewer
    intervalSeconds *= 2
  }

  /// Time covered. [s]
  var seconds: Double { elapsedSeconds }

  /// One value per interval; not a number where no step began in it.
  func values(_ value: (Interval) -> Double) -> [Double] {
    intervals.map { $0.seconds > 0 ? value($0) : .nan }
  }
}
