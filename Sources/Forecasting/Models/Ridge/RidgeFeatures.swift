import Numerics
import TimeSeries

/// Columns of the ridge regression for one issue; see `Forecasting` for the list.
///
/// What depends on the issue only is computed once; `fill` then writes the columns of one slot.
/// Columns are finite except where the profile holds nothing for a slot; such a slot is left to
/// the fallback, and left out of the training.
struct RidgeFeatures {
  let known: Int
  private let issue: IssueLevels
  private let isPV: Bool
  private let weather: [Quantity]
  private let clearness: ClearnessIndex?
  private let battery: BatteryColumns?

  /// Covariates the columns use, of those known ahead: temperature for loads; irradiance, and with
  /// it cloud cover and temperature, for PV; prices for battery power.
  static func weather(for quantity: Quantity, ahead: [Quantity: [Double]]) -> [Quantity] {
    if quantity == .batteryPower { return ahead[.price] == nil ? [] : [.price] }
    let known = TreeFeatures.weather(for: quantity, ahead: ahead)
    return quantity == .pv && !known.contains(.irradiance)
      ? [] : known.filter { $0 != .windSpeed }
  }

  /// Number of columns for a quantity.
  static func width(_ state: QuantityState, weather: [Quantity]) -> Int {
    if state.quantity != .pv {
      return 55 + (weather.contains(.ambient) ? 17 : 0) + BatteryColumns.count(state)
    }
    var width = 11 + (state.calendar.isLocated ? 3 : 0)
    if weather.contains(.irradiance) { width += 6 }
    if weather.contains(.cloudCover) { width += 3 }
    if weather.contains(.ambient) { width += 1 }
    return width
  }

