internal import CTwinKernels

extension CellPack {
  /// Returns the current, cut so that no cell passes a voltage at the end of the step. [A]
  ///
  /// Uses the coefficients of the last `prepare` and the open-circuit curve at the state of charge that
  /// the current leads to, so a bend within the step counts. The end voltage falls with the current, so the
  /// limit lies where it meets the voltage.
  ///
  /// - Parameters:
  ///   - response: The step.
  ///   - packA: Current of the pack, positive when discharging. [A]
  ///   - limitV: Voltage that no cell shall pass. [V]
  ///   - hold: A voltage in place of `limitV`: of a cell, or of the pack at its terminals.
  ///   - taper: A table that lets no cell come as far at a higher current.
  ///   - countsCharge: False leaves the charge as it is; only the surface lags behind.
  /// - Returns: The current or the part of it that keeps the limit. [A]
  func currentWithin(
    _ response: StepResponse, _ packA: Double, limitV: Double, hold: VoltageHold? = nil,
    taper: VoltageTaper? = nil, countsCharge: Bool = true
  ) -> Double {
    guard packA != 0 else { return packA }
    return unsafe withUnsafeTemporaryAllocation(of: CellEnd.self, capacity: cellCount) { ends in
      unsafe fill(ends, response, packA, countsCharge: countsCharge)
      let cell = model.tables.specification
      let kept = packA > 0 ? 1 : cell.chargeEfficiency
      /// Smallest distance of any cell's end voltage to the limit, at a part of the current. [V]
      func worstRoomV(_ part: Double, limitV: Double) -> Double {
        let limitV = taper?.limitV(atPackA: part * packA, cellLimitV: limitV) ?? limitV
        var worst = Double.infinity
        for j in 0..<cellCount {
          let volt = unsafe ends[j].volt(at: part, tables: model.tables, kept: kept)
          worst = min(worst, packA > 0 ? volt - limitV : limitV - volt)
        }
        return worst
      }
      /// Distance of the pack's end voltage to a limit of its own, at a part of the current. [V]
      func packRoomV(_ part: Double, limitV: Double) -> Double {
        var sum = 0.0
        for j in 0..<cellCount {
          sum += unsafe ends[j].volt(at: part, tables: model.tables, kept: kept)
        }
        let volt = terminalV(cellsV: sum, packA: part * packA)
        return packA > 0 ? volt - limitV : limitV - volt
      }
      switch hold {
      case nil: return packA * CellPack.largestPart(keeping: { worstRoomV($0, limitV: limitV) })
      case .cell(let heldV):
        return packA * CellPack.largestPart(keeping: { worstRoomV($0, limitV: heldV) })
      case .pack(let heldV):
        return packA * CellPack.largestPart(keeping: { packRoomV($0, limitV: heldV) })
      }
    }
  }

  /// Voltage of the pack at its terminals at the end of the last step. [V]
  public var packV: Double {
    terminalV(cellsV: terminalV.reduce(0, +), packA: packCurrentA)
  }

  /// Voltage of the pack whose cells have a sum of voltages, less what their connections take. [V]
  private func terminalV(cellsV: Double, packA: Double) -> Double {
    let abreast = Double(model.parallel * model.strings)
    return (cellsV - Double(model.series) * packA * model.linkOhm) / abreast
  }

  /// Returns the largest part of a whole that leaves room, which falls with the part; none where nothing does.
  ///
  /// Secants, halved at an end that stays (the Illinois rule: M. Dowell and P. Jarratt, BIT 11 (1971) 168,
  /// doi:10.1007/BF01934364), until the room is less than a nanovolt; it is never below zero.
  private static func largestPart(keeping roomV: (Double) -> Double) -> Double {
    let aimV = 5e-10
    var high = (part: 1.0, roomV: roomV(1))
    guard high.roomV < 0 else { return 1 }
    var low = (part: 0.0, roomV: roomV(0))
    guard low.roomV > 0 else { return 0 }
    var lowStays = 0
    for _ in 0..<60 where high.part - low.part > 1e-12 && low.roomV > 2 * aimV {
      let fall = (low.roomV - aimV) / (low.roomV - high.roomV)
      let part = low.part + (high.part - low.part) * min(max(fall, 1e-9), 1 - 1e-9)
      let found = roomV(part)
      if found >= 0 {
        if lowStays < 0 { high.roomV *= 0.5 }
        low = (part, found)
        lowStays = -1
      } else {
        if lowStays > 0 { low.roomV = max(0.5 * low.roomV, 3 * aimV) }
        high = (part, found)
        lowStays = 1
      }
    }
    return low.part
  }

