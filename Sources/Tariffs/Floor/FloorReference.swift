/// A metered series that a floor is laid at: the floor meets its bill where it can.
package struct FloorReference: Sendable {
  /// Mean import and export of every slot. [kW]
  package var importKW: [Double]
  package var exportKW: [Double]
  /// Worth of a stored kWh after every slot. [currency/kWh]
  package var worthPerKWh: [Double]

  /// Names a series.
  package init(importKW: [Double], exportKW: [Double], worthPerKWh: [Double]) {
    self.importKW = importKW
    self.exportKW = exportKW
    self.worthPerKWh = worthPerKWh
  }
}
