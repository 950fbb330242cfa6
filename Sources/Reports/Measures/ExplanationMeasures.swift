import Documents
import Replay
import Studies
import TimeSeries

extension ForecastCause {
  /// The quantity in words.
  var name: String {
    switch self {
    case .load: "load"
    case .pv: "PV"
    case .price: "price"
    }
  }
}

extension ExplainedVersion {
  /// Why a version costs more than the oracle.
  static let measures =
    names + parts + perfect + details

  private static let names = MeasureList<ExplainedVersion>([
    Measure(
      "version", header: "version", unit: .words, "Name of the version.",
      words: { $0.score.labelledName }
    ) { .text($0.score.outcome.name) },
    Measure("forecast", unit: .words, in: .json, "Name of the forecast version alone.") {
      .text($0.score.forecast)
    },
    Measure(
      "planner", unit: .words, in: .json,
      "Name of the variant of the planner; null where only one plans."
    ) { .text($0.score.planner) },
    Measure("regret", header: "regret", unit: .currency, "Cost less the oracle's.") {
      .number($0.score.regret)
    },
  ])

  private static let parts = MeasureList<ExplainedVersion>(
    ForecastCause.allCases.map { cause in
      Measure(
        "\(cause.rawValue)_part", path: "parts.\(cause.rawValue)", header: cause.name,
        namesUnit: false, unit: .currency,
        "Regret from the \(cause.name) forecast, the mean over all orders of the causes; null where plans "
          + "read none."
      ) { .number($0.parts[cause]) }
    } + [
      Measure(
        "planning_part", path: "parts.planning", header: "hedge and planner", namesUnit: false,
        unit: .currency,
        "Regret that stays when all forecasts are true: hedge, targets from the past, another planner."
      ) { .number($0.planning) }
    ])

  private static let perfect = MeasureList<ExplainedVersion>(
    ForecastCause.allCases.flatMap { cause in
      [
        Measure(
          "perfect_\(cause.rawValue)_saving", path: "perfect.\(cause.rawValue).saving",
          unit: .currency,
          "What a perfect \(cause.name) forecast alone would save over the period; null where there is none "
            + "to replace."
        ) { .number($0.perfect(cause)?.saving) },
        Measure(
          "perfect_\(cause.rawValue)_half_width", path: "perfect.\(cause.rawValue).half_width",
          unit: .currency, "Half-width of its 95 % interval, corrected; null where there is none."
        ) { .number($0.perfect(cause)?.pair.total.halfWidth) },
        Measure(
          "perfect_\(cause.rawValue)_saving_per_year",
          path: "perfect.\(cause.rawValue).saving_per_year", header: cause.name, namesUnit: false,
          unit: .currencyPerYear, "The same for a year; null for less than twelve whole months.",
          words: { $0.perfect(cause)?.text ?? "–" }
        ) { .number($0.perfect(cause)?.savingPerYear) },
        Measure(
          "perfect_\(cause.rawValue)_verdict", path: "perfect.\(cause.rawValue).verdict",
          unit: .words,
          "What the interval allows to say of the version as it is against the perfect forecast, as of a pair."
        ) { .text($0.perfect(cause)?.pair.verdictWord) },
      ] as [Measure<ExplainedVersion>]
    })

  private static let details = MeasureList<ExplainedVersion>([
    Measure(
      "hourless", unit: .currency,
      "Regret that falls on no hour: what only a whole month or year decides."
    ) { .number($0.hourless) },
    Measure(
      "profile", unit: .list, in: .json, "Regret by local hour, weekday and month."
    ) { .json(RegretProfile.Part.measures.list($0.profile.parts)) },
    Measure(
      "leads", unit: .list, in: .json,
      "What perfect forecasts of some leads would bring; empty without `--explain-leads` and for other versions than "
        + "the cheapest explained."
    ) { .json(LeadValue.measures.list($0.leads)) },
    Measure(
      "price_next_day_part", path: "price_knowledge.next_day", unit: .currency,
      "Of the part of the prices: those of the next day before the market publishes them; null without "
        + "`--explain-leads` and for other versions than the cheapest explained."
    ) { .number($0.priceKnowledge?.nextDay) },
    Measure(
      "price_beyond_part", path: "price_knowledge.beyond", unit: .currency,
      "Of the part of the prices: those of later days within the horizon; null as above."
    ) { .number($0.priceKnowledge?.beyond) },
    Measure(
      "hours", unit: .list, in: .json, "The hours in which most was lost against the oracle."
    ) { .json(ExpensiveHour.measures.list($0.hours)) },
  ])
}

