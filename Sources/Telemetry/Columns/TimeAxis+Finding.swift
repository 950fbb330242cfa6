import Diagnostics
import Documents
import TimeSeries

extension TimeAxis {
  /// Finds how the rows of a table say when they are, from what their cells hold.
  ///
  /// - Parameters:
  ///   - time: Cell of the time column.
  ///   - source: What the user says of the file.
  ///   - rows: Cells of the first rows.
  ///   - others: Cells that hold no times: those that are mapped, and those that carry a unit.
  ///   - zone: Clock of stamps without offset.
  ///   - wholeColumn: Adds every cell of a column to the evidence, when the first rows do not decide.
  init(
    time: Int, source: CSVSource, rows: [[String]], others: Set<Int> = [], zone: Zone,
    wholeColumn: (Int, inout StampEvidence) -> Void
  ) {
    self.time = time
    format = source.stampFormat
    let width = rows.map(\.count).max() ?? 0
    guard !rows.isEmpty, time < width else { return }
    var sample = Sample(rows: rows, format: format, zone: zone)
    // The user may have named the time of day: the date stands elsewhere.
    if sample.share(time, \.isClock) > 0.9 {
      format = sample.evidence(over: 0..<width, whole: wholeColumn, format: format)
      sample = Sample(rows: rows, format: format, zone: zone)
      let dates = (0..<width).filter { $0 != time && !others.contains($0) }
      if let date = dates.first(where: { sample.share($0, \.isDate) > 0.9 }) {
        (self.time, clock) = (date, time)
      }
    } else {
      format = sample.evidence(over: time..<time + 1, whole: wholeColumn, format: format)
      sample = Sample(rows: rows, format: format, zone: zone)
      holdsPair = sample.share(time, \.isPair) > 0.9
      if sample.share(time, \.isDate) > 0.9 { findClock(sample, width, others) }
    }
    if clock != nil, clockKind != .text {
      findNumberedHours(sample, source)
      return
    }
    if source.label == .start, !holdsPair { findEnd(sample, width, others) }
    let clocks = clock ?? self.time
    labelsEnd =
      source.label == .start && end == nil && endClock == nil && !holdsPair
      && sample.holdsMidnightAsEnd(clocks)
  }

  /// Finds the column with the time of day beside one with dates.
  private mutating func findClock(_ sample: Sample, _ width: Int, _ taken: Set<Int>) {
    let others = (0..<width).filter { $0 != time && !taken.contains($0) }
    if let cell = others.first(where: { sample.share($0, \.isClock) > 0.9 }) {
      clock = cell
      return
    }
    // Numbers are hours or times only where dates repeat, and where they run through the day.
    guard sample.dateRepeats(time) else { return }
    for cell in others {
      guard let numbers = sample.wholeNumbers(cell), sample.runsThroughDays(numbers, dates: time)
      else { continue }
      if let most = numbers.max(), most <= 25 {
        clock = cell
        clockKind = .hours(first: numbers.contains(0) ? 0 : 1, isElapsed: false)
        return
      }
      if numbers.allSatisfy({ $0 <= 2400 && $0 % 100 < 60 }) {
        clock = cell
        clockKind = .digits
        return
      }
    }
  }

  /// Hours from 1 are counted through the day, those from 0 are the clock's, unless a day shows otherwise.
  private mutating func findNumberedHours(_ sample: Sample, _ source: CSVSource) {
    guard case .hours(let first, _) = clockKind, let clock else { return }
    let numbers = sample.wholeNumbers(clock) ?? []
    let hasExtra = numbers.contains(first + 24)
    let skips = sample.hasShortDayWithLastHour(clock, dates: time, last: first + 23)
    clockKind = .hours(first: first, isElapsed: hasExtra || first == 1 && !skips)
  }

