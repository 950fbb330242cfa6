import Documents
import Foundation
import Planning
import Replay
import Reports
import SiteSupport
import Studies
import Tariffs
import Testing

@Suite("Verdict of a comparison") struct VerdictTests {
  /// Months of 30 days that cost the same each day, with a peak charge or without.
  private func months(
    _ energy: [Double], demand: [Double]? = nil
  ) -> [MonthCosts] {
    energy.enumerated().map { index, sum in
      MonthCosts(
        label: "2025-\(index < 9 ? "0" : "")\(index + 1)", month: index + 1,
        energyByDay: [Double](repeating: sum / 30, count: 30), demand: demand?[index] ?? 0)
    }
  }

  private func outcome(
    _ name: String, _ months: [MonthCosts], isOracle: Bool = false
  ) throws -> ReplayOutcome {
    var outcome = try PaperSite.outcome(
      name, cost: months.reduce(0) { $0 + $1.cost }, months: months)
    outcome.isOracle = isOracle
    return outcome
  }

  /// The first line of a comparison whose versions, rule and no battery cost what is stated.
  private func verdict(
    _ versions: [ReplayOutcome], rule: [MonthCosts], none: [MonthCosts],
    planners: [PlannerVariant] = []
  ) throws -> String {
    let comparison = ForecastComparison(
      noBattery: try outcome("no battery", none),
      selfConsumption: try outcome("self-consumption", rule),
      oracle: try outcome("oracle", months([Double](repeating: 1, count: none.count))),
      foresight: try ForesightBound(PaperSite.idleDay()),
      planned: versions.map { outcome in
        let parts = outcome.name.split(separator: "/").map {
          $0.trimmingCharacters(in: .whitespaces)
        }
        return ForecastComparison.PlannedRun(
          forecast: parts[0], planner: parts.count > 1 ? parts[1] : nil, outcome: outcome)
      }, planners: planners)
    let text = ComparisonReport(comparison, of: try PaperSite.idleDay()).text
    return String(text.prefix { $0 != "\n" })
  }

  private func constant(_ value: Double) -> [Double] { [Double](repeating: value, count: 12) }

