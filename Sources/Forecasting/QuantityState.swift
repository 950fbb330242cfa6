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
    }
    smoother.advance(profile: profile, calendar: calendar)
    observed = [:]
    for covariate in Quantity.allCases where covariate != quantity {
      if let column = past[covariate] { observed[covariate] = column }
    }
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