  /// Finds the column, or the two, that say when an interval ends.
  private mutating func findEnd(_ sample: Sample, _ width: Int, _ taken: Set<Int>) {
    let begins = sample.begins(self)
    guard begins.count > 1 else { return }
    let others = (0..<width).filter { !cells.contains($0) && !taken.contains($0) }
    for cell in others where sample.share(cell, \.isStamp) > 0.9 {
      if adopt(sample.stampEnds(cell), begins, sample, { $0.end = cell }) { return }
    }
    for cell in others where sample.share(cell, \.isClock) > 0.9 {
      // A date of its own goes with it where there is one.
      let dates = others.filter { $0 != cell && sample.share($0, \.isDate) > 0.9 }
      for date in dates where clock != nil {
        if adopt(
          sample.ends(date: date, clock: cell), begins, sample,
          {
            $0.end = date
            $0.endClock = cell
          })
        {
          return
        }
      }
      if adopt(sample.clockEnds(cell, begins), begins, sample, { $0.endClock = cell }) { return }
    }
  }

  /// Takes cells for ends when almost all of them lie where the next row begins, or a minute, a second or a
  /// millisecond before.
  private mutating func adopt(
    _ ends: [Int?], _ begins: [Int?], _ sample: Sample, _ take: (inout TimeAxis) -> Void
  ) -> Bool {
    let starts = Set(begins.compactMap { $0 })
    for shift in [0, 60_000, 1000, 1] {
      var agreeing = 0
      var known = 0
      for (begin, end) in zip(begins, ends) {
        guard let begin, let end else { continue }
        known += 1
        // An hour more or less is what a change of clocks makes of local times.
        if end + shift > begin, end + shift - begin <= 35_000_000_000,
          starts.contains(end + shift)
            || starts.max() == begin
        {
          agreeing += 1
        }
      }
      if known >= 2, known * 10 >= begins.count * 8, agreeing * 10 >= known * 8 {
        take(&self)
        endShiftMS = shift
        return true
      }
    }
    return false
  }
}

/// Cells of the first rows of a table, read as times on a clock without changes.
private struct Sample {
  struct Cell {
    var isClock = false
    var isDate = false
    var isStamp = false
    var isPair = false
    var isEmpty = false
    /// Local time as if it were UTC. [ms]
    var local: Int?
  }

  let rows: [[String]]
  private var cells: [[Cell]]

  init(rows: [[String]], format: StampFormat, zone: Zone) {
    self.rows = rows
    cells = rows.map { row in row.map { Sample.cell($0, format) } }
  }

  private static func cell(_ text: String, _ format: StampFormat) -> Cell {
    var cell = Cell()
    // A scanner of its own for each cell: digits of one column say nothing of those of another.
    var stamps = StampScanner(format: format, zone: .utc)
    let bytes = Array(text.utf8)
    guard !bytes.isEmpty else {
      cell.isEmpty = true
      return cell
    }
    guard bytes.count >= 4, bytes.contains(where: { $0 &- 48 < 10 }) else { return cell }
    if let pair = StampScanner.pair(bytes.span, from: 0, to: bytes.count) {
      if case .instant(let instant) = stamps.scan(bytes.span, from: 0, to: pair.first) {
        cell.isPair = true
        cell.local = instant
      } else if let time = timeOfDayMS(bytes.span, from: 0, to: pair.first) {
        cell.isClock = true
        cell.local = time
      }
      return cell
    }
    if let time = timeOfDayMS(bytes.span, from: 0, to: bytes.count),
      NumberScanner().number(text) == nil
    {
      cell.isClock = true
      cell.local = time
      return cell
    }
    guard NumberScanner().number(text) == nil || bytes.count == 8,
      case .instant(let instant) = stamps.scan(bytes.span, from: 0, to: bytes.count)
    else { return cell }
    cell.local = instant
    cell.isStamp = true
    cell.isDate = !bytes.contains(UInt8(ascii: ":")) && instant % 86_400_000 == 0
    return cell
  }

  /// Share of the filled cells of a column that are of a kind.
  func share(_ column: Int, _ kind: KeyPath<Cell, Bool>) -> Double {
    let filled = cells.compactMap { $0.indices.contains(column) ? $0[column] : nil }
      .filter { !$0.isEmpty }
    guard !filled.isEmpty else { return 0 }
    return Double(filled.count { $0[keyPath: kind] }) / Double(filled.count)
  }

