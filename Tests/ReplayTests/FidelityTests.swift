import Replay
import SiteSupport
import TestSupport
import Testing

@Suite("Plan fidelity") struct FidelityTests {
  @Test("pairs are averaged in the bucket of their lead, whose end is the next one's begin")
  func buckets() {
    #expect(PlanFidelity.bucketEndHours == [1, 3, 6, 12, 24, 48])
    var fidelity = PlanFidelity()
    fidelity.add(plannedKW: 2, executedKW: 1, leadHours: 0)
    fidelity.add(plannedKW: 0, executedKW: 3, leadHours: 0.99)
    fidelity.add(plannedKW: -1, executedKW: 1, leadHours: 1)
    fidelity.add(plannedKW: 1, executedKW: 1, leadHours: 3)
    fidelity.add(plannedKW: 5, executedKW: 1, leadHours: 47.75)
    fidelity.add(plannedKW: 9, executedKW: 0, leadHours: 48)
    let means = fidelity.meanAbsoluteKW
    #expect(means[0] == 2)
    #expect(means[1] == 2)
    #expect(means[2] == 0)
    #expect(means[3].isNaN && means[4].isNaN)
    #expect(means[5] == 4)
  }

  // Slots of six hours: leads of 0, 6, 12 and 18 h. 1 kW of load, 0.10 EUR/kWh before noon and 0.30
  // after it, 6 kWh: each day's best is to charge in its second slot and discharge in its fourth.
  // Yesterday's forecast knows of no load after noon on the first day, so the battery rests on it.
  // Plan 3, at noon of the first day, expects no load until midnight and only sees the cheap slots
  // of the second morning: it rests where 1 kW was charged (lead 18 h: 1 kW off). Plan 4, at 18:00,
  // has metered one slot after noon: of the two dear slots of the second day it means to discharge
  // in the last, as every plan after it does. All else is executed as planned.
  // Leads of 12 and 18 h share a bucket of 6 + 5 pairs within the eight slots: 1/11 kW.
  @Test("a replay compares every plan with what was executed in its slots")
  func replay() throws {
    let replay = try PaperSite.replay(
      PaperSite.history(loadKW: [[1, 1, 1, 1], [1, 1, 1, 1]], earlierKW: [1, 1, 0, 0]),
      tariff: PaperSite.dayAndNight(), battery: PaperSite.battery(capacityKWh: 6, powerKW: 1))
    let means = try Replayer(replay).run(.planned(PaperSite.version(.naiveDay)))
      .fidelity.meanAbsoluteKW
    #expect(isClose(means[0], 0, absolute: 1e-6))
    #expect(means[1].isNaN && means[2].isNaN)
    #expect(isClose(means[3], 0, absolute: 1e-6))
    #expect(isClose(means[4], 1.0 / 11, absolute: 1e-6))
    #expect(means[5].isNaN)
  }

  @Test("nothing is planned without a plan")
  func withoutPlans() throws {
    let outcome = try Replayer(PaperSite.idleDay()).run(.selfConsumption)
    #expect(outcome.fidelity == PlanFidelity())
    #expect(outcome.fidelity.meanAbsoluteKW.allSatisfy { $0.isNaN })
  }
}
