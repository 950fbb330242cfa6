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

  /// The sentence that says what came out.
  private var verdict: String { StressVerdict(study, of: replay).sentence }

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
  private var pairs: PairReport? {
    study.pairs.isEmpty
      ? nil
      : PairReport(
        study.pairs,
        title: "Differences in mean cost, in \(currency), ± half of the 95 % interval:")
  }

  private var conventions: String {
    let reference = study.cells.first.map { "'\($0.policy)', '\($0.fault)', '\($0.weather)'" }
    return "Planned with '\(versionName)'. Δ cost is against \(reference ?? "nothing")."
  }

  /// The study as one HTML page.
  package func html(title: String) -> String {
    var body = "<h1>\(HTML.escaped(title))</h1>\n"
    body += "<p class=\"verdict\">\(HTML.escaped(verdict))</p>\n"
    body += "<h2>Every policy, fault and weather</h2>\n"
    body += HTML.table(
      header: Self.measures.columns(currency: currency).map(\.header),
      rows: study.cells.map { Self.measures.row($0) })
    body += "<h2>Policies that no other one beats</h2>\n"
    body += HTML.table(
      header: Self.policyMeasures.columns(currency: currency).map(\.header),
      rows: study.pareto.map { Self.policyMeasures.row($0) })
    if let pairs {
      body += "<h2>\(HTML.escaped(pairs.heading))</h2>\n"
      body += HTML.table(header: pairs.header, rows: pairs.rows) + HTML.list(pairs.notes)
    }
    return HTML.page(title: title, body: body + "<p>\(HTML.escaped(conventions))</p>\n")
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
