import Numerics

/// Smoothed slot means with the level of the newest two hours dying away.
///
/// `f = m + r·exp(−lead / 2 h)`, `r` the mean of `y − m` over the last two hours.
struct SlotEWMAModel: SlotModel {
  static let levelHours = 2.0
  /// Slots of the newest two hours.
  static func window(_ state: QuantityState) -> Int {
    max(1, Int((levelHours / state.profile.stepHours).rounded()))
  }

  /// Whether day types are told apart; chosen on the known error when not given.
  var dayType: Bool?

  var columns: StateColumns { .smoother }

  mutating func predict(
    _ frame: IssueFrame, state: QuantityState, into values: inout [Double]
  ) {
    let smoother = state.smoother
    let typed = dayType ?? smoother.usesDayType(known: frame.known)
    let level = smoother.level(SlotEWMAModel.window(state), before: frame.known, dayType: typed)
    for k in 0..<frame.count {
      let v = frame.first + k
      var mean = smoother.mean(v, known: frame.known, dayType: typed)
      if mean.isNaN, frame.known == state.profile.known {
        mean = smoother.farMean(
          slot: state.calendar.slot[v], isRest: state.calendar.isRest[v], dayType: typed)
      }
      let leadHours = Double(k) * state.profile.stepHours
      values[k] = mean + level * exponential(-leadHours / SlotEWMAModel.levelHours)
    }
  }
}
