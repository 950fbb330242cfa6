import Diagnostics
import Twin

/// The years of a battery: what was replayed, and what follows from it for the others.
package struct ProjectLife: Sendable, Hashable {
  /// The years from 1.
  package let years: [LifetimeYear]
  /// Largest error of the fade that was foreseen for a replayed year, as a share of the new capacity; nothing where
  /// only one year was replayed.
  package let fadeError: Double?
  /// Largest error of a replayed year's saving read from the other replayed years, as a share of it; nothing for
  /// fewer than three.
  package let savingError: Double?

  init(years: [LifetimeYear], fadeError: Double? = nil, savingError: Double? = nil) {
    self.years = years
    self.fadeError = fadeError
    self.savingError = savingError
  }

  /// Years in which cells were replaced or added, each as often as they were.
  package var replacementYears: [Int] {
    years.flatMap { [Int](repeating: $0.year, count: $0.replacements) }
  }

  /// A life of equal years.
  ///
  /// - Parameters:
  ///   - year: What each of them does.
  ///   - count: Number of years.
  ///   - energyKWh: Nominal energy. [kWh]
  ///   - replacementYears: Years in which cells are replaced.
  package init(
    _ year: ReplayedYear, count: Int, energyKWh: Double, replacementYears: [Int] = []
  ) {
    self.init(
      years: (1...count).map { number in
        let replaced = replacementYears.count { $0 == number }
        return LifetimeYear(
          year: number, isReplayed: number == 1, startCapacity: 1, endCapacity: 1,
          meanCapacity: 1, resistance: 1, saving: year.saving,
          dischargedKWh: year.dischargedKWh, chargingCost: year.chargingCost,
          replacements: replaced, replacedKWh: Double(replaced) * energyKWh)
      })
  }

  /// Works out the life of a candidate from its replays.
  ///
  /// - Parameters:
  ///   - run: The candidate.
  ///   - yearFactor: Factor by which the period is scaled to a year.
  ///   - settings: Which years were replayed, and how others follow.
  ///   - count: Number of years.
  /// - Throws: `InputError` for cells that are replaced more than 365 times in a year.
  init(
    _ run: SizedRun, yearFactor: Double, settings: LifetimeSettings, count: Int
  ) throws(InputError) {
    guard let first = run.years.first?.replayed else {
      self.init(ReplayedYear(saving: 0), count: count, energyKWh: 0)
      return
    }
    guard settings.fade == .model, let model = run.ageingModel else {
      let years = try Replacements.years(of: run, yearFactor: yearFactor, within: count)
      self.init(
        first, count: count, energyKWh: run.energyKWh, replacementYears: years)
      return
    }
    var builder = LifetimeBuilder(
      run, first: first, model: model, yearFactor: yearFactor, settings: settings, count: count)
    for year in run.years {
      try builder.passUnreplayed()
      try builder.pass(year.replayed)
    }
    try builder.passUnreplayed()
    self = builder.life
  }
}

extension LifetimeBuilder {
  /// Begins the life of a candidate whose cells age.
  init(
    _ run: SizedRun, first: ReplayedYear, model: AgeingModel, yearFactor: Double,
    settings: LifetimeSettings, count: Int
  ) {
    let end = run.endOfLifeFraction ?? 0
    // Cells that were not new: what they had left is what the year took of it.
    var start = 1.0
    if let left = run.leftLifeUsedFraction, left > 0 {
      start = min(1, end + (1 - end) * run.lifeUsedFraction / left)
    }
    self.init(
      first: first, start: start, replayYears: 1 / yearFactor, count: count,
      energyKWh: run.energyKWh, endOfLife: end, settings: settings
    ) { year in
      FadeLaw(model, fullCyclesPerYear: year.fullCycles, temperatureC: year.temperatureC)
    }
  }
}
