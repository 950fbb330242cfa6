import Numerics

/// Regression trees as trained by XGBoost, evaluated here.
///
/// The nodes of all trees lie in one array; sums run in single precision in the library's order, so
/// a prediction has the bits of the library's own. Evaluating here costs no handle, no copy and no
/// lock, and makes a trained model a plain value.
package struct TreeEnsemble: Sendable, Equatable {
  struct Node: Sendable, Equatable {
    /// Feature that decides, or −1 at a leaf.
    var feature: Int32
    /// Smaller goes left; at a leaf the value.
    var threshold: Float
    var left: Int32
    var right: Int32
    /// Where a missing value goes.
    var missing: Int32
  }

  private(set) var nodes: [Node] = []
  private(set) var roots: [Int32] = []
  /// Added to the sum of the leaves.
  var base: Float = 0
  /// Sum of the loss reductions of all splits on each feature.
  package private(set) var gains: [Double]

  init(featureCount: Int) { gains = [Double](repeating: 0, count: featureCount) }

  /// Number of trees.
  package var treeCount: Int { roots.count }

  /// Returns the prediction for the columns of row `row` of a matrix in row order.
  func value(_ rows: [Float], row: Int, width: Int) -> Float {
    let offset = row * width
    var sum = base
    for root in roots { sum += nodes[descend(Int(root), rows, offset)].threshold }
    return sum
  }

  private func descend(_ root: Int, _ rows: [Float], _ offset: Int) -> Int {
    var i = root
    while nodes[i].feature >= 0 {
      let value = rows[offset + Int(nodes[i].feature)]
      // A comparison with a missing value is false both ways.
      if value < nodes[i].threshold {
        i = Int(nodes[i].left)
      } else if value >= nodes[i].threshold {
        i = Int(nodes[i].right)
      } else {
        i = Int(nodes[i].missing)
      }
    }
    return i
  }

  /// Number of nodes of all trees.
  var nodeCount: Int { nodes.count }

  /// Returns the leaf of the first tree that row `row` of a matrix in row order falls into.
  func leaf(_ rows: [Float], row: Int, width: Int) -> Int {
    descend(Int(roots[0]), rows, row * width)
  }

  /// The value of a leaf.
  func leafValue(_ leaf: Int) -> Float { nodes[leaf].threshold }

  /// Gives a leaf another value.
  mutating func setLeaf(_ leaf: Int, to value: Float) { nodes[leaf].threshold = value }

  /// Appends the trees of another ensemble on the same features; its base is left out.
  mutating func append(_ other: TreeEnsemble) {
    let shift = Int32(nodes.count)
    roots += other.roots.map { $0 + shift }
    nodes += other.nodes.map { node in
      var moved = node
      moved.left += shift
      moved.right += shift
      moved.missing += shift
      return moved
    }
    for i in gains.indices { gains[i] += other.gains[i] }
  }

  /// Returns one prediction per row.
  ///
  /// - Parameters:
  ///   - rows: `count × width` values, row after row; NaN is missing.
  ///   - width: Number of columns.
  /// - Returns: Base and leaves summed, one value per row.
  package func values(rows: [Float], width: Int) -> [Float] {
    precondition(width == gains.count && rows.count % width == 0, "whole rows of all columns")
    return (0..<(rows.count / width)).map { value(rows, row: $0, width: width) }
  }

  /// Appends a tree in the library's column form.
  mutating func append(
    left: [Double], right: [Double], features: [Double], thresholds: [Double],
    defaultLeft: [Double], lossChanges: [Double]
  ) {
    let first = Int32(nodes.count)
    roots.append(first)
    for i in left.indices {
      if left[i] < 0 {
        nodes.append(
          Node(feature: -1, threshold: Float(thresholds[i]), left: 0, right: 0, missing: 0))
      } else {
        let l = first + Int32(left[i])
        let r = first + Int32(right[i])
        nodes.append(
          Node(
            feature: Int32(features[i]), threshold: Float(thresholds[i]), left: l, right: r,
            missing: defaultLeft[i] != 0 ? l : r))
        if Int(features[i]) < gains.count { gains[Int(features[i])] += lossChanges[i] }
      }
    }
  }

  /// Reads the trees out of a model saved by XGBoost as JSON.
  ///
  /// - Returns: Nothing when the text has another form.
  init?(json: [UInt8], featureCount: Int) {
    self.init(featureCount: featureCount)
    var scanner = TreeScanner(bytes: json)
    // Keys of a tree come in alphabetical order.
    while scanner.skip(past: "\"default_left\":[") {
      let defaultLeft = scanner.numbers()
      guard scanner.skip(past: "\"left_children\":[") else { return nil }
      let left = scanner.numbers()
      guard scanner.skip(past: "\"loss_changes\":[") else { return nil }
      let loss = scanner.numbers()
      guard scanner.skip(past: "\"right_children\":[") else { return nil }
      let right = scanner.numbers()
      guard scanner.skip(past: "\"split_conditions\":[") else { return nil }
      let thresholds = scanner.numbers()
      guard scanner.skip(past: "\"split_indices\":[") else { return nil }
      let features = scanner.numbers()
      let count = left.count
      guard count > 0, right.count == count, thresholds.count == count, features.count == count,
        defaultLeft.count == count, loss.count == count
      else { return nil }
      append(
        left: left, right: right, features: features, thresholds: thresholds,
        defaultLeft: defaultLeft, lossChanges: loss)
    }
    if roots.isEmpty { return nil }
  }

  /// A fingerprint of everything that decides predictions.
  package var fingerprint: UInt64 {
    var result = Fingerprint()
    func mix(_ value: UInt32) { result.combine(word: UInt64(value)) }
    mix(base.bitPattern)
    for root in roots { mix(UInt32(bitPattern: root)) }
    for node in nodes {
      mix(UInt32(bitPattern: node.feature))
      mix(node.threshold.bitPattern)
      mix(UInt32(bitPattern: node.left))
      mix(UInt32(bitPattern: node.missing))
    }
    return result.value
  }
}

/// Finds arrays of numbers by the key in front of them.
private struct TreeScanner {
  let bytes: [UInt8]
  var at = 0

  mutating func skip(past key: String) -> Bool {
    let pattern = Array(key.utf8)
    var i = at
    let last = bytes.count - pattern.count
    while i <= last {
      if bytes[i] == pattern[0] {
        var k = 1
        while k < pattern.count, bytes[i + k] == pattern[k] { k += 1 }
        if k == pattern.count {
          at = i + pattern.count
          return true
        }
      }
      i += 1
    }
    return false
  }

  /// The numbers up to the closing bracket.
  mutating func numbers() -> [Double] {
    var result: [Double] = []
    var from = at
    while at < bytes.count {
      let byte = bytes[at]
      if byte == UInt8(ascii: ",") || byte == UInt8(ascii: "]") {
        if at > from {
          let text = String(decoding: bytes[from..<at], as: UTF8.self)
          switch text {
          case "true": result.append(1)
          case "false": result.append(0)
          default: result.append(Double(text) ?? .nan)
          }
        }
        at += 1
        from = at
        if byte == UInt8(ascii: "]") { break }
      } else {
        at += 1
      }
    }
    return result
  }
}
