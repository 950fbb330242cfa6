internal import LinearPrograms

/// The schedule with one row per slot: cost segments of the change of energy between two states.
///
/// Efficiencies, curtailment, the kink between import and export, and wear are folded into the segments by
/// the same code that feeds the value function, so coefficients are one and few pivots are needed. Peaks
/// have no place in it.
struct SegmentForm {
  /// Room for segments in each slot.
  static let segments = 8

  let count: Int
  let terminalPieces: Int
  private(set) var program = LinearProgram(name: "segments")
  let energyFirst: Int
  let endFirst: Int
  private var retentionEntry: [Int] = []

  init(count: Int, terminalPieces: Int) {
    self.count = count
    self.terminalPieces = terminalPieces
    for t in 0..<count {
      for k in 0..<Self.segments { program.addColumn("change_\(t)_\(k)") }
    }
    energyFirst = program.columnCount
    for t in 0..<count { program.addColumn("energy_\(t)") }
    endFirst = program.columnCount
    for k in 0..<terminalPieces { program.addColumn("end_\(k)") }
    for t in 0..<count {
      // Stored energy after the slot is what rested and the sum of the segments.
      var terms = [(column: column(energyFirst + t), coefficient: 1.0)]
      for k in 0..<Self.segments {
        terms.append((column(Self.segments * t + k), -1))
      }
      if t > 0 {
        retentionEntry.append(program.entryCount + terms.count)
        terms.append((column(energyFirst + t - 1), -1))
      }
      program.addRow("store_\(t)", terms: terms)
    }
    if terminalPieces > 0 {
      var terms = [(column: column(energyFirst + count - 1), coefficient: 1.0)]
      for k in 0..<terminalPieces { terms.append((column(endFirst + k), -1)) }
      program.addRow("end", lower: 0, upper: 0, terms: terms)
    }
  }

  private func column(_ index: Int) -> LinearProgram.Column { LinearProgram.Column(index: index) }

  /// Sets every bound and cost; returns false when a slot has more segments than there is room for.
  mutating func update(_ model: PlanningModel, costs: [SlotCost]) -> Bool {
    for t in 0..<count {
      let cost = costs[t]
      guard cost.count <= Self.segments else { return false }
      for k in 0..<Self.segments {
        let place = column(Self.segments * t + k)
        program.setBounds(place, lower: 0, upper: k < cost.count ? cost.width[k] : 0)
        program.setCost(place, k < cost.count ? cost.slope[k] : 0)
      }
      program.setBounds(
        column(energyFirst + t), lower: model.energyMin[t], upper: model.energyMax[t])
      let start = cost.lowest + (t == 0 ? model.retention * model.start : 0)
      program.setBounds(LinearProgram.Row(index: t), lower: start, upper: start)
    }
    for t in 0..<count { program.setCost(column(energyFirst + t), -model.keepingPerKWh) }
    for entry in retentionEntry { program.setCoefficient(entry: entry, -model.retention) }
    updateEnd(model)
    return true
  }

  private mutating func updateEnd(_ model: PlanningModel) {
    let last = column(energyFirst + count - 1)
    let end = terminalPieces == 0 ? model.terminal[0].valuePerKWh : 0
    program.setCost(last, -end - model.keepingPerKWh)
    var at = 0.0
    for k in 0..<terminalPieces {
      let place = column(endFirst + k)
      guard k < model.terminal.count else {
        program.setBounds(place, lower: 0, upper: 0)
        program.setCost(place, 0)
        continue
      }
      let piece = model.terminal[k]
      program.setBounds(
        place, lower: k == 0 ? min(0, model.energyMin[count - 1]) : 0,
        upper: max(0, piece.upToKWh - at))
      program.setCost(place, -piece.valuePerKWh)
      at = max(at, piece.upToKWh)
    }
  }

  /// The basis of a battery at rest.
  func restBasis(costs: [SlotCost]) -> Basis {
    var basis = Basis(
      rows: [BasisStatus](repeating: .lower, count: program.rowCount),
      columns: [BasisStatus](repeating: .lower, count: program.columnCount))
    for t in 0..<count { rest(&basis, t, costs[t]) }
    if terminalPieces > 0 { basis.columns[endFirst] = .basic }
    return basis
  }

  private func rest(_ basis: inout Basis, _ t: Int, _ cost: SlotCost) {
    var at = cost.lowest
    for k in 0..<Self.segments {
      let isFull = k < cost.count && at + cost.width[k] <= 1e-9
      basis.columns[Self.segments * t + k] = isFull ? .upper : .lower
      if k < cost.count { at += cost.width[k] }
    }
    basis.columns[energyFirst + t] = .basic
    basis.rows[t] = .lower
  }

  /// Moves a basis by the slots that have passed; the slots that are new rest.
  func shifted(_ basis: Basis, by slots: Int, costs: [SlotCost]) -> Basis {
    guard slots > 0 else { return basis }
    guard slots < count else { return restBasis(costs: costs) }
    var moved = basis
    for t in 0..<(count - slots) {
      for k in 0..<Self.segments {
        moved.columns[Self.segments * t + k] = basis.columns[Self.segments * (t + slots) + k]
      }
      moved.columns[energyFirst + t] = basis.columns[energyFirst + t + slots]
      moved.rows[t] = basis.rows[t + slots]
    }
    for t in (count - slots)..<count { rest(&moved, t, costs[t]) }
    var excess = moved.excess
    var t = 0
    while excess != 0, t < count {
      for k in 0..<Self.segments where excess != 0 {
        let place = Self.segments * t + k
        if excess < 0, moved.columns[place] != .basic, k < costs[t].count {
          moved.columns[place] = .basic
          excess += 1
        } else if excess > 0, moved.columns[place] == .basic {
          moved.columns[place] = .lower
          excess -= 1
        }
      }
      t += 1
    }
    return moved
  }
}
