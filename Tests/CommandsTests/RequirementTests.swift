import CommandLine
import Foundation
import TestSupport
import Testing

@testable import Commands

@Suite("Requirements of a comparison") struct RequirementTests {
  private static let folder = Result { try OutputsPageFiles.prepared() }

  @Test(
    "a condition is read",
    arguments: [
      ("cost<100", nil, "cost", Requirement.Relation.below, 100),
      ("share_captured >= 0.8", nil, "share_captured", .atLeast, 0.8),
      ("ridge:regret<=-1.5e2", "ridge", "regret", .atMost, -150),
      ("ridge / last days: cost > 0", "ridge / last days", "cost", .above, 0),
    ] as [(String, String?, String, Requirement.Relation, Double)])
  func reads(
    text: String, version: String?, measure: String, relation: Requirement.Relation, limit: Double
  ) throws {
    let requirement = try #require(Requirement(argument: text))
    #expect(requirement.version == version)
    #expect(requirement.measure == measure)
    #expect(requirement.relation == relation)
    #expect(requirement.limit == limit)
  }

  @Test(
    "anything else is none",
    arguments: [
      "", "cost", "cost=5", "cost>", ">5", ":cost>5", "ridge:>5", "cost>5 EUR", "cost>nan",
      "cost>1,5",
    ]
  ) func refuses(text: String) {
    #expect(Requirement(argument: text) == nil)
  }

  private func compare(_ requirements: String...) throws -> Outcome {
    let site = "\(try Self.folder.get().path)/site.yaml"
    return wattif(["compare", site, "-q"] + requirements.flatMap { ["--require", $0] })
  }

  /// Costs of four days of a shop are neither below nothing nor a million.
  @Test("what holds ends with 0, what does not with 2, and both are said") func gates() throws {
    let met = try compare("cost<1000000", "self-consumption:savings_vs_self_consumption>=0")
    #expect(met.code == .done, "\(met.error)")
    #expect(met.output.contains("Met: cost < 1000000 of '"))
    // The rule saves nothing against itself.
    #expect(
      met.output.contains(
        "Met: savings_vs_self_consumption >= 0 of 'self-consumption', found 0."))
    let unmet = try compare("cost<1000000", "cost<0")
    #expect(unmet.code == .unmet)
    #expect(unmet.output.contains("Met: cost < 1000000 of '"))
    #expect(unmet.output.contains("Not met: cost < 0 of '"))
  }

  /// The rule issues no forecast, so it has no error of one.
  @Test("a figure that does not exist meets nothing") func missing() throws {
    let outcome = try compare("self-consumption:load_mae_kw<1000")
    #expect(outcome.code == .unmet)
    #expect(
      outcome.output.contains(
        "Not met: load_mae_kw < 1000 of 'self-consumption', found no value."))
  }

  @Test(
    "an unknown figure or version is refused before any work",
    arguments: [
      ("costs>0", "'--require' names an unknown measure 'costs'; did you mean 'cost'?"),
      (
        "rigde / hedged:cost>0",
        "'--require' names an unknown version 'rigde / hedged'; did you mean 'ridge / hedged'?"
      ),
      ("cost", "'--require' must be [VERSION:]MEASURE and >, >=, < or <= with a number"),
    ]) func unknown(text: String, message: String) throws
  {
    let outcome = try compare(text)
    #expect(outcome.code == .badCommandLine)
    #expect(outcome.error.contains(message), "\(outcome.error)")
  }
}
