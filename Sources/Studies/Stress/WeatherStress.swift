import TimeSeries

/// Something that is done to the battery's surroundings in a stress study.
package struct WeatherStress: Sendable {
  /// Name shown in results.
  package var name: String
  /// Added to the air temperature within the period. [K]
  package var ambientOffsetK: Double
  /// Instants within which the offset applies, or the whole period. [UTC epoch s]
  package var window: Range<Int>?
  /// Time in which the offset comes and goes at either end of the window. [s]
  package var edgeSeconds: Double

  /// Names a change of the weather.
  package init(
    name: String, ambientOffsetK: Double, window: Range<Int>? = nil, edgeSeconds: Double = 0
  ) {
    self.name = name
    self.ambientOffsetK = ambientOffsetK
    self.window = window
    self.edgeSeconds = edgeSeconds
  }

  /// Returns what is added to the air at an instant. [K]
  func offsetK(at instant: Int) -> Double {
    guard let window else { return ambientOffsetK }
    guard window.contains(instant) else { return 0 }
    guard edgeSeconds > 0 else { return ambientOffsetK }
    let edge = Double(min(instant - window.lowerBound, window.upperBound - instant))
    return ambientOffsetK * min(1, edge / edgeSeconds)
  }

  /// Returns the history as the stressed weather would have made it.
  func applied(to history: SiteHistory) -> SiteHistory {
    guard ambientOffsetK != 0, let air = history[.ambient] else { return history }
    var stressed = history
    stressed[.ambient] = air.enumerated().map { $1 + offsetK(at: history.grid.instant($0)) }
    return stressed
  }
}
