import Numerics

/// Clear-sky-index persistence: the plant's envelope times an index that returns to its mean.
///
/// `f = env·(κ_long + (κ_3h − κ_long)·exp(−lead / 3 h))`, `κ_long = ½·κ_24h + ½·κ_7d`.
struct ClearnessModel: SlotModel {
  var columns: StateColumns { [] }

  mutating func predict(
    _ frame: IssueFrame, state: QuantityState, into values: inout [Double]
  ) {
    let index = ClearnessIndex(known: frame.known, state: state)
    for k in 0..<frame.count {
      let v = state.profile.folded(frame.first + k, known: frame.known)
      let envelope = state.envelope.value(v, known: frame.known, profile: state.profile)
      let leadHours = Double(k) * state.profile.stepHours
      values[k] =
        envelope * (index.long + (index.hours3 - index.long) * exponential(-leadHours / 3))
    }
  }
}
