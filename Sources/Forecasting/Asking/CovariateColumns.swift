import TimeSeries

/// Covariates by slot: observed where the past holds them, known ahead where the request does.
///
/// For a training issue the frame holds the archived forecast; without an archive what was observed
/// stands for the forecast that was in force then, which differs from it by the forecast's error.
struct CovariateColumns {
  private let first: Int
  private let ahead: [Quantity: [Double]]
  private let observed: [Quantity: ArraySlice<Double>]

  init(frame: IssueFrame, state: QuantityState) {
    first = frame.first
    ahead = frame.ahead
    observed = state.observed
  }

  func value(_ quantity: Quantity, _ i: Int) -> Double {
    if i >= first, let column = ahead[quantity], i - first < column.count {
      return column[i - first]
    }
    guard let column = observed[quantity], i >= 0, i < column.count else { return .nan }
    return column[column.startIndex + i]
  }

  /// Temperature, its mean over 24 h, its change over 24 h, and the degrees below 16 and above
  /// 20 °C; nothing where it is missing.
  func temperature(_ v: Int, slotsPerDay: Int) -> [Double]? {
    let now = value(.ambient, v)
    guard now.isFinite else { return nil }
    var sum = 0.0
    var count = 0.0
    for i in (v - slotsPerDay + 1)...v {
      let t = value(.ambient, i)
      if t.isFinite {
        sum += t
        count += 1
      }
    }
    let before = value(.ambient, v - slotsPerDay)
    return [
      now, sum / count, before.isFinite ? now - before : 0, max(0, 16 - now), max(0, now - 20),
    ]
  }
}

/// Averages of a slot that depend on the calendar, as known at an issue.
struct SlotAverages {
  let known: Int

  /// Mean of the same weekday's slot over the newest four weeks.
  func fourWeeks(_ v: Int, _ profile: SlotProfile) -> Double? {
    var sum = 0.0
    var count = 0.0
    var days = 7
    while profile.place(v, daysBefore: days) >= known { days += 7 }
    for week in 0..<4 {
      let i = profile.place(v, daysBefore: days + 7 * week)
      if i < 0 { break }
      if profile.values[i].isFinite {
        sum += profile.values[i]
        count += 1
      }
    }
    return count > 0 ? sum / count : nil
  }

  /// Mean of the slot over the known days of the newest 28 that have the same day type.
  func dayTypeMean(_ v: Int, _ state: QuantityState) -> Double? {
    let rest = state.calendar.isRest[v]
    let newest = state.profile.daysBack(v, known: known)
    var sum = 0.0
    var count = 0.0
    for day in newest..<newest + 28 {
      let i = state.profile.place(v, daysBefore: day)
      if i < 0 { break }
      if state.calendar.isRest[i] == rest, state.profile.values[i].isFinite {
        sum += state.profile.values[i]
        count += 1
      }
    }
    return count > 0 ? sum / count : nil
  }
}
