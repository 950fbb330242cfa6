package import Diagnostics
import Foundation
package import Twin

/// The battery system as a document describes it: the sections `battery` and `inverter`.
///
/// Studies build variants of it: other sizes, other derating policies, faults.
package struct BatterySettings: Sendable {
  /// How the number of cells is found.
  package enum Arrangement: Sendable, Hashable {
    /// As many cells as the document says.
    case cells(series: Int, parallel: Int)
    /// Groups in series whose cells are scaled to the nominal energy. [kWh]
    case capacity(kWh: Double, series: Int)
  }

  /// The box around the cells.
  package enum Enclosure: Sendable, Equatable {
    /// A cabinet that grows with the energy inside.
    case cabinet
    /// A container with air conditioning that grows with the power. [kW thermal per kWh]
    case container
    /// Given by its own numbers.
    case custom(EnclosureSpecification)
  }

  /// The cell.
  package var cell: CellSpecification
  /// How the number of cells is found.
  package var arrangement: Arrangement
  /// The inverter; its rating is replaced when a study tries another power.
  package var converter: ConverterSpecification
  /// Differences between cells.
  package var spread: CellSpread
  /// Heat paths between cells, or those of the arrangement.
  package var cooling: CoolingSpecification?
  /// The box around the cells.
  package var enclosure: Enclosure
  /// Strings side by side that share the voltage of the pack.
  package var strings = 1
  /// Connection of each cell. [Ω]
  package var linkOhm = 0.0
  /// Limits at any time.
  package var limits: LimitSpecification
  /// Derating rules.
  package var derating: DeratingPolicy
  /// Bleeding of full cells; nil when they are left as they are.
  package var balancing: BalancingSpecification?
  /// How the cells age; nil when they do not.
  package var ageing: AgeingSpecification?
  /// Temperature above which time is counted as too hot. [°C]
  package var temperatureLimitC: Double
  /// State of charge at the first instant; the lowest allowed one when absent.
  package var initialSOCFraction: Double?

  /// Nominal energy between empty and full. [kWh]
  package var nominalKWh: Double {
    switch arrangement {
    case .cells(let series, let parallel):
      Double(series * parallel * strings) * cell.capacityAh * cell.nominalV / 1000
    case .capacity(let kWh, _): kWh
    }
  }

  /// The arrangement in words: `16 in series, 2.04 × lfp_prismatic_280 in parallel`.
  package var arrangementText: String {
    let side = strings > 1 ? ", \(strings) strings" : ""
    switch arrangement {
    case .cells(let series, let parallel):
      return "\(series) in series, \(parallel) × \(cell.name) in parallel\(side)"
    case .capacity(let kWh, let series):
      let cells = kWh * 1000 / (Double(series * strings) * cell.nominalV * cell.capacityAh)
      let rounded = (cells * 100).rounded() / 100
      return "\(series) in series, \(plain(rounded)) × \(cell.name) in parallel\(side)"
    }
  }

  /// Builds and checks the battery system, or a variant of it.
  ///
  /// - Parameters:
  ///   - capacityKWh: Another nominal energy. [kWh]
  ///   - powerKW: Another rating of the inverter. [kW]
  ///   - derating: Another policy.
  ///   - faults: What goes wrong.
  /// - Returns: The battery system.
  /// - Throws: `InputError` with everything that is wrong.
  package func twin(
    capacityKWh: Double? = nil, powerKW: Double? = nil, derating: DeratingPolicy? = nil,
    faults: [FaultSpecification] = []
  ) throws(InputError) -> TwinSpecification {
    let power = powerKW ?? converter.ratedKW
    let scale = power / converter.ratedKW
    var inverter = ConverterSpecification(
      ratedKW: power, chargeLoss: converter.chargeLoss, dischargeLoss: converter.dischargeLoss,
      standbyKW: converter.standbyKW * scale, heatsinkKPerW: converter.heatsinkKPerW / scale,
      heatsinkTimeConstantS: converter.heatsinkTimeConstantS,
      heatsinkDerating: converter.heatsinkDerating)
    inverter.pvCoupling = converter.pvCoupling
    let energy = capacityKWh ?? nominalKWh
    let box: EnclosureSpecification =
      switch enclosure {
      case .cabinet: .cabinet(capacityKWh: energy)
      case .container:
        // Air conditioning for the losses at full power and the sun on the box.
        .container20(coolingKW: 2 + 0.06 * power, heatingKW: 2 + 0.03 * power)
      case .custom(let given): given
      }
    var series = 16
    var parallel = 1
    var cell = self.cell
    switch arrangement {
    case .cells(let givenSeries, let givenParallel) where capacityKWh == nil:
      (series, parallel) = (givenSeries, givenParallel)
    case .cells(let givenSeries, _): series = givenSeries
    case .capacity(_, let givenSeries): series = givenSeries
    }
    var factor = 1.0
    if capacityKWh != nil || !isCellByCell {
      let capacityAh = energy * 1000 / (Double(series * strings) * cell.nominalV)
      factor = capacityAh / cell.capacityAh
      cell = cell.scaled(toCapacityAh: capacityAh)
    }
    // Heat paths grow with the cells that one modelled cell stands for.
    var paths = cooling ?? CoolingSpecification.usual(for: self.cell)
    paths.airWPerK *= factor
    paths.neighbourWPerK *= factor
    return try TwinSpecification(
      cell: cell, series: series, parallel: parallel, strings: strings, linkOhm: linkOhm / factor,
      spread: spread, cooling: paths,
      enclosure: box, converter: inverter, limits: limits, derating: derating ?? self.derating,
      balancing: balancing, ageing: ageing, faults: faults, temperatureLimitC: temperatureLimitC)
  }

  private var isCellByCell: Bool {
    if case .cells = arrangement { return true }
    return false
  }
}

extension CoolingSpecification {
  /// Heat paths by the size of the cell: those of a 280 Ah prismatic cell, by heat capacity to 2/3.
  static func usual(for cell: CellSpecification) -> CoolingSpecification {
    let reference = CellSpecification.lfpPrismatic280.heatCapacityJPerK
    let ratio = pow(cell.heatCapacityJPerK / reference, 2.0 / 3)
    var paths = CoolingSpecification()
    paths.airWPerK *= ratio
    paths.neighbourWPerK *= ratio
    return paths
  }
}
