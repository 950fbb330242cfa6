import Diagnostics
import Documents
import Numerics
import TimeSeries

/// Home Assistant's long-term statistics, from the websocket, the recorder database or the dashboard.
///
/// Energy is the `change` of a period, else the difference of `sum` (which is already corrected for
/// resets); a quantity that is measured, not counted, is the `mean`.
struct HomeAssistantStatistics {
  let source: LogSource
  let window: Range<Int>

  // MARK: Websocket

  func jsonInputs(
    _ tree: (root: JSONNode, index: LineIndex)
  ) throws(InputError) -> [GridInput] {
    let (root, index) = tree
    guard let entities = (root["result"] ?? root).members else {
      throw InputError(
        "statistics are an object of lists by entity", at: index.position(root.offset))
    }
    var inputs: [GridInput] = []
    for channel in source.channels {
      guard let rows = entities.first(where: { $0.name == channel.column })?.value.list else {
        throw source.missing(channel.column, among: entities.map(\.name))
      }
      inputs.append(try input(channel, rows: rows.map { Row($0, index) }, unit: nil))
    }
    return inputs
  }

  /// One period.
  struct Row {
    /// First instant. [ms]
    var start: Int?
    /// Length. [s]
    var seconds: Int?
    var change = Double.nan
    var sum = Double.nan
    var mean = Double.nan
    var state = Double.nan
    var position: SourcePosition
    /// What is wrong with a value, by its name.
    var mistakes: [String: String] = [:]

    init(position: SourcePosition) { self.position = position }

    init(_ node: JSONNode, _ index: LineIndex) {
      self.init(position: index.position(node.offset))
      start = Row.time(node["start"])
      if let start, let end = Row.time(node["end"]) { seconds = (end - start) / 1000 }
      change = value(of: "change", in: node)
      sum = value(of: "sum", in: node)
      mean = value(of: "mean", in: node)
      state = value(of: "state", in: node)
    }

    private mutating func value(of name: String, in node: JSONNode) -> Double {
      guard let member = node[name] else { return .nan }
      if let number = member.number ?? member.text.flatMap({ NumberScanner().number($0) }) {
        return number
      }
      mistakes[name] = "'\(name)' must be a number, found \(member.found)"
      return .nan
    }

    /// The period with the energy of another entity added; what is missing in both is missing.
    func adding(_ other: Row) -> Row {
      var sum = self
      if !other.change.isNaN { sum.change = (change.isNaN ? 0 : change) + other.change }
      sum.mistakes.merge(other.mistakes) { first, _ in first }
      return sum
    }

    private static func time(_ node: JSONNode?) -> Int? {
      if let number = node?.number {
        // Milliseconds, or seconds in older answers.
        return instantMS(seconds: abs(number) < 1e11 ? number : number / 1000)
      }
      return node?.text.flatMap { stamp($0, zone: .utc) }
    }
  }

  /// Makes an input of periods by what they hold.
  func input(
    _ channel: ColumnMapping, rows: [Row], unit: String?
  ) throws(InputError) -> GridInput {
    let hasChange = rows.contains { !$0.change.isNaN || $0.mistakes["change"] != nil }
    let hasSum = rows.contains { !$0.sum.isNaN || $0.mistakes["sum"] != nil }
    let usesSum = !hasChange && hasSum
    let name = hasChange ? "change" : usesSum ? "sum" : "mean"
    var mapping = channel
    // The length that most periods have: a single end gone wrong decides nothing.
    var frequency: [Int: Int] = [:]
    for case .some(let length) in rows.map(\.seconds) where length > 0 {
      frequency[length, default: 0] += 1
    }
    let seconds = Statistics.mode(frequency)
    if usesSum { mapping.reading = .counter(sumRule(seconds: seconds, rows: rows)) }
    var builder = try ChannelBuilder(
      file: source.path, mapping: mapping, carried: unit, window: window)
    for row in rows {
      guard let start = row.start else {
        builder.reject(.badStamp, "the period has no readable 'start'", at: row.position)
        continue
      }
      if let length = row.seconds, length <= 0 {
        builder.reject(.badStamp, "the period does not end after its 'start'", at: row.position)
        continue
      }
      if let mistake = row.mistakes[name] {
        builder.fail(mistake, at: start, position: row.position)
        continue
      }
      var value = hasChange ? row.change : usesSum ? row.sum : row.mean
      if hasChange, let reason = corruption(row) {
        builder.table.log.add(.spike, .warning, reason, at: row.position)
        value = .nan
      }
      builder.add(value, at: start, position: row.position)
    }
    return builder.input(sampling: .interval, stepSeconds: seconds)
  }

  /// The sum never restarts by itself; the reading belongs to the end of its period.
  private func sumRule(seconds: Int?, rows: [Row]) -> CounterRule {
    var delay = seconds ?? 3600
    if seconds == nil, rows.count > 1, let first = rows[0].start, let second = rows[1].start {
      delay = max(1, (second - first) / 1000)
    }
    return CounterRule(resetFraction: 0, delaySeconds: delay)
  }

  /// Known corruptions of the `change`: negative, or the whole counter at once.
  private func corruption(_ row: Row) -> String? {
    if row.change < -1e-6 { return "an energy of \(row.change) in a period is negative" }
    if row.state > 100, row.change > 0.9 * row.state {
      return "the energy of the period, \(row.change), is the whole counter of \(row.state)"
    }
    return nil
  }

