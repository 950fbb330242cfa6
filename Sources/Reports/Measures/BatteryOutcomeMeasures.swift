import Replay
import Twin

extension BatteryOutcome {
  /// What one of several batteries did.
  static let measures = MeasureList<BatteryOutcome>([
    Measure("battery", header: "battery", unit: .words, "Name of the battery.") { .text($0.name) },
    Measure(
      "nominal_kwh", header: "nominal", unit: .kWh, decimals: 1,
      "Nominal energy between empty and full."
    ) { .number($0.nominalKWh) },
    Measure("power_kw", unit: .kW, decimals: 1, "Rating of its inverter.") { .number($0.ratedKW) },
    Measure(
      "charged_kwh", header: "charged", unit: .kWh, decimals: 0, "Energy taken at its terminals."
    ) { .number($0.ledger.chargedKWh) },
    Measure(
      "discharged_kwh", header: "let out", unit: .kWh, decimals: 0, "Energy given at its terminals."
    ) { .number($0.ledger.dischargedKWh) },
    Measure(
      "equivalent_full_cycles", header: "cycles", decimals: 1,
      "Energy discharged over the nominal energy."
    ) { .number($0.ledger.equivalentFullCycles) },
    Measure("loss_kwh", header: "loss", unit: .kWh, decimals: 0, "Losses of cells and inverter.") {
      .number($0.ledger.lossKWh)
    },
    Measure(
      "auxiliary_kwh", unit: .kWh, decimals: 0, "Draw of its cooling, heating and stand-by."
    ) { .number($0.ledger.auxiliaryKWh) },
    Measure(
      "wear_cost", header: "wear", unit: .currency, "Price of the wear of its energy discharged."
    ) { .number($0.wearCost) },
    Measure(
      "end_energy_value", unit: .currency,
      "Value of the energy stored at the end beyond what was stored at the start."
    ) { .number($0.endEnergyValue) },
    Measure(
      "derate_minutes", unit: .minutes,
      "Time in which its derating policy left less than the rated power, asked for or not."
    ) { .number($0.ledger.derateSeconds / 60) },
    Measure(
      "derated_kwh", header: "derated", unit: .kWh, decimals: 1,
      "Energy asked for that its derating policy refused."
    ) { .number($0.ledger.deratedKWh) },
    Measure(
      "hottest_cell_c", header: "hottest", unit: .celsius, decimals: 1, "Hottest cell at any time."
    ) { .number($0.ledger.hottestCellC) },
    Measure(
      "life_used_fraction", header: "life used", unit: .fraction, decimals: 2,
      "Share of its life used in the period."
    ) { .number($0.ledger.lifeUsedFraction) },
    Measure(
      "capacity_fraction", unit: .fraction, decimals: 2,
      "Capacity left in the mean of its cells, as a share of the new one; none where they do not age."
    ) { .number($0.ageing?.capacityFactor) },
    Measure(
      "limits", unit: .list, in: .json,
      "What kept it from its rating or from what it was asked for, by cause."
    ) { .json(LimitRecord.measures.list($0.ledger.limits)) },
  ])
}
