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

  private var currency: String { replay.tariff.currency }

  /// Every combination, then the policies that no other one beats.
  package var text: String {
    var table = TextTable([
      ("policy", .left), ("fault", .left), ("weather", .left), ("cost \(currency)", .right),
      ("Δ cost", .right), ("derated kWh", .right), ("derate h", .right), ("hottest °C", .right),
      ("h above limit", .right), ("life used", .right),
    ])
    for cell in study.cells {
      table.add([
        cell.policy, cell.fault, cell.weather, NumberText.fixed(cell.outcome.cost, decimals: 2),
        NumberText.fixed(cell.costDelta, decimals: 2),
        NumberText.fixed(cell.deratedKWh, decimals: 1),
        NumberText.fixed(cell.outcome.derateMinutes / 60, decimals: 1),
        NumberText.fixed(cell.hottestCellC, decimals: 1),
        NumberText.fixed(cell.hoursAboveLimit, decimals: 2),
        NumberText.percent(cell.lifeUsedFraction, decimals: 2),
      ])
    }
    var front = TextTable([
      ("policy on the Pareto front", .left), ("mean Δ cost \(currency)", .right),
      ("hottest °C", .right), ("h above limit", .right),
    ])
    for score in study.pareto {
      front.add([
        score.policy, NumberText.fixed(score.meanCostDelta, decimals: 2),
        NumberText.fixed(score.hottestCellC, decimals: 1),
        NumberText.fixed(score.hoursAboveLimit, decimals: 2),
      ])
    }
    let reference = study.cells.first.map { "'\($0.policy)', '\($0.fault)', '\($0.weather)'" }
    return table.text + "\n" + front.text + "\n"
      + "Planned with '\(versionName)'. Δ cost is against \(reference ?? "nothing").\n"
  }

  /// The study as `wattif.stress/1`.
  package var json: JSONValue {
    [
      "schema": "wattif.stress/1",
      "currency": .string(currency),
      "period": .period(of: replay),
      "settings": .settings(of: replay),
      "version": .string(versionName),
      "cells": .array(
        study.cells.map { cell in
          [
            "policy": .string(cell.policy), "fault": .string(cell.fault),
            "weather": .string(cell.weather), "cost": .number(cell.outcome.cost),
            "cost_delta": .number(cell.costDelta), "derated_kwh": .number(cell.deratedKWh),
            "derate_minutes": .number(cell.outcome.derateMinutes),
            "hottest_cell_c": .number(cell.hottestCellC),
            "hours_above_limit": .number(cell.hoursAboveLimit),
            "violations": .integer(cell.violations),
            "life_used_fraction": .number(cell.lifeUsedFraction),
          ]
        }),
      "pareto": .array(
        study.pareto.map { score in
          [
            "policy": .string(score.policy), "mean_cost_delta": .number(score.meanCostDelta),
            "hottest_cell_c": .number(score.hottestCellC),
            "hours_above_limit": .number(score.hoursAboveLimit),
          ]
        }),
    ]
  }

  /// The combinations as CSV.
  package var csv: String {
    var text =
      "policy,fault,weather,cost,cost_delta,derated_kwh,derate_minutes,hottest_cell_c,"
      + "hours_above_limit,life_used_fraction\n"
    for cell in study.cells {
      let numbers = [
        cell.outcome.cost, cell.costDelta, cell.deratedKWh, cell.outcome.derateMinutes,
        cell.hottestCellC, cell.hoursAboveLimit, cell.lifeUsedFraction,
      ].map { LeaderboardCSV.cell($0) }
      let names = [cell.policy, cell.fault, cell.weather].map(LeaderboardCSV.quoted)
      text += (names + numbers).joined(separator: ",") + "\n"
    }
    return text
  }
}
