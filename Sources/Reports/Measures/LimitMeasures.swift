import Twin

extension LimitRecord {
  /// What one cause kept a battery from.
  static let measures = MeasureList<LimitRecord>([
    Measure(
      "cause", header: "cause", unit: .words,
      "`cold`, `heat`, `inverter_temperature`, `derate_soc` by rule; `inverter`, `c_rate`, `soc`, "
        + "`cell_voltage` by rating and state, which are counted where they refuse something."
    ) { .text($0.cause.rawValue) },
    Measure(
      "withheld_charge_kwh", header: "charging withheld", unit: .kWh, decimals: 1,
      "Energy that charging at the rated power could not have had, asked for or not."
    ) { .number($0.withheldChargeKWh) },
    Measure(
      "withheld_charge_hours", header: "for", unit: .hours, decimals: 1,
      "Time in which the rated charging power could not be had."
    ) { .number($0.withheldChargeSeconds / 3600) },
    Measure(
      "withheld_discharge_kwh", header: "discharging withheld", unit: .kWh, decimals: 1,
      "Energy that discharging at the rated power could not have given, asked for or not."
    ) { .number($0.withheldDischargeKWh) },
    Measure(
      "withheld_discharge_hours", header: "for", unit: .hours, decimals: 1,
      "Time in which the rated discharging power could not be had."
    ) { .number($0.withheldDischargeSeconds / 3600) },
    Measure(
      "refused_charge_kwh", header: "charging refused", unit: .kWh, decimals: 2,
      "Energy of charging that was asked for and not done."
    ) { .number($0.refusedChargeKWh) },
    Measure(
      "refused_discharge_kwh", header: "discharging refused", unit: .kWh, decimals: 2,
      "Energy of discharging that was asked for and not given."
    ) { .number($0.refusedDischargeKWh) },
  ])
}
