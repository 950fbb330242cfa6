/// Mean of the same slot over the newest seven days on which it is known.
struct SevenDayModel: SlotModel {
  var columns: StateColumns { [] }

  mutating func predict(
    _ frame: IssueFrame, state: QuantityState, into values: inout [Double]
  ) {
    for k in 0..<frame.count {
      values[k] = state.profile.newestMean7(frame.first + k, known: frame.known)
    }
  }
}
