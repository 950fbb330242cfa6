import Diagnostics
import TestSupport
import Testing
import Twin

@testable import Studies

@Suite("Years of a battery") struct LifetimeTests {
  /// Fade with the root of time: 4 % in the first year, 8 % in four.
  private static let root = FadeLaw { years in
    (capacity: 0.04 * years.squareRoot(), resistance: 0.02 * years.squareRoot())
  }

  /// Cells that fade by the law, and what a battery of a capacity saves.
  private func life(
    years: Int, end: Double = 0.5, settings: LifetimeSettings = LifetimeSettings(),
    law: FadeLaw = LifetimeTests.root, factor: Double = 1, start: Double = 1,
    saving: @escaping (Int, Double) -> Double = { _, capacity in 100 * capacity }
  ) throws -> ProjectLife {
    func replayed(_ year: Int, _ capacity: Double, age: Double) -> ReplayedYear {
      let lost = law.losses(from: age, to: age + 1)
      let after = capacity - factor * lost.capacity
      return ReplayedYear(
        saving: saving(year, 0.5 * (capacity + after)), dischargedKWh: 1000, chargingCost: 10,
        fullCycles: 250, temperatureC: 25, capacityFactor: after,
        resistanceFactor: 1 + law.losses(from: 0, to: age + 1).resistance)
    }
    let age = law.age(capacityLost: 1 - start)
    let first = replayed(1, start, age: age)
    var builder = LifetimeBuilder(
      first: first, start: start, replayYears: 1, count: years, energyKWh: 10, endOfLife: end,
      settings: settings
    ) { _ in law }
    for year in settings.replayed(of: years) {
      try builder.passUnreplayed()
      let condition = builder.condition
      try builder.pass(
        year == 1 ? first : replayed(year, condition.capacityFactor, age: condition.years))
    }
    try builder.passUnreplayed()
    return builder.life
  }

  // 4 % after one year, 4 %·√2 after two, 8 % after four.
  @Test("fade follows the law from what the first year lost") func fade() throws {
    let life = try life(years: 4)
    let capacities = life.years.map(\.endCapacity)
    for (found, expected) in zip(capacities, [0.96, 1 - 0.04 * 2.0.squareRoot(), 0, 0.92])
    where expected > 0 {
      #expect(isClose(found, expected, absolute: 1e-9))
    }
    #expect(life.years.map(\.isReplayed) == [true, false, false, false])
    #expect(life.fadeError == nil && life.savingError == nil)
    // Savings are in proportion to the mean capacity, 0.98 in the first year.
    #expect(isClose(life.years[0].saving, 98, absolute: 1e-9))
    #expect(isClose(life.years[3].saving, 100 * life.years[3].meanCapacity, absolute: 1e-9))
    #expect(life.replacementYears.isEmpty)
  }

  @Test("a replay that lost twice what the law says scales what follows") func scaled() throws {
    let life = try life(years: 4, factor: 2)
    #expect(isClose(life.years[0].endCapacity, 0.92, absolute: 1e-9))
    #expect(isClose(life.years[3].endCapacity, 0.84, absolute: 1e-9))
  }

  // At 90 % the root of time has lost 0.1 = 0.04·√t at t = 6.25; the next ones at 12.5 and 18.75.
  @Test("cells are replaced as often as they come to the end") func replaced() throws {
    let life = try life(years: 15, end: 0.9)
    #expect(life.replacementYears == [7, 13])
    #expect(life.years[6].replacedKWh == 10)
    // A quarter of year 7 with old cells, three quarters with new ones.
    #expect(isClose(life.years[6].endCapacity, 1 - 0.04 * 0.75.squareRoot(), absolute: 1e-6))
    // 12.5 years are the end of a project of 12.5; of 12 years nothing more is bought.
    #expect(try self.life(years: 12, end: 0.9).replacementYears == [7])
    // 97.9 %: 0.275625 years each, so at 0.28, 0.55, 0.83 and at 1.10, 1.38, 1.65 and 1.93.
    let short = try self.life(years: 2, end: 0.979)
    #expect(short.replacementYears == [1, 1, 1, 2, 2, 2, 2])
  }

  @Test("cells that are added make up for what is lost, and the old ones go on ageing")
  func augmented() throws {
    let life = try life(years: 10, end: 0.9, settings: LifetimeSettings(endOfLife: .augment))
    #expect(life.replacementYears == [7])
    // A tenth of 10 kWh.
    #expect(isClose(life.years[6].replacedKWh, 1, absolute: 1e-6))
    // Old cells of 6.25 years are at 1 − 0.04·√10 after ten, new ones of a tenth at 1 − 0.04·√3.75.
    let expected = 1 - 0.04 * 10.0.squareRoot() + 0.1 * (1 - 0.04 * 3.75.squareRoot())
    #expect(isClose(life.years[9].endCapacity, expected, absolute: 1e-6))
  }