  /// A cell at the end of a step, as far as it does not hang on the part of the current.
  private struct CellEnd {
    /// Current without any of the pack, and what all of it adds. [A]
    var restA: Double
    var wholeA: Double
    /// Charge at which the curves are read, and its fall with the charge that leaves. [1/A]
    var restSOC: Double
    var fallPerA: Double
    var bleedA: Double
    /// Temperature at the end without heat of the current that differs from the last one's. [°C]
    var temperatureC: Double
    var warmingK: Double
    var warmingPerSquareA: Double
    var scale: Double
    /// Voltage of the pairs without current, and what current adds. [V] [Ω]
    var pairsV: Double
    var pairsOhm: Double
    var hysteresis: Double
    var turnPerA: Double

    /// The voltage that the cell will show right after the step. [V]
    ///
    /// Open-circuit curve, hysteresis and series resistance of the end, pairs as the step leaves them. A cell that
    /// cools gains resistance; one that warms is taken as it is, on the safe side.
    func volt(at part: Double, tables: CellTables, kept: Double) -> Double {
      let current = restA + part * wholeA
      let z = restSOC - ((current < 0 ? current * kept : current) + bleedA) * fallPerA
      let warming = min(0, warmingK + warmingPerSquareA * current * current)
      let series =
        tables.seriesOhm(
          socFraction: z, temperatureC: temperatureC + warming, charging: current < 0) * scale
      var volt = tables.openCircuitV(at: z) - pairsV - current * (series + pairsOhm)
      if turnPerA > 0 {
        let wait = turnPerA * abs(current)
        let sign = current > 0 ? 1.0 : (current < 0 ? -1 : 0)
        let turned = (hysteresis + sign) / (1 + wait * (1 + wait * (0.5 + wait / 6))) - sign
        volt += tables.hysteresisV(at: z) * turned
      }
      return volt
    }
  }

  private func fill(
    _ ends: UnsafeMutableBufferPointer<CellEnd>, _ response: StepResponse, _ packA: Double,
    countsCharge: Bool
  ) {
    let step = unsafe response.coefficients.pointee
    let cell = model.tables.specification
    let hours = step.seconds / 3600
    let shared = isShared
    let lags = cell.surfaceLag.map { $0.socPerC > 0 } ?? false
    let (rest, whole, former) =
      shared ? (sharesA(0), sharesA(packA), sharesA(packCurrentA)) : ([], [], [])
    for j in 0..<cellCount {
      let inverse = self[.inverseCapacity, j]
      let restA = shared ? rest[j] : 0
      let before = shared ? former[j] : packCurrentA
      var restSOC = self[.soc, j]
      var fallPerA = countsCharge ? hours * inverse : 0
      // A lag of nothing leaves the surface's column unfilled.
      if lags {
        restSOC -= step.lag_decay * self[.lag, j]
        fallPerA += hours * (self[.surfaceInverse, j] - inverse)
      }
      let fast = self[.fast, j]
      let slow = self[.slow, j]
      let perSquare = step.seconds * (self[.series, j] + fast + slow) / cell.heatCapacityJPerK
      unsafe ends.initializeElement(
        at: j,
        to: CellEnd(
          restA: restA, wholeA: shared ? whole[j] - restA : packA, restSOC: restSOC,
          fallPerA: fallPerA, bleedA: self[.bleed, j], temperatureC: self[.temperature, j],
          warmingK: step.seconds * self[.drift, j] - perSquare * before * before,
          warmingPerSquareA: perSquare, scale: self[.scale, j],
          pairsV: step.decay1 * self[.fastV, j] + step.decay2 * self[.slowV, j],
          pairsOhm: fast * (1 - step.decay1) + slow * (1 - step.decay2),
          hysteresis: self[.hysteresis, j],
          turnPerA: cell.hysteresisRate * hours * inverse))
    }
  }

  /// Returns the current of each cell for a current of the pack, by the last `prepare`. [A]
  func sharesA(_ packA: Double) -> [Double] {
    var view = unsafe memory.view
    return unsafe Array(unsafeUninitializedCapacity: cellCount + model.strings) { buffer, count in
      unsafe twin_currents(&view, packA, buffer.baseAddress)
      count = cellCount
    }
  }
}
