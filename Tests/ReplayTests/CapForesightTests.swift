import Replay
import SiteSupport
import Tariffs
import TestSupport
import Testing

@Suite("Charges at their cap", .tags(.solver)) struct CapForesightTests {
  // Each day produces 12 kWh in the morning and needs 6 in the evening, energy costs 0.10, feeding in earns
  // 0.20 and a kW of the month's peak costs 100, but no more than 0.05 for each imported kWh.
  // Held off the peak a day stores 6 and sells 6: -1.20. At the cap a kWh costs 0.15: all 12 are sold (-2.40),
  // the evening is bought (0.90), 12 more are bought at night to be sold in the morning (-0.60) and 12 at noon,
  // of which 6 are sold in the evening (-0.30): -2.40.
  static func replay() throws -> ReplayCase {
    let tariff = try Tariff(
      name: "capped", currency: "EUR", energy: [.flat("energy", pricePerKWh: 0.1)],
      demand: [
        DemandCharge(
          "capacity", periods: [DemandPeriod("all", pricePerKW: 100)], meteringSeconds: 21_600,
          capPerKWh: 0.05)
      ], export: .fixed(pricePerKWh: 0.2))
    let days = 4
    return try PaperSite.replay(
      PaperSite.history(
        loadKW: [[Double]](repeating: [0, 0, 0, 1], count: days),
        pvKW: [[Double]](repeating: [0, 2, 0, 0], count: days)),
      tariff: tariff, battery: PaperSite.battery(capacityKWh: 12, powerKW: 2))
  }

  @Test("plans sell what the cap makes cheap to buy back")
  func rolling() throws {
    for controller in [Controller.oracle, .planned(PaperSite.version(.naiveDay))] {
      let outcome = try Replayer(try Self.replay()).run(controller)
      #expect(isClose(outcome.bill.total, -2.4 * 4, absolute: 1e-4), "\(controller.name)")
    }
  }

  @Test("the bound knows the cap")
  func bound() throws {
    let bound = try ForesightBound(try Self.replay())
    #expect(isClose(bound.cost, -2.4 * 4, absolute: 1e-4))
  }
}
