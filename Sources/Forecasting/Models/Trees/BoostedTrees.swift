import CXGBoost
import Diagnostics
import Documents
import Numerics

/// Hyper-parameters of gradient-boosted trees.
package struct TreeSettings: Sendable, Hashable {
  /// Number of rounds, one tree each.
  package var rounds = 150
  /// Learning rate.
  package var eta = 0.05
  /// Largest depth of a tree.
  package var depth = 4
  /// Smallest sum of second derivatives in a leaf; nothing takes the rows over 150, from 20 to 200.
  package var minChildWeight: Double?
  /// Share of the rows drawn for each tree.
  package var rowShare = 0.8
  /// Share of the columns drawn for each tree.
  package var columnShare = 0.8
  /// Weight of the squared leaf values.
  package var lambda = 1.0
  /// Bins per column.
  package var bins = 256
  /// Most leaves of a tree, grown where the loss falls most; nothing grows level by level.
  package var leaves: Int?

  /// The settings for squared error.
  package init() {}
}

/// Why XGBoost could not do what it was asked for.
package struct TreeTrainingFailure: Error, CustomStringConvertible {
  /// The library's first line.
  package let description: String
}

/// Trains gradient-boosted trees with XGBoost (library 1.7, C interface, one thread).
///
/// Objectives are squared error by the library and pinball loss by own gradients: in 1.7.4
/// `reg:absoluteerror` ignores the learning rate and there is no quantile objective.
package enum BoostedTrees {
  /// Version of the library, such as 1.7.4.
  package static var libraryVersion: String {
    var major: Int32 = 0
    var minor: Int32 = 0
    var patch: Int32 = 0
    unsafe XGBoostVersion(&major, &minor, &patch)
    return "\(major).\(minor).\(patch)"
  }

  /// Fits squared error.
  ///
  /// - Parameters:
  ///   - rows: `count × width` values, row after row; NaN is missing.
  ///   - width: Number of columns.
  ///   - targets: One value per row.
  ///   - settings: Hyper-parameters.
  ///   - seed: Seed of the draws of rows and columns.
  /// - Returns: The trees; predictions start from the mean of the targets.
  /// - Throws: `TreeTrainingFailure`.
  package static func fitSquaredError(
    rows: [Float], width: Int, targets: [Float], settings: TreeSettings = TreeSettings(),
    seed: UInt64
  ) throws -> TreeEnsemble {
    let mean = targets.isEmpty ? 0 : targets.reduce(0, +) / Float(targets.count)
    let matrix = try XGBoostMatrix(rows: rows, width: width)
    try matrix.set("label", targets.map { $0 - mean })
    let booster = try XGBoostBooster(matrix)
    try booster.configure(settings, rows: targets.count, seed: seed)
    for round in 0..<settings.rounds { try booster.update(round, matrix) }
    return try booster.trees(featureCount: width, base: mean)
  }

  /// Fits quantiles, one ensemble per level, by gradients of the pinball loss.
  ///
  /// The library finds the splits of each tree from `g = y > p ? −τ : 1 − τ`, `h = 1`. The value of a
  /// leaf is then the learning rate times the τ-quantile of what is left over in it, over the rows
  /// drawn for the tree: the gradient's own step would be the same length for a leaf that is far off
  /// and one that is nearly right. Each ensemble starts from the τ-quantile of the targets.
  /// Source: J. H. Friedman, Annals of Statistics 29 (2001) 1189, doi:10.1214/aos/1013203451,
  /// algorithm 3, which has the median.
  ///
  /// - Parameters:
  ///   - rows: `count × width` values, row after row; NaN is missing.
  ///   - width: Number of columns.
  ///   - targets: One value per row.
  ///   - levels: Probability levels.
  ///   - settings: Hyper-parameters.
  ///   - seed: Seed of the draws of rows and columns.
  /// - Returns: One ensemble per level.
  /// - Throws: `TreeTrainingFailure`.
  package static func fitQuantiles(
    rows: [Float], width: Int, targets: [Float], levels: [Double],
    settings: TreeSettings = TreeSettings(), seed: UInt64
  ) throws -> [TreeEnsemble] {
    let matrix = try XGBoostMatrix(rows: rows, width: width)
    // The library wants labels even where the gradient comes from outside.
    try matrix.set("label", targets)
    var drawn = settings
    // Rows are drawn here, so that the leaves are known to be of the same rows as the splits.
    drawn.rowShare = 1
    return try levels.map { level in
      let booster = try XGBoostBooster(matrix)
      try booster.configure(drawn, rows: targets.count, seed: seed)
      var random = SeededGenerator(seed: seed, label: "rows")
      var trees = TreeEnsemble(featureCount: width)
      trees.base = quantile(targets, level)
      var rest = targets.map { $0 - trees.base }
      var gradient = [Float](repeating: 0, count: rest.count)
      var curvature = gradient
      for round in 0..<settings.rounds {
        for i in rest.indices {
          curvature[i] = settings.rowShare >= 1 || random.uniform() < settings.rowShare ? 1 : 0
          gradient[i] = curvature[i] * Float(rest[i] > 0 ? -level : 1 - level)
        }
        try booster.boost(matrix, gradient: &gradient, curvature: &curvature)
        var tree = try booster.tree(round, featureCount: width)
        let leaves = rest.indices.map { tree.leaf(rows, row: $0, width: width) }
        var inLeaf = [[Float]](repeating: [], count: tree.nodeCount)
        for i in rest.indices where curvature[i] > 0 { inLeaf[leaves[i]].append(rest[i]) }
        for leaf in inLeaf.indices where !inLeaf[leaf].isEmpty {
          tree.setLeaf(leaf, to: Float(settings.eta) * quantile(inLeaf[leaf], level))
        }
        for i in rest.indices { rest[i] -= tree.leafValue(leaves[i]) }
        trees.append(tree)
      }
      return trees
    }
  }

  /// Fits the log odds of an event, by gradients of the cross entropy.
  ///
  /// `g = p − y`, `h = p·(1 − p)`. The library takes every row; the log odds start from those of the share.
  ///
  /// - Parameters:
  ///   - rows: `count × width` values, row after row; NaN is missing.
  ///   - width: Number of columns.
  ///   - targets: 0 or 1 per row, both of them at least once.
  ///   - settings: Hyper-parameters.
  ///   - seed: Seed of the draws of rows and columns.
  /// - Returns: The trees; predictions are log odds.
  /// - Throws: `TreeTrainingFailure`.
  package static func fitLogOdds(
    rows: [Float], width: Int, targets: [Float], settings: TreeSettings = TreeSettings(),
    seed: UInt64
  ) throws -> TreeEnsemble {
    let share = targets.reduce(0, +) / Float(max(1, targets.count))
    guard share > 0, share < 1 else {
      throw TreeTrainingFailure(description: "all targets are alike")
    }
    let matrix = try XGBoostMatrix(rows: rows, width: width)
    try matrix.set("label", targets)
    let booster = try XGBoostBooster(matrix)
    try booster.configure(settings, rows: targets.count, seed: seed)
    let base = Float(logarithm(Double(share / (1 - share))))
    var odds = [Float](repeating: base, count: targets.count)
    var gradient = odds
    var curvature = odds
    for round in 0..<settings.rounds {
      for i in odds.indices {
        let p = Float(1 / (1 + exponential(-Double(odds[i]))))
        gradient[i] = p - targets[i]
        curvature[i] = max(1e-6, p * (1 - p))
      }
      try booster.boost(matrix, gradient: &gradient, curvature: &curvature)
      let tree = try booster.tree(round, featureCount: width)
      for i in odds.indices { odds[i] += tree.value(rows, row: i, width: width) }
    }
    return try booster.trees(featureCount: width, base: base)
  }

  /// A quantile on the line between the two order statistics around it.
  private static func quantile(_ values: [Float], _ level: Double) -> Float {
    let sorted = values.sorted()
    guard let last = sorted.last else { return 0 }
    let place = level * Double(sorted.count - 1)
    let below = Int(place)
    guard below + 1 < sorted.count else { return last }
    return sorted[below] + Float(place - Double(below)) * (sorted[below + 1] - sorted[below])
  }
}