  /// Names of the columns, in the order of `fill`.
  static func names(_ state: QuantityState, weather: [Quantity]) -> [String] {
    let profile = ["lag_1d", "lag_2d", "lag_7d", "mean_7d", "mean_28d"]
    if state.quantity == .pv {
      var names =
        profile + [
          "envelope", "envelope_clearness_24h", "envelope_clearness_7d",
          "envelope_clearness_24h_7d", "envelope_clearness_3h_fast", "envelope_clearness_3h_slow",
        ]
      if state.calendar.isLocated {
        names += ["clear_sky", "clear_sky_clearness_7d", "clear_sky_clearness_24h"]
      }
      if weather.contains(.irradiance) {
        names += [
          "irradiance", "irradiance_sin_1", "irradiance_cos_1", "irradiance_sin_2",
          "irradiance_cos_2", "irradiance_squared",
        ]
        if weather.contains(.cloudCover) {
          names += ["irradiance_cloud", "envelope_cloud", "envelope_cloud_squared"]
        }
        if weather.contains(.ambient) { names.append("irradiance_temperature") }
      }
      return names
    }
    var names =
      profile + [
        "mean_4_weeks", "day_type_mean", "neighbour_mean", "mean_24h", "mean_last_7d", "max_24h",
        "deviation_1h_fast", "deviation_1h_slow", "deviation_3h_fast", "deviation_3h_slow",
        "last_above_mean_fast", "last_above_mean_slow", "deviation_24h",
      ]
    for m in 0..<12 {
      let wave = "\(m % 2 == 0 ? "sin" : "cos")_\(m / 2 + 1)"
      names += [wave, "\(wave)_rest_day"]
      if m < 6 { names.append("\(wave)_mean_7d") }
    }
    names += ["rest_day", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"]
    if weather.contains(.ambient) {
      for column in TreeFeatures.temperatureNames {
        names += [column, "\(column)_sin_1", "\(column)_cos_1"]
      }
      names += ["heating_degrees_squared", "cooling_degrees_squared"]
    }
    return names + BatteryColumns.names(state)
  }

  init(_ frame: IssueFrame, state: QuantityState, weather: [Quantity]) {
    known = frame.known
    isPV = state.quantity == .pv
    self.weather = weather
    issue = IssueLevels(known: known, profile: state.profile)
    clearness = isPV ? ClearnessIndex(known: known, state: state) : nil
    battery =
      BatteryColumns.count(state) > 0
      ? BatteryColumns(frame, state: state, knowsPrice: weather.contains(.price)) : nil
  }

  /// Writes the columns of slot `v`, `lead` slots after the issue, into `row` from `at` on.
  ///
  /// - Returns: False when the profile holds too little for this slot; the row is then undefined.
  func fill(
    _ row: inout [Double], at: Int, slot v: Int, lead: Int, state: QuantityState,
    covariates: CovariateColumns
  ) -> Bool {
    let profile = state.profile
    let folded = profile.folded(v, known: known)
    let mean7 = profile.mean7[folded]
    guard mean7.isFinite else { return false }
    func lag(_ days: Int) -> Double {
      let value = profile.lag(days, v, known: known)
      return value.isFinite ? value : mean7
    }
    let mean28 = profile.mean28[folded]
    row[at] = lag(1)
    row[at + 1] = lag(2)
    row[at + 2] = lag(7)
    row[at + 3] = mean7
    row[at + 4] = mean28
    let leadHours = Double(lead) * profile.stepHours
    if let clearness {
      return fillPV(&row, at: at + 5, v, folded, leadHours, clearness, state, covariates)
    }
    var i = at + 5
    func put(_ value: Double) {
      row[i] = value
      i += 1
    }
    let averages = SlotAverages(known: known)
    put(averages.fourWeeks(v, profile) ?? mean7)
    put(averages.dayTypeMean(v, state) ?? mean28)
    let neighbours = profile.neighbourMean(folded, known: known)
    put(neighbours.isFinite ? neighbours : mean7)
    put(issue.mean24h)
    put(issue.mean7d)
    put(issue.max24h)
    let fast = exponential(-leadHours)
    let slow = exponential(-leadHours / 4)
    for deviation in [issue.deviation1h, issue.deviation3h, issue.lastAboveMean] {
      put(deviation * fast)
      put(deviation * slow)
    }
    put(issue.deviation24h)
    let weekday = state.calendar.weekday[v]
    let rest = state.calendar.isRest[v] ? 1.0 : 0.0
    let harmonics = state.calendar.slot[v] * 12
    for m in 0..<12 {
      let wave = state.calendar.harmonics[harmonics + m]
      put(wave)
      put(wave * rest)
      if m < 6 { put(wave * mean7) }
    }
    put(rest)
    for day in 1...6 { put(weekday == day ? 1 : 0) }
    if let battery {
      for value in battery.values(v, stepHours: profile.stepHours) {
        guard value.isFinite else { return false }
        put(value)
      }
    }
    guard weather.contains(.ambient) else { return true }
    guard let columns = covariates.temperature(v, slotsPerDay: profile.slotsPerDay) else {
      return false
    }
    let sineOfDay = state.calendar.harmonics[harmonics]
    let cosineOfDay = state.calendar.harmonics[harmonics + 1]
    for column in columns {
      put(column)
      put(column * sineOfDay)
      put(column * cosineOfDay)
    }
    put(columns[3] * columns[3] / 10)
    put(columns[4] * columns[4] / 10)
    return true
  }

  private func fillPV(
    _ row: inout [Double], at: Int, _ v: Int, _ folded: Int, _ leadHours: Double,
    _ clearness: ClearnessIndex, _ state: QuantityState, _ covariates: CovariateColumns
  ) -> Bool {
    let envelope = state.envelope.value(folded, known: known, profile: state.profile)
    guard envelope > 0 else { return false }
    row[at] = envelope
    row[at + 1] = envelope * clearness.hours24
    row[at + 2] = envelope * clearness.days7
    row[at + 3] = envelope * clearness.hours24 * clearness.days7
    row[at + 4] = envelope * clearness.hours3 * exponential(-leadHours / 2)
    row[at + 5] = envelope * clearness.hours3 * exponential(-leadHours / 6)
    if state.calendar.isLocated {
      // In kW/m², of the order of the other columns.
      let clear = state.calendar.clearSky[v] / 1000
      row[at + 6] = clear
      row[at + 7] = clear * clearness.days7
      row[at + 8] = clear * clearness.hours24
    }
    return fillWeather(
      &row, at: at + (state.calendar.isLocated ? 9 : 6), v, envelope, state, covariates)
  }

  private func fillWeather(
    _ row: inout [Double], at: Int, _ v: Int, _ envelope: Double, _ state: QuantityState,
    _ covariates: CovariateColumns
  ) -> Bool {
    guard weather.contains(.irradiance) else { return true }
    let light = covariates.value(.irradiance, v) / 1000
    guard light.isFinite else { return false }
    var i = at
    func put(_ value: Double) {
      row[i] = value
      i += 1
    }
    put(light)
    let harmonics = state.calendar.slot[v] * 12
    for m in 0..<4 { put(light * state.calendar.harmonics[harmonics + m]) }
    put(light * light)
    if weather.contains(.cloudCover) {
      let cloud = covariates.value(.cloudCover, v)
      guard cloud.isFinite else { return false }
      put(light * cloud)
      put(envelope * cloud)
      put(envelope * cloud * cloud)
    }
    if weather.contains(.ambient) {
      let air = covariates.value(.ambient, v)
      put(light * ((air.isFinite ? air : 25) - 25) / 25)
    }
    return true
  }
}

/// Levels at an issue time, the same for all slots of its horizon.
struct IssueLevels {
  let last: Double
  let mean1h: Double
  let mean3h: Double
  let mean24h: Double
  let mean7d: Double
  let max24h: Double
  let deviation1h: Double
  let deviation3h: Double
  let deviation24h: Double
  var lastAboveMean: Double { last - mean24h }

  init(known: Int, profile: SlotProfile) {
    let perDay = profile.slotsPerDay
    let hour = max(1, perDay / 24)
    func finite(_ value: Double, _ other: Double) -> Double { value.isFinite ? value : other }
    mean7d = finite(profile.trailingMean(7 * perDay, before: known), 0)
    mean24h = finite(profile.trailingMean(perDay, before: known), mean7d)
    max24h = finite(profile.trailingMaximum(perDay, before: known), mean24h)
    last = finite(known > 0 ? profile.newest[known - 1] : .nan, mean24h)
    mean3h = finite(profile.trailingMean(3 * hour, before: known), last)
    mean1h = finite(profile.trailingMean(hour, before: known), last)
    deviation1h = profile.trailingDeviation(hour, before: known)
    deviation3h = profile.trailingDeviation(3 * hour, before: known)
    deviation24h = profile.trailingDeviation(perDay, before: known)
  }
}
