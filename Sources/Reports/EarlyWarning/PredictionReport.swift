package import Documents
package import EarlyWarning

/// What a saved model says of telemetry.
package struct PredictionReport: Sendable {
  let file: WarningModelFile
  let answer: WarningModelFile.Answer
  var data: WarningData { answer.data }

  /// Takes a model and its answer.
  package init(_ file: WarningModelFile, _ answer: WarningModelFile.Answer) {
    self.file = file
    self.answer = answer
  }

  var limit: String { NumberText.rounded(data.task.limitC, decimals: 2) }

  /// What is said of the newest step.
  var verdict: String {
    guard let last = answer.predictions.last else {
      return
        "No step has the past that the model looks back on, \(data.task.windowSeconds) s without a gap."
    }
    let row = data.count - 1
    let now = NumberText.fixed(data.temperature(row), decimals: 1)
    var sentence = "At \(data.timeText(row)) it is \(now) °C"
    if last.changeK.isFinite {
      let sign = last.changeK < 0 ? "" : "+"
      sentence +=
        ", \(sign)\(NumberText.fixed(last.changeK, decimals: 2)) K over the next \(data.task.leadSeconds) s"
    }
    sentence +=
      ", with a chance of \(NumberText.percent(last.probability)) that \(limit) °C is reached within them"
    let isAlarm = answer.isAlarm.last ?? false
    guard let threshold = file.threshold else {
      return sentence + "; the model has no threshold that was worth an alarm."
    }
    return sentence + (isAlarm ? ": alarm" : ": no alarm")
      + " (threshold \(NumberText.percent(threshold)))."
  }

  /// Alarms of steps that follow each other, as first and last row.
  var alarms: [(first: Int, last: Int)] {
    var alarms: [(first: Int, last: Int)] = []
    for row in 0..<data.count where answer.isAlarm[row] {
      let goesOn =
        row > 0 && alarms.last?.last == row - 1 && data.run[row] == data.run[row - 1]
        && data.instant(row) - data.instant(row - 1) <= max(5, 3 * data.typicalSeconds)
      if goesOn {
        alarms[alarms.count - 1].last = row
      } else {
        alarms.append((row, row))
      }
    }
    return alarms
  }

  private func highest(_ alarm: (first: Int, last: Int)) -> Double {
    answer.predictions[alarm.first...alarm.last].map(\.probability).max() ?? .nan
  }

  /// The verdict and the alarms for a terminal.
  package var text: String {
    var text = verdict + "\n"
    let alarms = alarmRows
    if !alarms.isEmpty {
      var table = TextTable(
        Self.alarmColumns.enumerated().map { ($1, $0 == 3 ? .right : .left) })
      for row in alarms.prefix(40) { table.add(row) }
      text += "\n" + table.text
      if alarms.count > 40 { text += "and \(alarms.count - 40) more alarms\n" }
    }
    return text + "\n\(file.model.kind.rawValue) on \(data.count) steps, \(alarms.count) alarms.\n"
      + LabelReport.gaps(data).joined(separator: "\n") + "\n"
  }

  static let alarmColumns = [
    "run", "alarm from", "to", "highest chance", "limit reached within the lead",
  ]

  /// Every alarm, a row each.
  var alarmRows: [[String]] {
    alarms.map { alarm in
      [
        data.runNames[data.run[alarm.first]], data.timeText(alarm.first),
        data.timeText(alarm.last), NumberText.percent(highest(alarm)), came(alarm),
      ]
    }
  }

  private func came(_ alarm: (first: Int, last: Int)) -> String {
    let rows = alarm.first...alarm.last
    if rows.contains(where: { data.isHotWithinLead($0) }) { return "yes" }
    return rows.contains { data.change($0).isNaN } ? "not known yet" : "no"
  }

  /// The answer in the form of `wattif.thermal/1`.
  package var json: JSONValue {
    let last = data.count - 1
    let now: JSONValue =
      last < 0
      ? .null
      : [
        "time": .string(data.timeText(last)), "temperature_c": .number(data.temperature(last)),
        "change_k": .optional(answer.predictions[last].changeK.finite),
        "chance": .optional(answer.predictions[last].probability.finite),
        "alarm": .boolean(answer.isAlarm[last]),
      ]
    return LabelReport(data).balance.adding([
      "schema": "wattif.thermal/1", "action": "predict", "verdict": .string(verdict),
      "model": .string(file.model.kind.rawValue), "threshold": .optional(file.threshold),
      "now": now,
      "alarms": .array(
        alarms.map { alarm in
          [
            "run": .string(data.runNames[data.run[alarm.first]]),
            "from": .string(data.timeText(alarm.first)),
            "to": .string(data.timeText(alarm.last)),
            "highest_chance": .optional(highest(alarm).finite),
            "limit_reached": .string(came(alarm)),
          ]
        }),
      "facts": .array(LabelReport.gaps(data).map { .string($0) }),
    ])
  }

  /// Every step with what the model says, as `warnings.csv`.
  package var csv: String {
    var rows = CSVWriter(
      header: ["file", "run", "time", "temperature_c", "change_k", "chance", "alarm"])
    for row in 0..<data.count {
      rows.add(data.frameName(row))
      rows.add(data.runNames[data.run[row]])
      rows.add(data.timeText(row))
      rows.add(data.temperature(row))
      rows.add(answer.predictions[row].changeK)
      rows.add(answer.predictions[row].probability)
      rows.add(answer.isAlarm[row] ? 1 : 0)
      rows.endRow()
    }
    return rows.text
  }
}
