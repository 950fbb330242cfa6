package import Numerics

/// What a run was made from: with these equal, its results are equal to the byte.
package struct RunIdentity: Sendable, Hashable {
  /// Subcommand, for example `compare`.
  package var command: String
  /// Names of the forecast versions that were run, in order.
  package var versions: [String]
  /// Names of the ways of planning that were run, in order; empty for the scenario's own.
  package var planners: [String]
  /// Everything that was read.
  package var inputs: Fingerprint
  /// Text of the scenario.
  package var scenario: String
  /// Version of this program.
  package var programVersion: String
  /// Seed of all random numbers.
  package var seed: UInt64

  /// Names a run.
  package init(
    command: String, versions: [String], planners: [String] = [], inputs: Fingerprint,
    scenario: String, programVersion: String, seed: UInt64
  ) {
    self.command = command
    self.versions = versions
    self.planners = planners
    self.inputs = inputs
    self.scenario = scenario
    self.programVersion = programVersion
    self.seed = seed
  }

  /// One fingerprint over all of it, by which a run is found again.
  package var fingerprint: Fingerprint {
    var result = inputs
    for list in [[command], versions, planners, [scenario, programVersion]] {
      result.combine(word: UInt64(list.count))
      for text in list { result.combine(text) }
    }
    result.combine(word: seed)
    return result
  }
}
