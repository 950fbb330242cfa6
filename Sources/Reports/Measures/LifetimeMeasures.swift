package import Studies

extension LifetimeYear {
  /// What a battery does in a year of the project.
  package static let measures = MeasureList<LifetimeYear>([
    Measure("year", header: "year", "Year from 1.") { .integer($0.year) },
    Measure("is_replayed", header: "replayed", unit: .flag, "Whether the year was replayed.") {
      .flag($0.isReplayed)
    },
    Measure(
      "start_capacity_fraction", header: "capacity", unit: .fraction, decimals: 1,
      "Capacity at its start over the nominal one."
    ) { .number($0.startCapacity) },
    Measure(
      "end_capacity_fraction", header: "at end", unit: .fraction, decimals: 1,
      "Capacity at its end, new cells included."
    ) { .number($0.endCapacity) },
    Measure(
      "resistance_factor", header: "resistance", "Resistance at its end over that of new cells."
    ) { .number($0.resistance) },
    Measure(
      "saving", header: "saving", unit: .currency, decimals: 0,
      "What the battery saves, at the prices of the replay."
    ) { .number($0.saving) },
    Measure("discharged_kwh", header: "let out", unit: .kWh, decimals: 0, "Energy let out.") {
      .number($0.dischargedKWh)
    },
    Measure(
      "replacements", header: "new cells", "How often cells were replaced or added to."
    ) { .integer($0.replacements) },
    Measure("replaced_kwh", unit: .kWh, "Energy of the cells bought.") {
      .number($0.replacedKWh)
    },
  ])
}

extension Tornado.Bar {
  /// How far one assumption moves the value.
  package static let measures = MeasureList<Tornado.Bar>([
    Measure("name", header: "assumption", unit: .words, "What is moved.") { .text($0.name) },
    Measure("swing", header: "by", unit: .words, "How far.") { .text($0.swing) },
    Measure(
      "npv_low", header: "NPV low", namesUnit: false, unit: .currency, decimals: 0,
      "Net present value at the bad end."
    ) { .number($0.low) },
    Measure(
      "npv_high", header: "NPV high", namesUnit: false, unit: .currency, decimals: 0,
      "Net present value at the good end."
    ) { .number($0.high) },
  ])
}
