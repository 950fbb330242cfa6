internal import LinearPrograms

/// Where the columns and rows of a load that can wait begin; slot `t` has the place `first + t`.
struct WaitingPlaces {
  var power: Int
  var stored: Int
  var unmet: Int
  /// What would be nice to have; nothing for a load that has no such part.
  var optional: Int?
  var row = 0
  var entry = 0

  /// Columns of one kind that lie in the order of the slots.
  var slotColumns: [Int] { [power, stored, unmet] + (optional.map { [$0] } ?? []) }
}

// Loads that can wait: one row and three or four columns a slot each, whatever they have to do, so that the
// program keeps its shape from plan to plan.
extension GeneralForm {
  mutating func addWaitingColumns(_ l: Int) {
    waiting.append(
      WaitingPlaces(
        power: columns("wait_\(l)"), stored: columns("kept_\(l)"), unmet: columns("unmet_\(l)"),
        optional: shape.waiting[l] ? columns("missed_\(l)") : nil))
  }

  mutating func addWaitingRows(_ l: Int) {
    waiting[l].row = program.rowCount
    waiting[l].entry = program.entryCount
    let places = waiting[l]
    for t in 0..<shape.count {
      // (P6) what the load stores; what it is left short of is priced
      var terms: [(column: LinearProgram.Column, coefficient: Double)] = [
        (column(places.power + t), -1), (column(places.stored + t), 1),
        (column(places.unmet + t), -1),
      ]
      if let optional = places.optional { terms.append((column(optional + t), -1)) }
      if t > 0 { terms.append((column(places.stored + t - 1), -1)) }
      program.addRow("waiting_\(l)_\(t)", terms: terms)
    }
  }

  mutating func updateWaiting(_ l: Int, _ load: WaitingLoad, _ model: PlanningModel) {
    let places = waiting[l]
    let h = model.stepHours
    let fixed = places.optional == nil ? 3 : 4
    var entry = places.entry
    for t in 0..<shape.count {
      set(
        places.power + t, lower: model.leastWaitingKW.isEmpty ? 0 : model.leastWaitingKW[l][t],
        upper: load.powerKW[t], cost: 0)
      set(
        places.stored + t, upper: load.capacityKWh[t],
        cost: t == shape.count - 1 ? -load.endPerKWh : 0)
      let optionalKWh = places.optional == nil ? 0 : load.optionalKWh[t]
      set(
        places.unmet + t, upper: max(0, load.drawKWh[t] - optionalKWh), cost: load.unmetPerKWh)
      if let optional = places.optional {
        set(optional + t, upper: optionalKWh, cost: load.optionalPerKWh)
      }
      program.setCoefficient(entry: entry, -h * load.storedPerKWh[t])
      if t > 0 { program.setCoefficient(entry: entry + fixed, -load.retentionPerStep) }
      entry += t > 0 ? fixed + 1 : fixed
      let given = (t == 0 ? load.retentionPerStep * load.startKWh : 0) - load.drawKWh[t]
      program.setBounds(
        LinearProgram.Row(index: places.row + t), lower: given, upper: given)
    }
  }

  /// Loads that wait have their store basic.
  func restWaiting(_ basis: inout Basis, _ l: Int, _ slots: Range<Int>) {
    let places = waiting[l]
    for t in slots {
      for first in places.slotColumns { basis.columns[first + t] = .lower }
      basis.columns[places.stored + t] = .basic
      basis.rows[places.row + t] = .lower
    }
  }

  /// Moves the statuses of a load with the slots; the slots that are new rest.
  ///
  /// The beginning that is cut off may hold the power that is basic of a stretch between two bounds of the store;
  /// a power of what is left of the stretch takes its place.
  func shiftWaiting(_ moved: inout Basis, from basis: Basis, _ l: Int, by slots: Int) {
    let places = waiting[l]
    let kept = shape.count - slots
    for first in places.slotColumns + [places.row] {
      for t in 0..<kept {
        if first == places.row {
          moved.rows[first + t] = basis.rows[first + t + slots]
        } else {
          moved.columns[first + t] = basis.columns[first + t + slots]
        }
      }
    }
    restWaiting(&moved, l, kept..<shape.count)
    guard slots > 0, basis.columns[places.stored + slots - 1] == .basic else { return }
    guard let end = (0..<kept).first(where: { moved.columns[places.stored + $0] != .basic })
    else { return }
    let others = places.slotColumns.filter { $0 != places.stored }
    guard
      !(0...end).contains(where: { t in
        others.contains { moved.columns[$0 + t] == .basic }
      })
    else { return }
    let wide = (0...end).first { program.columnUpper[places.power + $0 + slots] > 0 }
    moved.columns[places.power + (wide ?? 0)] = .basic
  }
}

extension Plan {
  /// Enters the powers of loads that can wait, with what they cost besides electricity.
  mutating func enter(_ powers: [[Double]], of model: PlanningModel) {
    waitingKW = powers
    for (load, power) in zip(model.waitingLoads, powers) {
      let (cost, steps) = load.cost(of: power, stepHours: model.stepHours)
      waitingCost += cost
      waitingUnmetKWh.append(steps.map { $0.unmetKWh + $0.optionalUnmetKWh })
      let short = steps.reduce(0) { $0 + $1.unmetKWh }
      guard short > 1e-7 else { continue }
      slack.append(
        PlanSlack(rule: "unmet_\(load.name)", amount: short, cost: short * load.unmetPerKWh))
    }
    objective += waitingCost
  }

  /// Takes over the loads of another plan, which this one was made around.
  package mutating func takeWaitingLoads(of other: Plan) {
    guard !other.waitingKW.isEmpty else { return }
    waitingKW = other.waitingKW
    waitingUnmetKWh = other.waitingUnmetKWh
    waitingCost = other.waitingCost
    objective += waitingCost
    slack += other.slack.filter { $0.rule.hasPrefix("unmet_") }
  }
}
