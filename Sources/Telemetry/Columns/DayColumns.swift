import Documents
import TimeSeries

/// A table with a row per day, whose columns are the times of the day.
///
/// Times are written as such (`00:15`, `12:15 AM`, `1 PM`, `00:00 - 00:15`, `0015`), or are numbers of the intervals
/// (`H1` … `H24`, `1` … `96`). Numbers are counted through the day when there is one hour more than 24.
struct DayColumns {
  /// Cells of the values, in order of time.
  let cells: [Int]
  /// When each interval begins after midnight. [s]
  let seconds: [Int]
  /// Length of an interval. [s]
  let stepSeconds: Int
  /// True when intervals are counted and not the hours of the clock.
  let isElapsed: Bool
  /// True when the times named the ends of the intervals.
  let labelsEnd: Bool

  /// Name under which the values are mapped.
  static let channel = "value"

  /// Finds times across the columns; nothing where the header is another one.
  init?(_ names: [String]) {
    // The longest run of columns that are times.
    guard
      let run = DayColumns.run(names, DayColumns.clock) ?? DayColumns.run(names, DayColumns.number)
    else { return nil }
    let values = run.values
    let isNumber = DayColumns.clock(names[run.first]) == nil
    cells = Array(run.first..<run.first + values.count)
    if isNumber {
      // 24, 48 or 96 intervals, and up to an hour more.
      guard
        let count = [24, 48, 96, 288].first(where: { (0...$0 / 24).contains(values.count - $0) }),
        values[0] <= 1, values == Array(values[0]..<values[0] + values.count)
      else { return nil }
      stepSeconds = 86_400 / count
      isElapsed = values.count > count
      labelsEnd = false
      seconds = values.indices.map { $0 * 86_400 / count }
      return
    }
    let step = values[1] - values[0]
    guard step > 0, 86_400 % step == 0, values.count == 86_400 / step else { return nil }
    // From the first step to midnight: the ends of intervals.
    labelsEnd = values[0] == step && values.count * step == 86_400
    guard labelsEnd || values[0] == 0 else { return nil }
    let starts = values.indices.map { $0 * step }
    guard
      values.dropLast() == ArraySlice((labelsEnd ? starts.map { $0 + step } : starts).dropLast())
    else { return nil }
    stepSeconds = step
    isElapsed = false
    seconds = starts
  }

  private static func run(
    _ names: [String], _ read: (String) -> Int?
  ) -> (first: Int, values: [Int])? {
    var best: (first: Int, values: [Int])?
    var k = 0
    while k < names.count {
      var values: [Int] = []
      let first = k
      while k < names.count, let value = read(names[k]) {
        values.append(value)
        k += 1
      }
      if values.count > best?.values.count ?? 0 { best = (first, values) }
      if values.isEmpty { k += 1 }
    }
    return best.flatMap { $0.values.count >= 24 ? $0 : nil }
  }

  /// `00:15`, `12:15 AM`, `1 PM`, `00:00 - 00:15`, `0015`. [s]
  private static func clock(_ name: String) -> Int? {
    let bytes = Array(name.utf8)
    if let dash = name.range(ofMark: "-"), let time = clock(trimmedText(String(name[..<dash]))) {
      return time
    }
    if let time = timeOfDayMS(bytes.span, from: 0, to: bytes.count) { return time / 1000 }
    for (word, noon) in [("AM", 0), ("PM", 12)] where name.uppercased().hasSuffix(word) {
      guard let hour = Int(trimmedText(String(name.dropLast(2)))), (1...12).contains(hour) else {
        return nil
      }
      return (hour % 12 + noon) * 3600
    }
    guard bytes.count == 4, let number = Int(name), number >= 0, number % 100 < 60, number <= 2400
    else { return nil }
    return (number / 100 * 60 + number % 100) * 60
  }

  /// `1`, `H01`, `Hour 1`, `HE1`, `V96`.
  private static func number(_ name: String) -> Int? {
    let digits = name.reversed().prefix { $0.isASCII && $0.isNumber }.reversed()
    let words = name.dropLast(digits.count)
    guard digits.count > 0, digits.count <= 3, words.count <= 10,
      words.allSatisfy({ $0.isLetter || $0 == " " || $0 == "_" })
    else { return nil }
    return Int(String(digits))
  }
}

extension String {
  /// Where a mark stands first.
  fileprivate func range(ofMark mark: Character) -> String.Index? { firstIndex(of: mark) }
}
