/// The newest known value, held.
struct PersistenceModel: SlotModel {
  var columns: StateColumns { [] }

  mutating func predict(
    _ frame: IssueFrame, state: QuantityState, into values: inout [Double]
  ) {
    let held = frame.known > 0 ? state.profile.newest[frame.known - 1] : .nan
    for k in 0..<frame.count { values[k] = held }
  }
}
