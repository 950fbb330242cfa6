internal import TimeSeries

/// The way back of a battery that begins outside of its band.
///
/// It comes back in the slots of the next day that cost least, of equal ones in the first, at a power that breaks no import
/// limit and raises no peak that is billed. What that leaves open follows on the days after. A forced charge at once would be
/// a worse answer: it might buy at the highest price.
extension PlanningModel {
  /// Hours of which the cheapest slots are taken before those of the next ones.
  private static let returnHours = 24.0

  /// Share of the highest energy below which nobody looks for a way back, such as what rest takes from an empty battery.
  private static let noticeableShare = 1e-4

  /// Distance from the band that is worth a way back. [kWh]
  var noticeableKWh: Double { Self.noticeableShare * (energyMax.max() ?? 0) }

  /// Whether the start lies outside of a band, so that the way back depends on load and prices.
  func beginsOutside(low: Double, high: Double) -> Bool {
    low - start * retention > noticeableKWh || start * retention - high > noticeableKWh
  }

  /// Moves the limits of the band to the cheapest way back where the start lies outside of it.
  ///
  /// - Returns: Energy that the limits were moved by, summed over the slots. [kWh]
  mutating func openWayBack() -> (missing: Double, surplus: Double) {
    let rested = start * retention
    if energyMin[0] - rested > noticeableKWh {
      let gained = wayBackKWh(
        distances: restedDistances { energyMin[$0] - $1 }, pieces: chargePieces())
      return (followKWh(gained, sign: 1), 0)
    }
    if rested - energyMax[0] > noticeableKWh {
      let lost = wayBackKWh(
        distances: restedDistances { $1 - energyMax[$0] }, pieces: dischargePieces())
      return (0, followKWh(lost, sign: -1))
    }
    return (0, 0)
  }

  /// Energy that a slot can move at a price.
  private struct ReturnPiece {
    var day: Int
    var pricePerKWh: Double
    var slot: Int
    var storedKWh: Double
  }

  /// Distances of a resting battery from the band, up to where it lies within. [kWh]
  private func restedDistances(_ distance: (Int, Double) -> Double) -> [Double] {
    var energy = start
    var distances: [Double] = []
    for t in 0..<count {
      energy *= retention
      let away = distance(t, energy)
      guard away > 0 else { break }
      distances.append(away)
    }
    return distances
  }

  /// Takes pieces, the best first, until they cover the largest distance.
  private func wayBackKWh(distances: [Double], pieces: [ReturnPiece]) -> [Double] {
    var moved = [Double](repeating: 0, count: count)
    var left = distances.max() ?? 0
    for piece in pieces.sorted(by: {
      ($0.day, $0.pricePerKWh, $0.slot) < ($1.day, $1.pricePerKWh, $1.slot)
    }) {
      guard left > 0 else { break }
      let taken = min(left, piece.storedKWh)
      moved[piece.slot] += taken
      left -= taken
    }
    return moved
  }

  /// Holds a limit of the band along the way back, up to where that reaches the band.
  private mutating func followKWh(_ moved: [Double], sign: Double) -> Double {
    var energy = start
    var sum = 0.0
    for t in 0..<count {
      energy = max(min(0, start), energy * retention + sign * moved[t])
      let away = sign > 0 ? energyMin[t] - energy : energy - energyMax[t]
      guard away > 0 else { break }
      sum += away
      // Room beside the limit, so that a rounding cannot close it.
      let room = Self.bandRounding * max(1, energy)
      if sign > 0 { energyMin[t] = energy - room } else { energyMax[t] = energy + room }
    }
    return sum
  }

  private func day(_ t: Int) -> Int { Int(Double(t) * stepHours / Self.returnHours) }

  /// What each slot can charge: surplus at what it would earn, the rest at what it costs.
  private func chargePieces() -> [ReturnPiece] {
    (0..<count).flatMap { t -> [ReturnPiece] in
      let most = gentleChargeKW(t)
      let surplus = min(most, max(0, -netKW[t]))
      return [(surplus, max(0, sell[t])), (most - surplus, buy[t])].filter { $0.0 > 0 }.map {
        ReturnPiece(
          day: day(t), pricePerKWh: $0.1, slot: t, storedKWh: $0.0 * stepHours * chargeEfficiency)
      }
    }
  }

  /// What each slot can discharge: into the load at what it saves, the rest at what it earns; not where it costs.
  private func dischargePieces() -> [ReturnPiece] {
    (0..<count).flatMap { t -> [ReturnPiece] in
      let most = gentleDischargeKW(t)
      let served = min(most, max(0, netKW[t]))
      return [(served, buy[t]), (most - served, sell[t])].filter { $0.0 > 0 && $0.1 >= 0 }.map {
        ReturnPiece(
          day: day(t), pricePerKWh: -$0.1, slot: t,
          storedKWh: $0.0 * stepHours / dischargeEfficiency)
      }
    }
  }
}
