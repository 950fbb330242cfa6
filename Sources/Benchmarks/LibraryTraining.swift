import CXGBoost
import Forecasting

/// The library called as plainly as can be, as the yardstick for training time.
struct LibraryTraining {
  let rows: [Float]
  let width: Int
  let targets: [Float]

  /// Trains on squared error around the mean and returns the library's own predictions.
  func run(_ settings: TreeSettings) -> [Float] {
    var targets = targets
    let mean = targets.reduce(0, +) / Float(targets.count)
    for i in targets.indices { targets[i] -= mean }
    var matrix: DMatrixHandle?
    var booster: BoosterHandle?
    var result: [Float] = []
    unsafe XGBSetGlobalConfig("{\"verbosity\":0}")
    unsafe rows.withUnsafeBufferPointer { pointer in
      _ = unsafe XGDMatrixCreateFromMat(
        pointer.baseAddress, UInt64(targets.count), UInt64(width), .nan, &matrix)
    }
    unsafe XGDMatrixSetFloatInfo(matrix, "label", targets, UInt64(targets.count))
    unsafe XGBoosterCreate(&matrix, 1, &booster)
    let parameters = [
      ("objective", "reg:squarederror"), ("tree_method", "hist"), ("nthread", "1"),
      ("base_score", "0"), ("max_depth", "\(settings.depth)"), ("eta", "\(settings.eta)"),
      ("min_child_weight", "\(settings.minChildWeight ?? 1)"), ("lambda", "\(settings.lambda)"),
      ("seed", "1"),
    ]
    for (name, value) in parameters { unsafe XGBoosterSetParam(booster, name, value) }
    for round in 0..<settings.rounds {
      unsafe XGBoosterUpdateOneIter(booster, Int32(round), matrix)
    }
    var length: bst_ulong = 0
    var values: UnsafePointer<Float>?
    unsafe XGBoosterPredict(booster, matrix, 0, 0, 0, &length, &values)
    if let values = unsafe values {
      result = unsafe UnsafeBufferPointer(start: values, count: Int(length)).map { $0 + mean }
    }
    unsafe XGBoosterFree(booster)
    unsafe XGDMatrixFree(matrix)
    return result
  }
}
