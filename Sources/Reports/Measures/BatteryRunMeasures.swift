import Documents
import Replay
package import Studies
import Twin

extension BatteryRun {
  /// One battery of several, with its cheapest version.
  package static let measures = MeasureList<BatteryRun>([
    Measure("battery", header: "battery", unit: .words, "Name of the battery.") { .text($0.name) },
    Measure(
      "cells", header: "cells", unit: .words, "Cells in words."
    ) { .text($0.replay.battery.arrangementText) },
    Measure(
      "nominal_kwh", header: "nominal", unit: .kWh, decimals: 1,
      "Nominal energy between empty and full."
    ) { .number($0.replay.battery.nominalEnergyKWh) },
    Measure("power_kw", header: "inverter", unit: .kW, decimals: 1, "Rating of the inverter.") {
      .number($0.replay.battery.converter.ratedKW)
    },
    Measure("version", header: "version", unit: .words, "Its cheapest version.") {
      .text($0.score.outcome.name)
    },
    Measure("cost", header: "cost", unit: .currency, "What the period cost with it.") {
      .number($0.score.outcome.cost)
    },
    Measure(
      "savings_vs_no_battery", header: "saves", unit: .currency,
      "Cost without a battery less this cost; what the battery costs to buy is not counted."
    ) { .number($0.score.savingsVsNoBattery) },
    Measure(
      "oracle_cost", header: "oracle", unit: .currency, "Cost with perfect forecasts."
    ) { .number($0.comparison.oracle.outcome.cost) },
    Measure(
      "loss_kwh", header: "loss", unit: .kWh, decimals: 0, "Losses of cells and inverter."
    ) { .number($0.score.outcome.ledger?.lossKWh) },
    Measure(
      "hottest_cell_c", header: "hottest", unit: .celsius, decimals: 1, "Hottest cell at any time."
    ) { .number($0.score.outcome.ledger?.hottestCellC) },
    Measure(
      "derated_kwh", header: "derated", unit: .kWh, decimals: 1,
      "Energy asked for that derating rules refused."
    ) { .number($0.score.outcome.ledger?.deratedKWh) },
    Measure(
      "life_used_fraction", header: "life used", unit: .fraction, "Share of its life used."
    ) { .number($0.score.outcome.ledger?.lifeUsedFraction) },
  ])
}

extension TwinSpecification {
  /// The cells in words: `16 × lfp_prismatic_280 of 280 Ah`.
  package var arrangementText: String {
    let side = (parallel > 1 ? ", \(parallel)p" : "") + (strings > 1 ? ", \(strings) strings" : "")
    let ah = NumberText.rounded(cell.capacityAh, decimals: 1)
    return "\(series) × \(cell.name) of \(ah) Ah\(side)"
  }
}
