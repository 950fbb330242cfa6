/// How the years of a project follow from those that are replayed.
package struct LifetimeSettings: Sendable, Hashable {
  /// What becomes of cells that have come to the end of their life.
  package enum EndOfLife: String, Sendable, CaseIterable {
    /// All of them are bought anew.
    case replace
    /// As much is added as they have lost.
    case augment
  }

  /// How cells lose capacity over the years.
  package enum Fade: String, Sendable, CaseIterable {
    /// By the law of the ageing model, with the amounts of the replayed years.
    case model
    /// Every year as much as in the first one, and savings stay until the cells are replaced.
    case constant
  }

  /// Years that are replayed with the battery as it has become by then, in rising order; the first is always one.
  package var replayedYears: [Int]
  /// Whether every year is replayed.
  package var replaysAll: Bool
  /// How cells lose capacity.
  package var fade: Fade
  /// What becomes of cells at the end of their life.
  package var endOfLife: EndOfLife
  /// Yearly growth of the load from the second year on, as a fraction.
  package var loadGrowth: Double

  /// Sets up what one replayed year can tell.
  package init(
    replayedYears: [Int] = [1], replaysAll: Bool = false, fade: Fade = .model,
    endOfLife: EndOfLife = .replace, loadGrowth: Double = 0
  ) {
    self.replayedYears = replayedYears
    self.replaysAll = replaysAll
    self.fade = fade
    self.endOfLife = endOfLife
    self.loadGrowth = loadGrowth
  }

  /// Returns the years of a project that are replayed.
  ///
  /// A load that grows is not known without the last year, so that one is replayed as well.
  ///
  /// - Parameter years: Years of the project.
  /// - Returns: Years from 1, in rising order.
  package func replayed(of years: Int) -> [Int] {
    if fade == .constant { return [1] }
    if replaysAll { return Array(1...years) }
    let wanted = [1] + replayedYears + (loadGrowth == 0 ? [] : [years])
    return Set(wanted.filter { (1...years).contains($0) }).sorted()
  }
}
