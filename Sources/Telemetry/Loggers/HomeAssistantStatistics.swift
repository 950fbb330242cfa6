import Diagnostics
import Documents
import TimeSeries

/// Home Assistant's long-term statistics, from the websocket, the recorder database or the dashboard.
///
/// Energy is the `change` of a period, else the difference of `sum` (which is already corrected for
/// resets); a quantity that is measured, not counted, is the `mean`.
struct HomeAssistantStatistics {
  let source: LogSource
  let window: Range<Int>

  // MARK: Websocket

  func jsonInputs() throws(InputError) -> [GridInput] {
    let bytes = try fileBytes(source.path)
    let root = try JSONReader(file: source.path).read(bytes)
    let index = LineIndex(bytes.span, file: source.path)
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

    init(position: SourcePosition) { self.position = position }

    init(_ node: JSONNode, _ index: LineIndex) {
      self.init(position: index.position(node.offset))
      start = Row.time(node["start"])
      if let start, let end = Row.time(node["end"]) { seconds = (end - start) / 1000 }
      change = node["change"]?.number ?? .nan
      sum = node["sum"]?.number ?? .nan
      mean = node["mean"]?.number ?? .nan
      state = node["state"]?.number ?? .nan
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
    let hasChange = rows.contains { !$0.change.isNaN }
    let hasSum = rows.contains { !$0.sum.isNaN }
    let usesSum = !hasChange && hasSum
    var mapping = channel
    let seconds = rows.lazy.compactMap(\.seconds).first
    if usesSum { mapping.reading = .counter(sumRule(seconds: seconds, rows: rows)) }
    var builder = try ChannelBuilder(
      file: source.path, mapping: mapping, carried: unit, window: window)
    for row in rows {
      guard let start = row.start else {
        builder.reject(.badStamp, "the period has no readable 'start'", at: row.position)
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
    ) { row in
      number += 1
      var period = Row(position: SourcePosition(file: source.path))
      if start == "start_ts" {
        period.start = instantMS(seconds: row.real(0))
      } else {
        period.start = row.text(0).flatMap { stamp($0, zone: .utc) }
      }
      period.seconds = seconds
      period.mean = row.real(1)
      period.sum = row.real(2)
      period.state = row.real(3)
      rows.append(period)
    }
    return rows
  }

  // MARK: Energy dashboard

  /// Rows of entities, columns of hours: `entity_id,type,unit,<ISO UTC hour>…`.
  func dashboardInputs(zone: Zone) throws(InputError) -> [GridInput] {
    let bytes = try fileBytes(source.path)
    let span = bytes.span
    let dialect = CSVDialect(span, delimiter: nil, decimal: nil)
    var cursor = CSVCursor(
      delimiter: dialect.delimiter, position: dialect.headerStart, line: dialect.headerLine)
    guard cursor.next(span), cursor.count > 3, trimmedText(cursor.text(span, 0)) == "entity_id"
    else {
      throw InputError(
        "an energy dashboard begins with 'entity_id,type,unit' and hours",
        at: SourcePosition(file: source.path, line: 1, column: 1))
    }
    let hours = (3..<cursor.count).map { stamp(trimmedText(cursor.text(span, $0)), zone: zone) }
    var rows: [String: [Row]] = [:]
    var units: [String: String] = [:]
    var names: [String] = []
    while cursor.next(span) {
      guard cursor.count > 2 else { continue }
      let entity = trimmedText(cursor.text(span, 0))
      let kind = trimmedText(cursor.text(span, 1))
      names += [entity, kind]
      for name in [entity, kind] { units[name] = trimmedText(cursor.text(span, 2)) }
      var own: [Row] = []
      for cell in 3..<min(cursor.count, hours.count + 3) {
        var row = Row(
          position: SourcePosition(
            file: source.path, line: cursor.recordLine,
            column: cursor.starts[cell] - cursor.recordStart + 1))
        row.start = hours[cell - 3]
        row.seconds = 3600
        row.change = Double(trimmedText(cursor.text(span, cell))) ?? .nan
        own.append(row)
      }
      rows[entity] = own
      // Several entities of a type add up only when mapped one by one; the type names the first.
      if rows[kind] == nil { rows[kind] = own }
    }
    var inputs: [GridInput] = []
    for channel in source.channels {
      guard let own = rows[channel.column] else {
        throw source.missing(channel.column, among: names)
      }
      inputs.append(try input(channel, rows: own, unit: units[channel.column]))
    }
    return inputs
  }
}
