import Planning
import Replay

/// The section `replay`.
struct ReplaySection {
  var recourse = ReplaySettings().recourse
  var twinStepSeconds = ReplaySettings().twinStepSeconds
  /// Seed of everything random in the replay; that of the history when absent.
  var seed: UInt64?

  init() {}

  /// Reads the section.
  init?(_ reader: MappingReader) {
    recourse = reader.choice("recourse", default: recourse)
    twinStepSeconds = reader.integer("twin_step_s", 1...3600, default: twinStepSeconds)
    seed = reader.optionalInteger("seed").map { UInt64($0) }
  }
}
