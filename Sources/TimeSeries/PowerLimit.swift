/// A limit of power over slots: the same everywhere, or one number for each slot.
public struct PowerLimit: Sendable, Hashable {
  private let everywhereKW: Double
  private let slotsKW: [Double]

  /// The same limit in every slot; infinite for none. [kW]
  public init(_ everywhereKW: Double) {
    self.everywhereKW = everywhereKW
    slotsKW = []
  }

  /// One limit for each slot; a list of equal ones is the same limit everywhere. [kW]
  public init(slotsKW: [Double]) {
    let first = slotsKW.first ?? .infinity
    let isConstant = slotsKW.allSatisfy { $0 == first }
    everywhereKW = isConstant ? first : slotsKW.min() ?? .infinity
    self.slotsKW = isConstant ? [] : slotsKW
  }

  /// No limit.
  public static let infinity = PowerLimit(.infinity)

  /// The limit of a slot. [kW]
  @inline(__always)
  public subscript(slot: Int) -> Double {
    slotsKW.isEmpty ? everywhereKW : slotsKW[slot]
  }

  /// The limits of a part of the slots, which are counted from the part's beginning.
  public subscript(slots: Range<Int>) -> PowerLimit {
    slotsKW.isEmpty ? self : PowerLimit(slotsKW: Array(slotsKW[slots]))
  }

  /// The lowest limit. [kW]
  @inline(__always)
  public var leastKW: Double { everywhereKW }

  /// The highest limit. [kW]
  public var mostKW: Double { slotsKW.max() ?? everywhereKW }

  /// Whether there is a limit in any slot.
  @inline(__always)
  public var isFinite: Bool { everywhereKW < .infinity }

  /// Whether every slot has the same limit.
  public var isConstant: Bool { slotsKW.isEmpty }

  /// The number of slots; nothing where the limit is the same in any number of them.
  public var slotCount: Int? { slotsKW.isEmpty ? nil : slotsKW.count }

  /// Returns a limit that holds in every slot of a plan.
  public func isUsable(slots count: Int) -> Bool {
    (slotsKW.isEmpty || slotsKW.count == count) && !everywhereKW.isNaN
      && !slotsKW.contains(where: \.isNaN)
  }

  /// Returns the limits after a change of each.
  public func map(_ change: (Double) -> Double) -> PowerLimit {
    slotsKW.isEmpty ? PowerLimit(change(everywhereKW)) : PowerLimit(slotsKW: slotsKW.map(change))
  }

  /// Returns the limits after a change of each that depends on the slot.
  public func map(slots count: Int, _ change: (Int, Double) -> Double) -> PowerLimit {
    PowerLimit(slotsKW: (0..<count).map { change($0, self[$0]) })
  }

  /// Returns the lower of two limits in every slot.
  public func lowered(to other: PowerLimit) -> PowerLimit {
    if slotsKW.isEmpty { return other.map { min($0, everywhereKW) } }
    return map(slots: slotsKW.count) { min($1, other[$0]) }
  }

  /// Returns the limits with slots of the same limit before them.
  public func preceded(by limitKW: Double, slots count: Int, of all: Int) -> PowerLimit {
    PowerLimit(
      slotsKW: [Double](repeating: limitKW, count: count) + (0..<all).map { self[$0] })
  }

  /// Returns the limits of slots that are longer by a factor.
  ///
  /// - Parameters:
  ///   - factor: Slots in a longer one.
  ///   - join: The limit of a longer slot from those within it.
  /// - Returns: The limits of the longer slots.
  public func coarsened(by factor: Int, _ join: (ArraySlice<Double>) -> Double) -> PowerLimit {
    guard factor > 1, !slotsKW.isEmpty else { return self }
    return PowerLimit(
      slotsKW: stride(from: 0, to: slotsKW.count, by: factor).map { first in
        join(slotsKW[first..<min(slotsKW.count, first + factor)])
      })
  }
}

extension PowerLimit: ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral {
  /// The same limit in every slot. [kW]
  public init(floatLiteral value: Double) { self.init(value) }

  /// The same limit in every slot. [kW]
  public init(integerLiteral value: Int) { self.init(Double(value)) }
}
