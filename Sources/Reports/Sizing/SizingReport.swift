import Diagnostics
package import Documents
import Planning
package import Replay
package import Studies
import Tariffs
import TimeSeries
import Twin

/// The words and numbers of a sizing study.
package struct SizingReport: Sendable {
  let study: SizingStudy
  let replay: ReplayCase
  private let versionName: String
  let settings: SizingSettings

  /// Prepares a report.
  package init(
    _ study: SizingStudy, of replay: ReplayCase, versionName: String, settings: SizingSettings
  ) {
    self.study = study
    self.replay = replay
    self.versionName = versionName
    self.settings = settings
  }

  static let measures = SizingCandidate.measures

  var currency: String { replay.tariff.currency }

  /// The sentence that says what came out.
  var verdict: String {
    SizingVerdict(study, settings: settings, currency: currency).sentence
  }

  /// What makes the study less than one of whole years; stands above everything else but the verdict.
  package var warning: String? {
    guard study.wholeYears == nil else { return nil }
    let days = Double(replay.period.end - replay.period.start) / 86_400
    return
      "\(NumberText.fixed(days, decimals: 0)) days stand for a year ('period: scale_to_year'): savings "
      + "are multiplied by \(NumberText.fixed(study.yearFactor, decimals: 3)), and seasons that they do not "
      + "hold are missing"
  }

  /// The verdict, the grid of candidates and the conventions behind its money.
  package var text: String {
    var table = TextTable(Self.measures.columns(currency: currency) + [("", .left)])
    for (i, candidate) in study.candidates.enumerated() {
      table.add(Self.measures.row(candidate) + [marks(i)])
    }
    let detail = SizingDetail(study, currency: currency).map { $0.text + "\n" } ?? ""
    return verdict + "\n" + (warning.map { "Warning: \($0).\n" } ?? "") + "\n" + table.text + "\n"
      + detail + premium.text + continuous + TextLayout.current.notes(sentences)
  }

  var premium: PremiumReport {
    PremiumReport(study, versionName: versionName, currency: currency)
  }

  /// What a linear program over the year says; nothing where it was not asked.
  private var continuous: String {
    guard let found = study.continuous else { return "" }
    let tried =
      study.skippedCells > 0
      ? "\(study.skippedCells) cells of the grid were not tried: those around them did worse. " : ""
    return tried + "With perfect foresight a linear program over the year would buy "
      + "\(NumberText.rounded(found.energyKWh, decimals: 1)) kWh with "
      + "\(NumberText.rounded(found.powerKW, decimals: 1)) kW, for a value of "
      + "\(NumberText.fixed(found.value, decimals: 0)) \(currency); no size exceeds "
      + "\(NumberText.fixed(found.bound, decimals: 0)) \(currency) in its model of hours without fade.\n"
  }

  /// What is to be said of the candidate at a position.
  func marks(_ i: Int) -> String {
    [
      study.candidates[i].isNoBattery ? "no battery" : nil, i == study.bestIndex ? "best" : nil,
      i != study.bestIndex && study.flatRegion.contains(i) ? "as good" : nil,
    ].compactMap { $0 }.joined(separator: ", ")
  }

  /// How everything was counted, one sentence each.
  var sentences: [String] {
    [
      "Planned with '\(versionName)'. Savings are against no battery, \(yearText), wear not counted."
    ] + FinanceWords(settings, best: study.bestBattery, currency: currency).sentences + [
      rangeText,
      "'as good': pays, and the value differs from the best one's by no more than ±, the 95 % interval of the "
        + "same months.",
    ]
  }

  private var yearText: String {
    switch study.wholeYears {
    case 1: "of the replayed year"
    case let years?: "of the mean of \(years) replayed years"
    case nil:
      "of the replayed period times \(NumberText.fixed(study.yearFactor, decimals: 3)) (a year of 365 days)"
    }
  }

  private var rangeText: String {
    let months = study.candidates[0].run.months.count(where: \.isWhole)
    guard months >= ValueRange.leastMonths else {
      return "No p10 and p90: they need \(ValueRange.leastMonths) whole months, found \(months)."
    }
    var text =
      "p10 and p90: how far a replayed year may lie from the average year of this site, by the spread of "
      + "the monthly savings\(assumed). Weather that the period has not seen, faults and everything else that is "
      + "assumed are not in it."
    if study.candidates.contains(where: { $0.run.months.contains { $0.overMonths != 0 } }) {
      text += " Lines that look over months are taken as certain."
    }
    return text
  }

  /// The ranges of assumptions that are in the range of values.
  private var assumed: String {
    let uncertainty = settings.uncertainty
    let parts = [
      ("capital", uncertainty.capital), ("prices by the last year", uncertainty.prices),
      ("fade", uncertainty.fade),
    ].filter { $0.1 > 0 }.map { "\($0.0) ± \(NumberText.percent($0.1))" }
    return parts.isEmpty ? "" : ", with \(parts.joined(separator: ", ")), each drawn evenly"
  }

  /// The study as `wattif.size/1`.
  package var json: JSONValue {
    let about: JSONValue = [
      "schema": "wattif.size/1",
      "verdict": .string(verdict),
      "currency": .string(currency),
      "period": ReplayCase.periodMeasures.json(replay),
      "settings": ReplayCase.settingsMeasures.json(replay),
      "version": .string(versionName),
      "year_factor": .number(study.yearFactor),
      "candidates": Self.measures.list(study.candidates),
      "whole_years": study.wholeYears.map { .integer($0) } ?? .null,
      "conventions": .array(sentences.map { .string($0) }),
      "detail": SizingDetail(study, currency: currency)?.json ?? .null,
      "best": Self.measures.json(study.candidates[study.bestIndex]),
      "premium": premium.json,
      "continuous": study.continuous.map { found in
        [
          "battery_kwh": .number(found.energyKWh), "battery_kw": .number(found.powerKW),
          "value": .number(found.value), "bound": .number(found.bound),
          "rounds": .integer(found.rounds),
        ]
      } ?? .null,
      "skipped_cells": .integer(study.skippedCells),
      "flat_region": .array(
        study.flatRegion.map { place in
          [
            "name": .string(study.candidates[place].name),
            "battery_kwh": .number(study.candidates[place].energyKWh),
            "battery_kw": .number(study.candidates[place].powerKW),
          ]
        }),
    ]
    return warning.map { about.adding("warnings", [.string($0)]) } ?? about
  }

  /// The money of every candidate by year, as CSV.
  package var flowCSV: String {
    CandidateYear.measures.csv(CandidateYear.all(Array(study.candidates.dropFirst())))
  }

  /// The candidates as CSV.
  package var csv: String { Self.measures.csv(study.candidates) }
}
