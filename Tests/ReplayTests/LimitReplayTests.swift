import Replay
import SiteSupport
import TestSupport
import Testing
import Twin

@Suite("Limits in a replay") struct LimitReplayTests {
  /// By hand: two days at −15 °C, at which the tables of home batteries leave nothing in either direction, and
  /// an inverter of 1 kW make 48 kWh withheld each way.
  ///
  /// The rule asks for the load of 1 kW all the time, 48 kWh;
  /// a plan knows and asks for nothing.
  @Test("a battery blocked by cold counts the same whether or not the planner knew")
  func blocked() throws {
    let replay = try PaperSite.replay(
      PaperSite.history(loadKW: [[1, 1, 1, 1], [1, 1, 1, 1]], ambientC: -15),
      tariff: PaperSite.dayAndNight(),
      battery: PaperSite.battery(capacityKWh: 6, powerKW: 1, derating: .residential))
    for (controller, refusedKWh) in [
      (Controller.planned(PaperSite.version(.perfect)), 0.0), (.oracle, 0), (.selfConsumption, 48),
    ] {
      let outcome = try Replayer(replay).run(controller)
      let ledger = try #require(outcome.ledger)
      #expect(ledger.limits.map(\.cause) == [.cold], "\(controller.name)")
      let cold = try #require(ledger.limits.first)
      #expect(isClose(cold.withheldChargeKWh, 48, relative: 1e-9))
      #expect(isClose(cold.withheldDischargeKWh, 48, relative: 1e-9))
      #expect(cold.refusedChargeKWh == 0)
      #expect(isClose(cold.refusedDischargeKWh, refusedKWh, absolute: 1e-9))
      #expect(isClose(outcome.derateMinutes, 2880, relative: 1e-12))
      #expect(isClose(ledger.coldSeconds, 2 * 86_400, relative: 1e-12))
      let trace = outcome.trace
      #expect(trace.withheldChargeKW.allSatisfy { isClose($0, 1, relative: 1e-12) })
      #expect(trace.withheldDischargeKW.allSatisfy { isClose($0, 1, relative: 1e-12) })
      #expect(trace.withheldBy.allSatisfy { $0 == .cold })
    }
  }

  @Test("a mild day withholds nothing")
  func mild() throws {
    let trace = try Replayer(PaperSite.idleDay()).run(.selfConsumption).trace
    #expect(trace.withheldChargeKW == [0, 0, 0, 0] && trace.withheldDischargeKW == [0, 0, 0, 0])
    #expect(trace.withheldBy == [nil, nil, nil, nil])
  }
}
