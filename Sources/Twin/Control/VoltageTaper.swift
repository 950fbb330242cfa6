import Diagnostics
import Numerics

/// A derating table over cell voltage as a limit of the voltage that falls as the current grows.
///
/// The table allows a share of the rated current at the voltage that a cell has at the *end* of a step, and that
/// voltage depends on the current. Read the other way round it says up to which voltage a current is
/// allowed, so the current of a step is the one at which the worst cell ends just there. There is exactly one,
/// because a cell's voltage rises with the charging current and the table falls; it is an implicit step, so it
/// does not swing however long the step is.
struct VoltageTaper: Sendable {
  /// Voltages from the most to the least that is allowed, and the shares there; voltages of a discharge
  /// are negative, so that both directions rise.
  private let volts: [Double]
  private let shares: [Double]
  private let ratedA: Double
  private let sign: Double

  /// Reads a table of a direction; its shares were checked to fall towards the end of the charge.
  init(_ table: LinearTable, _ direction: PowerDirection, ratedA: Double) {
    self.ratedA = ratedA
    sign = direction == .charge ? 1 : -1
    volts = direction == .charge ? table.x : table.x.reversed().map { -$0 }
    shares = direction == .charge ? table.y : table.y.reversed()
  }

  /// Highest current that the table allows at any voltage. [A]
  var mostA: Double { ratedA * (shares.first ?? 1) }

  /// The voltage that no cell may pass at a current of the pack. [V]
  ///
  /// - Parameters:
  ///   - packA: Current, of either sign. [A]
  ///   - cellLimitV: Voltage that no cell may pass at any current. [V]
  /// - Returns: The voltage. [V]
  func limitV(atPackA packA: Double, cellLimitV: Double) -> Double {
    sign * min(sign * cellLimitV, highest(share: abs(packA) / ratedA))
  }

  private func highest(share: Double) -> Double {
    // Beyond the table: a steep line, so that searches see where to go.
    if share > shares[0] { return volts[0] - 10 * (share - shares[0]) }
    // Nothing is allowed up to the first voltage of none; a last share that is left holds beyond.
    if share <= 0 { return shares.firstIndex { $0 <= 0 }.map { volts[$0] } ?? .infinity }
    guard let place = shares.lastIndex(where: { $0 >= share }), place + 1 < shares.count else {
      return .infinity
    }
    let fall = (shares[place] - share) / (shares[place] - shares[place + 1])
    return volts[place] + fall * (volts[place + 1] - volts[place])
  }
}

extension DeratingPolicy {
  /// The table over voltage of a direction; nil where there is none.
  func voltageTable(_ direction: PowerDirection) -> LinearTable? {
    for case .voltage(let table) in direction == .charge ? charge : discharge { return table }
    return nil
  }

  /// Returns what does not fit the cell: tables and levels of another chemistry stop it half full.
  func problems(of cell: CellSpecification) -> Findings {
    var found = Findings()
    let nominalV = cell.nominalV
    for direction in PowerDirection.allCases {
      let stop = stop(direction)
      if let table = voltageTable(direction), !(table(nominalV) > 0) {
        found.error(
          "'\(direction.rawValue).voltage' leaves nothing at the cell's nominal voltage of "
            + "\((nominalV * 1000).rounded() / 1000) V",
          key: "\(direction.rawValue).voltage")
      }
      if let stop, direction == .charge ? stop.stopV <= nominalV : stop.stopV >= nominalV {
        found.error(
          "'\(direction.rawValue).stop_v' stops at the cell's nominal voltage of "
            + "\((nominalV * 1000).rounded() / 1000) V", key: "\(direction.rawValue).stop_v")
      }
    }
    return found
  }
}
