import CommandLine
import Diagnostics
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
    let source = try files.source(
      path, quantity: .batteryPower, column: column, unit: unit, context: context)
    let rows = PowerProfile.rows(
      String(decoding: try context.read(path), as: UTF8.self), path: path,
      time: source.timeColumn, value: source.columns[0].column)
    if let first = rows.first, rows.count > 1, rows.allSatisfy({ $0.stamp == first.stamp }) {
      throw InputError(
        "a step of zero: all \(rows.count) rows have the stamp '\(first.stamp)'",
        at: rows[1].place.line == 0 ? SourcePosition(file: path) : rows[1].place)
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

  /// Finds stamp and place of the value in every line after the header.
  private static func rows(_ text: String, path: String, time: String, value: String) -> [Row] {
    var rows: [Row] = []
    var separator: Character = ","
    var indices: (time: Int, value: Int)?
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    for (number, line) in lines.enumerated() {
      if line.isEmpty || line.hasPrefix("sep=") { continue }
      guard let (timeIndex, valueIndex) = indices else {
        separator = [";", "\t", ","].first { line.contains($0) } ?? ","
        let names = line.split(separator: separator, omittingEmptySubsequences: false).map {
          String($0.filter { $0 != "\"" && $0 != "\u{FEFF}" }).trimmed
        }
        indices = (names.firstIndex(of: time) ?? 0, names.firstIndex(of: value) ?? 1)
        continue
      }
      let cells = line.split(separator: separator, omittingEmptySubsequences: false)
      guard timeIndex < cells.count else { continue }
      let before = cells.prefix(valueIndex).reduce(0) { $0 + $1.count + 1 }
      rows.append(
        Row(
          stamp: String(cells[timeIndex]),
          place: SourcePosition(
            file: path, line: number + 1, column: min(before, line.count) + 1)))
    }
    return rows
  }
}

extension String {
  fileprivate var trimmed: String {
    var text = self[...]
    while text.first == " " { text = text.dropFirst() }
    while text.last == " " { text = text.dropLast() }
    return String(text)
  }
}
