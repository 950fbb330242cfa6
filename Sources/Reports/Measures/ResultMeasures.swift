import Documents
import Forecasting
import Planning
import Replay
package import Studies
import Tariffs
import TimeSeries
import Twin

extension VersionScore {
  /// One *result*: what a controller cost, met and did.
  package static let measures =
    names + money + battery
    + PlanCounts.measures.of { $0.outcome.planning }
    + ForecastCounts.measures(in: .replay, columns: .leaderboard).outsideTables
    .of { $0.outcome.forecastCounts }
    + shares + MeasureList<VersionScore>(accuracy) + details

  private static let shares = MeasureList<VersionScore>([
    Measure(
      "filled_share", unit: .fraction, decimals: 1,
      "Share of the slots forecast that the fallback filled."
    ) { score in
      let counts = score.outcome.forecastCounts
      return .number(counts.inHistory > 0 ? counts.filledShare : nil)
    },
    Measure(
      "unscored_share", header: "unscored", unit: .fraction, decimals: 1,
      "Share of the slots forecast that nobody measured; the errors leave them out."
    ) { score in
      let counts = score.outcome.forecastCounts
      return .number(counts.inHistory > 0 ? counts.unscoredShare : nil)
    },
  ])

  private static let names = MeasureList<VersionScore>([
    Measure(
      "version", header: "version", unit: .words,
      "Name of the forecast version or of the counterfactual; with variants of the planner "
        + "`forecast / planner`.", words: { $0.labelledName }
    ) { .text($0.outcome.name) },
    Measure("forecast", unit: .words, in: .json, "Name of the forecast version alone.") {
      .text($0.forecast)
    },
    Measure(
      "planner", unit: .words, in: .json,
      "Name of the variant of the planner; null where only one plans."
    ) { .text($0.planner) },
    Measure("oracle", unit: .flag, in: .json, "Whether any forecast was made from the truth.") {
      .flag($0.outcome.isOracle)
    },
    Measure(
      "oracle_weather", unit: .flag, in: .json,
      "Whether any forecast was given the weather that came true."
    ) { .flag($0.outcome.hasOracleWeather) },
  ])

  private static let money = MeasureList<VersionScore>([
    Measure(
      "cost", header: "cost", unit: .currency,
      "What the period cost: bill and wear, less the value of energy left."
    ) { .number($0.outcome.cost) },
    Measure("bill", unit: .currency, "Exact bill of the metered series.") {
      .number($0.outcome.bill.total)
    },
    Measure("wear_cost", unit: .currency, "Price of the wear of all energy discharged.") {
      .number($0.outcome.wearCost)
    },
    Measure(
      "end_energy_value", unit: .currency,
      "Value of the energy stored at the end beyond what was stored at the start."
    ) { .number($0.outcome.endEnergyValue) },
    Measure(
      "savings_vs_no_battery", header: "saving", unit: .currency,
      "Cost without a battery less this cost."
    ) { .number($0.savingsVsNoBattery) },
    Measure(
      "savings_vs_self_consumption", header: "vs rule", namesUnit: false, unit: .currency,
      "Cost of rule-based self-consumption less this cost."
    ) { .number($0.savingsVsSelfConsumption) },
    Measure(
      "regret", header: "regret", namesUnit: false, unit: .currency, "This cost less the oracle's."
    ) { .number($0.regret) },
    Measure(
      "share_captured", header: "captured", unit: .fraction, decimals: 1,
      "Share of the oracle's saving against no battery; none when the oracle saves nothing."
    ) { .number($0.shareCaptured) },
  ])

  private static let battery = MeasureList<VersionScore>([
    Measure(
      "cold_hours", header: "cold", unit: .hours, decimals: 1, jsonDefault: .number(0),
      "Time in which cold cells left less than the rated power, asked for or not."
    ) { .number($0.outcome.ledger.map { $0.coldSeconds / 3600 }) },
    Measure(
      "heat_hours", header: "heat", unit: .hours, decimals: 1, jsonDefault: .number(0),
      "Time in which warm cells or a warm inverter left less than the rated power, asked for or not."
    ) { .number($0.outcome.ledger.map { $0.heatSeconds / 3600 }) },
    Measure(
      "derate_minutes", unit: .minutes, jsonDefault: .number(0),
      "Time in which the derating policy left less than the rated power, asked for or not."
    ) { .number($0.outcome.ledger.map { $0.derateSeconds / 60 }) },
    Measure(
      "derated_kwh", unit: .kWh, jsonDefault: .number(0),
      "Energy asked for that the derating policy refused."
    ) { .number($0.outcome.ledger?.deratedKWh) },
    Measure(
      "hottest_cell_c", header: "hottest", unit: .celsius, decimals: 1, "Hottest cell at any time."
    ) { .number($0.outcome.ledger?.hottestCellC) },
    Measure(
      "hours_above_limit", unit: .hours, jsonDefault: .number(0),
      "Time with a cell above its temperature limit."
    ) { .number($0.outcome.ledger.map { $0.secondsAboveLimit / 3600 }) },
    Measure(
      "equivalent_full_cycles", header: "cycles", decimals: 1, jsonDefault: .number(0),
      "Energy discharged over the nominal energy."
    ) { .number($0.outcome.ledger?.equivalentFullCycles) },
    Measure(
      "life_used_fraction", unit: .fraction, jsonDefault: .number(0),
      "Share of the battery's life used in the period."
    ) { .number($0.outcome.ledger?.lifeUsedFraction) },
  ])

