package import Documents
package import EarlyWarning

/// An evaluation of early warnings as tables, JSON and CSV.
package struct WarningReport: Sendable {
  let study: WarningStudy
  let leaks: [LeakedScore]
  let falseShare: Double

  /// Prepares the report of a study.
  ///
  /// - Parameters:
  ///   - study: The study.
  ///   - leaks: What leaked columns would have scored; empty when nobody asked.
  ///   - falseShare: Share of the quiet time that alarms were allowed.
  package init(_ study: WarningStudy, leaks: [LeakedScore] = [], falseShare: Double) {
    self.study = study
    self.leaks = leaks
    self.falseShare = falseShare
  }

  /// The sentences that say what came out.
  package var verdict: String { WarningVerdict(study).text }

  /// What the scores are about, a line each.
  package var facts: [String] {
    let data = study.data
    let task = data.task
    var lines = [
      "\(study.scoredRows.count) rows scored, \(study.split.words).",
      "Lead \(task.leadSeconds) s by time, never across a gap; the past looked at is \(task.windowSeconds) s; "
        + "hot is \(NumberText.rounded(task.limitC, decimals: 2)) °C and above.",
      "\(study.auditedRows) rows were computed again from a history that ends at them: no column differs.",
      "Alarms are judged on onsets, in rows that are not hot; at most "
        + "\(NumberText.percent(falseShare, decimals: 1)) of the time without an onset within the lead is spent in alarm. "
        + "Thresholds are found on the rows scored.",
    ]
    if task.knowsPlan {
      lines.append(
        data.frames.first?.columns.plannedCurrent == nil
          ? "The current that came true stands for the plan: what a plan is worth that is followed to the letter."
          : "The plan is that of '\(data.frames.first?.columns.plannedCurrent ?? "")'.")
    }
    let purged = study.split.folds.reduce(0) { $0 + $1.purged }
    if purged > 0 {
      lines.append("\(purged) rows next to blocks were left out of fits, summed over all parts.")
    }
    if let twin = study.twin {
      lines.append(
        "Twin: cools with a time constant of \(NumberText.fixed(twin.coolingS, decimals: 0)) s, heats by "
          + "\(NumberText.shortest(twin.perSquare.rounded(digits: 3))) K/(s·A²) and "
          + "\(NumberText.shortest(twin.perAmpere.rounded(digits: 3))) K/(s·A), rests "
          + "\(NumberText.fixed(twin.offsetK, decimals: 1)) K above its surroundings.")
    }
    return lines + LabelReport.gaps(data) + study.remarks.map { $0 + "." }
  }

  /// The verdict, the scores, the leaks, the importances and the facts for a terminal.
  package var text: String {
    var text = verdict + "\n\n" + WarningScore.measures.table(study.scores).text
    if !leaks.isEmpty {
      text +=
        "\nLeaked, not to be used: what the same data score when the future slips in\n"
        + LeakedScore.measures.table(leaks).text
    }
    if !study.importances.isEmpty {
      var table = TextTable([("model", .left), ("what it looks at most", .left)])
      for (kind, shares) in study.importances {
        let first = shares.prefix(5).map {
          "\($0.key) \(NumberText.percent($0.share, decimals: 0))"
        }
        table.add([kind.rawValue, first.joined(separator: ", ")])
      }
      text += "\n" + table.text
    }
    return text + "\n" + facts.joined(separator: "\n") + "\n"
  }

  /// The evaluation in the form of `wattif.thermal/1`.
  package var json: JSONValue {
    let data = study.data
    return LabelReport(data).balance.adding([
      "schema": "wattif.thermal/1", "action": "evaluate", "verdict": .string(verdict),
      "split": .string(study.split.words), "false_share_fraction": .number(falseShare),
      "audited_rows": .integer(study.auditedRows),
      "scores": WarningScore.measures.list(study.scores),
      "leaked": LeakedScore.measures.list(leaks),
      "importances": .array(
        study.importances.flatMap { kind, shares in
          shares.map { key, share -> JSONValue in
            [
              "model": .string(kind.rawValue), "feature": .string(key),
              "share_fraction": .number(share),
            ]
          }
        }),
      "twin": study.twin.map { twin -> JSONValue in
        [
          "cooling_s": .number(twin.coolingS), "k_per_s_a2": .number(twin.perSquare),
          "k_per_s_a": .number(twin.perAmpere), "offset_k": .number(twin.offsetK),
        ]
      } ?? .null,
      "facts": .array(facts.map { .string($0) }),
    ])
  }

  /// The scores as `scores.csv`.
  package var csv: String { WarningScore.measures.csv(study.scores) }

  /// Every scored row with what came true and what each model said, as `predictions.csv`.
  package var predictionsCSV: String {
    let data = study.data
    let kinds = study.scores.map(\.kind)
    var rows = CSVWriter(
      header: ["file", "run", "time", "temperature_c", "change_k", "hot_within_lead"]
        + kinds.flatMap { ["\($0.rawValue)_change_k", "\($0.rawValue)_chance"] })
    for (k, row) in study.scoredRows.enumerated() {
      rows.add(data.frameName(row))
      rows.add(data.runNames[data.run[row]])
      rows.add(data.timeText(row))
      rows.add(data.temperature(row))
      rows.add(data.change(row))
      rows.add(data.isHotWithinLead(row) ? 1 : 0)
      for kind in kinds {
        let prediction = study.predictions[kind]?[k]
        rows.add(prediction?.changeK ?? .nan)
        rows.add(prediction?.probability ?? .nan)
      }
      rows.endRow()
    }
    return rows.text
  }
}

extension Double {
  /// The number with so many digits that mean something.
  func rounded(digits: Int) -> Double {
    guard isFinite, self != 0 else { return self }
    var scale = 1.0
    while abs(self) * scale < 1 { scale *= 10 }
    for _ in 1..<digits { scale *= 10 }
    return (self * scale).rounded() / scale
  }
}
