package import Diagnostics
import Documents
package import TimeSeries

/// A file with signals of a battery or an inverter, many times a second or on change.
package struct SignalFile: Sendable {
  /// Path of the file.
  package var path: String
  /// Short name for provenance, such as `temps`.
  package var name: String
  /// Header of the time column.
  package var timeColumn: String
  /// Clock of stamps without offset.
  package var zone: Zone
  /// Headers of columns whose texts together name the run that a row belongs to.
  package var runColumns: [String] = []
  /// Rows to keep; all of them when empty.
  package var filters: [RowFilter] = []

  /// Creates a file.
  package init(path: String, name: String, timeColumn: String = "Time", zone: Zone = .utc) {
    self.path = path
    self.name = name
    self.timeColumn = timeColumn
    self.zone = zone
  }
}

/// Joins files of signals on one clock, keeping every step that any of them has.
///
/// All columns besides the time and the names of runs are signals. A number below 10⁸ in a file with runs, or in a
/// time column such as `time_s`, is seconds since the start of the run; runs are then laid one after the
/// other with a day between them. Values keep the unit that their cells or headers name, brought
/// to V, A, Ah, °C, kW or kWh; exponents are read. Rows with the same stamp are samples of one step, not
/// duplicates, because loggers cut their stamps to whole seconds.
///
/// - Parameters:
///   - files: The files.
///   - stepSeconds: Length of a step. [s]
/// - Returns: The log, and what reading found; text in a number cell is reported and left out.
/// - Throws: `InputError` when a file cannot be read or has no such time column.
package func readSignalLog(
  _ files: [SignalFile], stepSeconds: Int = 1
) throws(InputError) -> (SignalLog, IngestReport) {
  var report = IngestReport()
  var tables: [SignalTable] = []
  for file in files {
    tables.append(try SignalTable(file, stepSeconds: stepSeconds, report: &report))
  }
  let instants = Set(tables.flatMap { $0.steps.keys }).sorted()
  var signals: [SignalLog.Signal] = []
  var rows: [(name: String, count: [Int])] = []
  for table in tables {
    let positions = instants.map { table.steps[$0] }
    rows.append((table.file.name, positions.map { $0.map { table.rows[$0] } ?? 0 }))
    for (k, column) in table.columns.enumerated()
    where column.numbers > 0 || column.failures == 0 {
      var signal = SignalLog.Signal(
        name: column.name, unit: column.unit, file: table.file.path, mean: [], minimum: [],
        maximum: [], rms: [], absoluteMean: [], count: [])
      for position in positions {
        let cell = position.map { table.cells[$0 * table.columns.count + k] } ?? SignalTable.Cell()
        signal.mean.append(cell.count > 0 ? cell.sum / Double(cell.count) : .nan)
        signal.minimum.append(cell.count > 0 ? cell.low : .nan)
        signal.maximum.append(cell.count > 0 ? cell.high : .nan)
        let count = Double(cell.count)
        signal.rms.append(cell.count > 0 ? (cell.squares / count).squareRoot() : .nan)
        signal.absoluteMean.append(cell.count > 0 ? cell.magnitudes / count : .nan)
        signal.count.append(cell.count)
      }
      signals.append(signal)
    }
  }
  var log = SignalLog(
    stepSeconds: stepSeconds, instants: instants, signals: signals, samplesPerFile: rows)
  let runs = tables.flatMap(\.runs).sorted { $0.step < $1.step }
  log.runs = runs.compactMap { run in
    instants.firstIndex { $0 >= run.step }.map { (run.name, $0) }
  }
  return (log, report)
}

/// One file gathered into steps.
struct SignalTable {
  struct Cell {
    var sum = 0.0
    var squares = 0.0
    var magnitudes = 0.0
    var low = Double.infinity
    var high = -Double.infinity
    var count = 0
  }

  struct Column {
    var name: String
    var unit: String
    var cell: Int
    /// What the first unit measures.
    var dimension: MeasurementUnit.Dimension?
    /// Whether cells are words such as 'on' and 'off'; the first cell decides.
    var holdsFlags: Bool?
    var numbers = 0
    var failures = 0
    var overflows = 0
    var firstFailures: [(text: String, message: String, place: SourcePosition)] = []

