/// Between which stored energies a pack can move, by its cells as they are.
struct EnergyWindow {
  private let specification: TwinSpecification
  private let floorEnergy: Double
  private let socFraction: [Double]
  private let capacityAh: [Double]
  /// Bounds of the limits of charge, without lag. [kWh]
  private(set) var bounds = (minimumKWh: 0.0, maximumKWh: 0.0)

  init(_ twin: DigitalTwin) {
    specification = twin.specification
    floorEnergy = twin.floorEnergy
    socFraction = twin.pack.socFraction
    capacityAh = twin.pack.capacityAh
    let limits = specification.limits
    bounds = energies(from: limits.minimumSOC, to: limits.maximumSOC)
  }

  /// Returns the bounds less what the lag of the surface leaves in the cells, or keeps out of them. [kWh]
  ///
  /// - Parameters:
  ///   - rates: Usual rates in each direction. [1/h]
  ///   - coldestC: Temperature of the coldest cell. [°C]
  /// - Returns: Lowest and highest stored energy. [kWh]
  func bounds(
    _ rates: (charge: Double, discharge: Double), coldestC: Double
  ) -> (minimumKWh: Double, maximumKWh: Double) {
    guard let lag = specification.cell.surfaceLag else { return bounds }
    let hours = lag.hours(kelvin: coldestC + 273.15)
    let limits = specification.limits
    let low = max(limits.minimumSOC, min(1, hours * rates.discharge))
    let high = min(limits.maximumSOC, max(0, 1 - hours * rates.charge))
    guard low > limits.minimumSOC || high < limits.maximumSOC else { return bounds }
    return energies(from: low, to: high)
  }

  private func energies(
    from minimumSOC: Double, to maximumSOC: Double
  ) -> (minimumKWh: Double, maximumKWh: Double) {
    let parallel = specification.parallel
    let series = specification.series
    let tables = specification.model.tables
    var low = 0.0
    var high = 0.0
    // The weakest group of a string decides for the string; cells in parallel go together.
    for string in 0..<specification.strings {
      let groups = string * series..<(string + 1) * series
      var downAh = Double.infinity
      var upAh = Double.infinity
      for g in groups {
        var down = 0.0
        var up = 0.0
        for j in g * parallel..<(g + 1) * parallel {
          down += max(0, socFraction[j] - minimumSOC) * capacityAh[j]
          up += max(0, maximumSOC - socFraction[j]) * capacityAh[j]
        }
        downAh = min(downAh, down)
        upAh = min(upAh, up)
      }
      for g in groups {
        let range = g * parallel..<(g + 1) * parallel
        var group = 0.0
        for j in range { group += capacityAh[j] }
        for j in range {
          low +=
            capacityAh[j]
            * (tables.energyIntegral(at: socFraction[j] - downAh / group) - floorEnergy)
          high +=
            capacityAh[j] * (tables.energyIntegral(at: socFraction[j] + upAh / group) - floorEnergy)
        }
      }
    }
    return (low / 1000, high / 1000)
  }
}
