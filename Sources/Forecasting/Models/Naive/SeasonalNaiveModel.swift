/// The value of the same time a number of days before, or further back when that is not known yet.
struct SeasonalNaiveModel: SlotModel {
  let days: Int

  var columns: StateColumns { [] }

  mutating func predict(
    _ frame: IssueFrame, state: QuantityState, into values: inout [Double]
  ) {
    for k in 0..<frame.count {
      values[k] = state.profile.lag(days, frame.first + k, known: frame.known)
    }
  }
}