  private static let details = MeasureList<VersionScore>([
    Measure("curtailed_kwh", unit: .kWh, "Production that was thrown away.") {
      .number($0.outcome.curtailedKWh)
    },
    Measure(
      "curtailment_value", unit: .currency,
      "Without a battery: bill with all production fed in less this bill; none for other runs."
    ) { .number($0.outcome.curtailmentValue) },
    Measure(
      "carbon_kg", unit: .kg,
      "Carbon dioxide of the energy imported by the factors of the tariff; none without."
    ) { .number($0.outcome.bill.carbonKg) },
    Measure(
      "life_used_least_fraction", unit: .fraction, in: .json, jsonDefault: .number(0),
      "The same by the ageing model of the chemistry that says least."
    ) { .number($0.outcome.ledger?.leastLifeUsedFraction) },
    Measure(
      "life_used_most_fraction", unit: .fraction, in: .json, jsonDefault: .number(0),
      "The same by the ageing model of the chemistry that says most."
    ) { .number($0.outcome.ledger?.mostLifeUsedFraction) },
    Measure(
      "outside_ageing_model_hours", unit: .hours, in: .json, jsonDefault: .number(0),
      "Time at temperatures and rates that the ageing model was not measured under."
    ) { .number($0.outcome.ledger.map { $0.beyondAgeingModelSeconds / 3600 }) },
    Measure(
      "limits", unit: .list, in: .json,
      "What kept the battery from its rating or from what it was asked for, by cause."
    ) { .json(LimitRecord.measures.list($0.outcome.ledger?.limits ?? [])) },
    Measure(
      "interventions_kwh", unit: .kWh, in: .json,
      "Energy by which something outside the plan changed the battery's or the plant's power, by cause."
    ) { .json(.object($0.outcome.interventionsKWh.mapValues(JSONValue.number))) },
    Measure(
      "accuracy", unit: .object, in: .json, "Mistakes of the forecasts, by quantity."
    ) { score in
      .json(
        .object(
          Dictionary(
            uniqueKeysWithValues: score.outcome.accuracy.filter { $0.value.count > 0 }.map {
              ($0.key.rawValue, ErrorStatistics.measures.json($0.value))
            })))
    },
    Measure(
      "battery_outlooks", unit: .object, in: .json,
      "How well each way of expecting battery power met what was executed."
    ) { score in
      .json(
        .object(
          Dictionary(
            uniqueKeysWithValues: score.outcome.batteryPowerScores.map {
              ($0.method.rawValue, BatteryPowerMethodScore.measures.json($0))
            })))
    },
    Measure(
      "battery_outlook_stand_ins", unit: .plans, in: .json,
      "Plans for which self-consumption stood in for the way chosen to expect battery power."
    ) { .integer($0.outcome.batteryPowerStandIns) },
    Measure(
      "models", unit: .list, in: .json, "What learned versions were fitted on, one per refit."
    ) { .json(.array($0.outcome.models.map { ModelRecord.measures.json($0) })) },
    Measure(
      "budget_allowed_kwh", unit: .kWh, in: .json, isOptional: true,
      "Energy that the period may let out; left out without a `planner.budget`."
    ) { .number($0.outcome.budget?.allowedKWh) },
    Measure(
      "budget_used_kwh", unit: .kWh, in: .json, isOptional: true, "Energy let out of it."
    ) { .number($0.outcome.budget?.usedKWh) },
    Measure(
      "budget_price_per_kwh", unit: .currencyPerKWh, in: .json, isOptional: true,
      "Mean price on top of wear that kept it: what a kWh more would have been worth."
    ) { .number($0.outcome.budget?.pricePerKWh) },
    Measure(
      "unmet_cost", unit: .currency, in: .json, isOptional: true,
      "Price of what loads that can wait left unmet, in the cost; left out for a site without any."
    ) { $0.outcome.waiting.isEmpty ? .number(nil) : .number($0.outcome.unmetCost) },
    Measure(
      "batteries", unit: .list, in: .json, isOptional: true,
      "Each of several batteries; figures of the run are their sums, cycles are weighted by energy, times, "
        + "temperatures and life used are those of the battery with most. Left out for a site with one."
    ) { score in
      score.outcome.batteries.isEmpty
        ? .number(nil) : .json(BatteryOutcome.measures.list(score.outcome.batteries))
    },
    Measure(
      "loads", unit: .list, in: .json, isOptional: true,
      "Loads that can wait; left out for a site without any."
    ) { score in
      score.outcome.waiting.isEmpty
        ? .number(nil) : .json(WaitingOutcome.measures.list(score.outcome.waiting))
    },
    Measure(
      "outages_expected", in: .json, isOptional: true,
      "Expected outages in the period; left out without `planner.outages`."
    ) { .integer($0.outcome.outages?.count) },
    Measure(
      "outages_served", in: .json, isOptional: true,
      "Those whose critical load is served in full, by the energy that is stored when they begin."
    ) { .integer($0.outcome.outages?.servedInFull) },
    Measure(
      "outages_beyond_battery", in: .json, isOptional: true,
      "Those that need more than the full battery holds, as expected when they are known."
    ) { .integer($0.outcome.outages?.beyondBattery) },
    Measure(
      "outages_critical_kwh", unit: .kWh, in: .json, isOptional: true,
      "Critical load of all of them."
    ) { .number($0.outcome.outages?.criticalKWh) },
    Measure(
      "outages_unserved_kwh", unit: .kWh, in: .json, isOptional: true,
      "The part that is not served."
    ) { .number($0.outcome.outages?.unservedKWh) },
    Measure(
      "followed", unit: .object, in: .json, isOptional: true,
      "How a version followed the costs of others; left out for one that follows none."
    ) { score in
      score.outcome.followed.map { .json(FollowedMoney.measures.json($0)) } ?? .number(nil)
    },
    Measure(
      "plan_fidelity_kw", unit: .kW, in: .json,
      "Mean distance between planned and executed battery power, by lead; null where no plan reached."
    ) { score in
      .json(
        .object(
          Dictionary(
            uniqueKeysWithValues: zip(
              PlanFidelity.bucketEndHours, score.outcome.fidelity.meanAbsoluteKW
            ).map { ("lead_below_\(JSONValue.text(of: $0))_h", .number($1)) })))
    },
    Measure(
      "auxiliary_kwh", unit: .kWh, in: .json, jsonDefault: .number(0),
      "Draw of the battery system's cooling, heating and stand-by."
    ) { .number($0.outcome.ledger?.auxiliaryKWh) },
    Measure(
      "balance_error_kwh", unit: .kWh, in: .json,
      "Largest violation of the power balance at the meter in an interval."
    ) { .number($0.outcome.trace.largestImbalanceKWh) },
    Measure(
      "label", unit: .words, in: .csv,
      "What no forecaster could have known: `oracle`, `oracle weather` or nothing."
    ) { .text($0.outcome.label) },
  ])
}

extension VersionScore {
  /// Mean absolute and root mean squared errors of the forecast quantities.
  private static let accuracy = [Quantity.load, .pv, .price].flatMap { quantity in
    ErrorStatistics.Sums.errors.only("mae", "rmse").measures.map { error in
      let isPrice = quantity == .price
      return Measure<VersionScore>(
        "\(quantity.rawValue)_\(error.key)_\(isPrice ? "per_kwh" : "kw")",
        header: error.key == "mae" ? "\(quantity == .pv ? "PV" : quantity.rawValue) MAE" : nil,
        namesUnit: !isPrice, unit: isPrice ? .currencyPerKWh : .kW, decimals: isPrice ? 4 : 3,
        in: .csv, "\(error.meaning.dropLast()) of the forecasts of \(quantity.rawValue)."
      ) { score in
        .number(score.outcome.accuracy[quantity].flatMap { error.number($0.total) })
      }
    }
  }
}

extension VersionScore {
  /// The name with what no forecaster could have known; the oracle says so itself.
  var labelledName: String {
    outcome.label.isEmpty || outcome.name == outcome.label
      ? outcome.name : "\(outcome.name) (\(outcome.label))"
  }
}
