package import Documents
import Planning
package import Replay
package import Studies
import Tariffs
import Twin

/// The words and numbers of a stress study.
package struct StressReport: Sendable {
  let study: StressStudy
  let replay: ReplayCase
  private let versionName: String

  /// Prepares a report.
  package init(_ study: StressStudy, of replay: ReplayCase, versionName: String) {
    self.study = study
    self.replay = replay
    self.versionName = versionName
  }

  static let measures = StressCell.measures
  static let policyMeasures = PolicyScore.measures

  var currency: String { replay.tariff.currency }

  /// The sentence that says what came out.
  var verdict: String { StressVerdict(study, of: replay).sentence }

  /// The verdict, every combination, the policies that no other one beats, and how sure costs are.
  package var text: String {
    let table = Self.measures.table(study.cells, currency: currency)
    let front = Self.policyMeasures.table(study.pareto, currency: currency)
    var text = verdict + "\n\n" + table.text + "\n" + front.text + "\n"
    if let pairs {
      text += pairs.title + "\n" + pairs.table
      for line in pairs.notes { text += line + "\n" }
      text += "\n"
    }
    return text + conventions + "\n"
  }

  /// The policy to take against each of the others, on the mean of all cases.
  var pairs: PairReport? {
    study.pairs.isEmpty
      ? nil
      : PairReport(
        study.pairs,
        title: "Differences in mean cost, in \(currency), ± half of the 95 % interval:")
  }

  var conventions: String {
    let reference = study.cells.first.map { "'\($0.policy)', '\($0.fault)', '\($0.weather)'" }
    return "Planned with '\(versionName)'. Δ cost is against \(reference ?? "nothing")."
  }

  /// The study as `wattif.stress/1`.
  package var json: JSONValue {
    [
      "schema": "wattif.stress/1",
      "verdict": .string(verdict),
      "currency": .string(currency),
      "period": ReplayCase.periodMeasures.json(replay),
      "settings": ReplayCase.settingsMeasures.json(replay),
      "version": .string(versionName),
      "cells": Self.measures.list(study.cells),
      "policies": Self.policyMeasures.list(study.policies),
      "pareto": Self.policyMeasures.list(study.pareto),
      "pairs": PairedInterval.measures.list(study.pairs),
    ]
  }

  /// The combinations as CSV.
  package var csv: String { Self.measures.csv(study.cells) }
}
