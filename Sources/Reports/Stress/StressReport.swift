import Diagnostics
package import Documents
import Planning
package import Replay
package import Studies
import Tariffs
package import Twin

/// The words and numbers of a stress study.
package struct StressReport: Sendable {
  let study: StressStudy
  let replay: ReplayCase
  private let versionName: String
  private let policies: [DeratingPolicy]

  /// Prepares a report.
  ///
  /// - Parameters:
  ///   - study: The study.
  ///   - replay: The case.
  ///   - versionName: The forecasts that plans were made with.
  ///   - policies: The policies that were gone through.
  package init(
    _ study: StressStudy, of replay: ReplayCase, versionName: String,
    policies: [DeratingPolicy] = []
  ) {
    self.policies = policies
    self.study = study
    self.replay = replay
    self.versionName = versionName
  }

  static let measures = StressCell.measures
  static let policyMeasures = PolicyScore.measures

  var currency: String { replay.tariff.currency }

  /// The columns of tables: those that say something in this study.
  var cellMeasures: MeasureList<StressCell> {
    let hasWays = Set(study.cells.map(\.heat)).count > 1
    let hasPeaks = study.cells.contains { $0.missedPeakCharge > 0 }
    return Self.measures.filtered {
      ($0 != "heat" || hasWays) && ($0 != "missed_peak_charge" || hasPeaks)
    }
  }

  var scoreMeasures: MeasureList<PolicyScore> {
    Self.policyMeasures.filtered { $0 != "life_cost" || study.lifePrice != nil }
  }

  var ranking: [PolicyScore] { study.policies.sorted { $0.rank < $1.rank } }

  /// The sentence that says what came out.
  var verdict: String { StressVerdict(study, of: replay).sentence }

  /// The verdict, the ranking, every combination, how sure costs are and what knowing the heat is worth.
  package var text: String {
    var text = verdict + "\n\n" + scoreMeasures.table(ranking, currency: currency).text
    text += front + "\n\n" + cellMeasures.table(study.cells, currency: currency).text + "\n"
    if let pairs {
      text += pairs.title + "\n" + pairs.table
      text += TextLayout.current.notes(pairs.notes)
      text += "\n"
    }
    if let knowing {
      text += knowing + "\n"
      text += HeatKnowledge.measures.table(study.knowing, currency: currency).text + "\n"
    }
    return text + conventions + "\n"
  }

  /// The policies that no other one beats.
  var front: String {
    let names = study.pareto.map { "'\($0.policy)'" }
    return
      "No other policy beats \(names.joined(separator: ", ")) in bill, heat, cut-offs and life at once."
  }

  /// What knowing the heat is worth, in a sentence; nothing where no plans are blind beside others.
  var knowing: String? {
    guard !study.knowing.isEmpty else { return nil }
    let parts = study.knowing.map { way in
      "'\(way.heat.rawValue)' "
        + way.pair.worded(
          against: "blind plans", currency: currency, tellsSureness: true)
    }
    return "Plans that know the heat cost, on the mean of all policies and cases: "
      + parts.joined(separator: "; ") + "."
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
    var text = "Planned with '\(versionName)'"
    let heats = study.cells.reduce(into: [String]()) { names, cell in
      if !names.contains(cell.heat.rawValue) { names.append(cell.heat.rawValue) }
    }
    if heats.count > 1 {
      text += "; verdict and ranking are of plans that foresee heat as '\(heats[0])'"
    }
    text += ". "
    if let price = study.lifePrice {
      text +=
        "Cost is the bill less the value of the energy left, and the share of the life used times "
        + "\(NumberText.fixed(price.replacement, decimals: 0)) \(currency) for new cells. "
    } else {
      text +=
        "Cost is the bill less the value of the energy left, and wear; with 'stress.replacement_per_kwh' the life "
        + "used would be priced instead. "
    }
    return text
      + "Δ none is against 'none' in the same case, Δ healthy against the same policy without the fault; their "
      + "intervals hold for one comparison alone."
  }

  /// Policies whose documents state sources.
  var sources: [(policy: String, sources: [String])] {
    policies.filter { !$0.sources.isEmpty }.map { ($0.name, $0.sources) }
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
      "knowing": HeatKnowledge.measures.list(study.knowing),
      "life_price": study.lifePrice.map { price in
        ["replacement": .number(price.replacement), "years": .integer(price.years)]
      } ?? .null,
      "sources": .array(
        sources.map { source -> JSONValue in
          [
            "policy": .string(source.policy),
            "sources": .array(source.sources.map { .string($0) }),
          ]
        }),
    ]
  }

  /// The combinations as CSV.
  package var csv: String { Self.measures.csv(study.cells) }
}
