/// Mean of all slots of the same clock hour over the newest seven days, as Darkstar averages.
///
/// For parity with that tool only: on steps shorter than an hour it is the worse average.
struct SevenDayHourModel: SlotModel {
  var columns: StateColumns { [] }

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
