import Numerics

/// Which rows models are fitted on and which they are scored on.
package struct WarningSplit: Sendable {
  /// One part of the rows, scored by models that were fitted on others.
  package struct Fold: Sendable {
    /// Rows fitted on.
    package var training: [Int]
    /// Rows scored.
    package var test: [Int]
    /// Rows that belong to neither, because their past or lead overlaps with the rows scored.
    package var purged: Int
  }

  /// How the rows are divided.
  package enum Rule: Sendable, Equatable {
    /// Blocks of time, each scored by models fitted on the others; whole runs where there are enough.
    case blocks(Int)
    /// The first share of the runs, or of the time, is fitted on and the rest is scored.
    case first(share: Double)
    /// All rows of the first frame are fitted on, those of the other frames are scored.
    case otherFrames(share: Double)
    /// Rows drawn at random, which leaks: neighbours of a row scored are fitted on.
    case shuffled(Int, seed: UInt64)
  }

  /// The folds.
  package let folds: [Fold]
  /// How it was done, in words.
  package let words: String

  /// Divides rows.
  package init(_ data: WarningData, rule: Rule) {
    switch rule {
    case .blocks(let count):
      let runs = Self.runs(data, frame: nil)
      if runs.count >= count {
        words =
          "\(count) blocks of whole runs, each scored by models fitted on the others"
        folds = Self.blocks(of: runs.map(\.rows), count: count).map { test in
          Self.fold(data, test: test, byRuns: true)
        }
      } else {
        words =
          "\(count) blocks of time, each scored by models fitted on the others without the "
          + "\(Self.purgeSeconds(data)) s next to it"
        folds = Self.blocks(of: (0..<data.count).map { [$0] }, count: count).map { test in
          Self.fold(data, test: test, byRuns: false)
        }
      }
    case .first(let share):
      let runs = Self.runs(data, frame: nil)
      let cut = Int((share * Double(runs.count)).rounded())
      if runs.count > 1, cut > 0, cut < runs.count {
        let test = runs[cut...].flatMap(\.rows)
        words = "fitted on the first \(cut) of \(runs.count) runs, scored on the others"
        folds = [Self.fold(data, test: test, byRuns: true)]
      } else {
        let from = Int(share * Double(data.count))
        words =
          "fitted on the first part of the time, scored on the rest without the "
          + "\(Self.purgeSeconds(data)) s between them"
        folds = [Self.fold(data, test: Array(from..<data.count), byRuns: false)]
      }
    case .otherFrames(let share):
      let runs = Self.runs(data, frame: 0)
      let cut = max(1, Int((share * Double(runs.count)).rounded()))
      let training = runs[..<cut].flatMap(\.rows)
      words =
        (cut < runs.count
          ? "fitted on the first \(cut) of \(runs.count) runs" : "fitted on all rows")
        + " of \(data.frames.first?.name ?? ""), scored on "
        + data.frames.dropFirst().map(\.name).joined(separator: ", ")
      let test = (0..<data.count).filter { data.frame[$0] > 0 }
      folds = [Fold(training: training, test: test, purged: 0)]
    case .shuffled(let count, let seed):
      words = "rows drawn at random into \(count) parts"
      var random = SeededGenerator(seed: seed, label: "shuffle")
      var rows = Array(0..<data.count)
      rows.shuffle(using: &random)
      folds = (0..<count).map { part in
        let test = rows.indices.filter { $0 % count == part }.map { rows[$0] }.sorted()
        let inTest = Set(test)
        return Fold(
          training: (0..<data.count).filter { !inTest.contains($0) }, test: test, purged: 0)
      }
    }
  }

  /// Time on both sides of a block that is not fitted on: what a row looks back and what it looks ahead. [s]
  static func purgeSeconds(_ data: WarningData) -> Int {
    data.task.windowSeconds + data.task.leadSeconds
  }

  private static func runs(
    _ data: WarningData, frame: Int?
  ) -> [(run: Int, rows: [Int])] {
    var result: [(run: Int, rows: [Int])] = []
    for row in 0..<data.count where frame == nil || data.frame[row] == frame {
      if result.last?.run != data.run[row] { result.append((data.run[row], [])) }
      result[result.count - 1].rows.append(row)
    }
    return result
  }

  /// Divides pieces into consecutive blocks of about as many rows each.
  private static func blocks(of pieces: [[Int]], count: Int) -> [[Int]] {
    let total = pieces.reduce(0) { $0 + $1.count }
    var blocks = [[Int]](repeating: [], count: count)
    var taken = 0
    for (place, piece) in pieces.enumerated() {
      var block = min(count - 1, (taken + piece.count / 2) * count / max(1, total))
      // Enough pieces are left for every block to have one.
      block = max(block, count - (pieces.count - place))
      blocks[block] += piece
      taken += piece.count
    }
    return blocks.filter { !$0.isEmpty }
  }

  private static func fold(_ data: WarningData, test: [Int], byRuns: Bool) -> Fold {
    let inTest = Set(test)
    var training: [Int] = []
    var purged = 0
    let around = purgeSeconds(data)
    let span =
      (test.map { data.instant($0) }.min() ?? 0)...(test.map { data.instant($0) }.max() ?? 0)
    for row in 0..<data.count where !inTest.contains(row) {
      let instant = data.instant(row)
      let isNear =
        !byRuns && instant >= span.lowerBound - around && instant <= span.upperBound + around
      if isNear { purged += 1 } else { training.append(row) }
    }
    return Fold(training: training, test: test, purged: purged)
  }
}
