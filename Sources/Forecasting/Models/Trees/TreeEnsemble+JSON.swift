package import Documents

extension TreeEnsemble {
  /// The trees in the form in which XGBoost saves a model, with what predictions start from as `base`.
  ///
  /// The reductions of the loss are left out; a model that is read back has no gains.
  package var json: JSONValue {
    let bounds = zip(roots, roots.dropFirst() + [Int32(nodes.count)])
    let trees = bounds.map { first, end -> JSONValue in
      let tree = nodes[Int(first)..<Int(end)]
      func list(_ leaf: Int, _ value: (Node) -> Int32) -> JSONValue {
        .array(tree.map { .integer($0.feature < 0 ? leaf : Int(value($0))) })
      }
      return [
        "left_children": list(-1) { $0.left - first },
        "right_children": list(-1) { $0.right - first },
        "split_indices": list(0) { $0.feature },
        "split_conditions": .numbers(tree.map { Double($0.threshold) }),
        "default_left": list(0) { $0.missing == $0.left ? 1 : 0 },
        "loss_changes": .array(tree.map { _ in .integer(0) }),
      ]
    }
    return [
      "base": .number(Double(base)),
      "learner": ["gradient_booster": ["model": ["trees": .array(trees)]]],
    ]
  }
}
