internal import LinearPrograms
internal import Tariffs

#if canImport(Glibc)
internal import Glibc
#endif

// Rows that only some requests have: energy surcharges, loads that wait, and heat.
extension GeneralForm {
  /// Price that keeps the heat at its tangents where the temperature does not bind. [currency/kWh]
  private static let heatPrice = 1e-4

  mutating func addOptionalColumns() {
    blockFirst = program.columnCount
    for k in 0..<shape.blocks { program.addColumn("over_block_\(k)") }
    for l in shape.waiting.indices { addWaitingColumns(l) }
    addBatteryColumns()
    if shape.heat != nil {
      heatFirst = columns("heat")
      temperatureFirst = columns("temperature")
      hotFirst = columns("hot")
    }
  }

  mutating func addOptionalRows() {
    blockRowFirst = program.rowCount
    for k in 0..<shape.blocks {
      // (P5) imported energy above the block's limit; coefficients follow the slots that count
      blockEntryFirst.append(program.entryCount)
      var terms: [(column: LinearProgram.Column, coefficient: Double)] = []
      for t in 0..<shape.count {
        terms.append((column(importFirst + t), 0))
        if shape.limitsImport { terms.append((column(overFirst + t), 0)) }
      }
      terms.append((column(blockFirst + k), -1))
      program.addRow("block_\(k)", terms: terms)
    }
    for l in shape.waiting.indices { addWaitingRows(l) }
    addBatteryRows()
    if let heat = shape.heat { addHeatRows(heat) }
  }

  private mutating func addHeatRows(_ heat: HeatShape) {
    let model = heat.model
    let n = shape.count
    tangentRowFirst = program.rowCount
    for t in 0..<n {
      for k in 0..<model.tangents {
        // (P7) heat lies above every tangent of the quadratic loss
        let touch = Self.tangentKW(k, model)
        let slope = 2 * model.heatPerSquaredKW * touch
        program.addRow(
          "tangent_\(t)_\(k)", lower: -model.heatPerSquaredKW * touch * touch,
          terms: [
            (column(heatFirst + t), 1), (column(chargeFirst + t), -slope),
            (column(dischargeFirst + t), -slope),
          ])
      }
    }
    temperatureRowFirst = program.rowCount
    let keep = exp(-heat.stepHours / model.timeConstantHours)
    for t in 0..<n {
      // (P8) temperature at the end of the slot
      var terms = [
        (column: column(temperatureFirst + t), coefficient: 1.0),
        (column: column(heatFirst + t), coefficient: -(1 - keep) / model.conductanceKWPerK),
      ]
      if t > 0 { terms.append((column(temperatureFirst + t - 1), -keep)) }
      program.addRow("temperature_\(t)", terms: terms)
    }
    derateRowFirst = program.rowCount
    let perKelvin = model.fullPowerKW / (model.stopsAtC - model.deratesAboveC)
    for t in 0..<n {
      // (P9) power allowed at the end temperature; what is too much is priced
      program.addRow(
        "derate_\(t)", upper: perKelvin * model.stopsAtC,
        terms: [
          (column(chargeFirst + t), 1), (column(dischargeFirst + t), 1),
          (column(temperatureFirst + t), perKelvin), (column(hotFirst + t), -1),
        ])
    }
  }

  /// Power at which a tangent touches the loss; they are spread evenly up to full power. [kW]
  private static func tangentKW(_ k: Int, _ model: HeatModel) -> Double {
    model.fullPowerKW * (Double(k) + 0.5) / Double(model.tangents)
  }
}

// MARK: - Moving the numbers

extension GeneralForm {
  mutating func updateOptional(_ model: PlanningModel) {
    let h = model.stepHours
    for (k, block) in model.blocks.enumerated() {
      var entry = blockEntryFirst[k]
      for t in 0..<shape.count {
        let weight = block.applies[t] ? h : 0
        program.setCoefficient(entry: entry, weight)
        entry += 1
        if shape.limitsImport {
          program.setCoefficient(entry: entry, weight)
          entry += 1
        }
      }
      set(blockFirst + k, upper: .infinity, cost: block.surchargePerKWh)
      program.setBounds(
        LinearProgram.Row(index: blockRowFirst + k), lower: -.infinity,
        upper: max(0, block.limitKWh))
    }
    for (l, load) in model.waitingLoads.enumerated() { updateWaiting(l, load, model) }
    if let heat = model.heat { updateHeat(heat, model) }
  }

  private mutating func updateHeat(_ heat: HeatModel, _ model: PlanningModel) {
    let keep = exp(-model.stepHours / heat.timeConstantHours)
    for t in 0..<shape.count {
      set(heatFirst + t, upper: .infinity, cost: model.stepHours * Self.heatPrice)
      set(temperatureFirst + t, lower: -.infinity, upper: .infinity, cost: 0)
      set(hotFirst + t, upper: .infinity, cost: model.stepHours * model.limitPenalty)
      let given = (1 - keep) * heat.ambientC[t] + (t == 0 ? keep * heat.startC : 0)
      program.setBounds(
        LinearProgram.Row(index: temperatureRowFirst + t), lower: given, upper: given)
    }
  }
}

// MARK: - Bases

extension GeneralForm {
  /// Rows of surcharges are met by their slack, loads that wait by what they store, heat by its columns.
  func restOptional(_ basis: inout Basis) {
    for k in 0..<shape.blocks { basis.rows[blockRowFirst + k] = .basic }
    for l in shape.waiting.indices { restWaiting(&basis, l, 0..<shape.count) }
    guard let heat = shape.heat else { return }
    for t in 0..<shape.count {
      basis.columns[temperatureFirst + t] = .basic
      basis.rows[derateRowFirst + t] = .basic
      for k in 0..<heat.model.tangents {
        basis.rows[tangentRowFirst + t * heat.model.tangents + k] = .basic
      }
    }
  }

  /// Moves the statuses of the rows and columns of waiting loads and heat with the slots.
  func shiftOptional(_ moved: inout Basis, from basis: Basis, by slots: Int) {
    for l in shape.waiting.indices { shiftWaiting(&moved, from: basis, l, by: slots) }
    guard let heat = shape.heat else { return }
    let kept = shape.count - slots
    let k = heat.model.tangents
    for t in 0..<shape.count {
      for first in [heatFirst, temperatureFirst, hotFirst] {
        moved.columns[first + t] =
          t < kept ? basis.columns[first + t + slots] : first == temperatureFirst ? .basic : .lower
      }
      moved.rows[temperatureRowFirst + t] =
        t < kept ? basis.rows[temperatureRowFirst + t + slots] : .lower
      moved.rows[derateRowFirst + t] = t < kept ? basis.rows[derateRowFirst + t + slots] : .basic
      for j in 0..<k {
        moved.rows[tangentRowFirst + t * k + j] =
          t < kept ? basis.rows[tangentRowFirst + (t + slots) * k + j] : .basic
      }
    }
  }
}
