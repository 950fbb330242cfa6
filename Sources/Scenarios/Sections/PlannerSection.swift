import Documents
import Planning
import Replay
import Tariffs
import TimeSeries

/// The section `planner`, before the period's step is known.
struct PlannerSection {
  /// What the section says of a replay; steps come with the period.
  var settings = ReplaySettings()
  var stepSeconds: Int?
  var variants: [PlannerVariantSection] = []
  var budget: BudgetSection?

  init() { settings.hedge = .automatic }

  /// Reads the section.
  ///
  /// - Parameters:
  ///   - reader: The section.
  ///   - zone: The site's clock.
  init?(_ reader: MappingReader, zone: Zone) {
    self.init()
    let usual = settings
    settings.engine = reader.choice("engine", default: usual.engine)
    settings.hedge = reader.hedge("hedge") ?? usual.hedge
    settings.heat = reader.choice("heat", default: usual.heat)
    settings.batteryPowerMethod = reader.choice(
      "battery_outlook", default: usual.batteryPowerMethod)
    variants = reader.plannerVariants("variants")
    stepSeconds = reader.optionalInteger("step_s", 1...86_400)
    settings.horizonHours = reader.number(
      "horizon_h", .within(1...336), default: usual.horizonHours)
    let replanHours = reader.number(
      "replan_every_h", .within(0.01...168), default: Double(usual.replanSeconds) / 3600)
    settings.replanSeconds = Int((replanHours * 3600).rounded())
    settings.wearPerKWh = reader.number("wear_per_kwh", .zeroOrMore, default: usual.wearPerKWh)
    settings.reserve = reader.reserve("reserve_fraction") ?? usual.reserve
    settings.reserve.outages = reader.expectedOutages("outages", zone: zone)
    budget = reader.budget("budget")
    settings.terminal = reader.terminalValue("terminal") ?? usual.terminal
    settings.peakPricing = reader.choice("peak_pricing", default: usual.peakPricing)
    settings.publicationMinute = reader.publicationMinute(
      "prices_published_at", default: usual.publicationMinute)
  }
}

extension MappingReader {
  /// Reads the local time at which the next day's prices become known, or `never` for a real-time
  /// market.
  fileprivate func publicationMinute(_ key: String, default absent: Int?) -> Int? {
    guard let node = node(key) else { return absent }
    if node.scalar?.text == "never" { return nil }
    return context.minuteOfDay(node, named: key)
  }

  /// Reads the rule that values the energy left at the end of a plan.
  fileprivate func terminalValue(_ key: String) -> TerminalValue? {
    // The default of a replay is a quantile.
    let names: [(name: String, value: TerminalValue)] = [
      ("none", .none), ("equal_to_start", .equalToStart),
      ("price_quantile", ReplaySettings().terminal), ("next_day_shadow_price", .nextDayShadowPrice),
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
