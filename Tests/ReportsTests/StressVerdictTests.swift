import Replay
import Reports
import SiteSupport
import Testing

@testable import Studies
@testable import Twin

@Suite("Verdict of a stress study") struct StressVerdictTests {
  /// A policy with the cost of each month in each case and what its twin's ledger says.
  private struct Policy {
    var name: String
    var monthlyCosts: [[Double]]
    var cutOffs = 0
    var hours = 0.0
    var life = 0.0
  }

  /// The verdict of a study whose cells cost what is stated.
  private func verdict(_ policies: [Policy], price: LifePrice? = nil) throws -> String {
    let cells = try policies.flatMap { policy in
      try policy.monthlyCosts.enumerated().map { index, costs in
        let months = costs.enumerated().map { month, cost in
          MonthCosts(
            label: "2025-\(month < 9 ? "0" : "")\(month + 1)", month: month + 1,
            energyByDay: [Double](repeating: cost / 30, count: 30),
            wearByDay: [Double](repeating: 0, count: 30))
        }
        var outcome = try PaperSite.outcome(policy.name, cost: 0, months: months)
        outcome.endEnergyValue = -costs.reduce(0, +)
        var ledger = TwinLedger()
        ledger.secondsAboveLimit = policy.hours * 3600
        ledger.lifeUsedFraction = policy.life
        ledger.cutOffs = policy.cutOffs
        ledger.hottestCellC = 40
        outcome.ledger = ledger
        return StressCell(
          policy: policy.name, fault: "none", weather: "\(index)", outcome: outcome, violations: 0,
          lifePrice: price)
      }
    }
    let study = StressStudy(cells: cells, policies: policies.map(\.name), lifePrice: price)
    let text = StressReport(study, of: try PaperSite.idleDay(), versionName: "v").text
    return String(text.prefix { $0 != "\n" })
  }

  private func year(_ cost: Double) -> [Double] { [Double](repeating: cost, count: 12) }

  // 12 months of 1 more, in both cases.
  @Test("the cheapest policy that protects as much as any is to be taken") func take() throws {
    #expect(
      try verdict([
        Policy(name: "a", monthlyCosts: [year(10), year(12)]),
        Policy(name: "b", monthlyCosts: [year(11), year(13)]),
      ])
        == "Take 'a': no policy lets a cell reach the 65 °C at which the battery's protection opens the circuit, "
        + "and it is the cheapest; over 1 day, on the mean of 2 cases of fault and weather, it costs 12.00 EUR "
        + "less than 'b' (95 % interval 12.00 to 12.00)."
    )
  }

  // 12 more for half a hundredth of the life: 2400.
  @Test("the price of a battery from which a dearer policy pays is told") func batteryPrice() throws
  {
    let found = try verdict([
      Policy(name: "a", monthlyCosts: [year(10)], life: 0.02),
      Policy(name: "b", monthlyCosts: [year(11)], life: 0.015),
    ])
    #expect(
      found.hasPrefix("Take 'a', or 'b' where a battery costs more than 2400 EUR: no policy lets"))
    #expect(found.contains("; life used 2.0 % against 1.5 % under 'b'."))
  }

  // 12 more on the bill, and of a battery of 4000 half a hundredth of the life: 20 less.
  @Test("with a price of the life the dearer bill may be the cheaper policy") func priced() throws {
    let found = try verdict(
      [
        Policy(name: "none", monthlyCosts: [year(10)], life: 0.02),
        Policy(name: "b", monthlyCosts: [year(11)], life: 0.015),
      ], price: LifePrice(replacement: 4000, years: 15))
    #expect(
      found.hasPrefix(
        "Take 'b': no policy lets a cell reach the 65 °C at which the battery's protection opens the circuit, and "
          + "it is the cheapest; over 1 day it costs, with the life used, 8.00 EUR less than 'none' (95 % interval "
          + "8.00 to 8.00)."))
    #expect(
      found.hasSuffix(
        "Against 'none' the bill is 12.00 EUR higher; the life used is worth 20.00 EUR less."))
  }

  // 24 more in one case and nothing in the other: 12 on the mean.
  @Test("a policy that protects and costs more is told with its price and what it spares")
  func price() throws {
    let found = try verdict([
      Policy(name: "none", monthlyCosts: [year(8), year(10)], cutOffs: 3, hours: 6, life: 0.02),
      Policy(name: "late", monthlyCosts: [year(9), year(10)], cutOffs: 1, hours: 1, life: 0.02),
      Policy(name: "early", monthlyCosts: [year(10), year(10)], life: 0.02),
    ])
    #expect(
      found
        == "Protection has a price: under 'early' no cell reaches the 65 °C of the battery's protection, against 6 "
        + "times under 'none' and 2 times under 'late'; over 1 day, on the mean of 2 cases of fault and weather, it "
        + "costs 12.00 EUR more than 'none' (95 % interval 12.00 to 12.00) and 6.00 EUR more than 'late' (95 % "
        + "interval 6.00 to 6.00). Against 'none' the bill is 12.00 EUR higher. Cells are above 45 °C for 0.0 h "
        + "under 'early' and for 12.0 h under 'none'.")
  }

  // Months are 2 below and 1 above in turn: ± 13.57, as in `VerdictTests`.
  @Test("a difference that may be luck is told as such") func luck() throws {
    let found = try verdict([
      Policy(name: "a", monthlyCosts: [(0..<12).map { $0 % 2 == 0 ? 8 : 11 }]),
      Policy(name: "b", monthlyCosts: [year(10)]),
    ])
    #expect(
      found.contains(
        "; over 1 day it costs 6.00 EUR less than 'b' (may be luck, 95 % interval -7.57 to 19.57).")
    )
  }

  @Test("policies that do the same cannot be told apart, and one alone is told as such")
  func alike() throws {
    #expect(
      try verdict([
        Policy(name: "a", monthlyCosts: [year(10)], hours: 2),
        Policy(name: "b", monthlyCosts: [year(10)], hours: 2),
      ])
        == "The policies cannot be told apart: over 1 day all cost the same, and no cell reaches the 65 °C of the "
        + "battery's protection under each. None of them ever held anything back: the hottest cell reached 40.0 °C."
    )
    #expect(
      try verdict([Policy(name: "a", monthlyCosts: [year(10)])])
        == "'a' alone was tried: no cell reaches the 65 °C of the battery's protection; there is no policy to compare "
        + "it with.")
  }
}
