import CommandLine
import Diagnostics
import Documents
import Scenarios
import Telemetry
import TimeSeries

/// The battery power of `wattif twin`: a file of stamps and powers that knows where each slot stands.
struct PowerProfile {
  let path: String
  let grid: TimeGrid
  let powerKW: [Double]
  /// Line and column of each slot's value, when the file has one row per slot.
  private let places: [SourcePosition]

  /// Reads a profile on its own grid.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - files: How stamps are read.
  ///   - column: Column of the power; the first one besides the stamps when nil.
  ///   - unit: Unit of the power; that of the header when nil.
  ///   - zone: Clock of stamps without one.
  ///   - ratedKW: Rating of the inverter, against which a power is possible or not. [kW]
  ///   - context: Where findings go.
  /// - Throws: `InputError` with everything that is wrong, with line and column.
  init(
    _ path: String, files: MeterFiles, column: String?, unit: String?, zone: Zone,
    ratedKW: Double, context: CommandContext
  ) throws {
    self.path = path
    let source = try files.source(path, quantity: .batteryPower, column: column, unit: unit)
    let rows = try PowerProfile.rows(
      path, time: source.timeColumn, value: source.columns[0].column)
    if let first = rows.first, rows.count > 1, rows.allSatisfy({ $0.stamp == first.stamp }) {
      throw InputError(
        "a step of zero: all \(rows.count) rows have the stamp '\(first.stamp)'",
        at: rows[1].place)
    }
    grid = try HistoryReader([source], zone: zone).extent()
    let (history, report) = try readHistory([source], grid: grid, zone: zone)
    context.report(report.diagnostics)
    powerKW = history[.batteryPower] ?? []
    places = rows.count == grid.count ? rows.map(\.place) : []
    guard powerKW.count == grid.count, grid.count > 0 else {
      throw InputError("no battery power", at: SourcePosition(file: path))
    }
    var found = Findings()
    for (slot, power) in powerKW.enumerated() {
      if !power.isFinite {
        found.error(
          "no battery power at \(Instant.utcText(grid.instant(slot)))", at: position(of: slot))
      } else if abs(power) > Self.mostRatings * ratedKW {
        found.error(
          "'\(power)' kW is an impossible power: more than \(Int(Self.mostRatings)) times the "
            + "inverter's \(ratedKW) kW; the unit can be given with '--unit'",
          at: position(of: slot))
      }
      if found.all.count >= Self.mostFindings { break }
    }
    try found.throwIfErrors()
  }

  /// Powers beyond this many ratings are a wrong unit, not a wish.
  private static let mostRatings = 20.0
  private static let mostFindings = 20

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
