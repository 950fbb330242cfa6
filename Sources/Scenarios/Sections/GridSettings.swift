package import Replay

/// What the connection to the grid allows: the section `grid`.
package struct GridSettings: Sendable, Hashable {
  /// Highest import.
  package var importLimit = ConnectionLimit()
  /// Highest export.
  package var exportLimit = ConnectionLimit()
  /// Highest export as a share of the plant's peak power; nothing when it does not limit.
  package var exportLimitFraction: Double?
  /// How long ahead plans know of limits in the history. [h]
  package var limitsKnownHours = 0.0
  /// When production may be thrown away.
  package var curtailment = Curtailment.free
  /// What production can be held to when it is thrown away.
  package var curtailmentSteps = CurtailmentSteps()
  /// What the battery may do at the meter.
  package var rights = BatteryRights()
}

extension GridSettings {
  /// Reads the section.
  init?(_ reader: MappingReader) {
    importLimit = reader.connectionLimit("import_limit_kw")
    exportLimit = reader.connectionLimit("export_limit_kw")
    exportLimitFraction = reader.optionalNumber("export_limit_fraction", .fraction)
    limitsKnownHours = reader.number(
      "limits_known_hours", .within(0...100_000), default: limitsKnownHours)
    curtailment = reader.choice("curtailment", default: curtailment)
    curtailmentSteps = CurtailmentSteps(
      levels: reader.optionalNumbers("curtailment_steps", .fraction) ?? [])
    reader.require(
      curtailmentSteps.isFree || curtailment != .none, "curtailment_steps",
      "'curtailment_steps' says how production is thrown away, which 'curtailment: none' forbids")
    rights.gridCharging = reader.boolean("grid_charging", default: rights.gridCharging)
    rights.batteryExport = reader.boolean("battery_export", default: rights.batteryExport)
  }
}
