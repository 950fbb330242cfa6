import Diagnostics
import Forecasting
import Replay
import TimeSeries

extension Scenario {
  /// Days that the small form of a benchmark replays.
  package static let smallDays = 14
  /// Days of history before them.
  package static let smallContextDays = 7
  /// Length of a forecast and of a plan in the small form, one a day. [h]
  package static let smallHorizonHours = 24

  /// Returns the small form that a benchmark can be run in: the last 14 days, 7 days of history before them, one plan of
  /// 24 hours a day, no hour in two of them, and persistence among the versions.
  package func small() -> Scenario {
    var copy = self
    let zone = site.zone
    let last = zone.civil(at: period.end).dayNumber
    let first = max(zone.civil(at: period.start).dayNumber, last - Self.smallDays)
    copy.period.start = zone.startOfDay(first)
    copy.period.warmUpDays = Self.smallContextDays
    copy.period.historyStart = zone.startOfDay(first - Self.smallContextDays)
    copy.settings.horizonHours = Double(Self.smallHorizonHours)
    copy.settings.replanSeconds = Self.smallHorizonHours * 3600
    let persistence = ForecastSettings.Version(.persistence)
    if !forecasts.versions.contains(where: { $0.name == persistence.name }) {
      copy.forecasts.versions.append(persistence)
    }
    return copy
  }

  /// Adds the versions that a file of rows holds for this site.
  ///
  /// What the rows have no quantity of is forecast with the mean of the newest seven days.
  ///
  /// - Parameters:
  ///   - path: The file, whose column `site` says which rows are for which site.
  ///   - name: Name of the site in it.
  /// - Returns: Names of the versions.
  /// - Throws: `InputError` with everything wrong in the file.
  package mutating func addModels(of path: String, site name: String) throws -> [String] {
    let file = ExternalForecastFile(layout: .rows(path: path, site: name))
    let rows = try file.read(zone: site.zone, stepSeconds: settings.planningStepSeconds)
    guard !rows.versions.isEmpty else { return [] }
    forecasts.external.append(file)
    if !files.contains(path) { files.append(path) }
    forecasts.versions += rows.versions.map {
      ForecastSettings.Version($0, of: rows, otherwise: .sevenDayAverage)
    }
    return rows.versions
  }
}

extension SiteSettings {
  /// Where the site is, to a tenth of a degree; nothing where the document does not say.
  package var placeWords: String? {
    guard let place else { return nil }
    func words(_ degrees: Double, _ signs: [String]) -> String {
      plain((abs(degrees) * 10).rounded() / 10) + "°" + signs[degrees < 0 ? 1 : 0]
    }
    return words(place.latitudeDeg, ["N", "S"]) + " " + words(place.longitudeDeg, ["E", "W"])
  }
}
