import TimeSeries

/// Everything kept up about one quantity of one site while its history grows.
struct QuantityState: Sendable {
  let quantity: Quantity
  let site: SiteContext
  private(set) var profile: SlotProfile
  private(set) var smoother: SlotSmoother
  private(set) var envelope: ClearEnvelope
  private(set) var calendar: SiteCalendar
  /// Observed columns of other quantities, for the slots known so far.
  private(set) var observed: [Quantity: ArraySlice<Double>] = [:]
  /// Number of known night slots before each slot, and of those with output; PV with a location.
  private var nights = [0]
  private var litNights = [0]

  init(quantity: Quantity, site: SiteContext, start: Int, stepSeconds: Int) {
    self.quantity = quantity
    self.site = site
    profile = SlotProfile(start: start, stepSeconds: stepSeconds)
    smoother = SlotSmoother(slotsPerDay: profile.slotsPerDay)
    envelope = ClearEnvelope(slotsPerDay: profile.slotsPerDay)
    calendar = SiteCalendar(site: site, start: start, stepSeconds: stepSeconds)
  }

  /// Tells whether this state may go on with a past, or has to be started again.
  func isContinued(by past: PastHistory, values: ArraySlice<Double>) -> Bool {
    past.grid.start == profile.start && past.grid.stepSeconds == profile.stepSeconds
      && profile.isContinued(by: values)
  }

  /// Takes in what became known, and makes the calendar reach `reach` slots.
  mutating func advance(to past: PastHistory, values: ArraySlice<Double>, reach: Int) {
    profile.advance(to: values)
    calendar.extend(to: max(reach, profile.known + 2 * profile.slotsPerDay))
    if quantity == .pv {
      envelope.advance(profile: profile)
      countNights()
    }
    smoother.advance(profile: profile, calendar: calendar)
    observed = [:]
    for covariate in Quantity.allCases where covariate != quantity {
      if let column = past[covariate] { observed[covariate] = column }
    }
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

  /// True when the plant reported output in most of the dark of the newest day.
  func shinesInTheDark(known: Int) -> Bool {
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

  var slots: Range<Int> { first..<(first + count) }
}

/// A rule that turns what is known of one quantity into values for the slots asked for.
protocol SlotModel: Sendable {
  /// Fills one value per slot of the frame, NaN where the rule has none.
  mutating func predict(
    _ frame: IssueFrame, state: QuantityState, into values: inout [Double]
  ) throws
}
