import Numerics

/// How long the interval of each row is.
///
/// The length of a row is what the file says, or the distance to its neighbour where at least four rows in a stretch
/// have it; elsewhere, at gaps, the length of the stretch goes on. A file that changes from hours to quarter-hours
/// has hours before the change and quarter-hours after it.
struct RowIntervals {
  /// The most frequent length. [s]
  let usualSeconds: Int
  /// Lengths in order of rows; empty when all are the usual one. [ms]
  private let lengths: [Int]
  /// Rows from which on the length is another one than before, with both lengths. [s]
  private(set) var changes: [(row: Int, before: Int, after: Int)] = []

  /// Length of a row's interval. [ms]
  func length(_ row: Int) -> Int { lengths.isEmpty ? usualSeconds * 1000 : lengths[row] }

  /// The shortest length. [s]
  var finestSeconds: Int { lengths.isEmpty ? usualSeconds : max(1, (lengths.min() ?? 0) / 1000) }
  /// The longest length. [s]
  var coarsestSeconds: Int { lengths.isEmpty ? usualSeconds : (lengths.max() ?? 0) / 1000 }

  /// Takes one length for all rows.
  init(seconds: Int) {
    usualSeconds = seconds
    lengths = []
  }

  /// Rows of a stretch within a file, and at its ends, that show another length.
  private static let fewestWithin = 6
  private static let fewestAtEnd = 3

  /// Finds the lengths; nothing when there are too few rows.
  ///
  /// - Parameters:
  ///   - stamps: In order of time. [ms]
  ///   - ends: Ends of the intervals, `Int.min` where none is known, or empty. [ms]
  ///   - label: Which end of its interval a stamp names, where `ends` is empty.
  init?(stamps: [Int], ends: [Int], label: SlotLabel) {
    if !ends.isEmpty {
      guard let (usual, lengths) = RowIntervals.said(stamps: stamps, ends: ends) else { return nil }
      usualSeconds = usual
      self.lengths = lengths
      return
    }
    let count = stamps.count
    guard count > 1 else { return nil }
    var frequency: [Int: Int] = [:]
    // Runs of equal distances: distance, first distance, number.
    var runs: [(seconds: Int, first: Int, count: Int)] = []
    for k in 0..<count - 1 {
      let seconds = (stamps[k + 1] - stamps[k]) / 1000
      if let last = runs.last, last.seconds == seconds {
        runs[runs.count - 1].count += 1
      } else {
        runs.append((seconds, k, 1))
      }
    }
    for run in runs where run.seconds > 0 { frequency[run.seconds, default: 0] += run.count }
    guard let usual = Statistics.mode(frequency) else {
      return nil
    }
    usualSeconds = usual
    if usual >= 86_400 {
      lengths = RowIntervals.calendarLengths(stamps, usual: usual, label: label)
      return
    }
    let shown = runs.filter { run in
      let isAtEnd = run.first == 0 || run.first + run.count == count - 1
      let fewest = isAtEnd ? RowIntervals.fewestAtEnd : RowIntervals.fewestWithin
      return run.seconds == usual
        || run.seconds > 0 && run.count >= fewest
          && RowIntervals.isStep(run.seconds, usual)
    }
    guard shown.contains(where: { $0.seconds != usual }) else {
      lengths = []
      return
    }
    var lengths = [Int](repeating: 0, count: count)
    for run in shown {
      // A distance belongs to the row it begins at, or to the one it ends at.
      let first = label == .start ? run.first : run.first + 1
      for row in first..<first + run.count { lengths[row] = run.seconds * 1000 }
    }
    // At gaps the stretch goes on; forwards for rows that begin intervals, backwards for those that end them.
    let order = label == .start ? Array(lengths.indices) : lengths.indices.reversed()
    for pass in [order, order.reversed()] {
      var last = 0
      for row in pass {
        if lengths[row] == 0 { lengths[row] = last } else { last = lengths[row] }
      }
    }
    self.lengths = lengths
    for row in 1..<count where lengths[row] != lengths[row - 1] {
      changes.append((row, lengths[row - 1] / 1000, lengths[row] / 1000))
    }
  }

  /// True for lengths that divide one another, as steps of one meter do; jitter of a logger does not.
  private static func isStep(_ a: Int, _ b: Int) -> Bool { max(a, b) % min(a, b) == 0 }

  /// Lengths by the ends that the file gives, none beyond the next beginning.
  private static func said(stamps: [Int], ends: [Int]) -> (usual: Int, lengths: [Int])? {
    var lengths: [Int] = []
    var frequency: [Int: Int] = [:]
    for row in stamps.indices {
      var length = ends[row] == Int.min ? 0 : ends[row] - stamps[row]
      if row + 1 < stamps.count, stamps[row + 1] > stamps[row] {
        length = min(length, stamps[row + 1] - stamps[row])
      }
      lengths.append(max(0, length))
      if length >= 1000 { frequency[length / 1000, default: 0] += 1 }
    }
    guard let usual = Statistics.mode(frequency) else {
      return nil
    }
    for row in lengths.indices where lengths[row] == 0 { lengths[row] = usual * 1000 }
    return (usual, lengths.allSatisfy { $0 == usual * 1000 } ? [] : lengths)
  }

  /// Days of 23 and 25 hours and months of 28 to 31 days reach to their neighbour.
  private static func calendarLengths(_ stamps: [Int], usual: Int, label: SlotLabel) -> [Int] {
    var lengths = [Int](repeating: usual * 1000, count: stamps.count)
    var differs = false
    for k in 0..<stamps.count - 1 {
      let distance = stamps[k + 1] - stamps[k]
      let row = label == .start ? k : k + 1
      guard distance != usual * 1000, 100 * distance >= 90 * usual * 1000,
        100 * distance <= 112 * usual * 1000
      else { continue }
      lengths[row] = distance
      differs = true
    }
    return differs ? lengths : []
  }
}
