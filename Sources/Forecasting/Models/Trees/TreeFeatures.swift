import Numerics
import TimeSeries

/// Columns of the boosted trees for one issue; missing values stay NaN, which trees take.
struct TreeFeatures {
  let known: Int
  private let levels: IssueLevels
  private let dayType: Bool
  /// Level of the newest two hours over the smoothed mean.
  private let smoothedLevel: Double
  private let clearness: ClearnessIndex?
  private let weather: [Quantity]

  static let loadNames = [
    "lead_h", "slot", "sin_day", "cos_day", "weekday", "rest_day", "lag_1d", "lag_2d", "lag_7d",
    "mean_7d", "mean_28d", "mean_4_weeks", "day_type_mean", "neighbour_mean", "last", "mean_1h",
    "mean_3h", "mean_24h", "mean_last_7d", "max_24h", "deviation_1h", "deviation_3h",
    "deviation_24h", "ewma",
  ]
  static let pvNames = [
    "lead_h", "slot", "envelope", "cos_zenith", "clear_sky", "lag_1d", "lag_2d", "lag_7d",
    "mean_7d", "mean_28d", "clearness_3h", "clearness_24h", "clearness_7d", "last", "mean_3h",
    "mean_24h",
  ]
  static let temperatureNames = [
    "temperature", "temperature_24h", "temperature_change", "heating_degrees", "cooling_degrees",
  ]

  /// Covariates of the trees of a quantity, of those known ahead.
  static func weather(for quantity: Quantity, ahead: [Quantity: [Double]]) -> [Quantity] {
    let useful: [Quantity] =
      quantity == .pv
      ? [.irradiance, .cloudCover, .ambient, .windSpeed] : quantity == .load ? [.ambient] : []
    return useful.filter { ahead[$0] != nil }
  }

  /// Names of the columns, in order.
  static func names(for quantity: Quantity, weather: [Quantity]) -> [String] {
    if quantity == .pv { return pvNames + weather.map(\.rawValue) }
    return loadNames + (weather.contains(.ambient) ? temperatureNames : [])
  }

  init(known: Int, state: QuantityState, weather: [Quantity]) {
    self.known = known
    self.weather = weather
    levels = IssueLevels(known: known, profile: state.profile)
    dayType = state.smoother.usesDayType(known: known)
    smoothedLevel = state.smoother.level(
      SlotEWMAModel.window(state), before: known, dayType: dayType)
    clearness = state.quantity == .pv ? ClearnessIndex(known: known, state: state) : nil
  }

  /// The forecast of `slot_ewma`, on which the trees of loads build.
  func smoothed(_ v: Int, lead: Int, state: QuantityState) -> Double {
    let decay = exponential(-Double(lead) * state.profile.stepHours / SlotEWMAModel.levelHours)
    let value = smoothed(v, state: state) + smoothedLevel * decay
    return state.quantity == .load && !state.site.hasSignedLoad ? max(0, value) : value
  }

  /// The smoothed mean of a slot; the fallback without one.
  private func smoothed(_ v: Int, state: QuantityState) -> Double {
    let folded = state.profile.folded(v, known: known)
    let mean = state.smoother.mean(folded, known: known, dayType: dayType)
    return mean.isFinite ? mean : state.profile.fallback(v, known: known)
  }

  func envelope(_ v: Int, _ state: QuantityState) -> Double {
    let folded = state.profile.folded(v, known: known)
    return state.envelope.value(folded, known: known, profile: state.profile)
  }

  /// Appends the columns of slot `v`, `lead` slots after the issue.
  func append(
    to rows: inout [Float], slot v: Int, lead: Int, state: QuantityState,
    covariates: CovariateColumns
  ) {
    let profile = state.profile
    let folded = profile.folded(v, known: known)
    func put(_ value: Double) { rows.append(Float(value)) }
    put(Double(lead) * profile.stepHours)
    put(Double(state.calendar.slot[v]))
    if let clearness {
      put(envelope(v, state))
      put(state.calendar.isLocated ? state.calendar.cosineZenith[v] : .nan)
      put(state.calendar.isLocated ? state.calendar.clearSky[v] : .nan)
      for days in [1, 2, 7] { put(profile.lag(days, v, known: known)) }
      put(profile.mean7[folded])
      put(profile.mean28[folded])
      put(clearness.hours3)
      put(clearness.hours24)
      put(clearness.days7)
      put(levels.last)
      put(levels.mean3h)
      put(levels.mean24h)
      for quantity in weather { put(covariates.value(quantity, v)) }
      return
    }
    let harmonics = state.calendar.slot[v] * 12
    put(state.calendar.harmonics[harmonics])
    put(state.calendar.harmonics[harmonics + 1])
    put(Double(state.calendar.weekday[v]))
    put(state.calendar.isRest[v] ? 1 : 0)
    for days in [1, 2, 7] { put(profile.lag(days, v, known: known)) }
    put(profile.mean7[folded])
    put(profile.mean28[folded])
    let averages = SlotAverages(known: known)
    put(averages.fourWeeks(v, profile) ?? .nan)
    put(averages.dayTypeMean(v, state) ?? .nan)
    put(profile.neighbourMean(folded, known: known))
    put(levels.last)
    put(levels.mean1h)
    put(levels.mean3h)
    put(levels.mean24h)
    put(levels.mean7d)
    put(levels.max24h)
    put(levels.deviation1h)
    put(levels.deviation3h)
    put(levels.deviation24h)
    put(smoothed(v, lead: lead, state: state))
    if weather.contains(.ambient) {
      let columns = covariates.temperature(v, slotsPerDay: profile.slotsPerDay)
      for column in columns ?? [.nan, .nan, .nan, .nan, .nan] { put(column) }
    }
  }
}
