import Diagnostics

/// A battery on its way through the years of a project.
struct LifetimeWalk {
  /// Length of a replay. [a]
  private let replayYears: Double
  private let energyKWh: Double
  private let endOfLife: Double
  private let action: LifetimeSettings.EndOfLife
  private let startsNew: Bool
  private let law: (ReplayedYear) -> FadeLaw

  private var cells: CellCohorts
  private var course: FadeLaw
  /// What is lost over what the law says, as the newest replay has it.
  private var scale = (capacity: 1.0, resistance: 1.0)
  /// Loss of the weakest cell over that of the mean one.
  private var weakness = 1.0
  private var use: ReplayedYear

  /// Errors of the fade foreseen for replayed years, as shares of the new capacity.
  private(set) var fadeErrors: [Double] = []

  init(
    first: ReplayedYear, start: Double, replayYears: Double, energyKWh: Double, endOfLife: Double,
    action: LifetimeSettings.EndOfLife, law: @escaping (ReplayedYear) -> FadeLaw
  ) {
    self.replayYears = replayYears
    self.energyKWh = energyKWh
    self.endOfLife = endOfLife
    self.action = action
    self.law = law
    startsNew = start >= 1
    course = law(first)
    use = first
    cells = CellCohorts(age: course.age(capacityLost: 1 - start), lost: max(0, 1 - start))
  }

  /// What the cells have behind them now.
  var condition: PackCondition {
    PackCondition(
      capacityFactor: cells.capacity(), resistanceFactor: cells.resistance, years: cells.age,
      fullCycles: cells.age * use.fullCycles, temperatureC: use.temperatureC)
  }

  /// Takes over how fast the cells fade from the replay of the year that comes.
  ///
  /// - Parameters:
  ///   - result: The replay.
  ///   - inFirst: Whether it is the first year.
  /// - Returns: Mean capacity that the battery had in the replay, as a share of the nominal one.
  mutating func learn(from result: ReplayedYear, inFirst: Bool) -> Double {
    use = result
    course = law(result)
    let before = cells.capacity()
    guard let capacity = result.capacityFactor else {
      scale = (0, 0)
      return before
    }
    let lost = max(0, before - capacity)
    let grown = max(0, (result.resistanceFactor ?? 1) - cells.resistance)
    if inFirst {
      if let weakest = result.lowestCapacityFactor, startsNew, capacity < 1 {
        weakness = max(1, (1 - weakest) / (1 - capacity))
      }
    } else {
      var foreseen = cells
      foreseen.advance(years: replayYears, law: course, scale: scale)
      fadeErrors.append(abs(foreseen.capacity() - (before - lost)))
    }
    var plain = cells
    plain.advance(years: replayYears, law: course, scale: (1, 1))
    let fade = before - plain.capacity()
    let growth = plain.resistance - cells.resistance
    scale = (fade > 0 ? lost / fade : 0, growth > 0 ? grown / growth : 0)
    return before - 0.5 * lost
  }

  /// Lets a year pass, with new cells whenever the old ones are spent.
  ///
  /// - Throws: `InputError` for cells that are replaced more than 365 times.
  mutating func pass(year: Int, isReplayed: Bool, isLast: Bool) throws(InputError) -> LifetimeYear {
    var row = LifetimeYear(
      year: year, isReplayed: isReplayed, startCapacity: cells.capacity(), endCapacity: 1,
      meanCapacity: 0, resistance: 1, saving: 0, dischargedKWh: 0, chargingCost: 0,
      replacements: 0, replacedKWh: 0)
    var left = 1.0
    while let time = cells.time(
      untilCapacity: endOfLife, weakness: weakness, within: left, law: course, scale: scale)
    {
      // A battery whose life ends with the project is not replaced.
      if isLast, time >= left - 1e-9 { break }
      row.meanCapacity += advance(by: time)
      left -= time
      row.replacements += 1
      guard row.replacements <= 365 else {
        throw InputError(
          "a battery of \(energyKWh) kWh uses up its life more than 365 times in year \(year); at most 365 "
            + "replacements a year are counted, so lower 'end_of_life_fraction'")
      }
      switch action {
      case .replace:
        cells = CellCohorts()
        row.replacedKWh += energyKWh
      case .augment: row.replacedKWh += cells.augment() * energyKWh
      }
    }
    row.meanCapacity += advance(by: left)
    row.endCapacity = cells.capacity()
    row.resistance = cells.resistance
    return row
  }

  /// Lets a part of a year pass and returns its share of the mean capacity.
  private mutating func advance(by time: Double) -> Double {
    let before = cells.capacity()
    cells.advance(years: time, law: course, scale: scale)
    return 0.5 * time * (before + cells.capacity())
  }
}