    /// Brings numbers without a unit of their own to the unit that is kept.
    let scale: UnitScale

    init(header: String, cell: Int) {
      name = SignalTable.canonicalName(header)
      self.cell = cell
      let written = CSVHeader.split(header).unit ?? ""
      let known =
        MeasurementUnit(written) ?? SignalTable.unitAtEnd(of: name)
        ?? SignalTable.unitOfGXPath(header)
      unit = known?.dimension.keptSymbol ?? written
      dimension = known?.dimension
      scale = UnitScale(known, factor: 1)
    }
  }

  let file: SignalFile
  private(set) var columns: [Column] = []
  /// Position of a step by its first instant.
  private(set) var steps: [Int: Int] = [:]
  /// Rows of each step.
  private(set) var rows: [Int] = []
  /// Step by step, one per column.
  private(set) var cells: [Cell] = []
  /// Names of the runs and the step that each begins with; empty without columns that name them.
  private(set) var runs: [(name: String, step: Int)] = []

  init(
    _ file: SignalFile, stepSeconds: Int, report: inout IngestReport
  ) throws(InputError) {
    var file = file
    let document = try TextFile(file.path)
    let cellLog = try CellLog(document.bytes.span, file: file.path)
    let bytes = cellLog?.bytes ?? document.bytes
    let span = bytes.span
    let dialect = CSVDialect(span, delimiter: cellLog == nil ? nil : ",")
    var cursor = CSVCursor(dialect, addedLines: cellLog?.addedLines ?? 0)
    guard cursor.next(span) else {
      throw InputError("the file is empty", at: SourcePosition(file: file.path))
    }
    let names = cursor.texts(span)
    let header = CSVHeader(names: names, file: file.path, line: cursor.recordLine)
    if let cellLog {
      file.timeColumn = names[0]
      report.layouts.append(FileLayout(file: file.path, remarks: [cellLog.remark]))
    }
    self.file = file
    guard let time = header.index(of: file.timeColumn) else {
      throw InputError([header.missing(file.timeColumn)])
    }
    var selection = try RunSelection(file, header: header)
    for (cell, name) in names.enumerated() where cell != time && !selection.cells.contains(cell) {
      columns.append(Column(header: name, cell: cell))
    }
    tellNamesApart(&report, at: SourcePosition(file: file.path, line: header.line, column: 1))
    let scanner = dialect.numbers
    var stamper = StampScanner(zone: file.zone)
    var log = FindingLog()
    log.add(.encoding, document.warnings)
    var previous = Int.min
    while cursor.next(span) {
      report.rowsIn += 1
      guard selection.takes(span, cursor) else {
        report.rowsOutside += 1
        continue
      }
      guard cursor.count > time,
        let stamp = selection.elapsed(span, cursor, time, scanner)
          ?? stamper.scan(span, from: cursor.starts[time], to: cursor.ends[time]).usable
      else {
        report.rowsReported += 1
        log.add(
          .badStamp, .error, "the row has no readable time stamp",
          at: SourcePosition(file: file.path, line: cursor.recordLine, column: 1))
        continue
      }
      if let cell = cursor.surplus(over: names.count) {
        report.rowsReported += 1
        log.add(
          .raggedRow, .error, CSVCursor.surplusMessage(cursor.count, over: names.count),
          at: cursor.position(span, at: cursor.starts[cell], file: file.path))
        continue
      }
      report.rowsKept += 1
      if stamp < previous { report.outOfOrder += 1 }
      previous = stamp
      let step = floorDivided(stamp, stepSeconds * 1000) * stepSeconds
      if let name = selection.began { runs.append((name, step)) }
      let position = steps[step] ?? rows.count
      if position == rows.count {
        steps[step] = position
        rows.append(0)
        cells.append(contentsOf: repeatElement(Cell(), count: columns.count))
      }
      rows[position] += 1
      for k in columns.indices where columns[k].cell < cursor.count {
        let value = value(span, cursor, &columns[k], scanner, report: &report)
        guard !value.isNaN else { continue }
        columns[k].numbers += 1
        let at = position * columns.count + k
        cells[at].sum += value
        cells[at].squares += value * value
        cells[at].magnitudes += abs(value)
        cells[at].low = min(cells[at].low, value)
        cells[at].high = max(cells[at].high, value)
        cells[at].count += 1
      }
    }
    for column in columns { note(column, in: &log, report: &report) }
    report.findings += log.all(file: file.path)
  }

