import Diagnostics

/// When cells are replaced that use up a constant share of their life every year.
enum Replacements {
  /// Returns the year of each replacement: what was left of the first cells' life is used up, then that of each new
  /// battery.
  ///
  /// - Parameters:
  ///   - leftPerYear: Share used in a year of the life that the first cells had left.
  ///   - lifePerYear: Share used in a year of a new battery's life.
  ///   - years: Years over which money is counted.
  /// - Returns: Years that count from 1, each as often as cells are replaced in it.
  static func years(leftPerYear: Double, lifePerYear: Double, within years: Int) -> [Int] {
    var found: [Int] = []
    let isNew = leftPerYear == lifePerYear
    var count = 1.0
    // A battery whose life ends with the project is not replaced.
    while true {
      let used = isNew ? count / lifePerYear : 1 / leftPerYear + (count - 1) / lifePerYear
      guard used < Double(years) else { return found }
      found.append(Int(used.rounded(.up)))
      count += 1
    }
  }

  /// Returns the years of replacement at the rate of a replay.
  ///
  /// - Throws: `InputError` when the life is used up more than 365 times a year.
  static func years(
    of run: SizedRun, yearFactor: Double, within years: Int
  ) throws(InputError) -> [Int] {
    let lifePerYear = run.lifeUsedFraction * yearFactor
    let leftPerYear = run.leftLifeUsedFraction.map { $0 * yearFactor } ?? lifePerYear
    guard max(lifePerYear, leftPerYear) <= 365 else {
      throw InputError(
        "a battery of \(run.energyKWh) kWh and \(run.powerKW) kW uses up its life \(lifePerYear) times a "
          + "year; at most 365 replacements a year are counted, so lower 'end_of_life_fraction'")
    }
    return Self.years(leftPerYear: leftPerYear, lifePerYear: lifePerYear, within: years)
  }
}
