import Diagnostics
import Documents

/// Finds one rate record in a download: JSON, a record a line, or the CSV of all rates.
enum URDBDownload {
  /// Returns the records of a file in their order; with a name only those that may be it.
  ///
  /// Lines of a file with a record a line that do not hold the name are not read.
  static func records(
    _ bytes: [UInt8], file: String, named name: String?
  ) throws(InputError) -> (holder: String, records: [URDBValue], place: SourcePosition) {
    if file.hasSuffix(".csv") || file.hasSuffix(".csv.gz") {
      let found = try rows(bytes, file: file, named: name)
      return ("a table", found, SourcePosition(file: file))
    }
    let lines = recordLines(bytes)
    if lines.count > 1 {
      var records: [URDBValue] = []
      for (number, line) in lines.enumerated() {
        if let name, !holds(name, bytes[line]) { continue }
        records.append(
          try URDBValue(json: Array(bytes[line]), file: file, firstLine: number + 1))
      }
      return ("a file of lines", records, SourcePosition(file: file))
    }
    let root = try URDBValue(json: bytes, file: file)
    if let list = root.list { return ("a list", list, root.position) }
    if let items = root.object?["items"]?.list { return ("'items'", items, root.position) }
    return ("a record", [root], root.position)
  }

  /// Returns the lines of a file in which every line is an object of its own; none for any other file.
  private static func recordLines(_ bytes: [UInt8]) -> [Range<Int>] {
    var lines: [Range<Int>] = []
    var start = 0
    for end in 0...bytes.count where end == bytes.count || bytes[end] == 0x0A {
      var line = start..<end
      start = end + 1
      while let last = line.last, bytes[last] <= 0x20 { line = line.dropLast() }
      if line.isEmpty { continue }
      guard bytes[line.lowerBound] == UInt8(ascii: "{"),
        bytes[line.upperBound - 1] == UInt8(ascii: "}")
      else { return [] }
      lines.append(line)
    }
    return lines
  }

  /// Whether bytes hold a name, capitals aside.
  private static func holds(_ name: String, _ bytes: ArraySlice<UInt8>) -> Bool {
    func small(_ byte: UInt8) -> UInt8 { (0x41...0x5A).contains(byte) ? byte + 0x20 : byte }
    let name = name.utf8.map(small)
    guard !name.isEmpty, bytes.count >= name.count else { return false }
    return (bytes.startIndex...bytes.endIndex - name.count).contains { start in
      small(bytes[start]) == name[0]
        && zip(bytes[start..<start + name.count], name).allSatisfy { small($0) == $1 }
    }
  }

  /// Returns the rows of the CSV download as records.
  private static func rows(
    _ bytes: [UInt8], file: String, named name: String?
  ) throws(InputError) -> [URDBValue] {
    var rows = try CSVRows(bytes, file: file, delimiter: ",", findsHeader: false)
    let names = rows.names
    guard names.contains(where: { $0.lowercased().hasPrefix("energyratestructure/") }) else {
      throw InputError(
        "a table of rates must have columns such as 'energyratestructure/period0/tier0rate', or be a"
          + " table with 'Billing Period'", at: rows.headerPosition())
    }
    var records: [URDBValue] = []
    while rows.next() {
      let texts = rows.texts
      if let name, !texts.contains(where: { $0.lowercased() == name.lowercased() }) { continue }
      records.append(try record(rows, names: names))
    }
    return records
  }

  /// Builds the record of a row: `structure/period0/tier1rate` is `structure[0][1].rate`, twelve columns
  /// `name1` to `name12` are a list, and text that begins with a bracket is JSON.
  private static func record(_ rows: CSVRows, names: [String]) throws(InputError) -> URDBValue {
    var fields: [String: URDBValue] = [:]
    var structures: [String: [Int: [Int: [String: URDBValue]]]] = [:]
    var months: [String: [Int: URDBValue]] = [:]
    for (column, name) in names.enumerated() {
      let text = rows.text(column)
      if text.isEmpty || name.isEmpty { continue }
      let value = try cell(text, path: name, at: rows.position(column))
      if let part = structurePart(name) {
        structures[part.structure, default: [:]][part.period, default: [:]][
          part.tier, default: [:]][part.key] = value
      } else if let (base, month) = monthPart(name) {
        months[base, default: [:]][month] = value
      } else {
        fields[name] = value
      }
    }
    for (base, values) in months {
      if values.count == 12 {
        let list = (1...12).compactMap { values[$0] }
        fields[base] = URDBValue(content: .list(list), path: base, position: rows.position)
      } else {
        for (month, value) in values { fields["\(base)\(month)"] = value }
      }
    }
    for (name, periods) in structures {
      let list = (0...(periods.keys.max() ?? 0)).map { period -> URDBValue in
        let tiers = periods[period] ?? [:]
        let place = "\(name)[\(period)]"
        let objects = tiers.keys.sorted().map { tier in
          URDBValue(
            content: .object(tiers[tier] ?? [:]), path: "\(place)[\(tier)]",
            position: rows.position)
        }
        return URDBValue(content: .list(objects), path: place, position: rows.position)
      }
      fields[name] = URDBValue(content: .list(list), path: name, position: rows.position)
    }
    return URDBValue(content: .object(fields), path: "", position: rows.position)
  }

  private static func cell(
    _ text: String, path: String, at position: SourcePosition
  ) throws(InputError) -> URDBValue {
    guard text.hasPrefix("[") || text.hasPrefix("{") else {
      return URDBValue(content: .text(text), path: path, position: position)
    }
    do {
      return try URDBValue(json: Array(text.utf8), file: position.file)
        .placed(path: path, at: position)
    } catch {
      throw InputError(
        "the cell of '\(path)' must be JSON, found '\(text.prefix(40))'", at: position)
    }
  }

  private static func structurePart(
    _ name: String
  ) -> (structure: String, period: Int, tier: Int, key: String)? {
    let parts = name.split(separator: "/")
    guard parts.count == 3, parts[1].hasPrefix("period"), parts[2].hasPrefix("tier"),
      let period = Int(parts[1].dropFirst(6)), (0..<1000).contains(period)
    else { return nil }
    let digits = parts[2].dropFirst(4).prefix { $0.isNumber }
    guard let tier = Int(digits) else { return nil }
    return (String(parts[0]), period, tier, String(parts[2].dropFirst(4 + digits.count)))
  }

  private static func monthPart(_ name: String) -> (base: String, month: Int)? {
    let digits = String(name.reversed().prefix { $0.isNumber }.reversed())
    guard let month = Int(digits), (1...12).contains(month) else { return nil }
    let base = String(name.dropLast(digits.count))
    return (base.hasSuffix("month") ? "\(base)s" : base, month)
  }
}