extension PerfectForecast {
  /// The saving of a year; nothing for less than twelve whole months. [currency]
  var savingPerYear: Double? { perYear.map { saving * $0 } }

  /// The saving with half of its interval, of a year where that is known, else of the period.
  var text: String {
    let scale = perYear ?? 1
    return NumberText.fixed(saving * scale, decimals: 2)
      + (pair.total.halfWidth.map { " ± \(NumberText.fixed($0 * scale, decimals: 2))" } ?? "")
  }
}

extension BiasCost {
  /// What a forecast costs that is wrong by a tenth.
  static let measures = MeasureList<BiasCost>([
    Measure("quantity", unit: .words, in: .json, "The quantity that is forecast wrongly.") {
      .text($0.cause.rawValue)
    },
    Measure("scale", in: .json, "What its truth is multiplied by.") { .number($0.scale) },
    Measure(
      "cost", unit: .currency, in: .json,
      "Cost less the oracle's, where everything else is known and nothing is hedged."
    ) { .number($0.cost) },
  ])
}

extension ExpensiveHour {
  /// An hour in which a version lost money against the oracle.
  static let measures = MeasureList<ExpensiveHour>([
    Measure("start", unit: .instant, "Where the hour begins.") {
      .text(Instant.utcText($0.start))
    },
    Measure("loss", header: "lost", unit: .currency, "Cost less the oracle's.") {
      .number($0.loss)
    },
    Measure(
      "peak_loss", header: "by peak", namesUnit: false, unit: .currency,
      "Of this, what the month's peak costs more or less; it falls on the highest import."
    ) { .number($0.peakLoss) },
    power("load_kw", "load", "Consumption") { $0.loadKW },
    power("expected_load_kw", "expected", "Consumption as the plan in force expected it") {
      $0.expectedLoadKW
    },
    power("pv_kw", "PV", "Production") { $0.pvKW },
    power("expected_pv_kw", "expected", "Production as the plan in force expected it") {
      $0.expectedPVKW
    },
    Measure(
      "buy_per_kwh", header: "price", namesUnit: false, unit: .currencyPerKWh, decimals: 3,
      "Price of a kWh bought."
    ) { .number($0.buyPerKWh) },
    Measure(
      "expected_buy_per_kwh", header: "expected", namesUnit: false, unit: .currencyPerKWh,
      decimals: 3, "The same as the plan in force reckoned."
    ) { .number($0.expectedBuyPerKWh) },
    power("battery_kw", "battery", "Battery power, positive when discharging") { $0.batteryKW },
    power("planned_battery_kw", "planned", "Battery power as planned") { $0.plannedBatteryKW },
    power("oracle_battery_kw", "oracle", "Battery power of the oracle") { $0.oracleBatteryKW },
    Measure(
      "planned_stored_kwh", unit: .kWh, "Stored energy at the end of the hour as planned."
    ) { .number($0.plannedStoredKWh) },
    Measure(
      "soc_fraction", header: "charge", unit: .fraction, decimals: 0,
      "State of charge at the end of the hour."
    ) { .number($0.socFraction) },
    Measure(
      "oracle_soc_fraction", header: "oracle", unit: .fraction, decimals: 0,
      "The same of the oracle."
    ) { .number($0.oracleSOCFraction) },
  ])

  private static func power(
    _ key: String, _ header: String, _ meaning: String,
    _ value: @escaping @Sendable (ExpensiveHour) -> Double
  ) -> Measure<ExpensiveHour> {
    Measure(key, header: header, namesUnit: false, unit: .kW, decimals: 1, "\(meaning).") {
      .number(value($0))
    }
  }
}
