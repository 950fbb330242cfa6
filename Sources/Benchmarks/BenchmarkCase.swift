/// One thing whose speed is measured, with a check of its answer.
struct BenchmarkCase {
  /// What a measurement found.
  struct Measurement {
    /// The figure, in the case's unit.
    var value: Double
    /// Whether the answer was verified in the same run.
    var isChecked: Bool
    /// Further figures of the same run, by name with unit.
    var details: [(name: String, value: Double)] = []
  }

  /// Fixed name, `stage.case`.
  var name: String
  /// Unit of the figure.
  var unit: String
  /// The figure aimed at on one core of a small server, in the same unit.
  var target: Double?
  /// Whether a larger figure is better.
  var isRate = false
  /// Does the work and checks the answer.
  var measure: () throws -> Measurement
}
