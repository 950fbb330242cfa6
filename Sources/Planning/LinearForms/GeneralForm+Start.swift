internal import LinearPrograms
internal import TimeSeries

extension GeneralForm {
  /// Powers and energies closer than this are the same in a basis. [kW, kWh]
  private static let rounding = 1e-7

  /// Returns the basis that a plan of another solver lies at, where that follows from the schedule alone.
  ///
  /// Each slot has two rows. At the balance the power at the meter is basic or, where that is zero or at a
  /// limit, the battery's. At the store the energy is basic or, where that is at the end of its band, the power
  /// of one slot since the band was last met. What a schedule that is no vertex has beyond that is left
  /// at its nearer bound. Simplex repairs what is missed, as it judges the optimum by itself.
  ///
  /// - Parameters:
  ///   - plan: The plan, of the same request.
  ///   - model: The request.
  /// - Returns: The basis; nothing where rows tie slots together by more than the stored energy.
  func basis(of plan: Plan, _ model: PlanningModel) -> Basis? {
    guard shape.metering.isEmpty, shape.blocks == 0, shape.waiting.isEmpty,
      shape.others.isEmpty, shape.heat == nil, model.invertedSlots == 0
    else { return nil }
    var basis = Basis(
      rows: [BasisStatus](repeating: .lower, count: program.rowCount),
      columns: [BasisStatus](repeating: .lower, count: program.columnCount))
    // The slot since the band was last met of which the power is basic at the store.
    var marginal: Int?
    for t in 0..<shape.count {
      for (first, power) in [
        (chargeFirst, plan.chargeKW[t]), (dischargeFirst, plan.dischargeKW[t]),
      ] {
        basis.columns[first + t] = nearer(first + t, power)
      }
      let isAtMeter = meter(&basis, t, plan, model)
      if let moved = movedColumn(t, plan) {
        if !isAtMeter {
          basis.columns[moved] = .basic
        } else if marginal == nil {
          basis.columns[moved] = .basic
          marginal = moved
        }
      } else if !isAtMeter {
        basis.columns[importFirst + t] = .basic
      }
      let energy = plan.energyKWh[t]
      let column = energyFirst + t
      let isBetween =
        energy > model.energyMin[t] + Self.rounding && energy < model.energyMax[t] - Self.rounding
      if isBetween || marginal == nil {
        basis.columns[column] = .basic
      } else {
        basis.columns[column] = nearer(column, energy)
        marginal = nil
      }
    }
    end(&basis, energyKWh: plan.energyKWh.last ?? 0, marginal: marginal, plan)
    return basis.excess == 0 ? basis : nil
  }

  /// Sets the status of the meter in a slot and returns whether anything at it is basic.
  private func meter(
    _ basis: inout Basis, _ t: Int, _ plan: Plan, _ model: PlanningModel
  ) -> Bool {
    let curtailed = plan.curtailKW[t]
    if curtailed > Self.rounding {
      basis.rows[balanceFirst + t] = .upper
      if curtailed < model.pvKW[t] - Self.rounding {
        basis.rows[balanceFirst + t] = .basic
        basis.columns[exportFirst + t] = nearer(exportFirst + t, plan.exportKW[t])
        return true
      }
    }
    if plan.importKW[t] > model.importLimitKW[t] + Self.rounding {
      basis.columns[importFirst + t] = .upper
      basis.columns[overFirst + t] = .basic
      return true
    }
    for (column, power) in [
      (importFirst + t, plan.importKW[t]), (exportFirst + t, plan.exportKW[t]),
    ] where power > Self.rounding {
      basis.columns[column] = nearer(column, power)
      guard basis.columns[column] == .lower || power < program.columnUpper[column] - Self.rounding
      else { continue }
      basis.columns[column] = .basic
      return true
    }
    return false
  }

  /// The power of the battery in a slot that is neither nothing nor all it may be.
  private func movedColumn(_ t: Int, _ plan: Plan) -> Int? {
    for (first, power) in [(chargeFirst, plan.chargeKW[t]), (dischargeFirst, plan.dischargeKW[t])]
    where power > Self.rounding && power < program.columnUpper[first + t] - Self.rounding {
      return first + t
    }
    return nil
  }

  /// The bound that a value lies nearer to.
  private func nearer(_ column: Int, _ value: Double) -> BasisStatus {
    let (lower, upper) = (program.columnLower[column], program.columnUpper[column])
    return value > Self.rounding && upper - value < value - lower ? .upper : .lower
  }

  /// Sets what is left at the end: of the pieces of its value the one that it ends in is basic, or the power of
  /// a slot since the band was last met where it ends between two.
  private func end(_ basis: inout Basis, energyKWh: Double, marginal: Int?, _ plan: Plan) {
    var marginal = marginal
    if shape.terminalPieces > 0 {
      var left = energyKWh
      var last = endFirst
      var isSplit = false
      for column in endFirst..<endFirst + shape.terminalPieces {
        let wide = program.columnUpper[column]
        guard wide > Self.rounding, !isSplit else { continue }
        if left > Self.rounding { last = column }
        isSplit = left > Self.rounding && left < wide - Self.rounding
        basis.columns[column] = left >= wide - Self.rounding ? .upper : .lower
        left -= min(left, wide)
      }
      if isSplit || marginal == nil {
        basis.columns[last] = .basic
      } else {
        marginal = nil
      }
    }
    guard let marginal else { return }
    let t = (marginal - chargeFirst) % shape.count
    basis.columns[marginal] = nearer(
      marginal, marginal < dischargeFirst ? plan.chargeKW[t] : plan.dischargeKW[t])
  }
}
