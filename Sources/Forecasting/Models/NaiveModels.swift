import Numerics

/// The newest known value, held.
struct PersistenceModel: SlotModel {
  mutating func predict(
    _ frame: IssueFrame, state: QuantityState, into values: inout [Double]
  ) {
    let held = frame.known > 0 ? state.profile.newest[frame.known - 1] : .nan
    for k in 0..<frame.count { values[k] = held }
  }
}

/// The value of the same time a number of days before, or further back when that is not known yet.
struct SeasonalNaiveModel: SlotModel {
  let days: Int

  mutating func predict(
    _ frame: IssueFrame, state: QuantityState, into values: inout [Double]
  ) {
    for k in 0..<frame.count {
      values[k] = state.profile.lag(days, frame.first + k, known: frame.known)
    }
  }
}

/// Mean of the same slot over the newest seven days on which it is known.
struct SevenDayModel: SlotModel {
  mutating func predict(
    _ frame: IssueFrame, state: QuantityState, into values: inout [Double]
  ) {
    for k in 0..<frame.count {
      values[k] = state.profile.newestMean7(frame.first + k, known: frame.known)
    }
  }
}

/// Mean of all slots of the same clock hour over the newest seven days, as Darkstar averages.
///
/// For parity with that tool only: on steps shorter than an hour it is the worse average.
struct SevenDayHourModel: SlotModel {
  mutating func predict(
    _ frame: IssueFrame, state: QuantityState, into values: inout [Double]
  ) {
    let perDay = state.profile.slotsPerDay
    let from = max(0, frame.known - 7 * perDay)
    var sums = [Double](repeating: 0, count: 24)
    var counts = [Int](repeating: 0, count: 24)
    for i in from..<frame.known where !state.profile.values[i].isNaN {
      let hour = Int(state.calendar.hour[i])
      sums[hour] += state.profile.values[i]
      counts[hour] += 1
    }
    for k in 0..<frame.count {
      let hour = Int(state.calendar.hour[frame.first + k])
      values[k] = counts[hour] > 0 ? sums[hour] / Double(counts[hour]) : .nan
    }
  }
}

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

/// Clear-sky-index persistence: the plant's envelope times an index that returns to its mean.
///
/// `f = env·(κ_long + (κ_3h − κ_long)·exp(−lead / 3 h))`, `κ_long = ½·κ_24h + ½·κ_7d`.
struct ClearnessModel: SlotModel {
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

/// Clear-sky indices at an issue time; in the dark the longer window stands in for the shorter.
struct ClearnessIndex {
  let hours3: Double
  let hours24: Double
  let days7: Double
  var long: Double { 0.5 * hours24 + 0.5 * days7 }

  init(known: Int, state: QuantityState) {
    let perDay = state.profile.slotsPerDay
    let cap = state.capKW(known: known)
    let hours = state.profile.stepHours
    func index(_ count: Int) -> Double? {
      state.envelope.clearness(count, before: known, capKW: cap, stepHours: hours)
    }
    days7 = index(7 * perDay) ?? 1
    hours24 = index(perDay) ?? days7
    hours3 = index(max(1, perDay / 8)) ?? (0.5 * hours24 + 0.5 * days7)
  }
}
