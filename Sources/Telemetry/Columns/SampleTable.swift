import Diagnostics
import TimeSeries

/// Samples of one or more channels from one file, in file order, values in kept units.
///
/// Energies per interval stay energies until the length of the interval is known.
struct SampleTable {
  let file: String
  /// One per row. [ms since 1970-01-01 UTC, as labelled]
  var stamps: [Int] = []
  /// End of each row's interval where the file says it, else `Int.min`; empty when it never does. [ms]
  var ends: [Int] = []
  /// Line of each row, from 1.
  var lines: [UInt32] = []
  /// One per row and column, row by row; NaN is missing.
  var values: [Double] = []
  /// Where each value stands in its line, from 1.
  var places: [UInt32] = []
  /// Whether a column holds energy per interval, not power.
  var isPerInterval: [Bool] = []
  /// What loggers' codes for "no value" become in each column.
  var codes: [[Double]] = []
  /// True when the stamps turned out to name the end of their intervals.
  var labelsEnd = false
  /// What was recognised of the layout, for people.
  var layout: [String] = []
  var rowsIn = 0
  var rowsReported = 0
  var rowsOutside = 0
  /// Rows that were added to another row of the same stamp.
  var rowsJoined = 0
  var cellsMissing = 0
  var cellsFailed = 0
  var cellsCoerced = 0
  var duplicates = 0
  var outOfOrder = 0
  var ambiguousTimes = 0
  var log = FindingLog()

  /// Forgets the rows; counts and findings stay.
  mutating func dropRows() {
    stamps.removeAll(keepingCapacity: true)
    ends.removeAll(keepingCapacity: true)
    lines.removeAll(keepingCapacity: true)
    values.removeAll(keepingCapacity: true)
    places.removeAll(keepingCapacity: true)
  }

  /// Notes a finding about one cell.
  mutating func note(
    _ kind: FindingKind, _ message: @autoclosure () -> String, row: Int, column: Int
  ) {
    let position = SourcePosition(
      file: file, line: Int(lines[row]),
      column: Int(places[row * isPerInterval.count + column]))
    log.add(kind, .warning, message(), at: position)
  }

  /// Adds up rows of one stamp that are of different kinds; of the same kind, the last one counts.
  ///
  /// - Parameter kinds: What each row is of.
  mutating func joinRows(kinds: [Int]) {
    struct Key: Hashable {
      let stamp: Int
      let kind: Int
    }
    var newest: [Key: Int] = [:]
    var isReplaced = [Bool](repeating: false, count: stamps.count)
    for row in stamps.indices {
      if let before = newest.updateValue(row, forKey: Key(stamp: stamps[row], kind: kinds[row])) {
        isReplaced[before] = true
        duplicates += 1
        rowsReported += 1
        log.add(
          .duplicate, .warning,
          "line \(lines[row]) has the same time stamp and replaces this row",
          at: SourcePosition(file: file, line: Int(lines[before]), column: 1))
      }
    }
    let width = isPerInterval.count
    var joined = SampleTable(file: file)
    var place: [Int: Int] = [:]
    for row in stamps.indices where !isReplaced[row] {
      let from = row * width
      if let at = place[stamps[row]] {
        rowsJoined += 1
        for k in 0..<width where !values[from + k].isNaN {
          let sum = joined.values[at * width + k]
          joined.values[at * width + k] = (sum.isNaN ? 0 : sum) + values[from + k]
          joined.places[at * width + k] = places[from + k]
        }
        continue
      }
      place[stamps[row]] = joined.stamps.count
      joined.stamps.append(stamps[row])
      joined.lines.append(lines[row])
      if !ends.isEmpty { joined.ends.append(ends[row]) }
      joined.values.append(contentsOf: values[from..<from + width])
      joined.places.append(contentsOf: places[from..<from + width])
    }
    (stamps, ends, lines) = (joined.stamps, joined.ends, joined.lines)
    (values, places) = (joined.values, joined.places)
    outOfOrder = zip(stamps, stamps.dropFirst()).count { $0 > $1 }
  }
}
