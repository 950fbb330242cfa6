package import Replay

/// What the connection to the grid allows: the section `grid`.
package struct GridSettings: Sendable, Hashable {
  /// Highest import; infinite when it does not limit. [kW]
  package var importLimitKW = Double.infinity
  /// Highest export; infinite when it does not limit. [kW]
  package var exportLimitKW = Double.infinity
  /// When production may be thrown away.
  package var curtailment = Curtailment.free
  /// What the battery may do at the meter.
  package var rights = BatteryRights()
}

extension GridSettings {
  /// Reads the section.
  init?(_ reader: MappingReader) {
    importLimitKW = reader.optionalNumber("import_limit_kw", .zeroOrMore) ?? .infinity
    exportLimitKW = reader.optionalNumber("export_limit_kw", .zeroOrMore) ?? .infinity
    curtailment = reader.choice("curtailment", default: curtailment)
    rights.gridCharging = reader.boolean("grid_charging", default: rights.gridCharging)
    rights.batteryExport = reader.boolean("battery_export", default: rights.batteryExport)
  }
}
