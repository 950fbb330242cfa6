/// What happened in one slot of a run; NaN where a number does not exist.
package struct RunStep: Sendable, Hashable {
  /// First instant. [UTC epoch s]
  package var slotStart: Int
  /// Length. [s]
  package var stepSeconds: Int
  /// Consumption. [kW]
  package var loadKW: Double
  /// Production before curtailment. [kW]
  package var pvKW: Double
  /// Grid power, positive when importing. [kW]
  package var gridKW: Double
  /// Battery power, positive when discharging. [kW]
  package var batteryKW: Double
  /// Production not used. [kW]
  package var curtailedKW: Double
  /// Battery power asked for and not delivered. [kW]
  package var clippedKW: Double
  /// Why it was not delivered.
  package var clipCause: String?
  /// Energy in the battery at the end. [kWh]
  package var storedKWh: Double
  /// Hottest cell at the end. [°C]
  package var hottestCellC: Double
  /// Marginal price of import. [currency/kWh]
  package var buyPerKWh: Double
  /// Marginal price of export. [currency/kWh]
  package var sellPerKWh: Double

  /// Creates a step.
  package init(
    slotStart: Int, stepSeconds: Int, loadKW: Double, pvKW: Double, gridKW: Double,
    batteryKW: Double, curtailedKW: Double = 0, clippedKW: Double = 0, clipCause: String? = nil,
    storedKWh: Double = .nan, hottestCellC: Double = .nan, buyPerKWh: Double = .nan,
    sellPerKWh: Double = .nan
  ) {
    self.slotStart = slotStart
    self.stepSeconds = stepSeconds
    self.loadKW = loadKW
    self.pvKW = pvKW
    self.gridKW = gridKW
    self.batteryKW = batteryKW
    self.curtailedKW = curtailedKW
    self.clippedKW = clippedKW
    self.clipCause = clipCause
    self.storedKWh = storedKWh
    self.hottestCellC = hottestCellC
    self.buyPerKWh = buyPerKWh
    self.sellPerKWh = sellPerKWh
  }
}
