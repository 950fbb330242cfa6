import Forecasting
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
    #expect(trees.treeCount == 150)
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
    // A round moves a leaf by no more than eta·τ, so a target this wide takes more of them.
    var settings = TreeSettings.pinball
    settings.rounds = 500
    settings.lambda = 1
    let trees = try BoostedTrees.fitQuantiles(
      rows: rows, width: 2, targets: targets, weights: targets.map { _ in 1 }, levels: [level],
      settings: settings, seed: 3)
    let predictions = trees[0].values(rows: rows, width: 2)
    let below = zip(targets, predictions).filter { $0 <= $1 }.count
    #expect(isClose(Double(below) / 6000, level, absolute: 0.02))
  }

  @Test("no rows are an error of the caller's data, not a crash")
  func empty() {
    #expect(throws: TreeTrainingFailure.self) {
      _ = try BoostedTrees.fitSquaredError(rows: [], width: 2, targets: [], seed: 1)
    }
  }
}
