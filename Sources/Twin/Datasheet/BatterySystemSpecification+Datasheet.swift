public import Diagnostics
import Numerics

/// A battery system that keeps what its datasheet promises, and how it was brought there.
public struct DatasheetMatch: Sendable {
  /// The system.
  public var system: BatterySystemSpecification
  /// Nominal energy that lets out the usable energy; nil when the datasheet states none. [kWh]
  public var nominalKWh: Double?
  /// Factor on the resistances of the cells; nil when no round trip of the pack is stated.
  public var resistanceFactor: Double?
  /// Factor on the losses of the inverter; nil when no round trip of the whole is stated.
  public var converterFactor: Double?
}

extension BatterySystemSpecification {
  /// Scales the system until a simulated cycle shows what the datasheet promises.
  ///
  /// The usable energy decides the nominal energy of the cells, a round trip at the pack's terminals the
  /// resistances of the cells, a round trip at the grid terminals the losses of the inverter. Curves
  /// keep their shape.
  ///
  /// - Parameter datasheet: What is promised.
  /// - Returns: The system and the factors.
  /// - Throws: `InputError` when no scaling keeps a promise.
  public func matched(to datasheet: Datasheet) throws(InputError) -> DatasheetMatch {
    var match = DatasheetMatch(system: self)
    // Each scaling moves the others a little; three rounds leave less than 1e-5.
    for _ in 0..<3 {
      if let usable = datasheet.usable {
        try match.scaleEnergy(to: usable)
      }
      for promise in datasheet.roundTrips.sorted(by: { $0.side == .dc && $1.side == .ac }) {
        try match.scaleLoss(of: self, to: promise)
      }
    }
    return match
  }
}

extension DatasheetMatch {
  /// Gives the cells the energy that lets out what is promised.
  fileprivate mutating func scaleEnergy(to usable: Datasheet.Usable) throws(InputError) {
    let cycle = try DatasheetCycle(system, side: usable.side, powerKW: nil)
    guard cycle.dischargedKWh > 0 else {
      throw InputError([
        .error("the battery lets out nothing in a cycle of its datasheet", key: "usable_kwh")
      ])
    }
    let energyKWh = system.nominalKWh * usable.energyKWh / cycle.dischargedKWh
    system.arrangement = .capacity(kWh: energyKWh, series: system.arrangement.series)
    nominalKWh = energyKWh
  }

  /// Scales the losses of a side until its round trip is as promised, by halving the range of the factor.
  fileprivate mutating func scaleLoss(
    of stated: BatterySystemSpecification, to promise: Datasheet.RoundTrip
  ) throws(InputError) {
    let energyKWh = system.nominalKWh
    func scaled(_ logFactor: Double) -> BatterySystemSpecification {
      let factor = exponential(logFactor)
      var copy = system
      switch promise.side {
      case .dc: copy.cell = stated.cell.withResistance(factor: factor)
      case .ac: copy.converter = stated.converter.withLoss(factor: factor)
      }
      return copy
    }
    func efficiency(_ logFactor: Double) throws(InputError) -> Double {
      try DatasheetCycle(scaled(logFactor), side: promise.side, powerKW: promise.powerKW).efficiency
    }
    var low = -logarithm(50)
    // Losses of one half and more are no inverter's.
    var high = logarithm(
      promise.side == .dc ? 50 : 0.49 / max(0.01, stated.converter.largestLoss))
    let (best, worst) = (try efficiency(low), try efficiency(high))
    guard promise.efficiency <= best, promise.efficiency >= worst else {
      let what = promise.side == .dc ? "resistances of the cells" : "losses of the inverter"
      throw InputError([
        .error(
          "no scaling of the \(what) gives a round trip of \(plain(promise.efficiency)) at "
            + "\(plain(promise.powerKW ?? energyKWh / 5)) kW; from "
            + "\(percent(worst)) to \(percent(best)) are possible",
          key: "round_trip_efficiency")
      ])
    }
    for _ in 0..<40 {
      let middle = (low + high) / 2
      if try efficiency(middle) > promise.efficiency { low = middle } else { high = middle }
    }
    system = scaled((low + high) / 2)
    switch promise.side {
    case .dc: resistanceFactor = exponential((low + high) / 2)
    case .ac: converterFactor = exponential((low + high) / 2)
    }
  }

  private func percent(_ share: Double) -> String {
    "\(plain((share * 1000).rounded() / 10)) %"
  }
}

extension CellSpecification {
  /// Returns the cell with all its resistances multiplied.
  fileprivate func withResistance(factor: Double) -> CellSpecification {
    var cell = self
    cell.seriesOhm *= factor
    cell.fast.resistanceOhm *= factor
    cell.slow.resistanceOhm *= factor
    return cell
  }
}

extension ConverterSpecification {
  /// Returns the converter with its losses multiplied, and a heatsink that stays as warm at the rating.
  fileprivate func withLoss(factor: Double) -> ConverterSpecification {
    var converter = self
    converter.heatsinkKPerW = heatsinkKPerW / factor
    converter.chargeLoss = chargeLoss.multiplied(by: factor)
    converter.dischargeLoss = dischargeLoss.multiplied(by: factor)
    return converter
  }
}

extension ConverterSpecification {
  /// Loss at the rating as a share of it, in the worse direction.
  fileprivate var largestLoss: Double { max(chargeLoss.atRating, dischargeLoss.atRating) }
}

extension ConverterLoss {
  fileprivate var atRating: Double { noLoad + linear + quadratic }

  fileprivate func multiplied(by factor: Double) -> ConverterLoss {
    ConverterLoss(
      noLoad: noLoad * factor, linear: linear * factor, quadratic: quadratic * factor)
  }
}
