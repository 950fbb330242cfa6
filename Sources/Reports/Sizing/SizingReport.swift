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

  private var currency: String { replay.tariff.currency }

  /// The grid of candidates and the conventions behind its money.
  package var text: String {
    var table = TextTable([
      ("kWh", .right), ("kW", .right), ("capital \(currency)", .right),
      ("saving/year", .right), ("NPV", .right), ("NPV p10", .right), ("NPV p90", .right),
      ("IRR", .right), ("payback a", .right), ("discounted a", .right), ("replaced", .left),
      ("oracle NPV", .right), ("derated kWh", .right), ("", .left),
    ])
    for (i, candidate) in study.candidates.enumerated() {
      table.add([
        NumberText.fixed(candidate.energyKWh, decimals: 1),
        NumberText.fixed(candidate.powerKW, decimals: 1),
        NumberText.fixed(candidate.capital, decimals: 0),
        NumberText.fixed(candidate.year1Savings, decimals: 2),
        NumberText.fixed(candidate.netPresentValue, decimals: 0),
        NumberText.fixed(candidate.netPresentValueP10, decimals: 0),
        NumberText.fixed(candidate.netPresentValueP90, decimals: 0),
        NumberText.percent(candidate.internalRateOfReturn),
        candidate.paybackYears.map { NumberText.fixed($0, decimals: 1) } ?? "never",
        candidate.discountedPaybackYears.map { NumberText.fixed($0, decimals: 1) } ?? "never",
        candidate.replacementYears.isEmpty
          ? "–" : candidate.replacementYears.map { "year \($0)" }.joined(separator: ", "),
        NumberText.fixed(candidate.oracleNetPresentValue, decimals: 0),
        NumberText.fixed(candidate.outcome.ledger?.deratedKWh, decimals: 1),
        i == study.bestIndex ? "best" : (study.flatRegion.contains(i) ? "as good" : ""),
      ])
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
      "period": .period(of: replay),
      "settings": .settings(of: replay),
      "version": .string(versionName),
      "year_factor": .number(study.yearFactor),
      "candidates": .array(study.candidates.map(json)),
      "best": study.candidates.isEmpty ? .null : json(study.candidates[study.bestIndex]),
      "flat_region": .array(
        study.flatRegion.map { place in
          [
            "battery_kwh": .number(study.candidates[place].energyKWh),
            "battery_kw": .number(study.candidates[place].powerKW),
          ]
        }),
    ]
  }

  private func json(_ candidate: SizingCandidate) -> JSONValue {
    [
      "battery_kwh": .number(candidate.energyKWh),
      "battery_kw": .number(candidate.powerKW),
      "capex": .number(candidate.capital),
      "year1_savings": .number(candidate.year1Savings),
      "npv": .number(candidate.netPresentValue),
      "irr": .optional(candidate.internalRateOfReturn),
      "payback_years": candidate.paybackYears.map(JSONValue.number) ?? "never",
      "discounted_payback_years":
        candidate.discountedPaybackYears.map(JSONValue.number) ?? "never",
      "replacement_years": .array(candidate.replacementYears.map(JSONValue.integer)),
      "npv_p10": .number(candidate.netPresentValueP10),
      "npv_p50": .number(candidate.netPresentValueP50),
      "npv_p90": .number(candidate.netPresentValueP90),
      "oracle_npv": .optional(candidate.oracleNetPresentValue),
      "derated_kwh": .number(candidate.outcome.ledger?.deratedKWh ?? 0),
      "equivalent_full_cycles": .number(
        candidate.outcome.ledger?.equivalentFullCycles ?? 0),
      "life_used_fraction": .number(candidate.outcome.ledger?.lifeUsedFraction ?? 0),
    ]
  }

  /// The candidates as CSV.
  package var csv: String {
    var text =
      "battery_kwh,battery_kw,capex,year1_savings,npv,npv_p10,npv_p50,npv_p90,irr,payback_years,"
      + "discounted_payback_years,oracle_npv,derated_kwh,equivalent_full_cycles,"
      + "life_used_fraction\n"
    for candidate in study.candidates {
      let ledger = candidate.outcome.ledger
      let front = [
        candidate.energyKWh, candidate.powerKW, candidate.capital, candidate.year1Savings,
        candidate.netPresentValue, candidate.netPresentValueP10, candidate.netPresentValueP50,
        candidate.netPresentValueP90, candidate.internalRateOfReturn,
      ].map { LeaderboardCSV.cell($0) }
      let payback = [candidate.paybackYears, candidate.discountedPaybackYears]
        .map { $0.map { LeaderboardCSV.cell($0) } ?? "never" }
      let back = [
        candidate.oracleNetPresentValue, ledger?.deratedKWh, ledger?.equivalentFullCycles,
        ledger?.lifeUsedFraction,
      ].map { LeaderboardCSV.cell($0) }
      text += (front + payback + back).joined(separator: ",") + "\n"
    }
    return text
  }
}
