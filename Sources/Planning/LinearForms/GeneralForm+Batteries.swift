internal import LinearPrograms

/// Where the columns and rows of a battery beside the first one begin; slot `t` has the place `first + t`.
struct BatteryPlaces {
  var charge: Int
  var discharge: Int
  var energy: Int
  /// Pieces of the value of the energy left.
  var end: Int
  /// Number of these pieces; none where a kWh left has one worth.
  var endPieces: Int
  var store = 0
  var endRow = 0
  var entry = 0

  /// Columns of one kind that lie in the order of the slots.
  var slotColumns: [Int] { [charge, discharge, energy] }
}

// Batteries beside the first one: a store of its own each, and a balance at the meter for all.
extension GeneralForm {
  mutating func addBatteryColumns() {
    for (b, pieces) in shape.others.enumerated() {
      let charge = columns("charge_\(b + 2)")
      let discharge = columns("discharge_\(b + 2)")
      let energy = columns("energy_\(b + 2)")
      let end = program.columnCount
      for k in 0..<pieces { program.addColumn("end_\(b + 2)_\(k)") }
      others.append(
        BatteryPlaces(
          charge: charge, discharge: discharge, energy: energy, end: end, endPieces: pieces))
    }
  }

  mutating func addBatteryRows() {
    guard !others.isEmpty else { return }
    let n = shape.count
    for b in others.indices {
      others[b].store = program.rowCount
      others[b].entry = program.entryCount
      let places = others[b]
      for t in 0..<n {
        // (P2) stored energy of a further battery
        var terms: [(column: LinearProgram.Column, coefficient: Double)] = [
          (column(places.energy + t), 1), (column(places.charge + t), -1),
          (column(places.discharge + t), 1),
        ]
        if t > 0 { terms.append((column(places.energy + t - 1), -1)) }
        program.addRow("store_\(b + 2)_\(t)", terms: terms)
      }
      others[b].endRow = program.rowCount
      guard places.endPieces > 0 else { continue }
      // (P4) its energy left, split by its worth
      var terms = [(column: column(places.energy + n - 1), coefficient: 1.0)]
      for k in 0..<places.endPieces { terms.append((column(places.end + k), -1)) }
      program.addRow("end_\(b + 2)", lower: 0, upper: 0, terms: terms)
    }
    guard shape.limitsJointPower else { return }
    jointChargeRow = program.rowCount
    for t in 0..<n {
      // (P10) what all batteries may charge together, and discharge
      program.addRow(
        "all_charge_\(t)",
        terms: ([chargeFirst] + others.map(\.charge)).map { (column($0 + t), 1) })
    }
    jointDischargeRow = program.rowCount
    for t in 0..<n {
      program.addRow(
        "all_discharge_\(t)",
        terms: ([dischargeFirst] + others.map(\.discharge)).map { (column($0 + t), 1) })
    }
  }

  /// Sets every number of the further batteries; a ban closes one direction of one of them in a slot.
  mutating func updateBatteries(_ model: PlanningModel, bans: [[SlotBan]]) {
    let h = model.stepHours
    for (b, other) in model.others.enumerated() {
      let places = others[b]
      var entry = places.entry
      for t in 0..<shape.count {
        let ban = b < bans.count ? bans[b][t] : .none
        set(
          places.charge + t, lower: other.leastChargeKW.isEmpty ? 0 : other.leastChargeKW[t],
          upper: ban == .charging ? 0 : other.chargeKW[t], cost: 0)
        set(
          places.discharge + t,
          lower: other.leastDischargeKW.isEmpty ? 0 : other.leastDischargeKW[t],
          upper: ban == .discharging ? 0 : other.dischargeKW[t],
          cost: h * other.wear)
        set(
          places.energy + t, lower: other.energyMin[t], upper: other.energyMax[t],
          cost: -other.keepingPerKWh)
        let start = t == 0 ? other.retention * other.start : 0
        program.setBounds(
          LinearProgram.Row(index: places.store + t), lower: start, upper: start)
        program.setCoefficient(entry: entry + 1, -h * other.chargeEfficiency)
        program.setCoefficient(entry: entry + 2, h / other.dischargeEfficiency)
        if t > 0 { program.setCoefficient(entry: entry + 3, -other.retention) }
        entry += t > 0 ? 4 : 3
      }
      updateEnd(
        other, last: places.energy + shape.count - 1, first: places.end, pieces: places.endPieces)
    }
    guard let joint = model.jointPower, shape.limitsJointPower else { return }
    for t in 0..<shape.count {
      program.setBounds(
        LinearProgram.Row(index: jointChargeRow + t), lower: -.infinity,
        upper: joint.chargeKW[t])
      program.setBounds(
        LinearProgram.Row(index: jointDischargeRow + t), lower: -.infinity,
        upper: joint.dischargeKW[t])
    }
  }

