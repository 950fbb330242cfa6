import Replay

extension WaitingOutcome {
  /// What a load that can wait came to.
  static let measures = MeasureList<WaitingOutcome>([
    Measure("load", header: "load", unit: .words, "Name of the load.") { .text($0.name) },
    Measure("kind", unit: .words, "`ev`, `boiler`, `heat_pump` or `process`.") {
      .text($0.kind.rawValue)
    },
    Measure("drawn_kwh", header: "drawn", unit: .kWh, decimals: 1, "Electricity that it drew.") {
      .number($0.drawnKWh)
    },
    Measure(
      "served_kwh", header: "served", unit: .kWh, decimals: 1,
      "Energy that it gave to its use: of a car what it left with, of a tank the heat that was taken."
    ) { .number($0.servedKWh) },
    Measure(
      "unmet_kwh", header: "unmet", unit: .kWh, "What must be had and was not."
    ) { .number($0.unmetKWh) },
    Measure(
      "nice_unmet_kwh", header: "nice unmet", unit: .kWh,
      "What would have been nice to have and was not."
    ) { .number($0.optionalUnmetKWh) },
    Measure(
      "energy_cost", header: "electricity", unit: .currency,
      "What its electricity cost: power at the meter is taken as bought for it first, what exceeds that is "
        + "priced as if it had been fed in. Peaks, tiers and fees are not in it."
    ) { .number($0.energyCost) },
    Measure("unmet_cost", header: "unmet", unit: .currency, "Price of what it left unmet.") {
      .number($0.unmetCost)
    },
    Measure(
      "end_value", unit: .currency,
      "Worth of what its store holds at the end beyond what it held at the start."
    ) { .number($0.endValue) },
    Measure(
      "shifted_share", header: "shifted", unit: .fraction, decimals: 1,
      "Share of its electricity that it drew at other times than without a plan; none for one that drew nothing."
    ) { .number($0.shiftedShare) },
  ])
}
