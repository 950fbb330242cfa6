internal import Numerics

/// The rule that values the energy left at the end of a plan.
public enum TerminalValue: Sendable, Equatable {
  /// Energy left is worth nothing, so every plan ends empty.
  case none
  /// The plan ends with at least the energy it began with.
  case equalToStart
  /// Every stored kWh is worth the same. [currency/kWh]
  case perKWh(Double)
  /// Value of the stored energy at given amounts, joined by straight lines; its concave hull counts.
  case table([TerminalPoint])
  /// A stored kWh is worth what it replaces: this quantile of the buying prices after losses, less the wear of
  /// letting it out.
  case priceQuantile(Double)
  /// The value the planner's last plan gave to energy at the same hour one day before the end.
  ///
  /// Without such a plan the median price counts, as with `priceQuantile(0.5)`.
  case nextDayShadowPrice
  /// Falling worths up to amounts of stored energy, the last without end, as another plan used them.
  case pieces([TerminalPiece])
}

/// Value of an amount of stored energy.
public struct TerminalPoint: Sendable, Equatable {
  /// Stored energy. [kWh]
  public var energyKWh: Double
  /// What it is worth. [currency]
  public var value: Double

  /// Creates a point.
  public init(energyKWh: Double, value: Double) {
    self.energyKWh = energyKWh
    self.value = value
  }
}

/// Value per kWh up to an amount of stored energy; a list of them has falling values.
public struct TerminalPiece: Sendable, Equatable {
  /// Where the piece ends. [kWh]
  public var upToKWh: Double
  /// Worth of a stored kWh within the piece. [currency/kWh]
  public var valuePerKWh: Double

  /// Creates a piece.
  public init(upToKWh: Double, valuePerKWh: Double) {
    self.upToKWh = upToKWh
    self.valuePerKWh = valuePerKWh
  }
}

extension TerminalValue {
  /// Returns what an amount of stored energy is worth, for the value that a plan states. [currency]
  ///
  /// Only `pieces` state a worth on their own; the other rules are worth nothing without a request. Below nothing
  /// stored each kWh is worth less by the first piece.
  public func worth(ofKWh energyKWh: Double) -> Double {
    guard case .pieces(let pieces) = self else { return 0 }
    if energyKWh < 0 { return energyKWh * (pieces.first?.valuePerKWh ?? 0) }
    var worth = 0.0
    var at = 0.0
    for piece in pieces where at < energyKWh {
      let end = min(piece.upToKWh, energyKWh)
      worth += (end - at) * piece.valuePerKWh
      at = end
    }
    return worth
  }

  /// Returns the rule as pieces of falling value, the last without end.
  func pieces(
    startKWh: Double, buyPerKWh: [Double], dischargeEfficiency: Double, wearPerKWh: Double,
    limitPenalty: Double, carried: [TerminalPiece]?
  ) -> [TerminalPiece] {
    switch self {
    case .none:
      return [TerminalPiece(upToKWh: .infinity, valuePerKWh: 0)]
    case .equalToStart:
      return [
        TerminalPiece(upToKWh: startKWh, valuePerKWh: limitPenalty),
        TerminalPiece(upToKWh: .infinity, valuePerKWh: 0),
      ]
    case .perKWh(let value):
      return [TerminalPiece(upToKWh: .infinity, valuePerKWh: value)]
    case .pieces(let pieces):
      return pieces.isEmpty ? [TerminalPiece(upToKWh: .infinity, valuePerKWh: 0)] : pieces
    case .table(let points):
      return Self.concaveHull(points)
    case .priceQuantile(let q):
      let price =
        buyPerKWh.isEmpty
        ? 0 : Statistics.quantile(sorted: buyPerKWh.sorted(), probability: min(1, max(0, q)))
      return [
        TerminalPiece(
          upToKWh: .infinity, valuePerKWh: dischargeEfficiency * max(0, price - wearPerKWh))
      ]
    case .nextDayShadowPrice:
      if let carried, !carried.isEmpty { return carried }
      return Self.priceQuantile(0.5).pieces(
        startKWh: startKWh, buyPerKWh: buyPerKWh, dischargeEfficiency: dischargeEfficiency,
        wearPerKWh: wearPerKWh, limitPenalty: limitPenalty, carried: nil)
    }
  }

  private static func concaveHull(_ points: [TerminalPoint]) -> [TerminalPiece] {
    var hull: [TerminalPoint] = []
    func slope(_ a: TerminalPoint, _ b: TerminalPoint) -> Double {
      (b.value - a.value) / (b.energyKWh - a.energyKWh)
    }
    for point in points.sorted(by: { ($0.energyKWh, $1.value) < ($1.energyKWh, $0.value) }) {
      if let last = hull.last, last.energyKWh == point.energyKWh { continue }
      while hull.count >= 2,
        slope(hull[hull.count - 2], hull[hull.count - 1]) <= slope(hull[hull.count - 1], point)
      {
        hull.removeLast()
      }
      hull.append(point)
    }
    var pieces: [TerminalPiece] = []
    for k in hull.indices.dropFirst() {
      pieces.append(
        TerminalPiece(upToKWh: hull[k].energyKWh, valuePerKWh: slope(hull[k - 1], hull[k])))
    }
    // Beyond the table energy adds nothing, unless the table already falls.
    pieces.append(
      TerminalPiece(upToKWh: .infinity, valuePerKWh: min(0, pieces.last?.valuePerKWh ?? 0)))
    return pieces
  }
}
