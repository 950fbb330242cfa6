internal import LinearPrograms
internal import Tariffs
internal import TimeSeries

/// What fixes the rows and columns of the general linear program; a change of it builds a new one.
struct GeneralShape: Hashable {
  /// Slots.
  var count: Int
  /// Metering interval of each demand price. [slots]
  var metering: [Int]
  /// Slots of the first metering interval that have passed.
  var meteringPhase: [Int]
  /// Whether the target of each demand price is held, so that import above it is priced by interval.
  var isHeld: [Bool]
  /// The import limit is a soft row.
  var limitsImport: Bool
  /// Room for pieces of the end value.
  var terminalPieces: Int
  /// Surcharges above an imported energy.
  var blocks: Int
  /// Whether each load that can wait has a part that would be nice to have.
  var waiting: [Bool]
  /// Room for pieces of the end value of each battery beside the first one.
  var others: [Int] = []
  /// What all batteries may have together is limited.
  var limitsJointPower = false
  /// Heat rows, with the numbers that are coefficients.
  var heat: HeatShape?
}

/// The coefficients of the heat rows.
struct HeatShape: Hashable {
  var model: HeatModel
  var stepHours: Double
}

/// The schedule as a linear program that takes every row: import, export, charge, discharge and energy
/// per slot, curtailment as the range of the balance row.
///
/// Built once per shape; `update` moves bounds, costs and the few coefficients that can move.
struct GeneralForm {
  let shape: GeneralShape
  var program = LinearProgram(name: "schedule")
  // First columns of each kind; slot `t` has the column `first + t`.
  private(set) var importFirst = 0
  private(set) var exportFirst = 0
  private(set) var chargeFirst = 0
  private(set) var dischargeFirst = 0
  private(set) var energyFirst = 0
  private(set) var overFirst = 0
  private(set) var peakFirst = 0
  // Import above a held target and above the peak so far, by demand price one per metering interval.
  private var aboveFirst: [Int?] = []
  private var lineFirst: [Int?] = []
  private(set) var endFirst = 0
  // First rows of each kind.
  private(set) var balanceFirst = 0
  private(set) var storeFirst = 0
  private(set) var peakRows: [Range<Int>] = []
  private var lineRows: [Range<Int>] = []
  private(set) var endRow = 0
  // First columns and rows of the optional families; see GeneralForm+Optional.swift.
  var blockFirst = 0
  var blockRowFirst = 0
  var blockEntryFirst: [Int] = []
  var waiting: [WaitingPlaces] = []
  // Batteries beside the first one; see GeneralForm+Batteries.swift.
  var others: [BatteryPlaces] = []
  var jointChargeRow = 0
  var jointDischargeRow = 0
  var heatFirst = 0
  var temperatureFirst = 0
  var hotFirst = 0
  var tangentRowFirst = 0
  var temperatureRowFirst = 0
  var derateRowFirst = 0
  private var storeEntryFirst = 0

  init(_ shape: GeneralShape) {
    self.shape = shape
    addColumns()
    addRows()
  }

  /// Columns of one kind that lie in the order of the slots, as far as the basis is shifted.
  var slotColumns: [Int] {
    var first = [importFirst, exportFirst, chargeFirst, dischargeFirst, energyFirst]
    if shape.limitsImport { first.append(overFirst) }
    return first
  }

  mutating func columns(_ name: String) -> Int {
    let first = program.columnCount
    for t in 0..<shape.count { program.addColumn("\(name)_\(t)") }
    return first
  }

  private mutating func addColumns() {
    importFirst = columns("import")
    exportFirst = columns("export")
    chargeFirst = columns("charge")
    dischargeFirst = columns("discharge")
    energyFirst = columns("energy")
    if shape.limitsImport { overFirst = columns("over_import") }
    peakFirst = program.columnCount
    for k in shape.metering.indices { program.addColumn("peak_\(k)") }
    for k in shape.metering.indices { addHeldColumns(k) }
    endFirst = program.columnCount
    for k in 0..<shape.terminalPieces { program.addColumn("end_\(k)") }
    addOptionalColumns()
  }

