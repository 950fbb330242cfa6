import Diagnostics
import Documents
import TimeSeries

/// The log of Victron's VRM portal: rows of blocks, names and units above the data.
///
/// A channel is `block/name`, for example `System overview [0]/Grid L1`; the name alone will do where
/// it occurs once. The first cell of the second row names the zone; its offset is that of the download and
/// is not used. Battery power and current are positive when charging: give a factor of −1.
struct VictronLog {
  let source: LogSource
  let window: Range<Int>

  func inputs(_ document: TextFile, zone: Zone) throws(InputError) -> [GridInput] {
    let span = document.bytes.span
    let dialect = CSVDialect(span, findsHeader: false)
    var cursor = CSVCursor(dialect)
    var rows: [[String]] = []
    for _ in 0..<3 {
      guard cursor.next(span) else {
        throw InputError("a VRM log has three header rows", at: SourcePosition(file: source.path))
      }
      rows.append(cursor.texts(span))
    }
    let width = rows.map(\.count).max() ?? 0
    for k in rows.indices { rows[k] += Array(repeating: "", count: width - rows[k].count) }
    var names = ["timestamp"]
    for k in 1..<max(1, width) {
      let unit = rows[2][k].isEmpty ? "" : " [\(rows[2][k])]"
      names.append("\(rows[0][k])/\(rows[1][k])\(unit)")
    }
    let header = CSVHeader(names: names, file: source.path, line: 2)
    let csv = CSVSource(
      path: source.path, timeColumn: "timestamp", zone: try logZone(rows[1].first) ?? zone,
      columns: try source.channels.map { (channel) throws(InputError) in
        try resolved(channel, names: names)
      })
    let table = CSVTableReader(source: csv, zone: zone, window: window)
    return [
      GridInput(
        table: try table.read(span, header: header, cursor: cursor, dialect: dialect),
        mappings: csv.columns)
    ]
  }

  /// True for the first lines of a log: the second one begins with the zone, `Europe/Tallinn (+03:00)`.
  static func isLog(_ head: String) -> Bool {
    let lines = head.split(separator: "\n", maxSplits: 2, omittingEmptySubsequences: false)
    guard lines.count == 3 else { return false }
    let words = lines[1].prefix { $0 != "," }.split { $0 == " " || $0 == "\"" }
    return words.count == 2 && words[0].contains("/") && words[0].first?.isLetter == true
      && words[1].hasPrefix("(") && words[1].hasSuffix(")") && words[1].contains(":")
  }

  /// What the names of the portal tell: consumption, production, grid and battery of the system overview.
  static func usualChannels(_ path: String) throws(InputError) -> [ColumnMapping] {
    let bytes = try TextFile(path).bytes
    var cursor = CSVCursor(CSVDialect(bytes.span, findsHeader: false))
    var rows: [[String]] = []
    while rows.count < 2, cursor.next(bytes.span) { rows.append(cursor.texts(bytes.span)) }
    guard rows.count == 2 else { return [] }
    var found: [ColumnMapping] = []
    for (k, metric) in rows[1].enumerated() where k > 0 && k < rows[0].count {
      let quantity: Quantity
      switch metric {
      case let name where name.hasPrefix("AC Consumption L"): quantity = .load
      case let name where name.hasPrefix("PV - "): quantity = .pv
      case let name where name.hasPrefix("Grid L"): quantity = .net
      case "Battery Power": quantity = .batteryPower
      case "State of charge" where !found.contains { $0.quantity == .stateOfCharge }:
        quantity = .stateOfCharge
      default: continue
      }
      found.append(
        ColumnMapping(
          column: "\(rows[0][k])/\(metric)", quantity: quantity,
          // Power of the battery is positive when charging.
          factor: quantity == .batteryPower ? -1 : 1))
    }
    for k in found.indices where found.count(where: { $0.quantity == found[k].quantity }) > 1 {
      found[k].combination = .sumInFile
    }
    return found
  }

  /// `Europe/Tallinn (+03:00)`: the name counts for the whole year.
  private func logZone(_ cell: String?) throws(InputError) -> Zone? {
    guard source.zone == nil, let name = cell?.split(separator: " ").first, name.contains("/")
    else { return source.zone }
    do throws(UnknownZone) {
      return try Zone(String(name))
    } catch {
      throw InputError(
        "unknown time zone '\(name)'", at: SourcePosition(file: source.path, line: 2, column: 1))
    }
  }

  /// Finds a channel by block and name, or by name alone where it occurs once.
  private func resolved(
    _ channel: ColumnMapping, names: [String]
  ) throws(InputError) -> ColumnMapping {
    var result = channel
    let plain = names.map { CSVHeader.split($0).name.hasSuffix("]") ? $0 : bare($0) }
    if plain.contains(channel.column) || names.contains(channel.column) { return result }
    let matches = names.indices.filter {
      plain[$0].split(separator: "/", maxSplits: 1).last.map(String.init) == channel.column
    }
    guard let match = matches.first else {
      throw source.missing(channel.column, among: Array(plain.dropFirst()))
    }
    guard matches.count == 1 else {
      let list = matches.map { "'\(plain[$0])'" }.joined(separator: ", ")
      throw InputError(
        "channel '\(channel.column)' occurs in \(matches.count) blocks; name one of \(list)",
        at: SourcePosition(file: source.path, line: 2, column: 1))
    }
    result.column = names[match]
    return result
  }

  private func bare(_ name: String) -> String { CSVHeader.split(name).name }
}