  /// How stamps are written, from the first of some columns whose cells say so.
  func evidence(
    over columns: Range<Int>, whole: (Int, inout StampEvidence) -> Void, format: StampFormat
  ) -> StampFormat {
    guard format == .automatic else { return format }
    for column in columns {
      var evidence = StampEvidence()
      for row in rows where column < row.count {
        let bytes = Array(row[column].utf8)
        evidence.add(bytes.span, from: 0, to: bytes.count)
      }
      if evidence.isOpen { whole(column, &evidence) }
      if evidence.format != .automatic { return evidence.format }
    }
    return format
  }

  func dateRepeats(_ column: Int) -> Bool {
    let dates = rows.compactMap { column < $0.count ? $0[column] : nil }
    return dates.count > 1 && Set(dates).count * 10 <= dates.count * 9
  }

  /// The whole numbers of a column, nothing when a cell is anything else.
  func wholeNumbers(_ column: Int) -> [Int]? {
    var numbers: [Int] = []
    for row in rows {
      guard column < row.count else { return nil }
      let bytes = Array(row[column].utf8)
      guard let number = TimeAxis.wholeNumber(bytes.span, 0, bytes.count) else { return nil }
      numbers.append(number)
    }
    return numbers
  }

  /// True when numbers never fall within a date, and rise in most rows.
  func runsThroughDays(_ numbers: [Int], dates column: Int) -> Bool {
    var rising = 0
    var known = 0
    for k in numbers.indices.dropFirst() where rows[k][column] == rows[k - 1][column] {
      known += 1
      if numbers[k] < numbers[k - 1] { return false }
      if numbers[k] > numbers[k - 1] { rising += 1 }
    }
    return known > 0 && rising * 4 >= known
  }

  /// True when a day has one hour less than 24 and still the last one by its number.
  func hasShortDayWithLastHour(_ column: Int, dates: Int, last: Int) -> Bool {
    guard let numbers = wholeNumbers(column) else { return false }
    var days: [String: Set<Int>] = [:]
    for (row, number) in zip(rows, numbers) { days[row[dates], default: []].insert(number) }
    return days.values.contains { $0.count == 23 && $0.contains(last) && $0.contains(last - 23) }
  }

  /// True when stamps reach 24:00 and none is 00:00.
  func holdsMidnightAsEnd(_ column: Int) -> Bool {
    var hasEnd = false
    for row in rows where column < row.count {
      let text = row[column]
      if text.hasPrefix("24:") || text.contains(" 24:") || text.contains("T24:") { hasEnd = true }
      if text.hasPrefix("00:00") || text.hasPrefix("0:00") || text.contains(" 00:00")
        || text.contains("T00:00")
      {
        return false
      }
    }
    return hasEnd
  }

  /// Beginnings by an axis, as if on a clock without changes. [ms]
  func begins(_ axis: TimeAxis) -> [Int?] {
    cells.map { row in
      guard axis.time < row.count, let time = row[axis.time].local else { return nil }
      guard let clock = axis.clock else { return row[axis.time].isStamp ? time : nil }
      guard clock < row.count, let part = row[clock].local else { return nil }
      return time + part
    }
  }

  func stampEnds(_ column: Int) -> [Int?] {
    cells.map { column < $0.count && !$0[column].isDate ? $0[column].local : nil }
  }

  func ends(date: Int, clock: Int) -> [Int?] {
    cells.map { row in
      guard max(date, clock) < row.count, let day = row[date].local, let time = row[clock].local
      else { return nil }
      return day + time
    }
  }

  /// Times of day after their beginnings, on the same day or the next. [ms]
  func clockEnds(_ column: Int, _ begins: [Int?]) -> [Int?] {
    zip(cells, begins).map { row, begin in
      guard let begin, column < row.count, let time = row[column].local else { return nil }
      let day = begin - ((begin % 86_400_000) + 86_400_000) % 86_400_000
      return day + time <= begin ? day + time + 86_400_000 : day + time
    }
  }
}
