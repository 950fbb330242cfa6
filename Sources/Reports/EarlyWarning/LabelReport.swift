package import Documents
package import EarlyWarning

/// What there is to learn from: class balance, columns and what was left out.
package struct LabelReport: Sendable {
  let data: WarningData

  /// Looks through rows.
  package init(_ data: WarningData) { self.data = data }

  private func sum(_ value: (Int) -> Int) -> Int {
    data.frames.indices.reduce(0) { $0 + value($1) }
  }

  /// Counts of steps, rows and classes.
  package var balance: JSONValue {
    let rows = 0..<data.count
    let cold = rows.filter { !data.isHot($0) }
    return [
      "lead_s": .integer(data.task.leadSeconds), "window_s": .integer(data.task.windowSeconds),
      "limit_c": .number(data.task.limitC), "knows_plan": .boolean(data.task.knowsPlan),
      "balance": [
        "steps": .integer(sum { data.frames[$0].counts.steps }),
        "gaps": .integer(sum { data.frames[$0].counts.gaps }),
        "held_steps": .integer(sum { data.frames[$0].counts.heldSteps }),
        "unknown_steps": .integer(sum { data.frames[$0].counts.unknownSteps }),
        "ramp_steps": .integer(sum { data.frames[$0].counts.rampSteps }),
        "steps_without_past": .integer(data.stepsWithoutPast),
        "steps_without_lead": .integer(data.stepsWithoutLead),
        "runs": .integer(data.runNames.count), "rows": .integer(data.count),
        "hot_rows": .integer(data.count - cold.count),
        "rows_before_heat": .integer(cold.count { data.isHotWithinLead($0) }),
        "onsets": .integer(sum { data.labels[$0].onsets.count }),
        "events": .integer(sum { data.labels[$0].events.count }),
      ],
    ]
  }

  /// What is missing or left out of telemetry, a line each.
  static func gaps(_ data: WarningData) -> [String] {
    data.frames.flatMap { frame in
      let counts = frame.counts
      let parts = [
        (counts.gaps, "gaps of the logger, which no row crosses"),
        (counts.rampSteps, "steps after restarts left out, in which the logger's filter climbs"),
        (counts.heldSteps, "steps with the temperature held from a step before"),
        (counts.unknownSteps, "steps in which a named signal is missing"),
      ].filter { $0.0 > 0 }
      return parts.isEmpty
        ? [] : ["\(frame.name): " + parts.map { "\($0.0) \($0.1)" }.joined(separator: "; ") + "."]
    } + [
      "\(data.stepsWithoutPast) steps have no whole past and \(data.stepsWithoutLead) no measured lead; they are no rows."
    ]
  }

  private var verdict: String {
    let task = data.task
    let cold = (0..<data.count).filter { !data.isHot($0) }
    let before = cold.count { data.isHotWithinLead($0) }
    let onsets = sum { data.labels[$0].onsets.count }
    let limit = NumberText.rounded(task.limitC, decimals: 2)
    guard onsets > 0 else {
      return "\(limit) °C is never reached from below: there is nothing to warn of, "
        + "and only the change of the temperature can be learned."
    }
    let share = NumberText.percent(Double(before) / Double(max(1, cold.count)), decimals: 2)
    return
      "\(onsets) onsets of \(limit) °C; of \(cold.count) rows that are not hot \(before) (\(share)) come at most "
      + "\(task.leadSeconds) s before one."
  }

  /// The verdict, class balance by run, and the data dictionary for a terminal.
  package var text: String {
    var table = TextTable(Self.runColumns.enumerated().map { ($1, $0 == 0 ? .left : .right) })
    for row in runRows { table.add(row) }
    var dictionary = TextTable(Self.dictionaryColumns.map { ($0, .left) })
    for row in dictionaryRows { dictionary.add(row) }
    return verdict + "\n\n" + table.text + "\n" + dictionary.text + "\n"
      + Self.gaps(data).joined(separator: "\n") + "\n"
  }

  /// Class balance by run, and the data dictionary, as tables of a page.
  var pageTables: (runs: PageTable, dictionary: PageTable) {
    (
      PageTable(header: Self.runColumns, rows: runRows),
      PageTable(
        Self.dictionaryColumns.map { PageTable.Column($0, isWords: true) }, rows: dictionaryRows)
    )
  }

  private static let runColumns = [
    "run", "rows", "hot", "before heat", "highest °C", "largest rise K", "largest fall K",
  ]
  private static let dictionaryColumns = ["column", "unit", "known", "meaning"]

  private var runRows: [[String]] {
    byRun.map { name, rows in
      let changes = rows.map { data.change($0) }
      return [
        name, "\(rows.count)", "\(rows.count { data.isHot($0) })",
        "\(rows.count { !data.isHot($0) && data.isHotWithinLead($0) })",
        NumberText.fixed(rows.map { data.temperature($0) }.max(), decimals: 1),
        NumberText.fixed(changes.max(), decimals: 2), NumberText.fixed(changes.min(), decimals: 2),
      ]
    }
  }

  private var dictionaryRows: [[String]] {
    data.features.map { feature in
      [feature.key, feature.unit, feature.isPlanned ? "by plan" : "at issue", feature.meaning]
    }
  }

  /// Rows of each run.
  private var byRun: [(name: String, rows: [Int])] {
    var rows = [[Int]](repeating: [], count: data.runNames.count)
    for row in 0..<data.count { rows[data.run[row]].append(row) }
    return zip(data.runNames, rows).filter { !$0.1.isEmpty }.map { (name: $0.0, rows: $0.1) }
  }

  /// The labels in the form of `wattif.thermal/1`.
  package var json: JSONValue {
    balance.adding([
      "schema": "wattif.thermal/1", "action": "label", "verdict": .string(verdict),
      "features": .array(
        data.features.map { feature in
          [
            "key": .string(feature.key), "unit": .string(feature.unit),
            "meaning": .string(feature.meaning), "known_ahead": .boolean(feature.isPlanned),
          ]
        }),
      "facts": .array(Self.gaps(data).map { .string($0) }),
    ])
  }

  /// Every row with its labels and columns, as `labels.csv`.
  package var csv: String {
    let values = data.values(twin: nil)
    let width = data.features.count
    let kept = data.features.indices.filter { data.features[$0].key != "measured_minus_twin" }
    var rows = CSVWriter(
      header: ["file", "run", "time", "is_hot", "hot_within_lead", "change_k"]
        + kept.map { data.features[$0].key })
    for row in 0..<data.count {
      rows.add(data.frameName(row))
      rows.add(data.runNames[data.run[row]])
      rows.add(data.timeText(row))
      rows.add(data.isHot(row) ? 1 : 0)
      rows.add(data.isHotWithinLead(row) ? 1 : 0)
      rows.add(data.change(row))
      for column in kept { rows.add(values[row * width + column]) }
      rows.endRow()
    }
    return rows.text
  }
}
