import Documents
package import Twin

extension LimitReason {
  /// The reason in words: `charging at 5.0 °C: table 'charge.temperature' allows 0.5 of rated`.
  ///
  /// - Parameters:
  ///   - battery: Whose ratings and levels are named.
  ///   - place: The cell that decided; nil when none in particular did.
  /// - Returns: One sentence without a full stop.
  package func words(_ battery: TwinSpecification, place: CellPlace?) -> String {
    let whose = place.map { "; \($0)" } ?? ""
    return
      "\(direction == .charge ? "charging" : "discharging")\(sight): \(rule(of: battery))\(whose)"
  }

  /// What the rule looked at, after the direction.
  private var sight: String {
    var parts: [String] = []
    if let temperatureC { parts.append("at \(NumberText.fixed(temperatureC, decimals: 1)) °C") }
    if let socFraction { parts.append("at \(NumberText.percent(socFraction)) of the charge") }
    if let voltageV { parts.append("at \(NumberText.fixed(voltageV, decimals: 3)) V") }
    return parts.isEmpty ? "" : " " + parts.joined(separator: " and ")
  }

  private func rule(of battery: TwinSpecification) -> String {
    let share = NumberText.rounded(fraction ?? 0, decimals: 3)
    let policy = battery.derating
    switch rule {
    case .chargeTemperature, .chargeSOC, .chargeTemperatureSOC, .chargeVoltage,
      .dischargeTemperature, .dischargeSOC, .dischargeTemperatureSOC, .dischargeVoltage:
      return "table '\(rule.rawValue)' allows \(share) of rated"
    case .heatsink, .inverterAmbient:
      return "table '\(rule.rawValue)' allows \(share) of the inverter's rating"
    case .recovery, .chargeRecovery, .dischargeRecovery:
      return "'\(rule.rawValue)' has given back \(share) of rated so far"
    case .latch, .chargeLatch, .dischargeLatch:
      let recovery = policy.recovery(of: direction)
      return "stopped from '\(rule.rawValue)' of \(celsius(recovery.latchC)) until "
        + celsius(recovery.latchResetC)
    case .warning:
      return "'warning' of \(celsius(policy.warning?.limitC)) within "
        + "\(NumberText.rounded(policy.warning?.leadSeconds ?? .nan, decimals: 1)) s leaves \(share) of rated"
    case .inverterWarning:
      let warning = policy.inverter.warning
      return "'inverter.warning' of \(celsius(warning?.limitC)) within "
        + "\(NumberText.rounded(warning?.leadSeconds ?? .nan, decimals: 1)) s leaves \(share) of the "
        + "inverter's rating"
    case .cutOff:
      let limitC = battery.limits.cutOffC
      return "the protection cut the battery off from 'cut_off_c' of \(celsius(limitC)) until "
        + celsius(limitC - LimitSpecification.cutOffReleaseK)
    case .inverterStop:
      return
        "the inverter is stopped from '\(rule.rawValue)' of \(celsius(policy.inverter.stopC)) until "
        + celsius(policy.inverter.restartC) + release(policy.inverter.release)
    case .chargeStop, .dischargeStop:
      let stop = policy.stop(direction)
      return "stopped from '\(rule.rawValue)' of \(volt(stop?.stopV)) until \(volt(stop?.restartV))"
        + release(stop?.release ?? StopRelease())
    case .rating:
      return
        "the inverter is rated at \(NumberText.rounded(battery.converter.ratedKW, decimals: 2)) kW"
    case .rate:
      let limits = battery.limits
      let rate =
        direction == .charge
        ? limits.maximumChargeC ?? battery.cell.maximumChargeC
        : limits.maximumDischargeC ?? battery.cell.maximumDischargeC
      return "the cells' highest rate is \(NumberText.rounded(rate, decimals: 3))C, "
        + "\(NumberText.rounded(rate * battery.nominalAh, decimals: 1)) A"
    case .lowestSOC:
      return "no cell goes below 'soc_min_fraction' of "
        + NumberText.rounded(battery.limits.minimumSOC, decimals: 3)
    case .highestSOC:
      return "no cell goes above 'soc_max_fraction' of "
        + NumberText.rounded(battery.limits.maximumSOC, decimals: 3)
    case .lowestV: return "no cell goes below its \(volt(battery.cell.minimumV))"
    case .highestV: return "no cell goes above its \(volt(battery.cell.maximumV))"
    }
  }

  /// What else ends a stop: ` for 60 s, not before a charge or 600 s`.
  private func release(_ release: StopRelease) -> String {
    func seconds(_ value: Double) -> String { "\(NumberText.rounded(value, decimals: 1)) s" }
    var text = release.dwellSeconds > 0 ? " for \(seconds(release.dwellSeconds))" : ""
    var ends: [String] = []
    if release.reset == .reversal { ends.append(direction == .charge ? "a discharge" : "a charge") }
    if let latch = release.latchSeconds, latch > 0 { ends.append(seconds(latch)) }
    if !ends.isEmpty { text += ", not before \(ends.joined(separator: " or "))" }
    return text
  }

  private func celsius(_ value: Double?) -> String {
    "\(NumberText.rounded(value ?? .nan, decimals: 1)) °C"
  }

  private func volt(_ value: Double?) -> String {
    "\(NumberText.rounded(value ?? .nan, decimals: 3)) V"
  }
}
