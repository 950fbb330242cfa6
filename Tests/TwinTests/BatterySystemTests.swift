import Diagnostics
import Numerics
import TestSupport
import Testing
import Twin

@Suite("A battery system and its variants", .tags(.physics)) struct BatterySystemTests {
  private func system(
    _ arrangement: BatterySystemSpecification.Arrangement,
    cell: CellSpecification = .lfpPrismatic280
  ) -> BatterySystemSpecification {
    BatterySystemSpecification(
      cell: cell, arrangement: arrangement, converter: ConverterSpecification(ratedKW: 10))
  }

  @Test("a sized battery is the builder's, to the last number")
  func sized() throws {
    let sized = try TwinSpecification.sized(capacityKWh: 20, powerKW: 10)
    let built = try system(.capacity(kWh: 20)).twin()
    #expect(sized.cell == built.cell && sized.cooling == built.cooling)
    #expect(sized.enclosure == built.enclosure && sized.converter == built.converter)
    #expect(sized.series == 16 && sized.parallel == 1 && sized.limits == built.limits)
    #expect(abs(sized.nominalEnergyKWh - 20) < 1e-12)
  }

  /// 14 kWh are one cabinet of 15 W/K, 4000 J/K and 6 W; 42 kWh are three of them.
  @Test("a cabinet grows with the energy, standby and heatsink with the power")
  func growth() throws {
    let battery = system(.capacity(kWh: 14))
    let small = try battery.twin()
    let large = try battery.twin(capacityKWh: 42, powerKW: 30)
    #expect(small.enclosure.ventilationWPerK == 15 && small.enclosure.airCapacityJPerK == 4000)
    #expect(abs(large.enclosure.ventilationWPerK - 45) < 1e-12)
    #expect(abs(large.enclosure.fanKW - 0.018) < 1e-15)
    #expect(small.converter.standbyKW == 0.02)
    #expect(abs(large.converter.standbyKW - 0.06) < 1e-15)
    #expect(abs(large.converter.heatsinkKPerW * 3 / small.converter.heatsinkKPerW - 1) < 1e-12)
    #expect(large.converter.chargeLoss == small.converter.chargeLoss)
  }

  /// 2 kW and 6 % of 100 kW of cooling, 2 kW and 3 % of heating.
  @Test("the air conditioning of a container grows with the power")
  func container() throws {
    var battery = system(.capacity(kWh: 200))
    battery.enclosure = .container
    let hvac = try #require(try battery.twin(powerKW: 100).enclosure.hvac)
    #expect(hvac.coolingKW == 8 && hvac.heatingKW == 5)
  }

  /// A cell of 70 J/K against 5600 J/K of 280 Ah: (1/80)^(2/3) = 0.053861 of 0.8 W/K.
  @Test("heat paths are those of the cell's size, and grow with what one modelled cell stands for")
  func cooling() throws {
    let counted = try system(
      .cells(series: 16, parallel: 4), cell: .lfpCylindrical26650
    ).twin()
    #expect(abs(counted.cooling.airWPerK - 0.8 * 0.0538609) < 1e-6)
    let stated = CoolingSpecification(neighbourWPerK: 1, airWPerK: 2)
    var battery = system(.capacity(kWh: 10), cell: .lfpCylindrical26650)
    battery.cooling = stated
    let scaled = try battery.twin()
    let factor = scaled.cell.capacityAh / 3
    #expect(abs(scaled.cooling.airWPerK / (2 * factor) - 1) < 1e-12)
    #expect(abs(scaled.cooling.neighbourWPerK / factor - 1) < 1e-12)
  }

  @Test("cells that are counted stay cells unless another energy is asked for")
  func cells() throws {
    let battery = system(.cells(series: 8, parallel: 3))
    #expect(battery.cellCount == 24 && battery.cellsInParallel == 3)
    let own = try battery.twin()
    #expect(own.parallel == 3 && own.cell == .lfpPrismatic280)
    let other = try battery.twin(capacityKWh: 5)
    #expect(other.parallel == 1 && abs(other.nominalEnergyKWh - 5) < 1e-12)
  }

  @Test(
    "what is impossible is named with its key",
    arguments: [
      ("limits", "soc_max_fraction"), ("cooling", "cooling.still_air_fraction"),
      ("derating", "derating.charge.soc"), ("inverter", "inverter.standby_kw"),
      ("enclosure", "enclosure.walls"), ("hvac", "enclosure.hvac.cooling_cop"),
      ("recovery", "derating.recovery.latch_reset_c"), ("balancing", "balancing.bleed_a"),
      ("surface", "derating.discharge.temperature_soc.temperature_c"),
      ("fault", "factor"), ("spread", "spread.soc_fraction"),
    ])
  func keys(_ broken: String, _ key: String) throws {
    var battery = system(.capacity(kWh: 10))
    var faults: [FaultSpecification] = []
    var box = EnclosureSpecification.cabinet(capacityKWh: 10)
    switch broken {
    case "limits": battery.limits = LimitSpecification(minimumSOC: 0.5, maximumSOC: 0.4)
    case "cooling": battery.cooling = CoolingSpecification(stillAirFraction: 2)
    case "derating": battery.derating.charge = [.soc(LinearTable(x: [0, 1], y: [0, 1.5]))]
    case "inverter": battery.converter.standbyKW = -1
    case "enclosure": box.walls = [WallLayer(inwardWPerK: 1, capacityJPerK: 0)]
    case "hvac": box.hvac = HVACSpecification(coolingKW: 1, coolingCOP: 0)
    case "recovery":
      battery.derating.recovery = DeratingRecovery(latchC: 40, latchResetC: 50)
    case "balancing": battery.balancing = BalancingSpecification(bleedA: 0)
    case "surface":
      battery.derating.discharge = [
        .surface(temperatureC: [20, 10], socFraction: [0.5], fraction: [[1], [1]])
      ]
    case "fault": faults = [FaultSpecification(.hotCell(index: 0, factor: 0))]
    default: battery.spread = CellSpread(soc: 0.3)
    }
    battery.enclosure = .custom(box)
    let error = #expect(throws: InputError.self) { try battery.twin(faults: faults) }
    #expect(error?.diagnostics.map(\.key) == [key])
  }
}
