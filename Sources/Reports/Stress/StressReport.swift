package import Documents
import Planning
package import Replay
package import Studies
import Tariffs
import Twin

/// The words and numbers of a stress study.
package struct StressReport: Sendable {
  private let study: StressStudy
  private let replay: ReplayCase
  private let versionName: String

  /// Prepares a report.
  package init(_ study: StressStudy, of replay: ReplayCase, versionName: String) {
    self.study = study
    self.replay = replay
    self.versionName = versionName
  }

  private static let measures = StressCell.measures
  private static let policyMeasures = PolicyScore.measures

  private var currency: String { replay.tariff.currency }

  /// Every combination, then the policies that no other one beats.
  package var text: String {
    let table = Self.measures.table(study.cells, currency: currency)
    let front = Self.policyMeasures.table(study.pareto, currency: currency)
    let reference = study.cells.first.map { "'\($0.policy)', '\($0.fault)', '\($0.weather)'" }
    return table.text + "\n" + front.text + "\n"
      + "Planned with '\(versionName)'. Δ cost is against \(reference ?? "nothing").\n"
  }

  /// The study as `wattif.stress/1`.
  package var json: JSONValue {
    [
      "schema": "wattif.stress/1",
      "currency": .string(currency),
      "period": ReplayCase.periodMeasures.json(replay),
      "settings": ReplayCase.settingsMeasures.json(replay),
      "version": .string(versionName),
      "cells": Self.measures.list(study.cells),
      "pareto": Self.policyMeasures.list(study.pareto),
    ]
  }

  /// The combinations as CSV.
  package var csv: String { Self.measures.csv(study.cells) }
}
