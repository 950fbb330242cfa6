import Foundation
import Planning
import Replay
import SiteSupport
import Tariffs
import TestSupport
import Testing
import TimeSeries
import Twin

@Suite("Photovoltaics on the DC side in a replay", .tags(.solver)) struct CouplingReplayTests {
  let from = SmallSite.berlin.startOfDay(CivilTime(year: 2024, month: 6, day: 10).dayNumber)

  /// 8 kW at noon behind a 5 kW inverter of 5 kW·(0.01 + 0.02·p²) loss, a load of 1 kW.
  private func site(
    _ coupling: PVCoupling, capacityKWh: Double = 30, days: Int = 3, settings: ReplaySettings
  ) throws -> ReplayCase {
    var converter = ConverterSpecification(
      ratedKW: 5, chargeLoss: ConverterLoss(noLoad: 0.01, linear: 0, quadratic: 0.02),
      standbyKW: 0)
    converter.pvCoupling = coupling
    let history = SmallSite.history(
      from: from, days: days, load: { _, hour in hour >= 17 ? 2.5 : 1 },
      pv: { _, hour in max(0, 8 * sin((hour - 6) / 14 * Double.pi)) * (hour > 6 ? 1 : 0) })
    return try SmallSite.replay(
      history, from: from, days: days,
      tariff: Tariff(
        name: "flat", currency: "EUR", energy: [.flat("energy", pricePerKWh: 0.3)],
        export: .fixed(pricePerKWh: 0.05)),
      twin: .sized(
        capacityKWh: capacityKWh, powerKW: 5, converter: converter, spread: .none,
        derating: .none, ageing: nil),
      settings: settings)
  }

  @Test("energy balances at the meter under every rule", arguments: RecourseRule.allCases)
  func balance(rule: RecourseRule) throws {
    let replay = try site(.dc, settings: ReplaySettings(recourse: rule))
    for controller in [
      Controller.noBattery, .selfConsumption, .oracle, .planned(SmallSite.version(.naiveDay)),
    ] {
      let outcome = try Replayer(replay).run(controller)
      #expect(outcome.trace.largestImbalanceKWh < 1e-9, "\(controller.name)")
      // What the inverter gives to site and grid stays within its rating.
      for i in outcome.trace.grid.indices {
        let site =
          outcome.trace.batteryKW[i] + outcome.trace.pvKW[i] - outcome.trace.curtailedKW[i]
        #expect(site <= 5 + 1e-9, "\(controller.name)")
      }
      if let ledger = outcome.ledger {
        let moved = ledger.chargedKWh + ledger.dischargedKWh
        #expect(abs(ledger.balanceErrorKWh) < 1e-9 * moved, "\(controller.name)")
      }
    }
  }

  /// On the third day at 13:00 self-consumption keeps the meter at zero: the inverter gives 1 kW, which
  /// takes 1 + 5·(0.01 + 0.02·0.04) = 1.054 kW of the 8 kW on the DC side; alone, production would be
  /// clipped at 5 kW, so the battery counts as charging with 4 kW while its cells take 6.946 kW.
  @Test("production above the rating charges the battery")
  func clipping() throws {
    let replay = try site(.dc, capacityKWh: 100, days: 1, settings: ReplaySettings())
    let outcome = try Replayer(replay).run(.selfConsumption)
    let slot = try #require(outcome.trace.grid.index(containing: from + 13 * 3600))
    #expect(isClose(outcome.trace.pvKW[slot], 5, absolute: 1e-12))
    // The battery's fan is served as well, one interval later.
    #expect(isClose(outcome.trace.batteryKW[slot], -4, absolute: 0.1))
    let stored = outcome.trace.storedKWh[slot] - outcome.trace.storedKWh[slot - 1]
    // A quarter of an hour of 6.9 kW, less the loss of the cells.
    #expect(stored * 4 < 6.95 && stored * 4 > 6.95 * 0.96, "\(stored)")
    let production = try #require(outcome.ledger?.pvUsedKWh)
    let alone = outcome.trace.pvKW.reduce(0, +) / 4
    #expect(production > 1.1 * alone)
  }

  /// The same 8 kW roof earns more when its surplus skips the inverter than clipped at 5 kW.
  @Test("on the DC side less is thrown away than clipped without a battery")
  func value() throws {
    let direct = try site(.dc, settings: ReplaySettings())
    let none = try Replayer(direct).run(.noBattery)
    let rule = try Replayer(direct).run(.selfConsumption)
    let oracle = try Replayer(direct).run(.oracle)
    #expect(rule.cost < none.cost)
    #expect(oracle.cost < rule.cost + 0.02 * none.cost)
    let bound = try ForesightBound(direct)
    #expect(bound.cost <= oracle.cost + 1e-9 && bound.cost <= rule.cost + 1e-9)
  }
}