  func column(_ index: Int) -> LinearProgram.Column { LinearProgram.Column(index: index) }

  private mutating func addRows() {
    let n = shape.count
    balanceFirst = program.rowCount
    for t in 0..<n {
      // (P1) balance at the meter; the room between the bounds is curtailment
      program.addRow("balance_\(t)", terms: balanceTerms(t))
    }
    storeFirst = program.rowCount
    storeEntryFirst = program.entryCount
    for t in 0..<n {
      // (P2) stored energy; the start is the right-hand side of the first row
      var terms: [(column: LinearProgram.Column, coefficient: Double)] = [
        (column(energyFirst + t), 1), (column(chargeFirst + t), -1),
        (column(dischargeFirst + t), 1),
      ]
      if t > 0 { terms.append((column(energyFirst + t - 1), -1)) }
      program.addRow("store_\(t)", terms: terms)
    }
    for k in shape.metering.indices { addPeakRows(k) }
    endRow = program.rowCount
    if shape.terminalPieces > 0 {
      // (P4) the energy left, split by its worth
      var terms = [(column: column(energyFirst + n - 1), coefficient: 1.0)]
      for k in 0..<shape.terminalPieces { terms.append((column(endFirst + k), -1)) }
      program.addRow("end", lower: 0, upper: 0, terms: terms)
    }
    addOptionalRows()
  }

  /// What the meter imports less what is drawn and given behind it: the net load, and what is thrown away.
  func balanceTerms(_ t: Int) -> [(column: LinearProgram.Column, coefficient: Double)] {
    var terms: [(column: LinearProgram.Column, coefficient: Double)] = [
      (column(importFirst + t), 1), (column(exportFirst + t), -1),
      (column(dischargeFirst + t), 1), (column(chargeFirst + t), -1),
    ]
    if shape.limitsImport { terms.append((column(overFirst + t), 1)) }
    for load in waiting { terms.append((column(load.power + t), -1)) }
    for battery in others {
      terms.append((column(battery.discharge + t), 1))
      terms.append((column(battery.charge + t), -1))
    }
    return terms
  }

  private mutating func addHeldColumns(_ k: Int) {
    guard shape.isHeld[k] else {
      aboveFirst.append(nil)
      lineFirst.append(nil)
      return
    }
    let intervals = meteringIntervals(k)
    aboveFirst.append(program.columnCount)
    for slots in intervals { program.addColumn("above_\(k)_\(slots.lowerBound)") }
    lineFirst.append(program.columnCount)
    for slots in intervals { program.addColumn("line_\(k)_\(slots.lowerBound)") }
  }

  private mutating func addPeakRows(_ k: Int) {
    var rows: [Range<Int>] = []
    for (name, columns) in [("peak", aboveFirst[k]), ("line", lineFirst[k])] {
      let first = program.rowCount
      if name == "line", columns == nil {
        rows.append(first..<first)
        continue
      }
      for (place, slots) in meteringIntervals(k).enumerated() {
        // (P3) the peak is at least the mean import of every metering interval; where a target is held,
        // the target and the peak so far are that but for what lies above, which is priced
        var terms: [(column: LinearProgram.Column, coefficient: Double)] = []
        if name == "peak" { terms.append((column(peakFirst + k), Double(slots.count))) }
        if let columns { terms.append((column(columns + place), Double(slots.count))) }
        for t in slots {
          terms.append((column(importFirst + t), -1))
          if shape.limitsImport { terms.append((column(overFirst + t), -1)) }
        }
        program.addRow("\(name)_\(k)_\(slots.lowerBound)", terms: terms)
      }
      rows.append(first..<program.rowCount)
    }
    peakRows.append(rows[0])
    lineRows.append(rows[1])
  }

  /// Returns the slots of each metering interval of a demand price.
  private func meteringIntervals(_ k: Int) -> [Range<Int>] {
    var intervals: [Range<Int>] = []
    var t = -shape.meteringPhase[k]
    while t < shape.count {
      intervals.append(max(0, t)..<min(shape.count, t + shape.metering[k]))
      t += shape.metering[k]
    }
    return intervals
  }
}

// MARK: - Moving the numbers

