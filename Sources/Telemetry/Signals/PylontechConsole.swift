import Diagnostics
import Documents
import TimeSeries

/// What the console of Pylontech modules prints for `bat` and `pwr`, logged with times between the blocks.
///
/// Voltages are mV, currents mA and temperatures thousandths of a degree. A block belongs to the newest time above it,
/// written alone on a line, in front of one, or by `pwr` itself.
struct PylontechConsole {
  let file: String
  private var columns: [String] = []
  private var positions: [String: Int] = [:]
  private var rows: [(time: String, values: [Int: String])] = []

  init(file: String) { self.file = file }

  /// Reads all blocks; nothing when there is none.
  ///
  /// - Throws: `InputError` when blocks carry no time, or a number cannot be read.
  mutating func read(_ bytes: Span<UInt8>) throws(InputError) -> CellLog? {
    var at = 0
    var line = 0
    var heads: [String] = []
    var module = "1"
    var time: String?
    while let text = CellLog.nextLine(bytes, &at) {
      line += 1
      if let stamp = PylontechConsole.stamp(text) { time = stamp }
      let words = text.split(separator: " ").map(String.init)
      if let command = words.firstIndex(where: { $0.hasSuffix(">bat") }), command + 1 < words.count
      {
        module = words[command + 1]
      }
      if words.contains("Volt"), words.contains("Curr"), words.contains("Tempr") {
        heads = words
        continue
      }
      guard !heads.isEmpty, let number = words.first, Int(number) != nil, words.count >= 4 else {
        if words.isEmpty || text.hasPrefix("Command") || text.hasPrefix("$") { heads = [] }
        continue
      }
      guard words[1] != "-" else { continue }
      let isCell = heads[0] == "Battery"
      let name = isCell ? "module\(module)_cell\(number)" : "module\(number)"
      guard let time else {
        throw InputError(
          "nothing above this row of the console says when it was; log the time before each command",
          at: SourcePosition(file: file, line: line, column: 1))
      }
      for (head, kind, unit) in [
        ("Volt", "voltage", "mV"), ("Curr", "current", "mA"), ("Tempr", "temperature", "c"),
      ] {
        guard let column = heads.firstIndex(of: head), column < words.count else { continue }
        guard let value = Int(words[column]) else {
          throw InputError(
            "'\(words[column])' is not a whole number for '\(head)'",
            at: SourcePosition(file: file, line: line, column: 1))
        }
        add(
          unit == "c" ? NumberText.shortest(Double(value) / 1000) : "\(value)",
          to: "\(name)_\(kind) [\(unit == "c" ? "°C" : unit)]", at: time)
      }
    }
    guard !rows.isEmpty else { return nil }
    return CellLog.table(
      ["time"] + columns,
      rows.map { row in [row.time] + columns.indices.map { row.values[$0] ?? "" } },
      remark: "console of Pylontech")
  }

  private mutating func add(_ value: String, to name: String, at time: String) {
    let column = positions[name] ?? columns.count
    if column == columns.count {
      positions[name] = column
      columns.append(name)
    }
    if rows.last?.time == time {
      rows[rows.count - 1].values[column] = value
    } else {
      rows.append((time, [column: value]))
    }
  }

  /// The time that stands in a line: `2025-06-01 12:00:00`, also in brackets or followed by other words.
  private static func stamp(_ text: String) -> String? {
    let words = text.split { $0 == " " || $0 == "[" || $0 == "]" }.map(String.init)
    for (k, word) in words.enumerated() where word.count >= 8 && word.first?.isNumber == true {
      var scanner = StampScanner(zone: .utc)
      let isDate = word.contains("-") || word.contains("/") || word.contains("T")
      guard isDate, scanner.scan(word) != .malformed else { continue }
      if word.contains(":") { return word }
      if k + 1 < words.count, words[k + 1].contains(":") {
        let both = word + " " + words[k + 1]
        if scanner.scan(both) != .malformed { return both }
      }
    }
    return nil
  }
}
