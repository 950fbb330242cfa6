import CXGBoost

/// Hyper-parameters of gradient-boosted trees.
public struct TreeSettings: Sendable, Hashable {
  /// Number of rounds, one tree each.
  public var rounds = 150
  /// Learning rate.
  public var eta = 0.05
  /// Largest depth of a tree.
  public var depth = 4
  /// Smallest sum of second derivatives in a leaf; nothing takes the rows over 150, from 20 to 200.
  public var minChildWeight: Double?
  /// Share of the rows drawn for each tree.
  public var rowShare = 0.8
  /// Share of the columns drawn for each tree.
  public var columnShare = 0.8
  /// Weight of the squared leaf values.
  public var lambda = 1.0
  /// Bins per column.
  public var bins = 256

  /// The settings for squared error.
  public init() {}

  /// The settings for pinball loss.
  public static var pinball: TreeSettings {
    var settings = TreeSettings()
    settings.rounds = 120
    settings.eta = 0.15
    settings.lambda = 20
    return settings
  }
}

/// Why XGBoost could not do what it was asked for.
public struct TreeTrainingFailure: Error, CustomStringConvertible {
  /// The library's first line.
  public let description: String
}

/// Trains gradient-boosted trees with XGBoost (library 1.7, C interface, one thread).
///
/// Objectives are squared error by the library and pinball loss by own gradients: in 1.7.4
/// `reg:absoluteerror` ignores the learning rate and there is no quantile objective.
public enum BoostedTrees {
  /// Version of the library, such as 1.7.4.
  public static var libraryVersion: String {
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
  public static func fitSquaredError(
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

  /// Fits quantiles, one ensemble per level, by gradients of the weighted pinball loss.
  ///
  /// `g = w·(z > p ? −τ : 1 − τ)`, `h = w`; each ensemble starts from the weighted quantile of the
  /// targets.
  ///
  /// - Parameters:
  ///   - rows: `count × width` values, row after row; NaN is missing.
  ///   - width: Number of columns.
  ///   - targets: One value per row, scaled to a standard deviation near 1.
  ///   - weights: One weight per row, mean 1.
  ///   - levels: Probability levels.
  ///   - settings: Hyper-parameters.
  ///   - seed: Seed of the draws of rows and columns.
  /// - Returns: One ensemble per level.
  /// - Throws: `TreeTrainingFailure`.
  public static func fitQuantiles(
    rows: [Float], width: Int, targets: [Float], weights: [Float], levels: [Double],
    settings: TreeSettings = .pinball, seed: UInt64
  ) throws -> [TreeEnsemble] {
    let matrix = try XGBoostMatrix(rows: rows, width: width)
    // The library wants labels even where the gradient comes from outside.
    try matrix.set("label", targets)
    let order = targets.indices.sorted { targets[$0] < targets[$1] }
    return try levels.map { level in
      let base = weightedQuantile(targets, weights, order, Float(level))
      let booster = try XGBoostBooster(matrix)
      try booster.configure(settings, rows: targets.count, seed: seed)
      let tau = Float(level)
      var gradient = [Float](repeating: 0, count: targets.count)
      var curvature = weights
      for round in 0..<settings.rounds {
        let margins = try booster.margins(matrix, count: targets.count, first: round == 0)
        for i in targets.indices {
          gradient[i] = weights[i] * (targets[i] > base + margins[i] ? -tau : 1 - tau)
        }
        try booster.boost(matrix, gradient: &gradient, curvature: &curvature)
      }
      return try booster.trees(featureCount: width, base: base)
    }
  }

  private static func weightedQuantile(
    _ values: [Float], _ weights: [Float], _ order: [Int], _ level: Float
  ) -> Float {
    let total = weights.reduce(0, +)
    var sum: Float = 0
    for i in order {
      sum += weights[i]
      if sum >= level * total { return values[i] }
    }
    return order.last.map { values[$0] } ?? 0
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
    let parameters = [
      ("objective", "reg:squarederror"), ("tree_method", "hist"), ("nthread", "1"),
      ("base_score", "0"),
      ("max_depth", "\(settings.depth)"), ("eta", "\(settings.eta)"),
      ("min_child_weight", "\(weight)"), ("subsample", "\(settings.rowShare)"),
      ("colsample_bytree", "\(settings.columnShare)"), ("lambda", "\(settings.lambda)"),
      ("max_bin", "\(settings.bins)"), ("seed", "\(seed & 0x7fff_ffff)"),
    ]
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

  /// Sum of the leaves for every row of the training matrix.
  func margins(
    _ matrix: borrowing XGBoostMatrix, count: Int, first: Bool
  ) throws -> [Float] {
    if first { return [Float](repeating: 0, count: count) }
    let configuration =
      "{\"type\":1,\"training\":true,\"iteration_begin\":0,\"iteration_end\":0,"
      + "\"strict_shape\":false}"
    var shape: UnsafePointer<bst_ulong>?
    var dimensions: bst_ulong = 0
    var values: UnsafePointer<Float>?
    try check(
      unsafe XGBoosterPredictFromDMatrix(
        handle, matrix.handle, configuration, &shape, &dimensions, &values))
    guard let values = unsafe values else {
      throw TreeTrainingFailure(description: "the library gave no predictions")
    }
    return unsafe Array(UnsafeBufferPointer(start: values, count: count))
  }

  func trees(featureCount: Int, base: Float) throws -> TreeEnsemble {
    var length: bst_ulong = 0
    var text: UnsafePointer<CChar>?
    try check(unsafe XGBoosterSaveModelToBuffer(handle, "{\"format\":\"json\"}", &length, &text))
    guard let text = unsafe text else {
      throw TreeTrainingFailure(description: "the library gave no model")
    }
    let bytes = unsafe UnsafeBufferPointer(start: text, count: Int(length))
      .map { UInt8(bitPattern: $0) }
    guard var trees = TreeEnsemble(json: bytes, featureCount: featureCount) else {
      throw TreeTrainingFailure(description: "the library's model has an unknown form")
    }
    trees.base = base
    return trees
  }

  deinit { unsafe XGBoosterFree(handle) }
}
