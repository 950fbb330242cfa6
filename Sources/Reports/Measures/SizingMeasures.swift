import Documents
import Replay
package import Studies

extension SizingCandidate {
  /// One battery size and what it earns.
  package static let measures = size + money + parts + later + battery

  private static let size = MeasureList<SizingCandidate>([
    Measure(
      "product", unit: .words, "Name of the product; null for a size of the scenario's battery.",
      value: { .text($0.run.product) }),
    Measure(
      "added_pv_kwp", "Production added to the site, in kWp.", value: { .number($0.run.addedPVKWp) }
    ),
    Measure(
      "tariff", unit: .words, "Name of the tariff; null for the site's own.",
      value: { .text($0.run.tariff) }),
    Measure(
      "battery_kwh", header: "kWh", namesUnit: false, unit: .kWh, decimals: 1,
      "Nominal energy between empty and full; 0 for no battery, the first candidate."
    ) { .number($0.energyKWh) },
    Measure(
      "battery_kw", header: "kW", namesUnit: false, unit: .kW, decimals: 1, "Inverter power."
    ) { .number($0.powerKW) },
  ])

  private static let money = MeasureList<SizingCandidate>([
    Measure("capex", header: "capital", unit: .currency, decimals: 0, "Price of the system.") {
      .number($0.capital)
    },
    Measure(
      "year1_savings", header: "saving/year", namesUnit: false, unit: .currencyPerYear,
      "Savings of the first year against no battery, wear not counted."
    ) { .number($0.year1Savings) },
    Measure(
      "npv", header: "NPV", namesUnit: false, unit: .currency, decimals: 0, "Net present value."
    ) { .number($0.netPresentValue) },
    Measure(
      "npv_p10", header: "NPV p10", namesUnit: false, unit: .currency, decimals: 0,
      "Net present value that one project in ten stays below; null for fewer than twelve whole months."
    ) { .number($0.range?.p10) },
    Measure("npv_p50", unit: .currency, "Median net present value; null as p10.") {
      .number($0.range?.p50)
    },
    Measure(
      "npv_p90", header: "NPV p90", namesUnit: false, unit: .currency, decimals: 0,
      "Net present value that one project in ten exceeds; null as p10."
    ) { .number($0.range?.p90) },
    Measure(
      "gain_probability", header: "P(gain)", namesUnit: false, unit: .fraction, decimals: 0,
      "Probability of a net present value above zero, of what the range holds; null as p10."
    ) { .number($0.isNoBattery && $0.capital == 0 ? nil : $0.range?.gainProbability) },
    Measure(
      "npv_against_best", path: "against_best.difference", header: "less best", namesUnit: false,
      unit: .currency, "Net present value less that of the best candidate.",
      words: { candidate in
        guard let part = candidate.againstBest else { return "–" }
        return NumberText.fixed(part.difference, decimals: 0)
          + (part.halfWidth.map { " ± \(NumberText.fixed($0, decimals: 0))" } ?? "")
      }
    ) { .number($0.againstBest?.difference) },
    Measure(
      "npv_against_best_half_width", path: "against_best.half_width", unit: .currency,
      "Half-width of its 95 % interval from paired months; null where they allow none."
    ) { .number($0.againstBest?.halfWidth) },
    Measure(
      "irr", header: "IRR", unit: .fraction, decimals: 1,
      "Internal rate of return; null where no single rate makes the value zero."
    ) { .number($0.internalRateOfReturn) },
    Measure(
      "mirr", unit: .fraction, decimals: 1,
      "Modified rate of return, money borrowed and lent at the discount rate; null where nothing is paid or earned."
    ) { .number($0.modifiedRateOfReturn) },
    Measure(
      "payback_years", header: "payback", unit: .years, decimals: 1,
      "Simple payback, as if nothing were borrowed; `never` where it never comes, null for no battery."
    ) { $0.isNoBattery ? .number(nil) : .time($0.paybackYears) },
    Measure(
      "discounted_payback_years", header: "discounted", unit: .years, decimals: 1,
      "Discounted payback, as if nothing were borrowed; `never` where it never comes, null for no battery."
    ) { $0.isNoBattery ? .number(nil) : .time($0.discountedPaybackYears) },
    Measure(
      "replacement_years", header: "replaced", namesUnit: false, unit: .years, in: .json,
      "Years in which the cells are replaced.",
      words: { candidate in
        candidate.replacementYears.isEmpty
          ? "–" : candidate.replacementYears.map { "year \($0)" }.joined(separator: ", ")
      }
    ) { .integers($0.replacementYears) },
    Measure(
      "owner_npv", unit: .currency,
      "Net present value to the third party that owns the battery; null where none does."
    ) { .number($0.ownerNetPresentValue) },
    Measure(
      "lcos_per_kwh", unit: .currencyPerKWh,
      "Levelised cost of the energy let out, charging included, before tax; null where none is let out."
    ) { .number($0.accounts.storageCostPerKWh) },
    Measure(
      "oracle_npv", header: "oracle NPV", namesUnit: false, unit: .currency, decimals: 0,
      "Net present value with perfect forecasts; null when it was not asked for."
    ) { .number($0.oracleNetPresentValue) },
  ])

