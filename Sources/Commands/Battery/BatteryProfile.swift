import CommandLine
import Diagnostics
import Documents
import Scenarios
import Telemetry
import TimeSeries
import Twin

/// What `wattif twin --power` asks of a battery: a file of stamps with a power or a current, and perhaps
/// photovoltaics, that knows where each slot stands.
struct BatteryProfile {
  let path: String
  let grid: TimeGrid
  /// Power at the AC terminals or current at the pack's, positive in discharge, one per slot. [kW] [A]
  private let values: [Double]
  /// True where the file has currents.
  let isCurrent: Bool
  /// Power of photovoltaics on the DC side of the inverter, one per slot; nil where the file has none. [kW]
  let pvKW: [Double]?
  /// Line and column of each slot's value, when the file has one row per slot.
  private let places: [SourcePosition]

  /// Column of photovoltaics on the DC side.
  private static let pvColumn = "pv_kw"

  /// How the columns of a profile are found, and what is possible in them.
  struct Columns {
    /// Column of the power or current; the first one besides stamps and photovoltaics when nil.
    var value: String?
    /// Its unit; that of the header when nil.
    var unit: String?
    /// Rating of the inverter, against which a power is possible or not. [kW]
    var ratedKW: Double
    /// Highest current of the cells, against which a current is. [A]
    var highestA: Double
    /// Whether photovoltaics work on the DC side of the inverter.
    var hasDCCoupling: Bool
  }

  /// Reads a profile on its own grid.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - files: How stamps are read.
  ///   - columns: Which columns, and what is possible in them.
  ///   - zone: Clock of stamps without one.
  ///   - context: Where findings go.
  /// - Throws: `InputError` with everything that is wrong, with line and column.
  init(
    _ path: String, files: MeterFiles, columns: Columns, zone: Zone, context: CommandContext
  ) throws {
    self.path = path
    let outline = try CSVOutline(path: path)
    let time = files.timeColumn ?? outline.timeColumn
    let pvIndex = outline.index(of: Self.pvColumn)
    let free = outline.names.indices.filter { outline.names[$0] != time && $0 != pvIndex }
    let currents = free.filter { CSVOutline.carriesCurrent(outline.names[$0]) }
    if columns.value == nil, let current = currents.first, currents.count < free.count,
      outline.names.contains(where: { $0.lowercased() == "power_kw" })
    {
      throw InputError(
        "'power_kw' and '\(outline.names[current])' both say what is asked of the battery; name "
          + "one with '--column'", at: SourcePosition(file: path, line: 1))
    }
    let likely = outline.valueColumn(of: .batteryPower, time: time).flatMap {
      outline.index(of: $0)
    }
    let value =
      columns.value
      ?? (free.contains { $0 == likely } ? likely : free.first).map { outline.names[$0] }
    var source = try files.source(
      path, quantity: .batteryPower, column: value, unit: columns.unit)
    let name = outline.index(of: source.columns[0].column).map { outline.names[$0] }
    let isCurrent =
      columns.unit.map { MeasurementUnit($0)?.dimension == .current }
      ?? CSVOutline.carriesCurrent(name ?? "")
    self.isCurrent = isCurrent
    source.columns[0].isCurrent = isCurrent
    if isCurrent, columns.unit == nil, name?.lowercased().hasSuffix("_a") == true {
      source.columns[0].unit = "A"
    }
    if let pvIndex {
      let place = SourcePosition(file: path, line: 1)
      if isCurrent {
        throw InputError("'pv_kw' goes with a power, not with a current of the pack", at: place)
      }
      guard columns.hasDCCoupling else {
        throw InputError(
          "'pv_kw' needs photovoltaics on the DC side, 'pv_coupling: dc' in the scenario's "
            + "'inverter'", at: place)
      }
      source.columns.append(ColumnMapping(column: outline.names[pvIndex], quantity: .pv))
    }
    let rows = try Self.rows(path, time: source.timeColumn, value: source.columns[0].column)
    if let first = rows.first, rows.count > 1, rows.allSatisfy({ $0.stamp == first.stamp }) {
      throw InputError(
        "a step of zero: all \(rows.count) rows have the stamp '\(first.stamp)'",
        at: rows[1].place)
    }
    grid = try HistoryReader([source], zone: zone).extent()
    let (history, report) = try readHistory([source], grid: grid, zone: zone)
    context.report(report.diagnostics)
    values = history[.batteryPower] ?? []
    pvKW = pvIndex == nil ? nil : history[.pv]
    places = rows.count == grid.count ? rows.map(\.place) : []
    guard values.count == grid.count, grid.count > 0 else {
      throw InputError("no battery power", at: SourcePosition(file: path))
    }
    try findImpossible(columns)
  }

  /// Throws what no battery can be asked for.
  private func findImpossible(_ columns: Columns) throws {
    var found = Findings()
    for (slot, value) in values.enumerated() {
      let stamp = Instant.utcText(grid.instant(slot))
      if !value.isFinite {
        found.error(
          "no battery \(isCurrent ? "current" : "power") at \(stamp)", at: position(of: slot))
      } else if isCurrent, abs(value) > Self.mostRatings * columns.highestA {
        found.error(
          "'\(value)' A is an impossible current: more than \(Int(Self.mostRatings)) times the "
            + "cells' \(plain(columns.highestA)) A; the unit can be given with '--unit'",
          at: position(of: slot))
      } else if !isCurrent, abs(value) > Self.mostRatings * columns.ratedKW {
        found.error(
          "'\(value)' kW is an impossible power: more than \(Int(Self.mostRatings)) times the "
            + "inverter's \(columns.ratedKW) kW; the unit can be given with '--unit'",
          at: position(of: slot))
      }
      if let pv = pvKW?[slot], !(pv >= 0 && pv <= Self.mostRatings * columns.ratedKW) {
        found.error(
          "'pv_kw' must be a power from 0 to \(Int(Self.mostRatings)) times the inverter's "
            + "\(columns.ratedKW) kW, found \(pv.isFinite ? "'\(pv)'" : "none") at \(stamp)",
          at: position(of: slot))
      }
      if found.all.count >= Self.mostFindings { break }
    }
    try found.throwIfErrors()
  }

  /// Values beyond this many ratings are a wrong unit, not a wish.
  private static let mostRatings = 20.0
  private static let mostFindings = 20

  /// What is asked for in a slot.
  func request(_ slot: Int) -> BatteryRequest {
    BatteryRequest(isCurrent ? .currentA(values[slot]) : .powerKW(values[slot]))
  }

  /// Power asked for in a slot; that of a file with powers. [kW]
  func powerKW(_ slot: Int) -> Double { values[slot] }

  /// Where a slot's value stands.
  func position(of slot: Int) -> SourcePosition {
    slot < places.count ? places[slot] : SourcePosition(file: path)
  }

  private struct Row {
    var stamp: String
    var place: SourcePosition
  }

  /// Finds stamp and place of the value in every row below the header.
  private static func rows(_ path: String, time: String, value: String) throws -> [Row] {
    let outline = try CSVOutline(path: path)
    guard let timeCell = outline.index(of: time), let valueCell = outline.index(of: value) else {
      return []
    }
    var cells = try CSVRows(try TextFile(path))
    var rows: [Row] = []
    while cells.next() {
      rows.append(Row(stamp: cells.text(timeCell), place: cells.position(valueCell)))
    }
    return rows
  }
}
