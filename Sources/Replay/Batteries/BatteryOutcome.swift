import TimeSeries
package import Twin

/// What one of several batteries did over a period.
package struct BatteryOutcome: Sendable {
  /// Name of the battery.
  package let name: String
  /// Energy between empty and full. [kWh]
  package let nominalKWh: Double
  /// Rating of its inverter. [kW]
  package let ratedKW: Double
  /// Price of the wear of its energy discharged. [currency]
  package let wearCost: Double
  /// Value of the energy that it stores at the end beyond what it stored at the start. [currency]
  package let endEnergyValue: Double
  /// Its ledger.
  package let ledger: TwinLedger
  /// How far its cells have aged; nothing where they do not age.
  package let ageing: AgeingSummary?
  /// What its maker promises of its life.
  package let warranty: Warranty?

  init(_ unit: BatteryUnit, _ trace: BatteryTrace) {
    name = unit.battery.name
    nominalKWh = unit.battery.system.nominalEnergyKWh
    ratedKW = unit.battery.system.converter.ratedKW
    let columns = trace.columns
    wearCost =
      columns.batteryKW.reduce(0) { $0 + ($1 > 0 ? $1 : 0) } * columns.grid.stepHours
      * trace.wearPerKWh
    let stored = columns.storedKWh.last { $0.isFinite } ?? trace.startStoredKWh
    endEnergyValue = (stored - trace.startStoredKWh) * trace.endValuePerKWh
    ledger = unit.twin.ledger
    ageing = unit.twin.ageingSummary
    warranty = unit.battery.warranty
  }
}
