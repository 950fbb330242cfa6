import Diagnostics
import Testing

@testable import Forecasting

@Suite("Trees in the library's JSON") struct TreeModelReadingTests {
  /// One split on the second of two columns below 1.5, missing values to the right.
  private func model(
    left: String = "[1,-1,-1]", features: String = "[1,0,0]", missing: String = "[0,0,0]",
    conditions: String = "[1.5,-2,4]"
  ) -> [UInt8] {
    // Keys in another order than the library writes them.
    Array(
      """
      {"version":[1,7,4],"learner":{"gradient_booster":{"name":"gbtree","model":{"trees":[
      {"split_indices":\(features),"split_conditions":\(conditions),"right_children":[2,-1,-1],
       "loss_changes":[7.5,0,0],"left_children":\(left),"default_left":\(missing)}]}}}}
      """.utf8)
  }

  @Test("members are found by name, in any order", arguments: ["[0,0,0]", "[false,false,false]"])
  func order(missing: String) throws {
    let trees = try TreeEnsemble(json: model(missing: missing), featureCount: 2)
    #expect(trees.values(rows: [9, 1, 9, 2, 9, .nan], width: 2) == [-2, 4, 4])
    #expect(trees.gains == [0, 7.5])
  }

  @Test("a model that is not whole is refused") func damaged() {
    for (bytes, message) in [
      (model(left: "[1,-1]"), "a tree has no 'right_children' with one item per node"),
      (model(left: "[5,-1,-1]"), "node 0 of a tree points outside of it"),
      (model(features: "[2,0,0]"), "node 0 of a tree points outside of it"),
      (
        model(conditions: "[\"1.5\",-2,4]"),
        "'split_conditions' of a tree must hold numbers, found '1.5'"
      ),
      (Array("{}".utf8), "the model holds no 'learner.gradient_booster.model.trees'"),
    ] {
      let error = #expect(throws: InputError.self) {
        try TreeEnsemble(json: bytes, featureCount: 2)
      }
      #expect(error?.diagnostics.first?.message == message)
    }
  }
}