extension GeneralForm {
  /// Sets every bound, cost and coefficient from a model.
  ///
  /// A ban closes one direction of the battery in a slot, or of one beside it, a way one direction of the meter.
  mutating func update(
    _ model: PlanningModel, bans: [SlotBan], ways: [MeterWay], otherBans: [[SlotBan]] = []
  ) {
    let h = model.stepHours
    for t in 0..<shape.count {
      set(
        importFirst + t, upper: ways[t] == .exporting ? 0 : model.importLimitKW[t],
        cost: h * model.buy[t])
      set(
        exportFirst + t, upper: ways[t] == .importing ? 0 : model.exportLimitKW[t],
        cost: -h * model.sell[t])
      set(
        chargeFirst + t, lower: model.leastChargeKW.isEmpty ? 0 : model.leastChargeKW[t],
        upper: bans[t] == .charging ? 0 : model.chargeKW[t], cost: 0)
      set(
        dischargeFirst + t,
        lower: model.leastDischargeKW.isEmpty ? 0 : model.leastDischargeKW[t],
        upper: bans[t] == .discharging ? 0 : model.dischargeKW[t],
        cost: h * model.wear)
      set(
        energyFirst + t, lower: model.energyMin[t], upper: model.energyMax[t],
        cost: -model.keepingPerKWh)
      if shape.limitsImport {
        set(
          overFirst + t, upper: ways[t] == .exporting ? 0 : .infinity,
          cost: h * (model.buy[t] + model.limitPenalty))
      }
      program.setBounds(
        LinearProgram.Row(index: balanceFirst + t), lower: model.netKW[t],
        upper: model.netKW[t] + model.pvKW[t])
      let start = t == 0 ? model.retention * model.start : 0
      program.setBounds(LinearProgram.Row(index: storeFirst + t), lower: start, upper: start)
    }
    updateStoreCoefficients(model)
    updatePeaks(model)
    updateEnd(
      model, last: energyFirst + shape.count - 1, first: endFirst, pieces: shape.terminalPieces)
    updateBatteries(model, bans: otherBans)
    updateOptional(model)
  }

  mutating func set(_ index: Int, lower: Double = 0, upper: Double, cost: Double) {
    program.setBounds(column(index), lower: lower, upper: upper)
    program.setCost(column(index), cost)
  }

  private mutating func updateStoreCoefficients(_ model: PlanningModel) {
    var entry = storeEntryFirst
    for t in 0..<shape.count {
      program.setCoefficient(entry: entry + 1, -model.stepHours * model.chargeEfficiency)
      program.setCoefficient(entry: entry + 2, model.stepHours / model.dischargeEfficiency)
      if t > 0 { program.setCoefficient(entry: entry + 3, -model.retention) }
      entry += t > 0 ? 4 : 3
    }
  }

  private mutating func updatePeaks(_ model: PlanningModel) {
    for (k, demand) in model.demands.enumerated() {
      let floor = max(0, demand.incurredKW)
      if demand.held == nil {
        set(peakFirst + k, lower: floor, upper: .infinity, cost: demand.pricePerKW)
      } else {
        set(peakFirst + k, lower: floor, upper: floor, cost: 0)
      }
      for (place, slots) in meteringIntervals(k).enumerated() {
        let applies = slots.contains { demand.applies[$0] }
        program.setBounds(
          LinearProgram.Row(index: peakRows[k].lowerBound + place),
          lower: applies ? 0 : -.infinity, upper: .infinity)
        guard let held = demand.held, let above = aboveFirst[k], let line = lineFirst[k] else {
          continue
        }
        set(above + place, upper: .infinity, cost: 2 * demand.pricePerKW)
        set(line + place, upper: .infinity, cost: held.linePricePerKW)
        program.setBounds(
          LinearProgram.Row(index: lineRows[k].lowerBound + place),
          lower: applies ? -max(0, held.meteredKW) * Double(slots.count) : -.infinity,
          upper: .infinity)
      }
    }
  }

