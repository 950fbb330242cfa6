import Diagnostics
import Documents
import TimeSeries

extension CSVTableReader {
  /// The times across the columns of a table with a row per day, when that is what the source maps.
  func dayColumns(_ header: CSVHeader) -> DayColumns? {
    guard header.index(of: DayColumns.channel) == nil,
      source.columns.contains(where: { mapping in
        mapping.column == DayColumns.channel
          || ColumnSelector(mapping.column)?.column == DayColumns.channel
      })
    else { return nil }
    return DayColumns(header.names)
  }

  /// Reads a table with a row per day.
  ///
  /// - Throws: `InputError` when a column is not there or carries another unit.
  func dayTable(
    _ days: DayColumns, _ header: CSVHeader, _ bytes: Span<UInt8>, _ start: CSVCursor,
    _ dialect: CSVDialect
  ) throws(InputError) -> SampleTable {
    var cursor = start
    let place = SourcePosition(file: source.path, line: header.line, column: 1)
    guard let time = header.index(of: source.timeColumn) else {
      throw InputError([header.missing(source.timeColumn)])
    }
    let sample = sampleRows(bytes, start, [])
    var table = SampleTable(file: source.path)
    var kind: Int?
    var columns: [Column] = []
    for mapping in source.columns {
      let selector = ColumnSelector(mapping.column)
      guard mapping.column == DayColumns.channel || selector?.column == DayColumns.channel else {
        throw InputError([header.missing(mapping.column)])
      }
      var unit = try mapping.resolvedUnit(header: DayColumns.channel, at: place)
      if unit == nil { unit = CSVUnitRow.unitColumn(header.names, sample, for: mapping) }
      if unit == nil {
        table.log.add(
          .layout, .warning,
          "nothing names the unit of the values; they are taken as kWh of each interval", at: place)
        unit = MeasurementUnit("kWh")
      }
      var column = Column(cell: days.cells[0], mapping: mapping, unit: unit)
      if let selector {
        guard let cell = header.index(of: selector.kind), kind == nil || kind == cell else {
          throw InputError([header.missing(selector.kind)])
        }
        kind = cell
        column.choice = .selected(selector)
      }
      columns.append(column)
    }
    let clock = source.zone ?? zone
    let axis = TimeAxis(
      time: time, source: source,
      rows: sample.map { [$0.indices.contains(time) ? $0[time] : ""] }
        .map { [String](repeating: "", count: time) + $0 }, zone: clock, wholeColumn: { _, _ in })
    table.layout.append(
      "a row per day with \(days.cells.count) intervals of \(days.stepSeconds) s"
        + (days.labelsEnd ? ", named by their ends" : ""))
    table.isPerInterval = columns.map { $0.mapping.isPerInterval($0.unit) }
    table.codes = columns.map { column in MissingCode.written.map { column.scale.kept($0) } }
    var stamps = StampScanner(format: axis.format, zone: clock)
    var kinds: [Int] = []
    var numbers: [String: Int] = [:]
    var repeats: [RepeatedTime] = []
    while cursor.next(bytes) {
      table.rowsIn += 1
      let text = kind.map { $0 < cursor.count ? trimmedText(cursor.text(bytes, $0)) : "" } ?? ""
      if kind != nil, !columns.contains(where: { $0.choice?.factor(of: text) != nil }) {
        table.rowsOutside += 1
        continue
      }
      guard cursor.count > time,
        let day = stamps.day(bytes, from: cursor.starts[time], to: cursor.ends[time])
      else {
        table.rowsReported += 1
        table.log.add(
          .badStamp, .error,
          "'\(cursor.count > time ? cursor.text(bytes, time) : "")' is not a date",
          at: cursor.position(bytes, at: cursor.recordStart, file: source.path))
        continue
      }
      let number = numbers[text] ?? numbers.count
      numbers[text] = number
      let midnight = clock.startOfDay(day)
      let tomorrow = clock.startOfDay(day + 1)
      for (k, cell) in days.cells.enumerated() where cell < cursor.count {
        let isEmpty = cursor.starts[cell] == cursor.ends[cell]
        var stamp = 0
        if days.isElapsed {
          let instant = midnight + days.seconds[k]
          guard instant < tomorrow else { continue }
          stamp = instant * 1000
        } else {
          switch stamps.scan(day: day, milliseconds: days.seconds[k] * 1000) {
          case .instant(let instant): stamp = instant
          case .repeated:
            stamp = stamps.repeated.earlier
            table.ambiguousTimes += 1
            repeats.append(
              RepeatedTime(
                row: table.stamps.count, earlier: stamps.repeated.earlier,
                later: stamps.repeated.later))
          case .nonexistent, .malformed:
            // The hour that clocks skip is there in every row and holds nothing.
            if !isEmpty,
              dialect.numbers.cellNumber(
                bytes, from: cursor.starts[cell], to: cursor.ends[cell]) != 0
            {
              table.log.add(
                .nonexistentTime, .warning,
                "a value stands at a time that clocks skip in \(clock.identifier); it is left out",
                at: cursor.position(bytes, at: cursor.starts[cell], file: source.path))
            }
            continue
          }
        }
        guard window.contains(stamp) else { continue }
        table.stamps.append(stamp)
        table.ends.append(stamp + days.stepSeconds * 1000)
        table.lines.append(UInt32(truncatingIfNeeded: cursor.recordLine))
        kinds.append(number)
        for c in columns.indices {
          let factor = columns[c].choice.map { $0.factor(of: text) } ?? 1
          table.places.append(
            UInt32(truncatingIfNeeded: cursor.starts[cell] - cursor.recordStart + 1))
          guard let factor else {
            table.values.append(.nan)
            continue
          }
          table.values.append(
            factor * slowCell(bytes, cursor, cell, dialect.numbers, &columns[c], &table))
        }
      }
    }
    table.tellApart(repeats, kinds: kinds)
    if numbers.count > 1 { table.joinRows(kinds: kinds) }
    return table
  }
}
