import Twin

extension TestRecord {
  /// What a step of a test protocol came to.
  static let measures = MeasureList<TestRecord>([
    Measure(
      "step", header: "step",
      "Number of the step in the document, counted from 1; the same in every cycle."
    ) { .integer($0.place.number) },
    Measure("cycle", header: "cycle", "Cycle, counted from 1; none outside of any.") {
      .integer($0.place.cycle)
    },
    Measure("kind", header: "what", unit: .words, "`rest`, `charge` or `discharge`.") {
      .text($0.place.step.kind.rawValue)
    },
    Measure(
      "start_hours", header: "from", unit: .hours, decimals: 3,
      "When it began, since the start of the protocol."
    ) { .number($0.startSeconds / 3600) },
    Measure("hours", header: "took", unit: .hours, decimals: 3, "How long it took.") {
      .number($0.seconds / 3600)
    },
    Measure(
      "held_hours", header: "held", unit: .hours, decimals: 3,
      "Part of it in which the voltage was held."
    ) { .number($0.heldSeconds / 3600) },
    Measure(
      "charge_ah", header: "charge", unit: .ampereHours, decimals: 3,
      "Charge at the terminals of the pack, positive in discharge."
    ) { .number($0.chargeAh) },
    Measure(
      "pack_kwh", header: "energy", unit: .kWh, decimals: 3,
      "Energy at the terminals of the pack, positive in discharge."
    ) { .number($0.packKWh) },
    Measure(
      "ac_kwh", header: "AC", unit: .kWh, decimals: 3,
      "Energy at the AC terminals of the inverter, positive in discharge."
    ) { .number($0.acKWh) },
    Measure(
      "end_pack_v", header: "pack", unit: .volt, decimals: 2, "Voltage of the pack at the end."
    ) { .number($0.endPackV) },
    Measure(
      "end_lowest_cell_v", header: "lowest", unit: .volt, decimals: 3,
      "Lowest cell voltage at the end."
    ) { .number($0.endLowestV) },
    Measure(
      "end_highest_cell_v", header: "highest", unit: .volt, decimals: 3,
      "Highest cell voltage at the end."
    ) { .number($0.endHighestV) },
    Measure(
      "end_soc_fraction", header: "SOC", unit: .fraction, "Mean state of charge at the end."
    ) { .number($0.endSOC) },
    Measure(
      "hottest_cell_c", header: "hottest", unit: .celsius, decimals: 1,
      "Hottest cell at the end of any step of the twin; none where nothing was done."
    ) { .number($0.hottestC.isFinite ? $0.hottestC : nil) },
    Measure(
      "refused_kwh", header: "refused", unit: .kWh, decimals: 3,
      "Energy at the inverter that was asked for and not given."
    ) { .number($0.refusedKWh) },
    Measure("cause", header: "by", unit: .words, "What refused most of it at a time.") {
      .text($0.cause?.rawValue)
    },
    Measure(
      "end", header: "ended by", unit: .words,
      "`time`, `voltage`, `cut_off`, `soc`, `limit` (a limit of the battery left nothing) or `longest` "
        + "(nothing was reached in 200 h)."
    ) { .text($0.end.rawValue) },
  ])
}

extension TestCycle {
  /// What a cycle of a test protocol came to.
  static let measures = MeasureList<TestCycle>([
    Measure("cycle", header: "cycle", "Cycle, counted from 1.") { .integer($0.number) },
    Measure(
      "charged_ah", header: "charged", unit: .ampereHours, decimals: 3,
      "Charge into the pack at its terminals."
    ) { .number($0.chargedAh) },
    Measure(
      "discharged_ah", header: "discharged", unit: .ampereHours, decimals: 3,
      "Charge out of the pack at its terminals."
    ) { .number($0.dischargedAh) },
    Measure(
      "charge_efficiency_fraction", header: "charge kept", unit: .fraction, decimals: 2,
      "Charge out for charge in; none where nothing was charged. Both ends of the cycle count only where "
        + "they are at the same state."
    ) { .number($0.chargedAh > 0 ? $0.dischargedAh / $0.chargedAh : nil) },
    Measure(
      "charged_kwh", header: "charged", unit: .kWh, decimals: 3,
      "Energy into the pack at its terminals."
    ) { .number($0.chargedKWh) },
    Measure(
      "discharged_kwh", header: "discharged", unit: .kWh, decimals: 3,
      "Energy out of the pack at its terminals."
    ) { .number($0.dischargedKWh) },
    Measure(
      "energy_efficiency_fraction", header: "energy efficiency", unit: .fraction, decimals: 2,
      "Energy out for energy in at the terminals of the pack; none where nothing was charged."
    ) { .number($0.chargedKWh > 0 ? $0.dischargedKWh / $0.chargedKWh : nil) },
    Measure(
      "hottest_cell_c", header: "hottest", unit: .celsius, decimals: 1, "Hottest cell."
    ) { .number($0.hottestC.isFinite ? $0.hottestC : nil) },
  ])
}