  private static let parts = MeasureList<SizingCandidate>([
    Measure(
      "arbitrage_saving", path: "benefits.arbitrage", unit: .currencyPerYear,
      "Part of the first year's saving: energy from the grid used later."
    ) { .number($0.benefits.arbitrage) },
    Measure(
      "self_consumption_saving", path: "benefits.self_consumption", unit: .currencyPerYear,
      "Part of it: production used later instead of sold."
    ) { .number($0.benefits.selfConsumption) },
    Measure(
      "curtailment_saving", path: "benefits.curtailment_avoided", unit: .currencyPerYear,
      "Part of it: production used later instead of thrown away."
    ) { .number($0.benefits.curtailmentAvoided) },
    Measure(
      "export_saving", path: "benefits.export", unit: .currencyPerYear,
      "Part of it: energy that the battery sold."
    ) { .number($0.benefits.export) },
    Measure(
      "demand_saving", path: "benefits.demand_charge", unit: .currencyPerYear,
      "Part of it: what peaks decide."
    ) { .number($0.benefits.demandCharge) },
    Measure(
      "own_draw_saving", path: "benefits.own_draw", unit: .currencyPerYear,
      "Part of it, negative: the battery system's own draw."
    ) { .number($0.benefits.ownDraw) },
    Measure(
      "other_saving", path: "benefits.other", unit: .currencyPerYear,
      "Part of it: tiers, credits and minimums of whole months, and the energy left at the end."
    ) { .number($0.benefits.rest) },
    Measure(
      "solar_charge_fraction", unit: .fraction,
      "Share of the energy charged that comes from production on site; null where nothing is charged."
    ) { .number($0.benefits.solarShare) },
  ])

  private static let later = MeasureList<SizingCandidate>([
    Measure(
      "end_capacity_fraction", unit: .fraction,
      "Capacity at the end of the last year over the nominal one, new cells included."
    ) { .number($0.life.years.last?.endCapacity) },
    Measure(
      "last_year_savings", unit: .currencyPerYear,
      "Saving of the last year at the prices of the replay."
    ) { .number($0.life.years.last?.saving) },
    Measure(
      "fade_error_fraction", unit: .fraction,
      "Largest error of the fade that was foreseen for a replayed year, as a share of the new capacity; null where one "
        + "year was replayed."
    ) { .number($0.life.fadeError) },
    Measure(
      "saving_error_fraction", unit: .fraction,
      "Largest error of a replayed year's saving read from the others; null for fewer than three."
    ) { .number($0.life.savingError) },
  ])

  private static let battery = MeasureList<SizingCandidate>([
    Measure(
      "warranty_breach_year", unit: .years,
      "Year in which more cycles are done than `battery.warranty` promises; null where it lasts or there is none.",
      words: { $0.warrantyBreachYear.map { "year \($0)" } ?? "–" }
    ) { .integer($0.warrantyBreachYear) },
    Measure(
      "budget_price_per_kwh", unit: .currencyPerKWh,
      "Mean price on top of wear that kept `planner.budget`; null without one."
    ) { .number($0.run.budget?.pricePerKWh) },
    Measure(
      "outage_survived_fraction", unit: .fraction,
      "Share of the starts from which an outage of `size.resilience.outage_h` hours is survived; null where nobody asked."
    ) { .number($0.run.outages?.survivedShare) },
    Measure(
      "outage_saving", unit: .currencyPerYear,
      "What survived outages are worth in a year; null where nobody asked."
    ) { .number($0.run.outages?.avoidedPerYear) },
    Measure(
      "reserve_cost", unit: .currencyPerYear,
      "What keeping the reserve costs in a year; null without one."
    ) { .number($0.run.outages?.reserveCostPerYear) },
    Measure(
      "derated_kwh", header: "derated", unit: .kWh, decimals: 1, jsonDefault: .number(0),
      "Energy that the derating policy refused in the replayed period."
    ) { .number($0.run.deratedKWh) },
    Measure(
      "equivalent_full_cycles", jsonDefault: .number(0),
      "Energy discharged in the replayed period over the nominal energy."
    ) { .number($0.run.equivalentFullCycles) },
    Measure(
      "life_used_fraction", unit: .fraction, jsonDefault: .number(0),
      "Share of the battery's life used in the replayed period."
    ) { .number($0.run.lifeUsedFraction) },
  ])
}