  // MARK: Recorder database

  func recorderInputs() throws(InputError) -> [GridInput] {
    let database = try SQLiteReader(path: source.path)
    let known = try database.texts("SELECT statistic_id FROM statistics_meta ORDER BY statistic_id")
    var inputs: [GridInput] = []
    for channel in source.channels {
      guard known.contains(channel.column) else {
        throw source.missing(channel.column, among: known)
      }
      let unit = try database.texts(
        "SELECT unit_of_measurement FROM statistics_meta WHERE statistic_id = ?",
        [channel.column]
      ).first
      // Hours are kept for ever, five-minute periods for ten days: the finer ones count where they exist.
      for (table, seconds) in [("statistics_short_term", 300), ("statistics", 3600)] {
        let rows = try recorderRows(database, table: table, channel: channel.column, seconds)
        if !rows.isEmpty { inputs.append(try input(channel, rows: rows, unit: unit)) }
      }
    }
    return inputs
  }

  private func recorderRows(
    _ database: SQLiteReader, table: String, channel: String, _ seconds: Int
  ) throws(InputError) -> [Row] {
    let columns = try database.columns(of: table)
    guard !columns.isEmpty else { return [] }
    // Older databases have the start as text in UTC without zone.
    let start = columns.contains("start_ts") ? "start_ts" : "start"
    var rows: [Row] = []
    var number = 0
    try database.query(
      """
      SELECT s.\(start), s.mean, s.sum, s.state FROM \(table) s
      JOIN statistics_meta m ON m.id = s.metadata_id WHERE m.statistic_id = ? ORDER BY s.\(start)
      """, [channel]
    ) { (row) throws(InputError) in
      number += 1
      var period = Row(position: SourcePosition(file: source.path))
      if start == "start_ts" {
        period.start = instantMS(seconds: try row.real(0))
      } else {
        period.start = row.text(0).flatMap { stamp($0, zone: .utc) }
      }
      period.seconds = seconds
      period.mean = try row.real(1)
      period.sum = try row.real(2)
      period.state = try row.real(3)
      rows.append(period)
    }
    return rows
  }

  // MARK: Energy dashboard

  /// Rows of entities, columns of hours: `entity_id,type,unit,<ISO UTC hour>…`.
  func dashboardInputs(_ document: TextFile, zone: Zone) throws(InputError) -> [GridInput] {
    var rows = try CSVRows(document)
    guard rows.names.count > 3, rows.names[0] == "entity_id" else {
      throw InputError(
        "an energy dashboard begins with 'entity_id,type,unit' and hours",
        at: rows.headerPosition())
    }
    let hours = rows.names.dropFirst(3).map { stamp($0, zone: zone) }
    var entities: [Entity] = []
    while rows.next() { entities.append(Entity(rows, hours: hours, file: source.path)) }
    return try source.channels.map { (channel) throws(InputError) in
      var own = entities.filter { $0.name == channel.column }
      // The registers of a meter and the roofs of a house are several entities of one type.
      if own.isEmpty { own = entities.filter { $0.kind == channel.column } }
      guard let first = own.first else {
        throw source.missing(channel.column, among: entities.flatMap { [$0.name, $0.kind] })
      }
      if let other = own.first(where: { $0.unit != first.unit }) {
        throw InputError(
          "the entities of '\(channel.column)' have the units '\(first.unit)' and '\(other.unit)'; "
            + "name them one by one", at: SourcePosition(file: source.path))
      }
      let sum = own.dropFirst().reduce(into: first.rows) { sum, entity in
        // A row whose cells do not fit its hours has none.
        guard !entity.rows.isEmpty else { return }
        sum = sum.isEmpty ? entity.rows : zip(sum, entity.rows).map { $0.adding($1) }
      }
      var input = try input(channel, rows: sum, unit: first.unit)
      for finding in own.compactMap(\.finding) {
        input.table.log.add(.raggedRow, [finding])
        if finding.severity == .error { input.table.rowsReported += 1 }
      }
      if own.count > 1 {
        input.table.layout.append(
          "'\(channel.column)' adds up \(own.map { "'\($0.name)'" }.joined(separator: ", "))")
      }
      return input
    }
  }

  /// One row of the dashboard.
  private struct Entity {
    let name: String
    let kind: String
    let unit: String
    var rows: [Row] = []
    /// Says that the row has more or fewer cells than there are hours.
    var finding: Diagnostic?

    init(_ cells: CSVRows, hours: [Int?], file: String) {
      name = cells.text(0)
      kind = cells.text(1)
      unit = cells.text(2)
      if let surplus = cells.surplus() {
        // Which cell belongs to which hour is not known any more.
        finding = surplus
        return
      }
      if cells.count < cells.names.count {
        finding = .warning(
          "the row has \(cells.count) cells, the header has \(cells.names.count)",
          at: cells.position(cells.count))
      }
      for (k, hour) in hours.enumerated() {
        var row = Row(position: cells.position(k + 3))
        row.start = hour
        row.seconds = 3600
        let text = cells.text(k + 3)
        if let number = cells.number(k + 3) {
          row.change = number
        } else if !text.isEmpty, !CSVSource.usualMissingWords.contains(text) {
          row.mistakes["change"] = "'\(text)' is not a number"
        }
        rows.append(row)
      }
    }
  }
}
