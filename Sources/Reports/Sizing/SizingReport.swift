package import Documents
import Planning
package import Replay
package import Studies
import Tariffs
import Twin

/// The words and numbers of a sizing study.
package struct SizingReport: Sendable {
  private let study: SizingStudy
  private let replay: ReplayCase
  private let versionName: String
  private let settings: SizingSettings

  /// Prepares a report.
  package init(
    _ study: SizingStudy, of replay: ReplayCase, versionName: String, settings: SizingSettings
  ) {
    self.study = study
    self.replay = replay
    self.versionName = versionName
    self.settings = settings
  }

  private static let measures = SizingCandidate.measures

  private var currency: String { replay.tariff.currency }

  /// The grid of candidates and the conventions behind its money.
  package var text: String {
    var table = TextTable(Self.measures.columns(currency: currency) + [("", .left)])
    for (i, candidate) in study.candidates.enumerated() {
      let verdict = i == study.bestIndex ? "best" : study.flatRegion.contains(i) ? "as good" : ""
      table.add(Self.measures.row(candidate) + [verdict])
    }
    return table.text + "\n" + conventions
  }

  private var conventions: String {
    """
    Planned with '\(versionName)'. Savings are against no battery, for the replayed period times \
    \(NumberText.fixed(study.yearFactor, decimals: 3)) (a year of 365 days).
    \(settings.lifetimeYears) years, discount rate \(NumberText.percent(settings.discountRate)), \
    savings grow by \(NumberText.percent(settings.escalationRate)) a year from the second year, \
    operation \(NumberText.percent(settings.operationShare)) of the capital a year,
    cells replaced at \(NumberText.fixed(settings.replacementPerKWh, decimals: 0)) \
    \(currency)/kWh when the twin's share of life used reaches a whole battery; fade does not lower \
    savings before that.
    p10 and p90 come from resampled weeks of the replayed period. 'as good': p90 reaches the best value.

    """
  }

  /// The study as `wattif.size/1`.
  package var json: JSONValue {
    [
      "schema": "wattif.size/1",
      "currency": .string(currency),
      "period": ReplayCase.periodMeasures.json(replay),
      "settings": ReplayCase.settingsMeasures.json(replay),
      "version": .string(versionName),
      "year_factor": .number(study.yearFactor),
      "candidates": Self.measures.list(study.candidates),
      "best": study.candidates.isEmpty
        ? .null : Self.measures.json(study.candidates[study.bestIndex]),
      "flat_region": .array(
        study.flatRegion.map { place in
          [
            "battery_kwh": .number(study.candidates[place].energyKWh),
            "battery_kw": .number(study.candidates[place].powerKW),
          ]
        }),
    ]
  }

  /// The candidates as CSV.
  package var csv: String { Self.measures.csv(study.candidates) }
}
