import Documents
import Planning
import Replay
import Tariffs

/// Reads the sections `planner` and `replay` into the settings of a replay.
struct PlannerSection {
  var engine = PlannerChoice.automatic
  var hedge: HedgeSection?
  var heat = HeatForesight.envelope
  var batteryOutlook = BatteryOutlook.rule
  var stepSeconds: Int?
  var horizonHours = 36.0
  var replanHours = 1.0
  var wearPerKWh = 0.0
  var terminal = TerminalValue.priceQuantile(0.25)
  var peakPricing = PeakPricing.fullPrice
  var publicationMinute: Int? = 13 * 60

  init() {}

  var variants: [PlannerVariantSection] = []

  init?(_ reader: MappingReader) {
    engine = reader.choice("engine", default: .automatic)
    hedge = reader.hedge("hedge")
    heat = reader.choice("heat", default: .envelope)
    batteryOutlook = reader.choice("battery_outlook", default: .rule)
    variants = reader.plannerVariants("variants")
    stepSeconds = reader.optionalInteger("step_s", 1...86_400)
    horizonHours = reader.number("horizon_h", .within(1...336), default: 36)
    replanHours = reader.number("replan_every_h", .within(0.01...168), default: 1)
    wearPerKWh = reader.number("wear_per_kwh", .zeroOrMore, default: 0)
    terminal = reader.terminalValue("terminal") ?? .priceQuantile(0.25)
    peakPricing = reader.choice("peak_pricing", default: .fullPrice)
    publicationMinute = reader.publicationMinute("prices_published_at")
    reader.require(
      horizonHours >= replanHours, "horizon_h",
      "'horizon_h' must reach the next plan, 'replan_every_h' is \(plain(replanHours))")
  }
}

extension MappingReader {
  /// Reads the local time at which the next day's prices become known, or `never` for a real-time
  /// market.
  fileprivate func publicationMinute(_ key: String) -> Int? {
    guard let node = node(key) else { return 13 * 60 }
    if node.scalar?.text == "never" { return nil }
    return context.minuteOfDay(node, named: key)
  }

  /// Reads the rule that values the energy left at the end of a plan.
  fileprivate func terminalValue(_ key: String) -> TerminalValue? {
    let names: [(name: String, value: TerminalValue)] = [
      ("none", .none), ("equal_to_start", .equalToStart),
      ("price_quantile", .priceQuantile(0.25)), ("next_day_shadow_price", .nextDayShadowPrice),
    ]
    return sectionOrNode(
      key,
      section: { reader in
        let perKWh = reader.optionalNumber("per_kwh")
        let quantile = reader.optionalNumber("price_quantile", .fraction)
        let rows = reader.optionalRows("table", columns: ["energy_kwh", "value"])
        let given = [perKWh != nil, quantile != nil, rows != nil].count { $0 }
        guard given == 1 else {
          reader.context.error(
            "'\(key)' takes exactly one of 'per_kwh', 'price_quantile' and 'table'",
            at: reader.position)
          return nil
        }
        if let perKWh { return .perKWh(perKWh) }
        if let quantile { return .priceQuantile(quantile) }
        return rows.map { rows in
          .table(rows.map { TerminalPoint(energyKWh: $0[0], value: $0[1]) })
        }
      },
      other: { context.choice($0, named: key, among: names) })
  }
}
