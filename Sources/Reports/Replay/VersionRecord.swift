import Replay
import Studies

/// A record of one run, with the name of what decided in it.
struct VersionRecord<Record: Sendable>: Sendable {
  /// Name of the forecast version or of the counterfactual.
  let version: String
  let record: Record

  /// Returns the records of some runs, in the order of the runs.
  static func all(
    of scores: [VersionScore], _ records: (ReplayOutcome) -> [Record]
  ) -> [VersionRecord] {
    scores.flatMap { score in
      records(score.outcome).map { VersionRecord(version: score.outcome.name, record: $0) }
    }
  }
}

extension MeasureList where Subject: Sendable {
  /// The same measures of a record that a version has.
  var byVersion: MeasureList<VersionRecord<Subject>> {
    MeasureList<VersionRecord<Subject>>([
      Measure(
        "version", header: "version", unit: .words, in: .csv,
        "Name of the forecast version or of the counterfactual."
      ) { .text($0.version) }
    ]) + of { $0.record }
  }
}
