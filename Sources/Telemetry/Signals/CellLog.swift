import Diagnostics
import Documents
import TimeSeries

/// A log of battery cells that is no table with a header, brought into one.
///
/// Three forms are known: rows of nothing but a time and numbers, as scripts beside a GX device or a JK BMS write
/// them; blocks of `bat` and `pwr` as the console of Pylontech modules prints them; and lines of ESPHome, which say
/// one sensor each.
struct CellLog {
  /// A table with a header, separated by commas, the time first.
  let bytes: [UInt8]
  /// Lines that the table has above the first line of the file.
  let addedLines: Int
  /// What was recognised, for people.
  let remark: String

  /// Brings a document into a table, or returns nothing for one with a header.
  ///
  /// - Throws: `InputError` for a number of a console that cannot be read.
  init?(_ bytes: Span<UInt8>, file: String) throws(InputError) {
    let head = bytes.text(0, min(bytes.count, 16_384))
    if head.contains("Sending state") {
      guard let log = CellLog.espHome(bytes) else { return nil }
      self = log
    } else if head.contains("Volt"), head.contains("Curr"), head.contains("Tempr") {
      var console = PylontechConsole(file: file)
      guard let log = try console.read(bytes) else { return nil }
      self = log
    } else {
      guard let log = CellLog.bare(bytes) else { return nil }
      self = log
    }
  }

  init(bytes: [UInt8], addedLines: Int, remark: String) {
    self.bytes = bytes
    self.addedLines = addedLines
    self.remark = remark
  }

  /// Rows from which columns are told.
  private static let sampled = 60

  // MARK: Rows without a header

  /// Rows of a time and numbers; nothing where the first line has words.
  private static func bare(_ bytes: Span<UInt8>) -> CellLog? {
    let separators: [UInt8] = [
      UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\t"), UInt8(ascii: " "),
    ]
    for separator in separators {
      var rows: [[String]] = []
      var at = 0
      while rows.count < sampled, let line = nextLine(bytes, &at) {
        let cells = words(line, separator)
        if !cells.isEmpty { rows.append(cells) }
      }
      guard let first = rows.first, first.count >= 6 else { continue }
      let stamp = timeCells(first, separator)
      let numbers = first.dropFirst(stamp).map { NumberScanner().number($0) }
      guard stamp > 0, numbers.count >= 5, !numbers.contains(nil) else { continue }
      let width = numbers.count
      let values = (0..<width).map { k in
        rows.compactMap {
          $0.count == first.count ? NumberScanner().number($0[stamp + k]) : nil
        }
      }
      guard let names = names(of: values) else { continue }
      var text = Array(("time," + names.joined(separator: ",") + "\n").utf8)
      at = 0
      while let line = nextLine(bytes, &at) {
        let cells = words(line, separator)
        let time = cells.prefix(stamp).joined(separator: " ")
        let rest = cells.dropFirst(stamp)
        text += ([time] + rest).joined(separator: ",").utf8
        text.append(0x0A)
      }
      return CellLog(
        bytes: text, addedLines: 1,
        remark: "rows without a header: time, \(names.joined(separator: ", "))")
    }
    return nil
  }

  /// Cells that the time takes, 0 when the row begins with none.
  private static func timeCells(_ row: [String], _ separator: UInt8) -> Int {
    var stamps = StampScanner(zone: .utc)
    func isStamp(_ text: String) -> Bool {
      if let number = NumberScanner().number(text) { return number > 1e8 && number < 1e13 }
      return stamps.scan(text) != .malformed
    }
    if row.count > 1, isStamp(row[0] + " " + row[1]), row[1].contains(":") { return 2 }
    return isStamp(row[0]) ? 1 : 0
  }

