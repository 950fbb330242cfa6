package import Diagnostics
package import Documents
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

  /// Reads the trees out of a model saved by XGBoost as JSON.
  ///
  /// - Parameters:
  ///   - json: The model.
  ///   - featureCount: Number of columns that the model was trained on.
  /// - Throws: `InputError` when the text has another form.
  init(json: [UInt8], featureCount: Int) throws(InputError) {
    try self.init(try JSONReader(file: "model").read(json), featureCount: featureCount)
  }

  /// Reads the trees out of a model in the form of XGBoost that has been read as JSON.
  ///
  /// - Parameters:
  ///   - root: The model; its member `base`, which the library does not write, is what predictions start from.
  ///   - featureCount: Number of columns that the model was trained on.
  /// - Throws: `InputError` when it has another form.
  package init(_ root: JSONNode, featureCount: Int) throws(InputError) {
    self.init(featureCount: featureCount)
    base = Float(root["base"]?.number ?? 0)
    guard
      let trees = root["learner"]?["gradient_booster"]?["model"]?["trees"]?.list, !trees.isEmpty
    else { throw InputError("the model holds no 'learner.gradient_booster.model.trees'") }
    for tree in trees { try append(tree) }
  }

  /// Appends a tree in the library's form: one list per property, one item per node.
  private mutating func append(_ tree: JSONNode) throws(InputError) {
    let left = try TreeEnsemble.column("left_children", of: tree)
    let right = try TreeEnsemble.column("right_children", of: tree, count: left.count)
    let features = try TreeEnsemble.column("split_indices", of: tree, count: left.count)
    let thresholds = try TreeEnsemble.column("split_conditions", of: tree, count: left.count)
    let defaultLeft = try TreeEnsemble.column("default_left", of: tree, count: left.count)
    let lossChanges = try TreeEnsemble.column("loss_changes", of: tree, count: left.count)
    let first = Int32(nodes.count)
    roots.append(first)
    for i in left.indices {
      if left[i] < 0 {
        nodes.append(
          Node(feature: -1, threshold: Float(thresholds[i]), left: 0, right: 0, missing: 0))
      } else {
        let inside = 0..<Double(left.count)
        guard inside.contains(left[i]), inside.contains(right[i]),
          (0..<Double(gains.count)).contains(features[i])
        else { throw InputError("node \(i) of a tree points outside of it") }
        let l = first + Int32(left[i])
        let r = first + Int32(right[i])
        nodes.append(
          Node(
            feature: Int32(features[i]), threshold: Float(thresholds[i]), left: l, right: r,
            missing: defaultLeft[i] != 0 ? l : r))
        gains[Int(features[i])] += lossChanges[i]
      }
    }
  }

  /// A list of a tree; truth values, which some versions of the library write, as 1 and 0.
  private static func column(
    _ name: String, of tree: JSONNode, count: Int? = nil
  ) throws(InputError) -> [Double] {
    guard let list = tree[name]?.list, !list.isEmpty, count == nil || list.count == count else {
      throw InputError("a tree has no '\(name)' with one item per node")
    }
    var column: [Double] = []
    column.reserveCapacity(list.count)
    for item in list {
      switch item.content {
      case .number(let number): column.append(number)
      case .boolean(let flag): column.append(flag ? 1 : 0)
      case .null, .text, .list, .members:
        throw InputError("'\(name)' of a tree must hold numbers, found \(item.found)")
      }
    }
    return column
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
