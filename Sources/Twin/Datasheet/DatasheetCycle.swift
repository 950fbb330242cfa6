package import Diagnostics

/// A full cycle at constant power and 25 °C, as datasheets state it.
///
/// All cells are equal, so one of them stands for the pack. It is charged with the power until the limits
/// take 95 % of it, rests for ten minutes and is discharged until they take half of it; that is done
/// twice, and the second cycle counts, which ends in the state that it began in. Derating and the draw of
/// standby, fan and air conditioning take no part.
package struct DatasheetCycle {
  /// Energy let out on each side. [kWh]
  package var dischargedKWh: Double
  /// Energy taken in on each side. [kWh]
  package var chargedKWh: Double
  /// Energy let out for the energy taken in; zero for a battery that takes nothing.
  package var efficiency: Double { chargedKWh > 0 ? dischargedKWh / chargedKWh : 0 }

  /// Time between two looks at the cell. [s]
  private static let stepSeconds = 30.0

  /// Runs the cycle.
  ///
  /// - Parameters:
  ///   - system: The battery system.
  ///   - side: Where power and energies are measured.
  ///   - powerKW: Power of charge and discharge; a fifth of the nominal energy an hour when nil. [kW]
  /// - Throws: `InputError` when the system is impossible or cannot do the cycle.
  package init(
    _ system: BatterySystemSpecification, side: Datasheet.Side, powerKW: Double?
  ) throws(InputError) {
    // A datasheet is that of a new battery.
    var new = system
    new.modules = []
    let whole = try new.twin()
    let cells = Double(whole.series * whole.parallel * whole.strings)
    let nominalKWh = system.nominalKWh
    let power = (powerKW ?? nominalKWh / 5) / cells
    let converter: ConverterSpecification =
      side == .ac
      ? whole.converter.scaled(toRatedKW: whole.converter.ratedKW / cells)
      : .ideal(ratedKW: 10 * power)
    let cell = try TwinSpecification(
      cell: whole.cell, series: 1, linkOhm: whole.linkOhm, spread: .none, cooling: whole.cooling,
      enclosure: .cabinet(capacityKWh: nominalKWh / cells), converter: converter,
      limits: whole.limits, derating: .none, balancing: nil, ageing: nil,
      substepSeconds: Self.stepSeconds)
    var twin = DigitalTwin(
      cell, seed: 0, socFraction: whole.limits.minimumSOC, temperatureC: 25)
    do {
      _ = try Self.energyKWh(&twin, powerKW: -power, until: 0.05)
      try Self.rest(&twin)
      _ = try Self.energyKWh(&twin, powerKW: power, until: 0.5)
      chargedKWh = cells * (try Self.energyKWh(&twin, powerKW: -power, until: 0.05))
      try Self.rest(&twin)
      dischargedKWh = cells * (try Self.energyKWh(&twin, powerKW: power, until: 0.5))
    } catch {
      throw InputError("the battery cannot do the cycle of its datasheet: \(error)")
    }
  }

  private static func rest(_ twin: inout DigitalTwin) throws(ImpossibleState) {
    for _ in 0..<Int(600 / stepSeconds) {
      _ = try twin.step(requestKW: 0, ambientC: 25, seconds: stepSeconds)
    }
  }

  /// Energy at a power until less than a share of it is given; 200 hours at most. [kWh]
  private static func energyKWh(
    _ twin: inout DigitalTwin, powerKW: Double, until share: Double
  ) throws(ImpossibleState) -> Double {
    var energyKWh = 0.0
    for _ in 0..<Int(200 * 3600 / stepSeconds) {
      let step = try twin.step(requestKW: powerKW, ambientC: 25, seconds: stepSeconds)
      energyKWh += abs(step.deliveredKW) * stepSeconds / 3600
      if step.deliveredKW / powerKW < share { break }
    }
    return energyKWh
  }
}
