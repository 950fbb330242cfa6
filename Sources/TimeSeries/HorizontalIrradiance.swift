/// Global horizontal irradiance on a grid: as measured, and estimated where it was not.
///
/// Every estimate is counted; a slot of which nothing is known is dark and counted as such.
package struct HorizontalIrradiance: Sendable {
  /// Where the light of a slot is known from.
  package enum Source: String, Sendable, Hashable, CaseIterable {
    /// The history holds it.
    case measured
    /// A cloudless sky dimmed by the measured cloud cover.
    case cloudCover = "cloud_cover"
    /// A cloudless sky, the most there can be.
    case clearSky = "clear_sky"
    /// Nothing is known: taken as dark.
    case unknown
  }

  /// The intervals.
  package let grid: TimeGrid
  /// One value per interval, at least 0. [W/m²]
  package let wattPerM2: [Double]
  /// One source per interval.
  package let sources: [Source]

  /// Looks up or estimates the light of every interval, at its middle.
  ///
  /// - Parameters:
  ///   - grid: The intervals.
  ///   - history: Measurements with irradiance or cloud cover, on any grid.
  ///   - place: Where the sun is seen from; nothing can be estimated without.
  package init(on grid: TimeGrid, from history: SiteHistory?, place: GeographicPosition?) {
    self.grid = grid
    let measured = history?[.irradiance]
    let clouds = history?[.cloudCover]
    var values = [Double](repeating: 0, count: grid.count)
    var sources = [Source](repeating: .unknown, count: grid.count)
    for i in grid.indices {
      let middle = grid.instant(i) + grid.stepSeconds / 2
      let slot = history?.grid.index(containing: middle)
      if let slot, let light = measured?[slot], light.isFinite {
        values[i] = max(0, light)
        sources[i] = .measured
      } else if let place {
        let sun = SunPosition(at: middle, place: place)
        if let slot, let cover = clouds?[slot], cover.isFinite {
          values[i] = sun.horizontalWM2(cloudCover: cover)
          sources[i] = .cloudCover
        } else {
          values[i] = sun.clearSkyWM2
          sources[i] = .clearSky
        }
      }
    }
    wattPerM2 = values
    self.sources = sources
  }

  /// Returns how many of some intervals are known from each source; no entry where none is.
  package func counts(in range: Range<Int>) -> [Source: Int] {
    sources[range].reduce(into: [:]) { $0[$1, default: 0] += 1 }
  }
}