  @Test("cells that were not new go on where they were") func aged() throws {
    // 92 % is four years on the law: one more loses 0.04·(√5 − 2).
    let life = try life(years: 2, start: 0.92)
    #expect(isClose(life.years[0].startCapacity, 0.92, absolute: 1e-9))
    #expect(isClose(life.years[1].endCapacity, 1 - 0.04 * 6.0.squareRoot(), absolute: 1e-6))
  }

  // The saving bends with the capacity: 100·c². Read between years 1 and 9 it is off in year 5.
  @Test("replayed years tell how far years read from others are off") func errors() throws {
    let settings = LifetimeSettings(replayedYears: [1, 5, 9])
    let life = try life(years: 9, settings: settings) { 100 * $1 * $1 + Double($0 - $0) }
    #expect(life.years.map(\.isReplayed).filter { $0 }.count == 3)
    // The law was right, so the fade was foreseen.
    #expect(isClose(try #require(life.fadeError), 0, absolute: 1e-9))
    let capacities = [0, 4, 8].map { life.years[$0].meanCapacity }
    let share = (capacities[1] - capacities[2]) / (capacities[0] - capacities[2])
    let read =
      capacities[2] * capacities[2] + share
      * (capacities[0] * capacities[0] - capacities[2] * capacities[2])
    let expected = read / (capacities[1] * capacities[1]) - 1
    #expect(isClose(try #require(life.savingError), abs(expected), absolute: 1e-9))
    // Every year replayed: nothing is read.
    let all = try self.life(years: 9, settings: LifetimeSettings(replaysAll: true)) {
      100 * $1 * $1 + Double($0 - $0)
    }
    #expect(all.years.map(\.isReplayed) == [Bool](repeating: true, count: 9))
    for year in all.years {
      #expect(isClose(year.saving, 100 * year.meanCapacity * year.meanCapacity, absolute: 1e-9))
    }
  }

  @Test("a load that grows has its last year replayed, and years between run straight")
  func growth() throws {
    let settings = LifetimeSettings(loadGrowth: 0.02)
    #expect(settings.replayed(of: 5) == [1, 5])
    let life = try life(years: 5, settings: settings) { year, _ in 100 + 10 * Double(year) }
    for (found, expected) in zip(life.years.map(\.saving), [110.0, 120, 130, 140, 150]) {
      #expect(isClose(found, expected, absolute: 1e-9))
    }
  }

  @Test("which years are replayed") func replayedYears() {
    #expect(LifetimeSettings().replayed(of: 15) == [1])
    #expect(LifetimeSettings(replayedYears: [8, 15, 40]).replayed(of: 15) == [1, 8, 15])
    #expect(LifetimeSettings(replaysAll: true).replayed(of: 3) == [1, 2, 3])
    #expect(LifetimeSettings(replaysAll: true, fade: .constant).replayed(of: 3) == [1])
  }

  @Test("a life that is over in hours is refused") func absurd() {
    let law = FadeLaw { (capacity: 500 * $0, resistance: 0) }
    let error = #expect(throws: InputError.self) { try life(years: 3, end: 0.99, law: law) }
    #expect(error?.diagnostics.first?.message.contains("more than 365 times in year 1") == true)
  }

  @Test(
    "the ageing model's course has nothing at the start and grows", arguments: AgeingModel.allCases)
  func course(model: AgeingModel) {
    let law = FadeLaw(model, fullCyclesPerYear: 250, temperatureC: 25)
    #expect(law.losses(from: 0, to: 0).capacity == 0)
    let losses = [1.0, 3, 10].map { law.losses(from: 0, to: $0).capacity }
    #expect(0 < losses[0] && losses[0] < losses[1] && losses[1] < losses[2])
    #expect(isClose(law.age(capacityLost: losses[1]), 3, relative: 1e-6))
  }

  @Test("a figure is read straight between points and in proportion outside") func curves() {
    let curve = YearCurve([(0.9, 90), (0.8, 70), (0.8, 74)], isProportional: true)
    #expect(isClose(curve.value(at: 0.85), 81, absolute: 1e-9))
    #expect(isClose(curve.value(at: 0.4), 36, absolute: 1e-9))
    #expect(isClose(curve.value(at: 0.99), 99, absolute: 1e-9))
    #expect(curve.largestError == nil)
    let years = YearCurve([(1, 10), (5, 30)], isProportional: false)
    #expect(years.value(at: 0) == 10 && years.value(at: 9) == 30)
    #expect(isClose(years.value(at: 2), 15, absolute: 1e-9))
  }
}
