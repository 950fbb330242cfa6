import Diagnostics
import Foundation
import Planning
import Replay
import Scenarios
import Testing

@Suite("The planner of a scenario") struct PlannerSectionTests {
  private static let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  private func scenario(planner: String) throws -> Scenario {
    let text = try String(
      contentsOf: Self.package.appendingPathComponent("scenarios/quickstart.yaml"), encoding: .utf8)
    return try Scenario.read(
      Array(text.replacing("planner:\n", with: "planner:\n\(planner)\n").utf8), path: "s.yaml",
      environment: [:])
  }

  private func mistakes(planner: String) -> [String] {
    do {
      _ = try scenario(planner: planner)
      return []
    } catch let error as InputError {
      return error.diagnostics.map(\.message)
    } catch {
      return ["\(error)"]
    }
  }

  @Test("a section that says nothing hedges against the last days alike, with one envelope")
  func defaults() throws {
    let scenario = try scenario(planner: "")
    #expect(
      scenario.settings.hedge
        == HedgeSettings(.expectedValue, source: .alikeDays, pathCount: 12))
    #expect(try self.scenario(planner: "  hedge: none").settings.hedge == HedgeSettings(.none))
    #expect(scenario.settings.heat == .envelope)
    #expect(scenario.planners.isEmpty)
  }

  @Test("a hedge is a name or a section")
  func hedges() throws {
    #expect(
      try scenario(planner: "  hedge: expected_value").settings.hedge
        == HedgeSettings(.expectedValue, source: .lastDays, pathCount: 12))
    #expect(
      try scenario(
        planner: "  hedge: {kind: quantile_margin, quantile: 0.6, paths: residuals, path_count: 20}"
      ).settings.hedge
        == HedgeSettings(.quantileMargin(0.6), source: .residuals, pathCount: 20))
  }

  @Test("variants take what they leave out from the sections planner and replay")
  func variants() throws {
    let planners = try scenario(
      planner: """
          heat: iterated
          variants:
            - {name: point, hedge: none}
            - {name: hedged, hedge: expected_value, recourse: mode_band}
            - {name: blind, heat: blind, engine: glpk}
        """
    ).planners
    #expect(planners.map(\.name) == ["point", "hedged", "blind"])
    #expect(planners.map(\.heat) == [.iterated, .iterated, .blind])
    #expect(planners.map(\.recourse) == [.valueStep, .modeBand, .valueStep])
    #expect(planners.map(\.engine) == [.automatic, .automatic, .glpk])
    #expect(planners.map(\.hedge.hedge) == [.none, .expectedValue, .expectedValue])
  }

  @Test("mistakes are told by name")
  func mistakes() {
    #expect(
      mistakes(planner: "  hedge: expected_valeu") == [
        "'hedge' must be auto, none, quantile_margin or expected_value, found 'expected_valeu'"
          + "; did you mean 'expected_value'?"
      ])
    #expect(
      mistakes(planner: "  hedge: {kind: quantile_margin, path_count: 1}") == [
        "'path_count' must be from 2 to 366, found '1'"
      ])
    // What older documents may say is told what takes its place.
    #expect(
      mistakes(planner: "  hedge: two_stage") == [
        "'hedge' must be auto, none, quantile_margin or expected_value, found 'two_stage'"
          + "; use 'expected_value'"
      ])
    #expect(
      mistakes(planner: "  hedge: {kind: two_stage}") == [
        "'kind' must be auto, none, quantile_margin or expected_value, found 'two_stage'"
          + "; use 'expected_value'"
      ])
    #expect(
      mistakes(planner: "  hedge: {kind: expected_value, quantile: 0.5}") == [
        "unknown key 'quantile'"
      ])
    #expect(
      mistakes(planner: "  variants: [{name: a}, {name: a}]") == [
        "planner variants need distinct names, found 'a' again"
      ])
    #expect(
      mistakes(planner: "  heat: in_lp") == [
        "'heat' must be blind, envelope, iterated or in_plan, found 'in_lp'"
      ])
  }
}
