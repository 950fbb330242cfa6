/// One forecast version (or counterfactual) of a run.
package struct RunVersion: Sendable, Hashable {
  /// Name of the version.
  package var version: String
  /// Steps in order of time; may be empty.
  package var steps: [RunStep]
  /// Scores by name; NaN where a score does not exist.
  package var scores: [String: Double]

  /// Creates the outcome of a version.
  package init(version: String, steps: [RunStep] = [], scores: [String: Double] = [:]) {
    self.version = version
    self.steps = steps
    self.scores = scores
  }
}