  /// Numbers columns of one name.
  private mutating func tellNamesApart(_ report: inout IngestReport, at place: SourcePosition) {
    var counts: [String: Int] = [:]
    for k in columns.indices {
      let name = columns[k].name
      counts[name, default: 0] += 1
      guard let count = counts[name], count > 1 else { continue }
      columns[k].name = "\(name)_\(count)"
      report.findings.append(
        IngestFinding(
          kind: .layout,
          diagnostic: .warning(
            "several columns are named '\(name)'; this one is '\(columns[k].name)'", at: place)))
    }
  }

  /// A column of words is left out with one warning; words among numbers are errors.
  private func note(_ column: Column, in log: inout FindingLog, report: inout IngestReport) {
    if column.overflows > 0 {
      log.add(
        .spike, .warning,
        "\(column.overflows) values of '\(column.name)' are overflows, hence missing",
        at: SourcePosition(file: file.path))
    }
    guard let first = column.firstFailures.first else { return }
    guard column.numbers > 0 else {
      log.add(
        .badNumber, .warning,
        "column '\(column.name)' holds words such as '\(first.text)' and is left out",
        at: first.place)
      return
    }
    report.cellsFailed += column.failures
    for failure in column.firstFailures {
      log.add(.badNumber, .error, failure.message, at: failure.place)
    }
    let more = column.failures - column.firstFailures.count
    if more > 0 {
      log.add(
        .badNumber, .error, "\(more) more cells of '\(column.name)' are not numbers",
        at: SourcePosition(file: file.path))
    }
  }

  private func value(
    _ bytes: Span<UInt8>, _ cursor: CSVCursor, _ column: inout Column, _ scanner: NumberScanner,
    report: inout IngestReport
  ) -> Double {
    let from = cursor.starts[column.cell]
    let to = cursor.ends[column.cell]
    guard to > from else {
      report.cellsMissing += 1
      return .nan
    }
    let number = scanner.scan(bytes, from: from, to: to)
    if let number, number.next == to, column.holdsFlags != true {
      column.holdsFlags = false
      guard abs(number.value) >= TableGridder.overflow else {
        return column.scale.kept(number.value)
      }
      // 3.4e38 and the like are codes for "out of range", not measurements.
      report.cellsFailed += 1
      column.overflows += 1
      return .nan
    }
    let text = trimmedText(bytes.text(from, to))
    if text.isEmpty || CSVSource.usualMissingWords.contains(text) {
      report.cellsMissing += 1
      return .nan
    }
    var message = "'\(text)' is not a number for '\(column.name)'"
    if let number, column.holdsFlags != true,
      let unit = MeasurementUnit(trimmedText(bytes.text(number.next, to)))
    {
      column.holdsFlags = false
      if column.dimension == nil || column.dimension == unit.dimension {
        report.cellsCoerced += 1
        column.dimension = unit.dimension
        if column.unit.isEmpty { column.unit = unit.dimension.keptSymbol }
        return UnitScale(unit, factor: 1).kept(number.value)
      }
      message =
        "unit '\(unit.symbol)' in '\(text)' differs in kind from the rest of '\(column.name)'"
    }
    if let flag = SignalTable.flags[text.lowercased()], column.holdsFlags != false {
      column.holdsFlags = true
      report.cellsCoerced += 1
      return flag
    }
    column.failures += 1
    if column.firstFailures.count < FindingLog.keptPerKind {
      let place = cursor.position(bytes, at: from, file: file.path)
      column.firstFailures.append((text, message, place))
    }
    return .nan
  }