  /// Names for columns of numbers, by what only cells and the pack they make up can read.
  ///
  /// Four or more columns side by side that all lie where a cell of lithium does are its cells; a column that is their
  /// sum is the pack; one number between that and the cells is the current.
  private static func names(of values: [[Double]]) -> [String]? {
    func areCells(_ column: [Double], _ scale: Double) -> Bool {
      !column.isEmpty && column.allSatisfy { $0 * scale > 1.5 && $0 * scale < 4.6 }
    }
    for (scale, unit) in [(1.0, "v"), (0.001, "mv")] {
      var best = 0..<0
      var start = 0
      for k in 0...values.count where k == values.count || !areCells(values[k], scale) {
        if k - start > best.count { best = start..<k }
        start = k + 1
      }
      guard best.count >= 4 else { continue }
      /// The column outside of a range of cells that reads their sum.
      func pack(of cells: Range<Int>) -> Int? {
        let sum = cells.reduce(0.0) { $0 + (values[$1].first ?? 0) * scale }
        return values.indices.first { k in
          guard !cells.contains(k), let value = values[k].first else { return false }
          return abs(value - sum) < 0.015 * sum
        }
      }
      // A current may read as a cell does; the sum tells it from them.
      let ranges = (0..<3).flatMap { first in
        (0..<3).map { best.lowerBound + first..<max(best.lowerBound + first, best.upperBound - $0) }
      }.filter { $0.count >= 4 }
      let cells = ranges.first { pack(of: $0) != nil } ?? best
      var names = values.indices.map { "column_\($0 + 2)" }
      for (number, k) in cells.enumerated() {
        names[k] = "cell\(number < 9 ? "0" : "")\(number + 1)_\(unit)"
      }
      if let pack = pack(of: cells) {
        names[pack] = "pack_voltage_v"
        if pack + 2 == cells.lowerBound { names[pack + 1] = "pack_current_a" }
      }
      return names
    }
    return nil
  }

  // MARK: ESPHome

  /// Lines such as `[12:00:01][D][sensor:094]: 'cell voltage 1': Sending state 3.31500 V with 3 decimals`.
  private static func espHome(_ bytes: Span<UInt8>) -> CellLog? {
    var columns: [String] = []
    var positions: [String: Int] = [:]
    var rows: [(time: String, values: [Int: String])] = []
    var isElapsed = false
    var days = 0
    var previous = 0
    var at = 0
    while let line = nextLine(bytes, &at) {
      let parts = line.split(separator: "'", maxSplits: 2, omittingEmptySubsequences: false)
      guard parts.count == 3, let said = parts[2].firstRange(of: "Sending state ") else { continue }
      let words = parts[2][said.upperBound...].split(separator: " ")
      guard let value = words.first, NumberScanner().number(value) != nil else { continue }
      let unit = words.count > 1 && words[1] != "with" ? String(words[1]) : ""
      let open = parts[0].prefix { $0 != "]" }
      let stamp = String(open.drop { $0 == "[" })
      let time: String
      if let clock = milliseconds(stamp) {
        // A time of day alone: the log begins on some day, and midnight begins the next one.
        isElapsed = true
        if clock < previous { days += 1 }
        previous = clock
        time = "\(Double(days * 86_400_000 + clock) / 1000)"
      } else {
        time = stamp
      }
      let name = unit.isEmpty ? String(parts[1]) : "\(parts[1]) [\(unit)]"
      let column = positions[name] ?? columns.count
      if column == columns.count {
        positions[name] = column
        columns.append(name)
      }
      if rows.last?.time == time {
        rows[rows.count - 1].values[column] = String(value)
      } else {
        rows.append((time, [column: String(value)]))
      }
    }
    guard !columns.isEmpty else { return nil }
    return table(
      [isElapsed ? "time_s" : "time"] + columns,
      rows.map { row in [row.time] + columns.indices.map { row.values[$0] ?? "" } },
      remark: "lines of ESPHome")
  }

  private static func milliseconds(_ text: String) -> Int? {
    let bytes = Array(text.utf8)
    return timeOfDayMS(bytes.span, from: 0, to: bytes.count)
  }

  // MARK: Shared

  /// A table of texts as a log.
  static func table(_ names: [String], _ rows: [[String]], remark: String) -> CellLog {
    var text = CSVWriter(header: names)
    for row in rows {
      for cell in row { text.add(cell) }
      text.endRow()
    }
    return CellLog(bytes: Array(text.text.utf8), addedLines: 0, remark: remark)
  }

  /// The next line without its break; nothing at the end.
  static func nextLine(_ bytes: Span<UInt8>, _ at: inout Int) -> String? {
    guard at < bytes.count else { return nil }
    let start = at
    while at < bytes.count, bytes[at] != 0x0A { at += 1 }
    var end = at
    if end > start, bytes[end - 1] == 0x0D { end -= 1 }
    at += 1
    return bytes.text(start, end)
  }

  private static func words(_ line: String, _ separator: UInt8) -> [String] {
    let mark = Character(Unicode.Scalar(separator))
    if mark == " " { return line.split(separator: mark).map(String.init) }
    guard !line.isEmpty else { return [] }
    return line.split(separator: mark, omittingEmptySubsequences: false)
      .map { trimmedText(String($0)) }
  }
}