private func check(_ code: Int32) throws {
  guard code != 0 else { return }
  let text = unsafe String(cString: XGBGetLastError())
  throw TreeTrainingFailure(description: String(text.prefix { $0 != "\n" }))
}

/// Returns the library's description of an array in memory.
private func arrayInterface(_ pointer: UnsafeRawPointer, _ shape: [Int]) -> String {
  let sizes = shape.map(String.init).joined(separator: ",")
  return "{\"data\":[\(UInt(bitPattern: pointer)),true],\"shape\":[\(sizes)],"
    + "\"typestr\":\"<f4\",\"version\":3}"
}

/// Sole owner of a data matrix of the library, which keeps its own copy of the rows.
@safe private struct XGBoostMatrix: ~Copyable {
  fileprivate let handle: DMatrixHandle

  init(rows: [Float], width: Int) throws {
    _ = XGBoostMatrix.quiet
    guard !rows.isEmpty else {
      throw TreeTrainingFailure(description: "there are no rows to train on")
    }
    var made: DMatrixHandle?
    try unsafe rows.withUnsafeBytes { bytes in
      guard let base = bytes.baseAddress else { return }
      let array = unsafe arrayInterface(base, [rows.count / width, width])
      try check(unsafe XGDMatrixCreateFromDense(array, "{\"missing\":NaN}", &made))
    }
    guard let made = unsafe made else {
      throw TreeTrainingFailure(description: "the data matrix was not made")
    }
    unsafe handle = made
  }

