import Numerics
import TestSupport
import Testing

@testable import Twin

/// What the lag of the surface leaves in a cold cell, and what it does to books, limits and plans.
@Suite("Lag of the surface", .tags(.physics)) struct SurfaceLagTests {
  /// A cell that is held at its temperature.
  static func held(
    _ cell: CellSpecification, atC temperatureC: Double, socFraction: Double
  ) -> CellPack {
    var cell = cell
    cell.heatCapacityJPerK = 1e12
    cell.selfDischargePerMonth = 0
    return CellPack(
      cell: cell, series: 1, parallel: 1, capacityAh: [cell.capacityAh], resistanceScale: [1],
      socFraction: [socFraction], temperatureC: temperatureC,
      network: CellPackLawTests.airNetwork(cell, wattPerKelvin: [1]))
  }

  /// Charge that a cell gives until a voltage, as a share of its capacity.
  static func given(
    _ cell: CellSpecification, atC temperatureC: Double, rateC: Double, untilV: Double = 2.5
  ) -> Double {
    var pack = held(cell, atC: temperatureC, socFraction: 1)
    let seconds = 10.0
    while pack.socFraction[0] > -0.1 {
      let before = pack.socFraction[0]
      pack.advance(currentA: rateC * cell.capacityAh, seconds: seconds)
      if pack.terminalV[0] < untilV { return 1 - before }
    }
    return 1 - pack.socFraction[0]
  }

  struct Usable: CustomTestStringConvertible, Sendable {
    var cell: CellSpecification
    var rateC: Double
    /// At 25, 10, 0, −10 and −20 °C.
    var fraction: [Double]
    var testDescription: String { "\(cell.name) at \(rateC)C" }
  }
  static let temperatures = [25.0, 10, 0, -10, -20]

  /// Computed with a program of its own in Python, with steps of 5 s, from the same curves and law, all of them
  /// read at the surface.
  static let usable = [
    Usable(cell: .lfpPrismatic280, rateC: 0.2, fraction: [1, 0.985, 0.961, 0.909, 0.789]),
    Usable(cell: .lfpPrismatic280, rateC: 0.33, fraction: [0.993, 0.968, 0.929, 0.843, 0.641]),
    Usable(cell: .lfpPrismatic280, rateC: 0.5, fraction: [0.984, 0.946, 0.887, 0.755, 0.439]),
    Usable(
      cell: .nmcCylindrical21700, rateC: 0.2, fraction: [1, 0.992, 0.980, 0.955, 0.896]),
    Usable(
      cell: .nmcCylindrical21700, rateC: 0.33, fraction: [0.994, 0.980, 0.961, 0.919, 0.822]),
    Usable(
      cell: .nmcCylindrical21700, rateC: 0.5, fraction: [0.985, 0.965, 0.935, 0.872, 0.727]),
  ]

  @Test("a cell held in the cold keeps a part of its charge", arguments: usable)
  func usableCharge(_ one: Usable) {
    let whole = Self.given(one.cell, atC: 25, rateC: 0.2)
    for (temperature, fraction) in zip(Self.temperatures, one.fraction) {
      let share = Self.given(one.cell, atC: temperature, rateC: one.rateC) / whole
      #expect(isClose(share, fraction, absolute: 0.005), "\(temperature) °C: \(share)")
    }
  }

  /// What makers promise and others measured of lithium iron phosphate cells held at a temperature; see the
  /// table of the page Validation.
  static let facts: [(temperatureC: Double, rateC: Double, untilV: Double, fraction: Double)] = [
    (0, 0.5, 2.8, 0.80), (-20, 0.5, 2.8, 0.50), (0, 0.33, 2.5, 0.80), (-20, 0.33, 2.5, 0.70),
    (0, 0.5, 2, 0.85), (-10, 0.5, 2, 0.60), (-20, 0.5, 2, 0.40), (0, 0.5, 2.5, 0.802),
    (-10, 0.5, 2.5, 0.664), (-20, 0.5, 2.5, 0.441), (-20, 0.3, 2.5, 0.55), (0, 0.33, 2.5, 0.80),
    (-20, 0.33, 2.5, 0.70),
  ]

  @Test("lithium iron phosphate comes close to what is known of it, and without the lag does not")
  func knownCharges() {
    func rmse(_ cell: CellSpecification) -> Double {
      let whole = Self.given(cell, atC: 25, rateC: 0.2)
      var deviation = Deviation()
      for fact in Self.facts {
        let share =
          Self.given(cell, atC: fact.temperatureC, rateC: fact.rateC, untilV: fact.untilV) / whole
        deviation.add(share, fact.fraction)
      }
      return deviation.rmse
    }
    var without = CellSpecification.lfpPrismatic280
    without.surfaceLag = nil
    let with = rmse(.lfpPrismatic280)
    #expect(with < 0.13, "\(with)")
    #expect(rmse(without) > 0.3, "\(rmse(without))")
  }

  /// K(−20 °C) = 0.04 h · exp(45000 / 8.314462618 · (1/253.15 − 1/298.15)) = 1.0081 h.
  @Test("the lag follows its exponential, whatever the steps", arguments: [10.0, 60, 300, 900])
  func exponential(seconds: Double) {
    let cell = CellSpecification.lfpPrismatic280
    var pack = Self.held(cell, atC: -20, socFraction: 0.9)
    func lag() -> Double { pack.socFraction[0] - pack.surfaceFraction[0] }
    for _ in 0..<Int(900 / seconds) { pack.advance(currentA: 56, seconds: seconds) }
    // 0.2C · K · (1 − e⁻³), then three time constants of rest.
    #expect(isClose(lag(), 0.2 * 1.0081 * 0.950213, relative: 1e-3))
    #expect(isClose(pack.socFraction[0], 0.9 - 0.05, absolute: 1e-12))
    for _ in 0..<Int(900 / seconds) { pack.advance(currentA: 0, seconds: seconds) }
    #expect(isClose(lag(), 0.2 * 1.0081 * 0.950213 * 0.0497871, relative: 1e-3))
  }

  @Test("charge that the cold keeps comes back when the cell warms or rests")
  func comesBack() {
    let cell = CellSpecification.lfpPrismatic280
    var pack = Self.held(cell, atC: -20, socFraction: 1)
    func empty(_ rateC: Double) {
      repeat {
        pack.advance(currentA: rateC * cell.capacityAh, seconds: 10)
      } while pack.terminalV[0] > 2.5
    }
    empty(0.5)
    let left = pack.socFraction[0]
    for _ in 0..<6 { pack.advance(currentA: 0, seconds: 600) }
    empty(0.1)
    #expect(left > 0.45 && pack.socFraction[0] < left - 0.25, "\(left), \(pack.socFraction[0])")
    pack[.temperature, 0] = 25
    for _ in 0..<6 { pack.advance(currentA: 0, seconds: 600) }
    empty(0.1)
    #expect(pack.socFraction[0] < 0.02)
  }

  static func home(atC temperatureC: Double, socFraction: Double = 0.5) throws -> DigitalTwin {
    DigitalTwin(
      try TwinSpecification(
        cell: CellSpecification.lfpPrismatic280.scaled(toCapacityAh: 200), series: 16, parallel: 1,
        enclosure: .cabinet(capacityKWh: 10), converter: ConverterSpecification(ratedKW: 5),
        derating: .none, ageing: nil),
      seed: 1, socFraction: socFraction, temperatureC: temperatureC)
  }

  @Test("books close, and the lag has a part of the loss of its own", arguments: [60.0, 300, 900])
  func books(seconds: Double) throws {
    var twin = try Self.home(atC: -10)
    var turned = 0.0
    for day in 0..<4 {
      for (hours, power) in [(4.0, -2.0), (2, 0), (4, 2.0), (2, 0)] {
        for step in 0..<Int(hours * 3600 / seconds) {
          let before = twin.ledger.lagLossKWh
          _ = try twin.step(requestKW: power, ambientC: -10, seconds: seconds)
          if day == 1, power > 0, step == 0 { turned = twin.ledger.lagLossKWh - before }
        }
      }
    }
    let ledger = twin.ledger
    #expect(abs(ledger.balanceErrorKWh) < 1e-9)
    #expect(turned != 0)
    #expect(ledger.lagLossKWh > 0.02 * ledger.cellLossKWh, "\(ledger.lagLossKWh)")
    #expect(ledger.lagLossKWh < ledger.cellLossKWh)
    let unexplained = ledger.curvatureLossKWh
    #expect(abs(unexplained) < 0.03 * ledger.cellLossKWh, "\(unexplained) of \(ledger.cellLossKWh)")
  }

  @Test("a saved state goes on to the last bit, and its hash knows the lag") func saved() throws {
    var twin = try Self.home(atC: -15)
    for _ in 0..<30 { _ = try twin.step(requestKW: 3, ambientC: -15, seconds: 60) }
    #expect(twin.pack.surfaceFraction[0] < twin.pack.socFraction[0] - 0.05)
    var restored = try DigitalTwin(twin.specification, state: twin.state)
    #expect(restored.stateHash == twin.stateHash)
    var other = twin
    other.pack[.lag, 0] += 1e-9
    #expect(other.stateHash != twin.stateHash)
    for power in [3.0, -2, 0, 4] {
      for _ in 0..<20 {
        let a = try twin.step(requestKW: power, ambientC: -15, seconds: 60)
        let b = try restored.step(requestKW: power, ambientC: -15, seconds: 60)
        #expect(a == b)
      }
    }
    #expect(restored.pack.cells == twin.pack.cells)
  }

  @Test("limits hold in the cold, and long steps find them as short ones do", arguments: 1...4)
  func limits(seed: Int) throws {
    var given: [Double] = []
    for seconds in [60.0, 300, 900] {
      var twin = try Self.home(atC: -20, socFraction: 0.2 + 0.15 * Double(seed))
      let cell = twin.specification.cell
      for _ in 0..<Int(6 * 3600 / seconds) {
        _ = try twin.step(requestKW: 4, ambientC: -20, seconds: seconds)
      }
      #expect(twin.ledger.clippedKWh[.cellVoltage, default: 0] > 0)
      #expect(twin.ledger.lowestCellV >= cell.minimumV - 1e-3)
      given.append(twin.ledger.dischargedKWh)
      for _ in 0..<Int(8 * 3600 / seconds) {
        _ = try twin.step(requestKW: -4, ambientC: -20, seconds: seconds)
      }
      #expect(twin.ledger.highestCellV <= cell.maximumV + 1e-3)
    }
    #expect(isClose(given[1], given[0], relative: 0.03), "\(given)")
    #expect(isClose(given[2], given[0], relative: 0.08), "\(given)")
  }

  @Test("a power that the envelope promises in the cold is given", arguments: [-20.0, -10, 0])
  func powerLimits(temperatureC: Double) throws {
    for soc in [0.15, 0.3, 0.5, 0.8] {
      let twin = try Self.home(atC: temperatureC, socFraction: soc)
      let most = try twin.envelope(along: [0], stepSeconds: 900, ambientC: [temperatureC])
        .dischargeKW[0]
      // What a quarter of an hour of it takes is the planner's matter: a tenth of the charge at 4 kW.
      guard soc > 0.25 else { continue }
      var run = twin
      var missed = 0.0
      for _ in 0..<15 {
        missed += try run.step(requestKW: most, ambientC: temperatureC, seconds: 60).clippedKW / 15
      }
      #expect(missed <= 0.15 * most, "\(soc): \(missed) of \(most)")
    }
    let cold = try Self.home(atC: -20, socFraction: 0.2)
    let warm = try Self.home(atC: 25, socFraction: 0.2)
    let coldKW = try cold.envelope(along: [0], stepSeconds: 900, ambientC: [-20]).dischargeKW[0]
    let warmKW = try warm.envelope(along: [0], stepSeconds: 900, ambientC: [25]).dischargeKW[0]
    #expect(coldKW < 0.6 * warmKW, "\(coldKW) of \(warmKW)")
  }

  /// The points of a data sheet: K = (1 − 0.9)/0.5 = 0.2 h at 0 °C and (1 − 0.5)/0.5 = 1 h at −20 °C, so
  /// Ea = R·ln 5/(1/253.15 − 1/273.15) = 46.27 kJ/mol and K(25 °C) = 0.0362 h.
  @Test("usable charges of a data sheet become a lag") func dataSheet() throws {
    func point(_ c: Double, _ fraction: Double) -> SurfaceLag.UsableCharge {
      .init(temperatureC: c, fraction: fraction, rateC: 0.5)
    }
    let lag = try #require(
      SurfaceLag(usable: [point(25, 1), point(0, 0.9), point(-20, 0.5)], base: .ironPhosphate))
    #expect(isClose(lag.activationJPerMol, 46_270, relative: 1e-3), "\(lag)")
    #expect(isClose(lag.socPerC, 0.0362, relative: 2e-3), "\(lag)")
    #expect(isClose(lag.hours(kelvin: 253.15), 1, absolute: 1e-12))
    let one = try #require(SurfaceLag(usable: [point(-20, 0.5)], base: .ironPhosphate))
    #expect(
      one.activationJPerMol == 45_000 && isClose(one.hours(kelvin: 253.15), 1, absolute: 1e-9))
    #expect(SurfaceLag(usable: [point(25, 1)], base: .ironPhosphate) == nil)
    #expect(SurfaceLag(usable: [point(0, 0.5), point(-20, 0.9)], base: .ironPhosphate) == nil)
  }

  /// Rules of a plan at the envelope's own numbers, full power until the bound.
  @Test(
    "a plan in the cold does not count on energy that stays in the cells", arguments: [-20.0, -10])
  func plan(ambientC: Double) throws {
    let twin = try Self.home(atC: ambientC, socFraction: 0.9)
    let slots = 48
    let ambient = [Double](repeating: ambientC, count: slots)
    var plan = [Double](repeating: 3, count: slots)
    var counted = 0.0
    for _ in 0..<3 {
      let envelope = try twin.envelope(along: plan, stepSeconds: 900, ambientC: ambient)
      var energy = twin.storedEnergyKWh
      counted = 0
      for slot in 0..<slots {
        let room = (energy - envelope.energyMinKWh[slot]) * 4 * envelope.dischargeEfficiency
        plan[slot] = max(0, min(3, envelope.dischargeKW[slot], room))
        energy -= plan[slot] / 4 / envelope.dischargeEfficiency
        counted += plan[slot] / 4
      }
    }
    var run = twin
    for slot in 0..<slots {
      for _ in 0..<15 { _ = try run.step(requestKW: plan[slot], ambientC: ambientC, seconds: 60) }
    }
    let missed = counted - run.ledger.dischargedKWh
    #expect(counted > 3 && missed < 0.02 * counted, "\(missed) of \(counted) kWh missed")
    // The window without the lag would have counted on more.
    let whole = (twin.storedEnergyKWh - twin.energyBounds().minimumKWh)
    #expect(counted < 0.95 * whole, "\(counted) of \(whole)")
  }
}