  /// Sets what the energy left of a battery is worth.
  mutating func updateEnd(_ model: PlanningModel, last: Int, first: Int, pieces: Int) {
    if pieces == 0 {
      program.setCost(column(last), -model.terminal[0].valuePerKWh - model.keepingPerKWh)
      return
    }
    var at = 0.0
    for k in 0..<pieces {
      if k < model.terminal.count {
        let piece = model.terminal[k]
        set(
          first + k, lower: k == 0 ? min(0, model.energyMin[shape.count - 1]) : 0,
          upper: max(0, piece.upToKWh - at), cost: -piece.valuePerKWh)
        at = max(at, piece.upToKWh)
      } else {
        set(first + k, upper: 0, cost: 0)
      }
    }
  }
}

// MARK: - Bases

extension GeneralForm {
  /// The basis of a battery at rest: always regular, and closer to the optimum than any cold start.
  func restBasis(_ model: PlanningModel) -> Basis {
    var basis = Basis(
      rows: [BasisStatus](repeating: .lower, count: program.rowCount),
      columns: [BasisStatus](repeating: .lower, count: program.columnCount))
    for t in 0..<shape.count { rest(&basis, t, model) }
    for rows in peakRows + lineRows {
      for row in rows { basis.rows[row] = .basic }
    }
    if shape.terminalPieces > 0 { basis.columns[endFirst] = .basic }
    restBatteries(&basis, 0..<shape.count)
    restBatteryEnds(&basis)
    restOptional(&basis)
    return basis
  }

  private func rest(_ basis: inout Basis, _ t: Int, _ model: PlanningModel) {
    for first in slotColumns { basis.columns[first + t] = .lower }
    basis.rows[balanceFirst + t] = .lower
    basis.rows[storeFirst + t] = .lower
    basis.columns[energyFirst + t] = .basic
    if model.netKW[t] >= 0, program.columnUpper[importFirst + t] > 0 {
      basis.columns[importFirst + t] = .basic
    } else if model.sell[t] >= 0, program.columnUpper[exportFirst + t] > 0 {
      basis.columns[exportFirst + t] = .basic
    } else {
      basis.rows[balanceFirst + t] = .basic
    }
  }

  /// Moves a basis by the slots that have passed; the slots that are new rest.
  ///
  /// The beginning that is cut off may hold one basic member too many or too few, the marginal slot of
  /// its stretch; charging or discharging in an early slot makes up for it.
  func shifted(_ basis: Basis, by slots: Int, _ model: PlanningModel) -> Basis {
    guard slots > 0 else { return basis }
    guard slots < shape.count else { return restBasis(model) }
    var moved = basis
    let kept = shape.count - slots
    for first in slotColumns {
      for t in 0..<kept { moved.columns[first + t] = basis.columns[first + t + slots] }
    }
    for first in [balanceFirst, storeFirst] {
      for t in 0..<kept { moved.rows[first + t] = basis.rows[first + t + slots] }
    }
    for t in kept..<shape.count { rest(&moved, t, model) }
    shiftBatteries(&moved, from: basis, by: slots)
    for k in shape.metering.indices where slots % shape.metering[k] == 0 {
      let step = slots / shape.metering[k]
      for rows in [peakRows[k], lineRows[k]] {
        for row in rows {
          let from = row + step
          moved.rows[row] = from < rows.upperBound ? basis.rows[from] : .basic
        }
      }
      for first in [aboveFirst[k], lineFirst[k]] {
        guard let first else { continue }
        let places = first..<first + peakRows[k].count
        for place in places {
          let from = place + step
          moved.columns[place] = from < places.upperBound ? basis.columns[from] : .lower
        }
      }
    }
    shiftOptional(&moved, from: basis, by: slots)
    balance(&moved)
    return moved
  }

  private func balance(_ basis: inout Basis) {
    var excess = basis.excess
    var t = 0
    while excess != 0, t < shape.count {
      for column in [dischargeFirst + t, chargeFirst + t] where excess != 0 {
        if excess < 0, basis.columns[column] != .basic {
          basis.columns[column] = .basic
          excess += 1
        } else if excess > 0, basis.columns[column] == .basic {
          basis.columns[column] = .lower
          excess -= 1
        }
      }
      t += 1
    }
  }
}
