package import Documents
package import EarlyWarning

/// A model that was fitted: why it was chosen, and how it did on rows that it had not seen.
package struct TrainingReport: Sendable {
  private let training: WarningTraining
  private let file: WarningModelFile
  private let savedAs: String?

  /// Takes a training and the file that keeps its model.
  package init(_ training: WarningTraining, _ file: WarningModelFile, savedAs: String?) {
    self.training = training
    self.file = file
    self.savedAs = savedAs
  }

  private var verdict: String {
    let score = training.score
    let kind = score.kind
    let start =
      "\(kind.rawValue) is fitted on \(training.study.data.count) rows"
      + (savedAs.map { " and kept in '\($0)'" } ?? "; '--save' keeps it")
    guard let threshold = file.threshold else {
      return start + ". No threshold is worth an alarm: it says chances and changes only."
    }
    let alarms = score.alarms
    return start
      + ". It alarms from a chance of \(NumberText.percent(threshold)) on: on rows that it had not seen this "
      + "warned of \(alarms.warned) of \(alarms.onsets) onsets, "
      + "\(NumberText.fixed(alarms.warningSeconds, decimals: 0)) s before (median), with "
      + "\(NumberText.percent(alarms.falseShare)) of the quiet time in alarm for nothing."
  }

  /// The evaluation that chose the model as a page, which opens with the model.
  ///
  /// - Parameters:
  ///   - title: What the page is about.
  ///   - falseShare: Share of the quiet time that alarms were allowed.
  /// - Returns: The page.
  package func page(title: String, falseShare: Double) -> Page {
    WarningReport(training.study, falseShare: falseShare).page(title: title, opening: verdict)
  }

  /// The verdict and the scores for a terminal.
  package var text: String {
    verdict + " Its fingerprint is \(file.fingerprint).\n" + WarningVerdict(training.study).text
      + "\n\n"
      + WarningScore.measures.table(training.study.scores).text
      + "\n\(training.study.scoredRows.count) rows scored, \(training.study.split.words).\n"
  }

  /// The training in the form of `wattif.thermal/1`; the model is that of the file.
  package var json: JSONValue {
    LabelReport(training.study.data).balance.adding([
      "schema": "wattif.thermal/1", "action": "train", "verdict": .string(verdict),
      "model": .string(training.model.kind.rawValue), "fingerprint": .string(file.fingerprint),
      "threshold": .optional(file.threshold),
      "split": .string(training.study.split.words),
      "scores": WarningScore.measures.list(training.study.scores),
    ])
  }
}