  /// The unit that a name ends in, as in `cell00_v`, `pack_current_a` and `cell00_temp_c`.
  static func unitAtEnd(of name: String) -> MeasurementUnit? {
    let units = [
      "v": "V", "mv": "mV", "a": "A", "ma": "mA", "ah": "Ah", "c": "°C", "degc": "°C", "w": "W",
      "kw": "kW", "kwh": "kWh", "wh": "Wh",
    ]
    let parts = name.split(separator: "_")
    guard parts.count > 1, let last = parts.last else { return nil }
    // `phase_a` and `module_c` name a phase and a module.
    let before = parts[parts.count - 2]
    let isMeasured =
      last.count > 1 || last == "w" || before.contains { $0.isNumber }
      || ["cur", "volt", "temp", "ambient", "power", "pack", "bus", "batt", "cell"].contains {
        before.contains($0)
      }
    guard isMeasured else { return nil }
    return units[String(last)].flatMap { MeasurementUnit($0) }
  }

  /// The unit of a path of Victron's GX devices, such as `/Dc/0/Voltage` or `/Voltages/Cell1`.
  static func unitOfGXPath(_ header: String) -> MeasurementUnit? {
    guard header.contains("/"), let last = header.split(separator: "/").last else { return nil }
    let units = [
      ("Voltage", "V"), ("Volts", "V"), ("Current", "A"), ("Power", "W"), ("Temperature", "°C"),
      ("Soc", "%"), ("Amphours", "Ah"),
    ]
    if let unit = units.first(where: { last.hasSuffix($0.0) }) { return MeasurementUnit(unit.1) }
    if header.contains("Voltages/") || header.contains("Cell/") { return MeasurementUnit("V") }
    return nil
  }

  private static let flags: [String: Double] = [
    "y": 1, "yes": 1, "true": 1, "on": 1, "n": 0, "no": 0, "false": 0, "off": 0, "1": 1, "0": 0,
  ]

  /// `INV_DC_Bus_Voltage` and a label set with `signalName="INV_Motor_Speed"` become words in lower case.
  static func canonicalName(_ header: String) -> String {
    var name = CSVHeader.split(header).name
    let parts = name.components(between: "signalName=\"", and: "\"")
    if let inner = parts { name = inner }
    var result = ""
    for character in name.lowercased() {
      if character.isLetter || character.isNumber {
        result.append(character)
      } else if !result.isEmpty, result.last != "_" {
        result.append("_")
      }
    }
    while result.last == "_" { result.removeLast() }
    return result
  }
}

extension String {
  /// The text between two marks.
  fileprivate func components(between open: String, and close: String) -> String? {
    var start = startIndex
    while start < endIndex, !self[start...].hasPrefix(open) { start = index(after: start) }
    guard start < endIndex else { return nil }
    let inner = self[index(start, offsetBy: open.count)...]
    var end = inner.startIndex
    while end < inner.endIndex, !inner[end...].hasPrefix(close) { end = inner.index(after: end) }
    return end < inner.endIndex ? String(inner[..<end]) : nil
  }
}

extension StampOutcome {
  /// Milliseconds, when the stamp could be read.
  var usable: Int? {
    switch self {
    case .instant(let stamp), .repeated(let stamp): stamp
    case .nonexistent, .malformed: nil
    }
  }
}

extension MeasurementUnit.Dimension {
  /// The unit in which values are kept.
  var keptSymbol: String {
    switch self {
    case .power: "kW"
    case .energy: "kWh"
    case .powerPerRatedPower: "kW/kW"
    case .temperature: "°C"
    case .irradiance: "W/m²"
    case .irradiation: "Wh/m²"
    case .fraction: "1"
    case .speed: "m/s"
    case .energyPrice: "currency/kWh"
    case .voltage: "V"
    case .current: "A"
    case .charge: "Ah"
    case .frequency: "Hz"
    case .rotation: "rpm"
    }
  }
}

/// Whole division that rounds down, also for negative numbers.
func floorDivided(_ a: Int, _ b: Int) -> Int {
  let quotient = a / b
  return a % b < 0 ? quotient - 1 : quotient
}
