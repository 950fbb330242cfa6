import TimeSeries

/// Everything kept up about one quantity of one site while its history grows.
struct QuantityState: Sendable {
  let quantity: Quantity
  let site: SiteContext
  private let columns: StateColumns
  private(set) var profile: SlotProfile
  private(set) var smoother: SlotSmoother
  private(set) var envelope: ClearEnvelope
  private(set) var calendar: SiteCalendar
  /// Observed columns of other quantities, for the slots known so far.
  private(set) var observed: [Quantity: ArraySlice<Double>] = [:]
  /// Weather as it had been issued; nothing where none was or the observed one is handed over.
  private(set) var archive: WeatherForecasts?
  /// For each slot known, the weather that had been forecast by its begin.
  private var newestIssued: [Quantity: [Double]] = [:]
  /// Number of known night slots before each slot, and of those with output; PV with a location.
  private var nights = [0]
  private var litNights = [0]

  init(
    quantity: Quantity, site: SiteContext, start: Int, stepSeconds: Int, columns: StateColumns
  ) {
    self.quantity = quantity
    self.site = site
    self.columns = columns
    profile = SlotProfile(
      start: start, stepSeconds: stepSeconds, hasFeatures: columns.contains(.features))
    smoother = SlotSmoother(slotsPerDay: profile.slotsPerDay)
    envelope = ClearEnvelope(slotsPerDay: profile.slotsPerDay)
    calendar = SiteCalendar(
      site: site, start: start, stepSeconds: stepSeconds,
      hasSun: quantity == .pv || columns.contains(.sun))
  }

  /// Tells whether this state may go on with a past, or has to be started again.
  func isContinued(by past: PastHistory, values: ArraySlice<Double>) -> Bool {
    past.grid.start == profile.start && past.grid.stepSeconds == profile.stepSeconds
      && profile.isContinued(by: values)
  }

  /// Takes in what became known, and makes the calendar reach `reach` slots.
  mutating func advance(
    to past: PastHistory, values: ArraySlice<Double>, weather: WeatherForecasts?, reach: Int
  ) {
    calendar.extend(to: max(reach, values.count + 2 * profile.slotsPerDay))
    profile.advance(
      to: values, offsetSlots: quantity.followsClock ? calendar.offsetSlots : [])
    if quantity == .pv {
      envelope.advance(profile: profile)
      countNights()
    }
    if columns.contains(.smoother) { smoother.advance(profile: profile, calendar: calendar) }
    guard columns.contains(.others) else { return }
    observed = [:]
    // What the connection allows says nothing of the weather or of people.
    let limits: Set<Quantity> = [.importLimit, .exportLimit]
    for covariate in Quantity.allCases where covariate != quantity && !limits.contains(covariate) {
      if let column = past[covariate] { observed[covariate] = column }
    }
    archive = weather?.isOracle == true ? nil : weather
    if let archive { substitute(archive) }
  }

  /// Where a quantity of the weather was not observed, what had been forecast stands for it.
  private mutating func substitute(_ archive: WeatherForecasts) {
    for quantity in archive.quantities where observed[quantity] == nil {
      var column = newestIssued[quantity] ?? []
      for i in column.count..<max(column.count, profile.known) {
        let slot = TimeGrid(
          start: profile.start + i * profile.stepSeconds, stepSeconds: profile.stepSeconds, count: 1
        )
        column.append(archive.known(quantity, over: slot, asOf: slot.start)?.first ?? .nan)
      }
      newestIssued[quantity] = column
      observed[quantity] = column[...]
    }
  }

  /// A frame of a training issue, with what had been forecast of the weather by then; beyond the
  /// archive, what was observed stands for the forecast that was in force.
  func trainingFrame(_ issue: Int, gap: Int, count: Int, weather: [Quantity]) -> IssueFrame {
    var frame = IssueFrame(known: issue, first: issue + gap, count: count)
    guard let archive, !weather.isEmpty else { return frame }
    let start = profile.start + frame.first * profile.stepSeconds
    let known = archive.known(
      over: TimeGrid(start: start, stepSeconds: profile.stepSeconds, count: count), asOf: start)
    let observed = CovariateColumns(frame: frame, state: self)
    for quantity in weather {
      guard let column = known[quantity] else { continue }
      frame.ahead[quantity] = column.indices.map { k in
        column[k].isFinite ? column[k] : observed.value(quantity, frame.first + k)
      }
    }
    return frame
  }

  private mutating func countNights() {
    for i in (nights.count - 1)..<profile.known {
      let isKnownNight = calendar.isNight(i) && profile.values[i].isFinite
      let cap = capKW(known: i)
      // More than the plant can give is no evidence of anything.
      let isLit =
        isKnownNight && profile.values[i] > QuantityState.litFraction * cap
        && profile.values[i] <= ForecastGuards.capFactor * cap
      nights.append(nights[i] + (isKnownNight ? 1 : 0))
      litNights.append(litNights[i] + (isLit ? 1 : 0))
    }
  }

  /// Output in the dark above this share of the plant's power contradicts the sun.
  static let litFraction = 0.02

  /// Place of a slot in the day: on the local clock, or in UTC for what knows no clock.
  func slotOfDay(_ v: Int) -> Int {
    quantity.followsClock ? calendar.slot[v] : v % profile.slotsPerDay
  }

  /// True when the plant reported output in most of the dark of the newest day.
  func reportsOutputAtNight(known: Int) -> Bool {
    let from = max(0, known - profile.slotsPerDay)
    guard known < nights.count else { return false }
    return 2 * (litNights[known] - litNights[from]) > nights[known] - nights[from]
  }

  /// Nominal power of the plant, or the largest output known. [kW]
  func capKW(known: Int) -> Double { site.pvCapacityKW ?? profile.largest[known] }
}

/// One issue: how much is known, and which slots are asked for.
struct IssueFrame: Sendable {
  /// Number of slots known; the newest one is `known − 1`.
  var known: Int
  /// Position of the first slot asked for, not before `known`.
  var first: Int
  /// Number of slots asked for.
  var count: Int
  /// Covariates known ahead, one value per slot asked for.
  var ahead: [Quantity: [Double]] = [:]
  /// The issue time; the begin of the first slot when nothing is given. [UTC epoch s]
  var issuedAt: Int?

  var slots: Range<Int> { first..<(first + count) }
}

/// A rule that turns what is known of one quantity into values for the slots asked for.
protocol SlotModel: Sendable {
  /// Slot before which everything known was used by the newest fit, −1 before the first and for rules
  /// that are not fitted.
  var fittedUntil: Int { get }
  /// What had to be done to the slots of the newest forecast.
  var counts: ForecastCounts { get }
  /// What it reads of the state beyond values and their means over seven days; all of it unless it says so.
  var columns: StateColumns { get }

  /// Fills one value per slot of the frame, NaN where the rule has none.
  mutating func predict(
    _ frame: IssueFrame, state: QuantityState, into values: inout [Double]
  ) throws
}

extension SlotModel {
  var fittedUntil: Int { -1 }
  var counts: ForecastCounts { ForecastCounts() }
  var columns: StateColumns { .all }
}
