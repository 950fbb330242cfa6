/// Several batteries that serve a site together when the grid is gone.
///
/// Those that would last longest at full power give first, so that all can give together for as long as can be: as long as
/// nothing is stored again, no other order serves more (M. P. Evans, S. H. Tindemans, D. Angeli, "Minimising unserved energy
/// using heterogeneous storage units", IEEE Trans. Power Syst. 34 (2019) 3647, arXiv:1807.09044). Those that are farthest
/// from full by the time at full power are filled first.
package struct IslandedFleet: Sendable {
  /// The batteries.
  package var batteries: [IslandedBattery]

  /// Joins batteries.
  package init(_ batteries: [IslandedBattery]) { self.batteries = batteries }

  /// Power of all batteries. [kW]
  package var powerKW: Double { batteries.reduce(0) { $0 + $1.powerKW } }

  /// Stored energy of each battery at a share of what can be used of it. [kWh]
  package func storedKWh(share: Double) -> [Double] {
    batteries.map { $0.emptyKWh + share * ($0.fullKWh - $0.emptyKWh) }
  }

  private static let halvings = 60

  /// Serves a load for a time, or stores what is produced beyond it.
  ///
  /// - Parameters:
  ///   - netKW: Load less production. [kW]
  ///   - hours: The time. [h]
  ///   - storedKWh: Stored energy of each battery, before and after. [kWh]
  /// - Returns: Energy that is not served. [kWh]
  package func serve(netKW: Double, hours: Double, storedKWh: inout [Double]) -> Double {
    guard batteries.count > 1 else {
      return batteries.first?.serve(netKW: netKW, hours: hours, storedKWh: &storedKWh[0])
        ?? max(0, netKW) * hours
    }
    let isServing = netKW > 0
    // Energy at the terminals that each can give, or take, in all. [kWh]
    let room = zip(batteries, storedKWh).map { battery, stored in
      isServing
        ? max(0, stored - battery.emptyKWh) * battery.dischargeEfficiency
        : max(0, battery.fullKWh - stored) / battery.chargeEfficiency
    }
    let moved = shares(abs(netKW) * hours, room: room, hours: hours)
    for b in batteries.indices {
      storedKWh[b] +=
        isServing
        ? -moved[b] / batteries[b].dischargeEfficiency : moved[b] * batteries[b].chargeEfficiency
    }
    return isServing ? max(0, netKW * hours - moved.reduce(0, +)) : 0
  }

  /// What each battery gives or takes of an energy: from those with the longest time at full power, down to a common time
  /// that is left. [kWh]
  private func shares(_ energyKWh: Double, room: [Double], hours: Double) -> [Double] {
    func moved(_ leftHours: Double) -> [Double] {
      zip(batteries, room).map { battery, room in
        min(battery.powerKW * hours, max(0, room - leftHours * battery.powerKW))
      }
    }
    let most = moved(0)
    guard most.reduce(0, +) > energyKWh else { return most }
    var low = 0.0
    var high = zip(batteries, room).map { $0.powerKW > 0 ? $1 / $0.powerKW : 0 }.max() ?? 0
    for _ in 0..<Self.halvings {
      let middle = 0.5 * (low + high)
      if moved(middle).reduce(0, +) > energyKWh { low = middle } else { high = middle }
    }
    let found = moved(high)
    // What the halving leaves open is a rounding, which the first that can gives or takes.
    var rest = energyKWh - found.reduce(0, +)
    return zip(found, most).map { part, most in
      let more = max(0, min(rest, most - part))
      rest -= more
      return part + more
    }
  }
}
