import TimeSeries

/// What a forecast may not say, whoever made it; every change is counted.
///
/// Load and PV are not negative, PV is at most 1.05 times the plant's power, and PV is zero where
/// the sun is down, where the plant's envelope is under 0.1 % of its power or where it reported
/// nothing for 14 days. Prices, temperatures and battery power are left alone.
///
/// The load of a signed meter is left alone as well.
///
/// A plant that reported output in most of the dark of the newest day has a meter or a clock the sun
/// knows nothing about: the sun is then not held against the forecast, which is counted too.
enum ForecastGuards {
  static let capFactor = 1.05
  /// Refraction and the sun's radius show its rim above the horizon down to here. [°]
  static let horizonDeg = -0.85
  static let darkFraction = 0.001
  /// Changes smaller than this are made but not counted. [kW]
  static let countedKW = 1e-6

  static func apply(_ frame: IssueFrame, state: QuantityState, to forecast: inout Forecast) {
    guard state.site.isGuarded(state.quantity) else { return }
    let isPV = state.quantity == .pv
    // Without a stated power the largest output seen is no limit that could be counted on.
    let cap = isPV ? state.site.mostPVKW : .infinity
    let isDoubted = isPV && state.reportsOutputAtNight(known: frame.known)
    for k in 0..<frame.count {
      if isDoubted, state.calendar.isNight(frame.first + k) { forecast.counts.doubtedSun += 1 }
      if isPV, isDark(frame.first + k, frame, state) {
        if abs(forecast.values[k]) > countedKW { forecast.counts.night += 1 }
        forecast.values[k] = 0
        for q in forecast.quantiles.indices { forecast.quantiles[q][k] = 0 }
        continue
      }
      if forecast.values[k] < 0 {
        if forecast.values[k] < -countedKW { forecast.counts.floored += 1 }
        forecast.values[k] = 0
      } else if forecast.values[k] > cap {
        forecast.values[k] = cap
        forecast.counts.capped += 1
      }
      for q in forecast.quantiles.indices {
        forecast.quantiles[q][k] = min(cap, max(0, forecast.quantiles[q][k]))
      }
    }
  }

  /// Applies the guards to a column without counting; missing values stay missing.
  static func limit(_ values: inout [Double], _ frame: IssueFrame, state: QuantityState) {
    guard state.site.isGuarded(state.quantity) else { return }
    let isPV = state.quantity == .pv
    let cap = isPV ? state.site.mostPVKW : .infinity
    for k in values.indices {
      if isPV, isDark(frame.first + k, frame, state) {
        values[k] = 0
      } else if values[k] < 0 {
        values[k] = 0
      } else if values[k] > cap {
        values[k] = cap
      }
    }
  }

  /// True when PV in a slot cannot be but zero.
  static func isDark(_ v: Int, _ frame: IssueFrame, _ state: QuantityState) -> Bool {
    if state.calendar.isNight(v), !state.reportsOutputAtNight(known: frame.known) { return true }
    let folded = state.profile.folded(v, known: frame.known)
    // The envelope is trusted once it has seen all its days.
    guard frame.known >= ClearEnvelope.days * state.profile.slotsPerDay else { return false }
    let envelope = state.envelope.value(folded, known: frame.known, profile: state.profile)
    // A plant that reported nothing in this slot for two weeks gives nothing then.
    return !(envelope > darkFraction * state.capKW(known: frame.known))
  }
}

extension SiteContext {
  /// True for a quantity that cannot be negative here.
  func isGuarded(_ quantity: Quantity) -> Bool {
    quantity == .pv || quantity == .load && !hasSignedLoad
  }
}