  /// Further batteries rest: what they store is basic.
  func restBatteries(_ basis: inout Basis, _ slots: Range<Int>) {
    for places in others {
      for t in slots {
        for first in places.slotColumns { basis.columns[first + t] = .lower }
        basis.columns[places.energy + t] = .basic
        basis.rows[places.store + t] = .lower
      }
    }
    guard shape.limitsJointPower else { return }
    for t in slots {
      basis.rows[jointChargeRow + t] = .basic
      basis.rows[jointDischargeRow + t] = .basic
    }
  }

  /// The ends of further batteries at rest: all that is left is of the first piece.
  func restBatteryEnds(_ basis: inout Basis) {
    for places in others where places.endPieces > 0 { basis.columns[places.end] = .basic }
  }

  /// Moves the statuses of further batteries with the slots; the slots that are new rest.
  ///
  /// The beginning that is cut off may hold the power that is basic of a stretch between two ends of the band; a
  /// power of what is left of the stretch takes its place.
  func shiftBatteries(_ moved: inout Basis, from basis: Basis, by slots: Int) {
    let kept = shape.count - slots
    for places in others {
      for first in places.slotColumns {
        for t in 0..<kept { moved.columns[first + t] = basis.columns[first + t + slots] }
      }
      for t in 0..<kept { moved.rows[places.store + t] = basis.rows[places.store + t + slots] }
    }
    if shape.limitsJointPower {
      for first in [jointChargeRow, jointDischargeRow] {
        for t in 0..<kept { moved.rows[first + t] = basis.rows[first + t + slots] }
      }
    }
    restBatteries(&moved, kept..<shape.count)
    for places in others where slots > 0 {
      guard basis.columns[places.energy + slots - 1] == .basic,
        let end = (0..<kept).first(where: { moved.columns[places.energy + $0] != .basic })
      else { continue }
      let powers = [places.discharge, places.charge]
      let isHeld = (0...end).contains { t in
        powers.contains { moved.columns[$0 + t] == .basic }
      }
      if !isHeld { moved.columns[places.discharge] = .basic }
    }
  }
}

// MARK: - Out of a solution

extension PlanningModel {
  /// Adds the further batteries to the net power and returns what they do.
  mutating func takeBatteries(_ form: GeneralForm, _ solution: Solution) -> [BatterySchedule] {
    var schedules: [BatterySchedule] = []
    for (other, places) in zip(others, form.others) {
      var schedule = BatterySchedule(count: count)
      var stored = other.start
      for t in 0..<count {
        let end = min(
          max(solution.columnValue[places.energy + t], other.energyMin[t]), other.energyMax[t])
        let power = other.battery(t, change: end - stored * other.retention)
        schedule.chargeKW[t] = power.chargeKW
        schedule.dischargeKW[t] = power.dischargeKW
        schedule.energyKWh[t] = end
        schedule.energyValuePerKWh[t] = -solution.rowDual[places.store + t]
        stored = end
      }
      schedule.terminal = .pieces(other.terminal)
      place(schedule)
      schedules.append(schedule)
    }
    return schedules
  }

  /// Adds the power of a battery to what is left for another one.
  mutating func place(_ schedule: BatterySchedule) {
    add((0..<count).map { -schedule.batteryKW($0) })
  }

  /// Returns the power that a change of the stored energy takes, within the limits. [kWh, kW]
  func battery(_ t: Int, change: Double) -> (chargeKW: Double, dischargeKW: Double) {
    let moved = abs(change) < 1e-9 ? 0 : change
    if moved > 0 { return (min(chargeKW[t], moved / (stepHours * chargeEfficiency)), 0) }
    if moved < 0 { return (0, min(dischargeKW[t], -moved * dischargeEfficiency / stepHours)) }
    return (0, 0)
  }

  /// A battery that does nothing, within its band.
  func resting() -> BatterySchedule {
    var schedule = BatterySchedule(count: count)
    var stored = start
    for t in 0..<count {
      stored *= retention
      schedule.energyKWh[t] = stored
    }
    schedule.terminal = .pieces(terminal)
    return schedule
  }

  /// What a further battery costs by itself: wear, less the value of the energy left. [currency]
  func ownCost(of schedule: BatterySchedule) -> Double {
    var money = 0.0
    for t in 0..<count { money += stepHours * wear * schedule.dischargeKW[t] }
    return money - endValue(schedule.energyKWh.last ?? start)
  }
}
