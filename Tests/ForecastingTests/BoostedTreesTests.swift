@testable import Forecasting
import Numerics
import TestSupport
import Testing

@Suite("Boosted trees") struct BoostedTreesTests {
  /// y = 2·x₀ + noise, x₁ useless, every seventh x₀ missing.
  private func sample(_ count: Int) -> (rows: [Float], targets: [Float]) {
    var random = SeededGenerator(seed: 21)
    var rows: [Float] = []
    var targets: [Float] = []
    for i in 0..<count {
      let x = random.normal()
      rows.append(i % 7 == 3 ? .nan : Float(x))
      rows.append(Float(random.normal()))
      targets.append(Float(2 * x + 0.5 * random.normal()))
    }
    return (rows, targets)
  }

  @Test("squared error is learned, the useless column gains little, the same seed the same trees")
  func squared() throws {
    let (rows, targets) = sample(4000)
    let trees = try BoostedTrees.fitSquaredError(rows: rows, width: 2, targets: targets, seed: 3)
    let again = try BoostedTrees.fitSquaredError(rows: rows, width: 2, targets: targets, seed: 3)
    #expect(trees == again && trees.fingerprint == again.fingerprint)
    #expect(trees.roots.count == 150)
    #expect(trees.gains[0] > 20 * trees.gains[1])
    let predictions = trees.values(rows: rows, width: 2)
    var squares = 0.0
    var count = 0.0
    for i in targets.indices where !rows[2 * i].isNaN {
      let error = Double(predictions[i] - targets[i])
      squares += error * error
      count += 1
    }
    // The noise alone leaves 0.5.
    #expect((squares / count).squareRoot() < 0.62)
  }

  @Test("pinball gradients give quantiles", arguments: [0.1, 0.5, 0.9])
  func quantile(level: Double) throws {
    let (rows, targets) = sample(6000)
    let trees = try BoostedTrees.fitQuantiles(
      rows: rows, width: 2, targets: targets, levels: [level], seed: 3)
    let predictions = trees[0].values(rows: rows, width: 2)
    let below = zip(targets, predictions).filter { $0 <= $1 }.count
    #expect(isClose(Double(below) / 6000, level, absolute: 0.02))
  }

  @Test("a single split puts the quantile of each side into its leaf")
  func leaf() throws {
    // x < 0: targets 0…99; x > 0: 1000…1099. One round at full rate, no draws: by hand the median of
    // each side, half-way between its two middle values.
    var settings = TreeSettings()
    settings.rounds = 1
    settings.eta = 1
    settings.depth = 1
    settings.rowShare = 1
    settings.columnShare = 1
    settings.minChildWeight = 1
    let rows = (0..<200).map { Float($0 < 100 ? -1 : 1) }
    let targets = (0..<200).map { Float($0 < 100 ? $0 : 900 + $0) }
    let trees = try BoostedTrees.fitQuantiles(
      rows: rows, width: 1, targets: targets, levels: [0.5], settings: settings, seed: 1)
    #expect(trees[0].values(rows: [-1, 1], width: 1) == [49.5, 1049.5])
  }

  @Test("no rows are an error of the caller's data, not a crash")
  func empty() {
    #expect(throws: TreeTrainingFailure.self) {
      _ = try BoostedTrees.fitSquaredError(rows: [], width: 2, targets: [], seed: 1)
    }
  }
}
