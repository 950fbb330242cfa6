package import Documents
import Planning
package import Studies
import TimeSeries

extension ContestScore {
  /// One plan on what came.
  package static let measures = MeasureList<ContestScore>([
    Measure(
      "plan", header: "planned with", unit: .words,
      "`no battery`, `truth`, or the name of a forecast."
    ) { .text($0.name) },
    Measure(
      "score", header: "score", namesUnit: false, unit: .currency, "Energy and peak, on what came."
    ) { .number($0.scored.cost) },
    Measure(
      "energy_cost", header: "energy", namesUnit: false, unit: .currency, "Cost of the energy."
    ) {
      .number($0.scored.energyCost)
    },
    Measure(
      "peak_cost", header: "peak", namesUnit: false, unit: .currency,
      "Price of the square of the highest power."
    ) { .number($0.scored.peakCost) },
    Measure("peak_kw", header: "highest", unit: .kW, "Highest power at the meter.") {
      .number($0.scored.peakKW)
    },
    Measure(
      "expected_cost", header: "expected", namesUnit: false, unit: .currency,
      "What the plan expected to score; none without a plan."
    ) { .number($0.expectedCost) },
    Measure(
      "expected_bound", unit: .currency,
      "What no plan could expect to go below; none without a plan."
    ) { .number($0.expectedBound) },
  ])
}

/// The words and numbers of a contest.
package struct ContestReport: Sendable {
  private let contest: Contest
  private let scores: [ContestScore]

  /// Prepares a report.
  package init(_ contest: Contest, _ scores: [ContestScore]) {
    self.contest = contest
    self.scores = scores
  }

  /// The scores for a terminal.
  package var text: String {
    let grid = contest.grid
    var lines = [
      contest.name,
      "\(Instant.utcText(grid.start)) to \(Instant.utcText(grid.end)), \(grid.count) slots of "
        + "\(grid.stepSeconds / 60) min; batteries begin full and act at full power or rest",
    ]
    for battery in contest.batteries {
      lines.append(
        "\(battery.name): \(NumberText.rounded(battery.capacityKWh, decimals: 2)) kWh, "
          + "\(NumberText.rounded(battery.powerKW, decimals: 2)) kW, round trip "
          + NumberText.percent(battery.roundTripEfficiency))
    }
    let active = contest.activityKW.count { $0 != 0 }
    if active > 0 {
      let energy = contest.activityKW.reduce(0, +) * grid.stepHours
      lines.append(
        "activities in \(active) slots add \(NumberText.fixed(energy, decimals: 1)) kWh")
    }
    return lines.map { $0 + "\n" }.joined() + "\n"
      + ContestScore.measures.table(scores, currency: contest.currency).text + "\n" + verdict
      + "\n"
  }

  private var verdict: String {
    guard let none = scores.first, let truth = scores.dropFirst().first else { return "" }
    func money(_ value: Double) -> String {
      "\(NumberText.fixed(value, decimals: 2)) \(contest.currency)"
    }
    var text =
      "With the truth the batteries save \(money(none.scored.cost - truth.scored.cost)) of "
      + "\(money(none.scored.cost)); no plan could save more than "
      + "\(money((truth.expectedCost ?? 0) - (truth.expectedBound ?? 0))) beyond that."
    let best = none.scored.cost - truth.scored.cost
    for score in scores.dropFirst(2) {
      let saved = none.scored.cost - score.scored.cost
      text +=
        " Planned with '\(score.name)' they save \(money(saved))"
        + (best > 0 ? ", \(NumberText.percent(saved / best)) of it." : ".")
    }
    return text
  }

  /// The scores as `wattif.contest/1`.
  package var json: JSONValue {
    [
      "schema": "wattif.contest/1", "name": .string(contest.name),
      "currency": .string(contest.currency),
      "from": .string(Instant.utcText(contest.grid.start)),
      "to": .string(Instant.utcText(contest.grid.end)),
      "step_s": .integer(contest.grid.stepSeconds),
      "peak_per_kw2": .number(contest.peakPerKW2),
      "unpriced_slots": .integer(contest.unpricedSlots),
      "scores": ContestScore.measures.list(scores), "verdict": .string(verdict),
    ]
  }

  /// What every plan does in every slot: power at the meter, and each battery's action as 1, 0 or -1.
  package var csv: String {
    let planned = scores.dropFirst()
    var file = CSVWriter(
      header: ["start_utc", "price_per_kwh", "net_kw"]
        + planned.flatMap { score in
          ["\(score.name) meter_kw"] + contest.batteries.map { "\(score.name) \($0.name)" }
        })
    for t in contest.grid.indices {
      file.add(Instant.utcText(contest.grid.instant(t)))
      file.add(contest.pricePerKWh[t])
      let net = contest.netKW[t] + contest.activityKW[t]
      file.add(net)
      for score in planned {
        file.add(net + score.scored.batteryKW[t])
        for actions in score.scored.actions { file.add(String(actions[t].rawValue)) }
      }
      file.endRow()
    }
    return file.text
  }
}
