import Documents
import Replay

extension ReplayOutcome {
  /// What steps of inverters, loads and curtailment changed of what was wanted.
  var stepRemarks: [String] {
    ["power_steps", "load_min_power", "curtailment_steps"].compactMap { cause in
      interventionsKWh[cause].map {
        "\(NumberText.fixed($0, decimals: 2)) kWh changed by \(cause)"
      }
    }
  }
}
