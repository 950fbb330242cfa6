import Diagnostics

/// Makes the life of a battery year by year, from replays that somebody else runs.
struct LifetimeBuilder {
  private let settings: LifetimeSettings
  private let count: Int
  private let replayed: Set<Int>
  private var walk: LifetimeWalk
  private var rows: [LifetimeYear] = []
  private var points: [(year: Int, capacity: Double, replayed: ReplayedYear)] = []

  /// Begins a life.
  ///
  /// - Parameters:
  ///   - first: The replay of the first year.
  ///   - start: Capacity at its start, as a share of the nominal one.
  ///   - replayYears: Length of a replay. [a]
  ///   - count: Number of years.
  ///   - energyKWh: Nominal energy. [kWh]
  ///   - endOfLife: Capacity at which cells are at the end of their life.
  ///   - settings: Which years are replayed, and what becomes of spent cells.
  ///   - law: The course of fade at the use of a replayed year.
  init(
    first: ReplayedYear, start: Double, replayYears: Double, count: Int, energyKWh: Double,
    endOfLife: Double, settings: LifetimeSettings, law: @escaping (ReplayedYear) -> FadeLaw
  ) {
    self.settings = settings
    self.count = count
    replayed = Set(settings.replayed(of: count))
    walk = LifetimeWalk(
      first: first, start: start, replayYears: replayYears, energyKWh: energyKWh,
      endOfLife: endOfLife, action: settings.endOfLife, law: law)
  }

  /// The year that comes next, from 1.
  private var next: Int { rows.count + 1 }

  /// What the cells have behind them before the next year.
  var condition: PackCondition { walk.condition }

  /// Lets years pass that are not replayed, up to the next one that is or to the end.
  ///
  /// - Throws: `InputError` for cells that are replaced more than 365 times in a year.
  mutating func passUnreplayed() throws(InputError) {
    while next <= count, !replayed.contains(next) { try pass(isReplayed: false) }
  }

  /// Lets the next year pass as its replay says.
  ///
  /// - Throws: `InputError` for cells that are replaced more than 365 times in a year.
  mutating func pass(_ result: ReplayedYear) throws(InputError) {
    points.append((next, walk.learn(from: result, inFirst: next == 1), result))
    try pass(isReplayed: true)
  }

  private mutating func pass(isReplayed: Bool) throws(InputError) {
    rows.append(try walk.pass(year: next, isReplayed: isReplayed, isLast: next == count))
  }

  /// The life, once every year has passed.
  var life: ProjectLife {
    // A load that grows moves the saving with the year, whatever the cells do.
    let byYear = settings.loadGrowth != 0
    func curve(_ value: (ReplayedYear) -> Double) -> YearCurve {
      YearCurve(
        points.map { (byYear ? Double($0.year) : $0.capacity, value($0.replayed)) },
        isProportional: !byYear)
    }
    let saving = curve(\.saving)
    let discharged = curve(\.dischargedKWh)
    let charging = curve(\.chargingCost)
    let years = rows.map { row in
      var row = row
      let x = byYear ? Double(row.year) : row.meanCapacity
      row.saving = saving.value(at: x)
      row.dischargedKWh = discharged.value(at: x)
      row.chargingCost = charging.value(at: x)
      return row
    }
    return ProjectLife(
      years: years, fadeError: walk.fadeErrors.max(), savingError: saving.largestError)
  }
}
