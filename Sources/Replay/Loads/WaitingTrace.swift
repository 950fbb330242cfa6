/// What a load that can wait did, interval by interval.
package struct WaitingTrace: Sendable {
  /// Name of the load.
  package let name: String
  /// The name as it stands in headers of files.
  package let key: String
  /// What it is.
  package let kind: SiteLoad.Kind
  /// Power drawn. [kW]
  package var powerKW: [Double]
  /// What its store holds at the end of an interval. [kWh]
  package var storedKWh: [Double]
  /// What must be had and was not. [kWh]
  package var unmetKWh: [Double]
  /// What would have been nice to have and was not. [kWh]
  package var optionalUnmetKWh: [Double]

  init(_ load: SiteLoad, count: Int) {
    name = load.name
    key = load.key
    kind = load.kind
    powerKW = [Double](repeating: 0, count: count)
    storedKWh = powerKW
    unmetKWh = powerKW
    optionalUnmetKWh = powerKW
  }
}

/// What a load that can wait came to over a period.
package struct WaitingOutcome: Sendable, Hashable {
  /// Name of the load.
  package var name: String
  /// What it is.
  package var kind: SiteLoad.Kind
  /// Electricity that it drew. [kWh]
  package var drawnKWh: Double
  /// Energy or heat that it gave to its use. [kWh]
  package var servedKWh: Double
  /// What must be had and was not. [kWh]
  package var unmetKWh: Double
  /// What would have been nice to have and was not. [kWh]
  package var optionalUnmetKWh: Double
  /// What its electricity cost: what the bill's prices of the interval save without it, bought energy first.
  /// [currency]
  package var energyCost: Double
  /// Price of what it left unmet. [currency]
  package var unmetCost: Double
  /// Worth of what its store holds at the end beyond what it held at the start. [currency]
  package var endValue: Double
  /// Share of its electricity that it drew at other times than without a plan; none for one that drew nothing.
  package var shiftedShare: Double?
}
