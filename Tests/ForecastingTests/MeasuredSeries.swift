import Forecasting
import Foundation
import TestSupport
import Testing
import TimeSeries

/// A measured site with the split on which published figures were computed.
struct MeasuredSeries: Sendable {
  var name: String
  var history: SiteHistory
  var site: SiteContext
  /// Days of history before the first issue.
  var firstDay = 56
  /// Days from one refit to the next.
  var refitDays = 28
  /// Weather known ahead.
  var weather: WeatherForecasts?

  /// The test of a quantity: issues at 0, 6, 12, 18 h of the local clock, 24 h each.
  func backtest(_ quantity: Quantity) -> Backtest {
    Backtest(
      quantity: quantity, history: history, firstDay: firstDay,
      weather: weather)
  }

  /// A built-in version on this site.
  func forecaster(
    _ kind: ForecastRecipe.Kind, levels: [Double] = [], seed: UInt64 = 1
  ) throws -> any Forecaster {
    var recipe = ForecastRecipe(kind)
    recipe.refitDays = refitDays
    recipe.quantileLevels = levels
    return try recipe.forecaster(site: site, seed: seed)
  }

  /// Homes 1, 2, 3, 6 and 10 of CityLearn 2022, on their own clock taken as UTC; PV of 4 kW
  /// plants (home 10: 5 kW).
  static let homes: [MeasuredSeries] = ["01", "02", "03", "06", "10"].map { id in
    let table = (try? columns("homes_fontana_citylearn/load_pv_1h.csv")) ?? [:]
    let power = id == "10" ? 5.0 : 4.0
    let grid = grid(table["interval_start_local"] ?? [], stepSeconds: 3600)
    return MeasuredSeries(
      name: "home \(id)",
      history: SiteHistory(
        grid: grid, zone: .utc,
        columns: [
          .load: numbers(table["load_b\(id)_kwh"]),
          .pv: numbers(table["pv_b\(id)_w_per_kw"]).map { $0 * power / 1000 },
        ]),
      site: SiteContext(zone: .utc, pvCapacityKW: power))
  }

  /// The EMHASS house from 2024-03-13T21:00Z, at the default place of EMHASS.
  ///
  /// Its meter reports no PV at night; missing values from 17 to 7 h UTC are taken as zero.
  static let house: MeasuredSeries = {
    let table = (try? columns("house_fr_emhass/load_pv_30min.csv")) ?? [:]
    let stamps = table["time_utc"] ?? []
    let from = min(14 * 48, stamps.count)
    var pv = numbers(table["pv_w"]).map { $0 / 1000 }
    for i in pv.indices where pv[i].isNaN {
      let hour = (i / 2 + 21) % 24
      if hour < 7 || hour >= 17 { pv[i] = 0 }
    }
    let zone = (try? Zone("Europe/Paris")) ?? .utc
    return MeasuredSeries(
      name: "EMHASS house",
      history: SiteHistory(
        grid: grid(stamps[from...], stepSeconds: 1800), zone: zone,
        columns: [
          .load: numbers(table["load_w"])[from...].map { $0 / 1000 }, .pv: Array(pv[from...]),
        ]),
      site: SiteContext(zone: zone, latitudeDeg: 45.83, longitudeDeg: 6.86))
  }()

  /// The Devon feeder and 5 MW solar farm from 2018-06-01 on; weather is the mean of the six
  /// points of the reanalysis.
  static let feeder: MeasuredSeries = {
    let table = (try? columns("feeder_devon_pod/demand_pv_30min_2017-11_2019-06.csv")) ?? [:]
    let weather = (try? columns("feeder_devon_pod/weather_merra2_1h_2017-11_2019-06.csv")) ?? [:]
    let stamps = table["interval_start_utc"] ?? []
    let from = min(210 * 48, stamps.count)
    let zone = (try? Zone("Europe/London")) ?? .utc
    func mean(_ name: String) -> [Double] {
      let points = (1...6).map { numbers(weather["\(name)_loc\($0)"]) }
      // The weather begins two days before the demand.
      return (from..<stamps.count).map { i in
        let known = points.map { $0[i / 2 + 48] }.filter(\.isFinite)
        return known.reduce(0, +) / Double(known.count)
      }
    }
    return MeasuredSeries(
      name: "Devon",
      history: SiteHistory(
        grid: grid(stamps[from...], stepSeconds: 1800), zone: zone,
        columns: [
          .load: numbers(table["demand_mw"])[from...].map { $0 * 1000 },
          .pv: numbers(table["pv_power_mw"])[from...].map { $0 * 1000 },
          .ambient: mean("temp_c"), .irradiance: mean("ghi_w_m2"),
        ]),
      site: SiteContext(
        zone: zone, latitudeDeg: 50.33, longitudeDeg: -4.03, pvCapacityKW: 5000),
      firstDay: 84, refitDays: 56)
  }()

  /// Devon with its observed weather handed over.
  static let feederWithWeather: MeasuredSeries = {
    var series = feeder
    series.name = "Devon, oracle weather"
    series.weather = WeatherForecasts(observed: series.history)
    return series
  }()

  /// Building 3 and PV plant 1 of the Monash campus in 2020.
  static let campus: MeasuredSeries = {
    let load = (try? columns("campus_monash/load_15min_2019-01_2020-10.csv")) ?? [:]
    let pv = (try? columns("campus_monash/pv_15min_2019-01_2020-10.csv")) ?? [:]
    let stamps = load["time_utc"] ?? []
    let from = min(365 * 96, stamps.count)
    let zone = (try? Zone("Australia/Melbourne")) ?? .utc
    return MeasuredSeries(
      name: "Monash",
      history: SiteHistory(
        grid: grid(stamps[from...], stepSeconds: 900), zone: zone,
        columns: [
          .load: Array(numbers(load["building3_kw"])[from...]),
          .pv: Array(numbers(pv["solar1_kw"])[from...]),
        ]),
      site: SiteContext(zone: zone, latitudeDeg: -37.91, longitudeDeg: 145.13), firstDay: 84)
  }()

  static let all = homes + [house, feeder, campus]

  private static func grid(_ stamps: some Collection<Substring>, stepSeconds: Int) -> TimeGrid {
    TimeGrid(
      start: stamps.first.map(instant) ?? 0, stepSeconds: stepSeconds, count: stamps.count)
  }

  private static func numbers(_ column: [Substring]?) -> [Double] {
    (column ?? []).map { Double($0) ?? .nan }
  }

  private static func columns(_ path: String) throws -> [String: [Substring]] {
    let text = try String(
      contentsOfFile: "\(RealData.folder ?? "")/\(path)", encoding: .utf8)
    var result: [[Substring]] = []
    var names: [String] = []
    for line in text.split(separator: "\n") {
      let cells = line.split(separator: ",", omittingEmptySubsequences: false)
      if names.isEmpty {
        names = cells.map(String.init)
        result = names.map { _ in [] }
      } else {
        for (i, cell) in cells.enumerated() { result[i].append(cell) }
      }
    }
    return Dictionary(uniqueKeysWithValues: zip(names, result))
  }

  private static func instant(_ text: Substring) -> Int {
    let numbers = text.split { !$0.isNumber }.compactMap { Int($0) }
    return CivilTime(
      year: numbers[0], month: numbers[1], day: numbers[2], hour: numbers[3], minute: numbers[4]
    ).localSeconds
  }
}

extension MeasuredSeries: CustomTestStringConvertible {
  var testDescription: String { name }
}
