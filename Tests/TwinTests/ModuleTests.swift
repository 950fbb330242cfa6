import Diagnostics
import TestSupport
import Testing

@testable import Twin

/// Packs whose parts are not alike: replaced modules, aged strings, cells out of balance.
@Suite("Modules of a pack", .tags(.physics)) struct ModuleTests {
  /// A cell without pairs or lag, whose voltage rises by half a volt over its charge.
  static func ohmic(capacityAh: Double) -> CellSpecification {
    CellSpecification(
      name: "ohmic", chemistry: .lfp, sources: [], capacityAh: capacityAh, socFraction: [0, 1],
      openCircuitV: [3.0, 3.5], entropicVPerK: [0, 0], seriesOhm: 1e-3,
      seriesActivationJPerMol: 0, seriesShape: [1, 1],
      fast: ResistorCapacitor(resistanceOhm: 0, timeConstantS: 10, activationJPerMol: 0),
      slow: ResistorCapacitor(resistanceOhm: 0, timeConstantS: 100, activationJPerMol: 0),
      pairShape: [1, 1], chargeEfficiency: 1, selfDischargePerMonth: 0, minimumV: 1, maximumV: 6,
      maximumChargeC: 1, maximumDischargeC: 1, heatCapacityJPerK: 5000)
  }

  static func specification(
    _ cell: CellSpecification, series: Int, parallel: Int = 1, strings: Int = 1,
    modules: [ModuleCondition], spread: CellSpread = .none, ageing: AgeingSpecification? = nil
  ) throws(InputError) -> TwinSpecification {
    try TwinSpecification(
      cell: cell, series: series, parallel: parallel, strings: strings, spread: spread,
      modules: modules, enclosure: .cabinet(capacityKWh: 20), converter: .ideal(ratedKW: 20),
      derating: .none, balancing: nil, ageing: ageing)
  }

  @Test(
    "parts that are only named, or said to be new, change no bit", arguments: AgeingModel.allCases)
  func fresh(model: AgeingModel) throws {
    func run(_ modules: [ModuleCondition]) throws -> DigitalTwin {
      var twin = DigitalTwin(
        try Self.specification(
          .lfpPrismatic280, series: 8, strings: 2, modules: modules, spread: CellSpread(),
          ageing: AgeingSpecification(model: model)),
        seed: 3, socFraction: 0.5, temperatureC: 25)
      for hour in 0..<60 {
        _ = try twin.step(
          requestKW: hour % 6 < 3 ? -4 : 4, ambientC: 25, seconds: 3600)
      }
      return twin
    }
    let none = try run([])
    let named = try run([
      ModuleCondition(name: "rack1", string: 1),
      ModuleCondition(
        name: "rack2/m1", string: 2, groups: [1...4], capacityFactor: 1, resistanceFactor: 1),
    ])
    #expect(none.state == named.state)
    #expect(none.specification.place(ofCell: 3).module == nil)
    #expect(named.specification.place(ofCell: 3).module == "rack1")
  }

  /// By hand: two strings of 4 mΩ and 6 mΩ at equal voltage share a current as 6 to 4.
  @Test("of two strings the one with half more resistance carries two fifths")
  func resistance() throws {
    var twin = DigitalTwin(
      try Self.specification(
        Self.ohmic(capacityAh: 1e6), series: 4, strings: 2,
        modules: [ModuleCondition(name: "old", string: 2, resistanceFactor: 1.5)]),
      seed: 1, socFraction: 0.5, temperatureC: 25)
    _ = try twin.step(requestKW: 1, ambientC: 25, seconds: 1)
    let current = twin.pack.currentA
    for j in 0..<4 {
      #expect(isClose(current[j], 0.6 * twin.pack.packCurrentA, relative: 1e-7))
      #expect(isClose(current[j + 4], 0.4 * twin.pack.packCurrentA, relative: 1e-7))
    }
  }

  /// By hand: strings that share a voltage have the same charge in the long run.
  ///
  /// So one with 80 % of the capacity carries 0.8 of the other's current: 4/9 and 5/9 of the whole. Differences
  /// die away within 3600 · 100 Ah · 1 mΩ / 0.5 V = 720 s.
  @Test("of two strings one with four fifths of the capacity carries its share")
  func capacity() throws {
    var twin = DigitalTwin(
      try Self.specification(
        Self.ohmic(capacityAh: 100), series: 4, strings: 2,
        modules: [ModuleCondition(name: "old", string: 2, capacityFactor: 0.8)]),
      seed: 1, socFraction: 0.9, temperatureC: 25)
    for _ in 0..<48 { _ = try twin.step(requestKW: 0.13, ambientC: 25, seconds: 600) }
    let current = twin.pack.currentA
    #expect(isClose(current[0], 5 / 9.0 * twin.pack.packCurrentA, relative: 1e-3))
    #expect(isClose(current[4], 4 / 9.0 * twin.pack.packCurrentA, relative: 1e-3))
    #expect(twin.socFraction < 0.6)
  }

  /// By hand: cells in series carry one current, so 82 % of a charge between 95 % and 5 % comes out,
  /// 0.82 · 0.9 = 0.738 of the nominal charge, and the others stop at 0.95 − 0.738 = 0.212.
  @Test("in a string the module with the least capacity decides")
  func weakest() throws {
    var twin = DigitalTwin(
      try Self.specification(
        Self.ohmic(capacityAh: 100), series: 16,
        modules: [ModuleCondition(name: "rack1/m2", groups: [5...8], capacityFactor: 0.82)]),
      seed: 1, socFraction: 0.95, temperatureC: 25)
    for _ in 0..<40 { _ = try twin.step(requestKW: 1, ambientC: 25, seconds: 900) }
    #expect(isClose(twin.ledger.equivalentFullCycles, 0.738, relative: 1e-9))
    #expect(isClose(twin.pack.socFraction[5], 0.05, relative: 1e-9))
    #expect(isClose(twin.pack.socFraction[0], 0.212, relative: 1e-9))
    let bounds = twin.energyBounds()
    #expect(isClose(bounds.minimumKWh, twin.storedEnergyKWh, relative: 1e-9))
  }

  /// By hand: 0.6 − 0.15 = 0.45; the second cell of groups 3 and 4 of two cells is cells 5 and 7.
  @Test("single cells of groups may be charged otherwise")
  func charge() throws {
    let twin = DigitalTwin(
      try Self.specification(
        .lfpPrismatic280, series: 4, parallel: 2,
        modules: [
          ModuleCondition(name: "low", groups: [3...4], cells: 2...2, socDifference: -0.15)
        ]),
      seed: 1, socFraction: 0.6, temperatureC: 25)
    for (j, soc) in twin.pack.socFraction.enumerated() {
      #expect(isClose(soc, j == 5 || j == 7 ? 0.45 : 0.6, relative: 1e-12))
    }
  }

  // MARK: Age

  /// By hand, at 25 °C and half charge: k = 1.2571e-5 · 0.60225 = 7.57088e-6 per √s, so four years of
  /// 31 557 600 s lose 7.57088e-6 · √126 230 400 = 8.5061 %.
  @Test("years at rest cost what the model says")
  func years() {
    let state = AgeingState(.lfpNaumann3, after: CellAge(years: 4))
    #expect(isClose(state.calendarLoss, 0.085061, relative: 1e-4))
    #expect(state.cycleLoss == 0)
  }

  @Test("years that are divided age as those that are not", arguments: AgeingModel.allCases)
  func divided(model: AgeingModel) {
    let whole = AgeingState(model, after: CellAge(years: 5, fullCycles: 1000, temperatureC: 30))
    var parts = AgeingState(model, after: CellAge(years: 4, fullCycles: 800, temperatureC: 30))
    let rates = model.rates(kelvin: 303.15, socFraction: 0.5)
    parts.addTime(model, days: 365.25, averages: rates, continuation: .exact)
    parts.addCycles(
      model,
      CycleStress(
        equivalentFullCycles: 200, depth: 0.8, cRate: 400 / 365.25 / 24, perDay: 200 / 365.25),
      averages: rates, continuation: .exact)
    #expect(isClose(parts.capacityFactor(model), whole.capacityFactor(model), relative: 1e-9))
    #expect(isClose(parts.resistanceFactor(model), whole.resistanceFactor(model), relative: 1e-9))
    #expect(whole.capacityFactor(model) < 0.99 && whole.resistanceFactor(model) >= 1)
  }

  /// A measured capacity and resistance are what the cell has, whatever the model thinks of its age; from there
  /// it fades more slowly than a new one, as all these models do.
  @Test(
    "a measured state is where a module starts", arguments: AgeingModel.allCases, [false, true])
  func measured(model: AgeingModel, isDated: Bool) throws {
    let nmc = model == .nmcKokam75 || model == .nmcSchmalstieg2
    let cell: CellSpecification = nmc ? .nmcCylindrical21700 : .lfpPrismatic280
    var twin = DigitalTwin(
      try Self.specification(
        cell, series: 4,
        modules: [
          ModuleCondition(
            name: "old", groups: [2...2], capacityFactor: 0.82, resistanceFactor: 1.4,
            age: isDated ? CellAge(years: 6, fullCycles: 1500) : nil),
          ModuleCondition(name: "better", groups: [3...3], resistanceFactor: 0.9),
        ], ageing: AgeingSpecification(model: model)),
      seed: 1, socFraction: 0.5, temperatureC: 25)
    let capacity = twin.pack.capacityAh.map { $0 / cell.capacityAh }
    #expect(isClose(capacity[1], 0.82, relative: 1e-9) && capacity[0] == 1)
    // A model may begin with a trace of loss.
    #expect(isClose(capacity[2], 1, relative: 1e-9))
    let scale = twin.pack.column(.scale)
    #expect(isClose(scale[1], 1.4, relative: 1e-9) && isClose(scale[2], 0.9, relative: 1e-9))
    #expect(scale[0] == 1)
    let stored = twin.storedEnergyKWh
    #expect(twin.ledger.fadedKWh == 0 && twin.ledger.lifeUsedFraction == 0 && stored > 0)
    for _ in 0..<30 * 24 { _ = try twin.step(requestKW: 0, ambientC: 25, seconds: 3600) }
    let later = twin.pack.capacityAh.map { $0 / cell.capacityAh }
    #expect(later[1] < capacity[1] && later[1] > 0.81)
    #expect(1 - later[0] > capacity[1] - later[1])
    // The life used is that of the cell that lost most since the start, over a fifth.
    #expect(isClose(twin.ledger.lifeUsedFraction, (1 - later[0]) / 0.2, relative: 1e-4))
    // The old ones had two hundredths left to 80 %, the new ones twenty; whichever comes to its end first counts.
    let left = max((capacity[1] - later[1]) / 0.02, (1 - later[0]) / 0.2)
    #expect(isClose(try #require(twin.ledger.leftLifeUsedFraction), left, relative: 1e-4))
    #expect(abs(twin.ledger.balanceErrorKWh) < 1e-9 * stored)
  }

  @Test("what is used of a life is over a whole one, and over what was left of it") func life()
    throws
  {
    let cell = CellSpecification.lfpPrismatic280
    var twin = DigitalTwin(
      try Self.specification(
        cell, series: 4, modules: [ModuleCondition(name: "all", capacityFactor: 0.85)],
        ageing: AgeingSpecification()),
      seed: 1, socFraction: 0.5, temperatureC: 25)
    #expect(twin.specification.hasLifeLeft)
    for _ in 0..<10 * 24 { _ = try twin.step(requestKW: 0, ambientC: 25, seconds: 3600) }
    let lost = 0.85 - twin.pack.capacityAh[0] / cell.capacityAh
    #expect(lost > 0 && isClose(twin.ledger.lifeUsedFraction, lost / 0.2, relative: 1e-6))
    // From 85 % to the end at 80 %.
    let left = try #require(twin.ledger.leftLifeUsedFraction)
    #expect(isClose(left, lost / 0.05, relative: 1e-6))
  }

  // MARK: Words

  @Test("a place is told by what the pack has")
  func places() throws {
    let modules = [ModuleCondition(name: "rack2/m1", string: 2, groups: [1...2])]
    let twin = try Self.specification(
      .lfpPrismatic280, series: 4, parallel: 3, strings: 2, modules: modules)
    // Cell 12 is the first of the second string; 17 is the last of its second group.
    #expect("\(twin.place(ofCell: 17))" == "cell 17 (string 2, module rack2/m1, group 2)")
    #expect("\(twin.place(ofCell: 18))" == "cell 18 (string 2, group 3)")
    let one = try Self.specification(.lfpPrismatic280, series: 4, modules: [])
    #expect("\(one.place(ofCell: 3))" == "cell 3")
    var broken = DigitalTwin(twin, seed: 1, socFraction: 0.5, temperatureC: 20)
    broken.pack[.soc, 17] = -0.05
    let error = try #require(throws: ImpossibleState.self) {
      _ = try broken.step(requestKW: 0, ambientC: 20, seconds: 60)
    }
    #expect("\(error)".contains(": cell 17 (string 2, module rack2/m1, group 2) has a "))
  }

  @Test(
    "parts that the battery does not have are refused",
    arguments: [
      (
        ModuleCondition(name: "a", string: 3),
        "module 'a': the battery has strings 1 to 2, found '3'"
      ),
      (
        ModuleCondition(name: "a", groups: [3...5]),
        "module 'a': the battery has groups 1 to 4, found '3-5'"
      ),
      (
        ModuleCondition(name: "a", cells: 1...2),
        "module 'a': the battery has cells of a group 1 to 1, found '1-2'"
      ),
      (ModuleCondition(name: "b", string: 1), "modules need distinct names, found 'b' again"),
      (ModuleCondition(name: "a", groups: [2...2]), "modules 'b' and 'a' share cells"),
      (
        ModuleCondition(name: "a", string: 2, capacityFactor: 82),
        "module 'a': 'soh_fraction' must be from 0.05 to 1.0, found '82.0'"
      ),
      (
        ModuleCondition(name: "a", string: 2, age: CellAge(years: 3)),
        "module 'a': an age needs a battery that ages; state 'soh_fraction' and "
          + "'resistance_factor' instead"
      ),
      (
        ModuleCondition(name: "a", string: 2, age: CellAge(years: 0, fullCycles: 3)),
        "module 'a': 'age_years' must be above 0 and at most 50, found '0.0'"
      ),
    ])
  func refusals(_ module: ModuleCondition, _ message: String) throws {
    let error = try #require(throws: InputError.self) {
      _ = try Self.specification(
        .lfpPrismatic280, series: 4, strings: 2,
        modules: [ModuleCondition(name: "b", string: 1), module])
    }
    #expect(error.diagnostics.map(\.message).contains(message), "\(error)")
  }
}
