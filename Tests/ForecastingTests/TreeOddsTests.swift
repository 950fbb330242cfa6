import Documents
import Numerics
import TestSupport
import Testing

@testable import Forecasting

@Suite("Trees of log odds") struct TreeOddsTests {
  /// A thousand rows: 1 in the upper half with a chance of 0.9, in the lower one of 0.2.
  private static func rows() -> (rows: [Float], targets: [Float]) {
    var random = SeededGenerator(seed: 8, label: "odds")
    var (rows, targets): ([Float], [Float]) = ([], [])
    for i in 0..<1000 {
      let x = random.uniform()
      rows += [Float(x), i % 7 == 0 ? .nan : Float(random.uniform())]
      targets.append(random.uniform() < (x > 0.5 ? 0.9 : 0.2) ? 1 : 0)
    }
    return (rows, targets)
  }

  private static func fit() throws -> TreeEnsemble {
    let (rows, targets) = rows()
    var settings = TreeSettings()
    settings.rounds = 60
    settings.depth = 1
    settings.eta = 0.3
    return try BoostedTrees.fitLogOdds(
      rows: rows, width: 2, targets: targets, settings: settings, seed: 1)
  }

  @Test("a step in the chance is found, from the share of the events on") func step() throws {
    let (rows, targets) = Self.rows()
    let trees = try Self.fit()
    let chances = trees.values(rows: rows, width: 2).map { 1 / (1 + exponential(-Double($0))) }
    for (range, x) in [(0.0..<0.5, 0.25 as Float), (0.5..<1, 0.75)] {
      let inside = (0..<1000).filter { range.contains(Double(rows[$0 * 2])) }
      let share = Double(inside.reduce(0) { $0 + targets[$1] }) / Double(inside.count)
      let odds = trees.values(rows: [x, 0.5], width: 2)[0]
      // What the rows of that half say; the other column is noise.
      #expect(isClose(1 / (1 + exponential(-Double(odds))), share, absolute: 0.08))
    }
    #expect(
      isClose(chances.reduce(0, +) / 1000, Double(targets.reduce(0, +)) / 1000, absolute: 0.01))
    #expect(throws: TreeTrainingFailure.self) {
      _ = try BoostedTrees.fitLogOdds(
        rows: rows, width: 2, targets: targets.map { _ in 1 }, seed: 1)
    }
  }

  @Test("trees that were written and read again say the same to the bit") func written() throws {
    let (rows, _) = Self.rows()
    let trees = try Self.fit()
    let text = Array(trees.json.text().utf8)
    let again = try TreeEnsemble(JSONReader(file: "trees").read(text), featureCount: 2)
    #expect(again.values(rows: rows, width: 2) == trees.values(rows: rows, width: 2))
    #expect(again.fingerprint == trees.fingerprint)
  }
}