  // Every month costs 1 less than with the rule and 3 less than without: no spread at all.
  @Test("a saving that every month repeats is sure") func sure() throws {
    let found = try verdict(
      [
        try outcome("good", months(constant(9))), try outcome("bad", months(constant(9.5))),
      ], rule: months(constant(10)), none: months(constant(12)))
    #expect(
      found
        == "Planned with 'good', the cheapest version, over 1 day the site pays 12.00 EUR less than with the "
        + "self-consumption rule (95 % interval 12.00 to 12.00), and 36.00 EUR less than without a battery (95 % "
        + "interval 36.00 to 36.00); 'bad' costs more.")
  }

  // Months are 2 below and 1 above the rule's in turn, 6 in all. About their mean of 0.5 less, with a
  // wave that such months do not follow, residuals are ±1.5: √(12·27/9) = 6, t(9) = 2.262: ± 13.57.
  @Test("a saving that half of the months take back may be luck") func luck() throws {
    let found = try verdict(
      [try outcome("only", months((0..<12).map { $0 % 2 == 0 ? 8 : 11 }))],
      rule: months(constant(10)), none: months(constant(20)))
    #expect(
      found.hasPrefix(
        "Planned with 'only' over 1 day the site pays 6.00 EUR less than with the self-consumption rule (may "
          + "be luck, 95 % interval -7.57 to 19.57, corrected for 2 comparisons)"))
  }

  // Months are 1.9 below and 0.1 above the others' in turn: 10.8 less, ± 9.05 by itself. Among three
  // comparisons that are alike the level is 98.33 %: √(12·12/9) = 4, t(9) = 2.933: ± 11.73.
  @Test("an interval that is told beside 'may be luck' holds zero") func amongSeveral() throws {
    let same = months(constant(10))
    let found = try verdict(
      [
        try outcome("a", months((0..<12).map { $0 % 2 == 0 ? 8.1 : 10.1 })),
        try outcome("b", same),
      ], rule: same, none: same)
    #expect(
      found.hasPrefix(
        "Planned with 'a', the cheapest version, over 1 day the site pays 10.80 EUR less than with the "
          + "self-consumption rule (may be luck, 95 % interval -0.93 to 22.53, corrected for 3 comparisons)"
      ))
  }

  @Test("a rule that costs less is told first") func rule() throws {
    let found = try verdict(
      [try outcome("a", months(constant(11))), try outcome("b", months(constant(11)))],
      rule: months(constant(10)), none: months(constant(12)))
    #expect(
      found.hasPrefix(
        "No version beats the self-consumption rule: with 'a', the cheapest, over 1 day the site pays 12.00 EUR "
          + "more than with it (95 % interval 12.00 to 12.00), and 12.00 EUR less than without a battery"
      ))
    #expect(found.hasSuffix("; the other versions cost the same."))
  }

  @Test("a battery that costs more than none saves nothing") func loss() throws {
    let found = try verdict(
      [try outcome("a", months(constant(11)))], rule: months(constant(12)),
      none: months(constant(10)))
    #expect(
      found.hasPrefix(
        "The battery saves nothing: planned with 'a' over 1 day the site pays 12.00 EUR more than without a "
          + "battery"))
  }

  @Test("nothing to tell apart is said so") func nothing() throws {
    let same = months(constant(10))
    #expect(
      try verdict([try outcome("a", same)], rule: same, none: same)
        == "The battery changes nothing: planned with 'a' over 1 day the site pays as much as with the "
        + "self-consumption rule and as without a battery.")
  }

  @Test("peaks that differ in one month of twelve decide nothing") func onePeak() throws {
    let demand = constant(50)
    var lower = demand
    lower[3] = 20
    let found = try verdict(
      [try outcome("a", months(constant(10), demand: lower))],
      rule: months(constant(10), demand: demand),
      none: months(constant(10), demand: constant(60)))
    #expect(
      found.contains(
        "30.00 EUR less than with the self-consumption rule (not sure: the peaks differ in 1 of 12 months, too few to "
          + "say how it is in the long run)"))
  }

  @Test("a version with foresight is no winner") func honest() throws {
    let found = try verdict(
      [
        try outcome("seer", months(constant(5)), isOracle: true),
        try outcome("a", months(constant(9))),
      ], rule: months(constant(10)), none: months(constant(12)))
    #expect(
      found.hasPrefix(
        "Planned with 'a', the cheapest version, over 1 day the site pays 12.00 EUR less"))
    let alone = try verdict(
      [try outcome("seer", months(constant(5)), isOracle: true)],
      rule: months(constant(10)), none: months(constant(12)))
    #expect(
      alone.hasPrefix(
        "No version is without foresight, so nobody could have had this. Planned with 'seer (oracle)'"
      ))
  }

  private func planner(
    _ name: String, hedge: HedgeSettings = .automatic, peakPricing: PeakPricing = .fullPrice,
    recourse: RecourseRule = .valueStep
  ) -> PlannerVariant {
    PlannerVariant(
      name: name, engine: .automatic, hedge: hedge, heat: .envelope, recourse: recourse,
      peakPricing: peakPricing)
  }

  // Twelve months: without the hedge 0.5 more each, with days left 0.25 less, with another recourse as much.
  @Test("what differs alone between two ways of planning is told with what it was worth")
  func planners() throws {
    let found = try verdict(
      [
        try outcome("v / usual", months(constant(9))),
        try outcome("v / trusting", months(constant(9.5))),
        try outcome("v / days", months(constant(8.75))),
        try outcome("v / band", months(constant(9))),
        try outcome("w / usual", months(constant(9.75))),
        try outcome("w / trusting", months(constant(9.75))),
        try outcome("w / days", months(constant(9.75))),
        try outcome("w / band", months(constant(9.75))),
      ], rule: months(constant(10)), none: months(constant(12)),
      planners: [
        planner("usual"), planner("trusting", hedge: HedgeSettings()),
        planner("days", peakPricing: .daysLeft), planner("band", recourse: .modeBand),
      ])
    #expect(
      found.hasSuffix(
        ". With the forecasts of 'v' the hedge of 'usual' was worth 6.00 EUR (95 % interval 6.00 to 6.00), peak "
          + "pricing 'days_left' in place of 'full_price' was worth 3.00 EUR (95 % interval 3.00 to 3.00) and "
          + "'band' in place of 'usual' changed nothing."))
  }

  @Test("a hedge that costs money, and a rule that would have done, are told") func plainRule()
    throws
  {
    let found = try verdict(
      [
        try outcome("v / trusting", months(constant(11))),
        try outcome("v / hedged", months(constant(11.5))),
      ], rule: months(constant(10)), none: months(constant(12)),
      planners: [planner("trusting", hedge: HedgeSettings()), planner("hedged")])
    #expect(
      found.hasSuffix(
        ". With the forecasts of 'v' the hedge of 'hedged' cost 6.00 EUR (95 % interval 6.00 to 6.00); the "
          + "self-consumption rule would have done."))
  }
}
