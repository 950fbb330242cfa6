import Diagnostics
import Documents

/// Which rows of a file of signals are taken, which run each belongs to, and when it was if time starts anew.
struct RunSelection {
  /// Cells that name runs or choose rows; they are no signals.
  let cells: Set<Int>
  private let runCells: [Int]
  private let filters: [(cell: Int, text: String)]
  /// Whether the time column holds seconds since the start of a run.
  private let isElapsed: Bool
  private var name: String?
  /// Added to the times of the run. [ms]
  private var base = 0
  private var newest = 0
  /// Name of the run that the newest row opened; nothing when it goes on with the one before.
  private(set) var began: String?

  /// Finds the columns.
  ///
  /// - Throws: `InputError` for a column that the file does not have.
  init(_ file: SignalFile, header: CSVHeader) throws(InputError) {
    func cell(_ column: String) throws(InputError) -> Int {
      guard let cell = header.index(of: column) else { throw InputError([header.missing(column)]) }
      return cell
    }
    var named: [Int] = []
    for column in file.runColumns { named.append(try cell(column)) }
    var kept: [(cell: Int, text: String)] = []
    for filter in file.filters { kept.append((try cell(filter.column), filter.equals)) }
    let time = CSVHeader.split(file.timeColumn)
    isElapsed = !named.isEmpty || time.unit == "s" || time.name.hasSuffix("_s")
    runCells = named
    filters = kept
    cells = Set(named + kept.map(\.cell))
  }

  /// Returns whether the row is wanted, and notes the run that it belongs to.
  mutating func takes(_ bytes: Span<UInt8>, _ cursor: CSVCursor) -> Bool {
    began = nil
    func text(_ cell: Int) -> String {
      cell < cursor.count
        ? trimmedText(bytes.text(cursor.starts[cell], cursor.ends[cell])) : ""
    }
    guard filters.allSatisfy({ text($0.cell) == $0.text }) else { return false }
    guard !runCells.isEmpty else { return true }
    let found = runCells.map(text).joined(separator: " ")
    if found != name {
      if name != nil { base = newest + 86_400_000 }
      name = found
      began = found
    }
    return true
  }

  /// Returns the time of a cell that holds seconds since the start of its run. [ms]
  mutating func elapsed(
    _ bytes: Span<UInt8>, _ cursor: CSVCursor, _ cell: Int, _ scanner: NumberScanner
  ) -> Int? {
    guard isElapsed else { return nil }
    let to = cursor.ends[cell]
    // 10⁸ s after 1970 is 1973: no logger's stamp, and no run lasts three years.
    guard let number = scanner.scan(bytes, from: cursor.starts[cell], to: to), number.next == to,
      number.value >= 0, number.value < 1e8
    else { return nil }
    let stamp = base + Int((number.value * 1000).rounded())
    newest = max(newest, stamp)
    return stamp
  }
}