  /// The library would write warnings to standard output.
  private static let quiet: Void = { _ = unsafe XGBSetGlobalConfig("{\"verbosity\":0}") }()

  func set(_ field: String, _ values: [Float]) throws {
    try unsafe values.withUnsafeBytes { bytes in
      guard let base = bytes.baseAddress else { return }
      try check(
        unsafe XGDMatrixSetInfoFromInterface(
          handle, field, arrayInterface(base, [values.count])))
    }
  }

  deinit { unsafe XGDMatrixFree(handle) }
}

/// Sole owner of a booster of the library.
@safe private struct XGBoostBooster: ~Copyable {
  private let handle: BoosterHandle

  init(_ matrix: borrowing XGBoostMatrix) throws {
    var made: BoosterHandle?
    var data: DMatrixHandle? = unsafe matrix.handle
    try check(unsafe XGBoosterCreate(&data, 1, &made))
    guard let made = unsafe made else {
      throw TreeTrainingFailure(description: "the booster was not made")
    }
    unsafe handle = made
  }

  func configure(_ settings: TreeSettings, rows: Int, seed: UInt64) throws {
    let weight = settings.minChildWeight ?? min(200, max(20, Double(rows) / 150))
    var parameters = [
      ("objective", "reg:squarederror"), ("tree_method", "hist"), ("nthread", "1"),
      ("base_score", "0"),
      ("max_depth", "\(settings.depth)"), ("eta", "\(settings.eta)"),
      ("min_child_weight", "\(weight)"), ("subsample", "\(settings.rowShare)"),
      ("colsample_bytree", "\(settings.columnShare)"), ("lambda", "\(settings.lambda)"),
      ("max_bin", "\(settings.bins)"), ("seed", "\(seed & 0x7fff_ffff)"),
    ]
    if let leaves = settings.leaves {
      parameters += [("grow_policy", "lossguide"), ("max_leaves", "\(leaves)")]
    }
    for (name, value) in parameters {
      try check(unsafe XGBoosterSetParam(handle, name, value))
    }
  }

  func update(_ round: Int, _ matrix: borrowing XGBoostMatrix) throws {
    try check(unsafe XGBoosterUpdateOneIter(handle, Int32(round), matrix.handle))
  }

  func boost(
    _ matrix: borrowing XGBoostMatrix, gradient: inout [Float], curvature: inout [Float]
  ) throws {
    let count = bst_ulong(gradient.count)
    try check(unsafe XGBoosterBoostOneIter(handle, matrix.handle, &gradient, &curvature, count))
  }

  /// All trees.
  func trees(featureCount: Int, base: Float) throws -> TreeEnsemble {
    var trees = try unsafe XGBoostBooster.read(handle, featureCount)
    trees.base = base
    return trees
  }

  /// The tree of one round.
  func tree(_ round: Int, featureCount: Int) throws -> TreeEnsemble {
    var slice: BoosterHandle?
    try check(unsafe XGBoosterSlice(handle, Int32(round), Int32(round + 1), 1, &slice))
    guard let slice = unsafe slice else {
      throw TreeTrainingFailure(description: "the library gave no tree")
    }
    defer { unsafe XGBoosterFree(slice) }
    return try unsafe XGBoostBooster.read(slice, featureCount)
  }

  private static func read(_ handle: BoosterHandle, _ featureCount: Int) throws -> TreeEnsemble {
    var length: bst_ulong = 0
    var text: UnsafePointer<CChar>?
    try check(unsafe XGBoosterSaveModelToBuffer(handle, "{\"format\":\"json\"}", &length, &text))
    guard let text = unsafe text else {
      throw TreeTrainingFailure(description: "the library gave no model")
    }
    let bytes = unsafe UnsafeBufferPointer(start: text, count: Int(length))
      .map { UInt8(bitPattern: $0) }
    do throws(InputError) {
      return try TreeEnsemble(json: bytes, featureCount: featureCount)
    } catch {
      throw TreeTrainingFailure(
        description: "the library's model has an unknown form: "
          + (error.diagnostics.first?.message ?? ""))
    }
  }

  deinit { unsafe XGBoosterFree(handle) }
}
