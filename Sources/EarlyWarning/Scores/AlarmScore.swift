/// What alarms at one threshold would have done: onsets warned of, alarms for nothing, and how early.
package struct AlarmScore: Sendable, Equatable {
  /// Chance from which on there is an alarm; infinite where none is worth it.
  package var threshold = Double.infinity
  /// Onsets that could have been warned of: with a row before them within the lead.
  package var onsets = 0
  /// Onsets with an alarm within the lead before them.
  package var warned = 0
  /// Alarms that no onset followed within the lead.
  package var falseAlarms = 0
  /// Share of the quiet time, in which no onset is within the lead, that was spent in alarm.
  package var falseShare = 0.0
  /// Time that was watched, not hot. [h]
  package var hours = 0.0
  /// Time from the start of the alarm to each onset warned of, rising. [s]
  package var leadSeconds: [Int] = []

  /// Median time from the start of the alarm to the onset, of the onsets warned of; NaN without any. [s]
  package var warningSeconds: Double {
    guard !leadSeconds.isEmpty else { return .nan }
    let middle = leadSeconds.count / 2
    return leadSeconds.count % 2 == 1
      ? Double(leadSeconds[middle]) : Double(leadSeconds[middle - 1] + leadSeconds[middle]) / 2
  }

  /// Share of the onsets that were warned of; NaN without any.
  package var recall: Double { Double(warned) / Double(onsets) }
  /// Alarms for nothing per hour watched.
  package var falsePerHour: Double { Double(falseAlarms) / hours }

  /// Rows in the order of time with all that alarms need to know.
  struct Watch {
    /// Chances; NaN never alarms.
    var chance: [Double] = []
    var instant: [Int] = []
    var willBeHot: [Bool] = []
    /// Whether a row follows the one before it without a gap.
    var followsOn: [Bool] = []
    /// Onset that a row comes before within the lead, counted over all; −1 for none.
    var onset: [Int] = []
    /// Instant of each onset. [s]
    var onsetInstant: [Int] = []
    var stepSeconds = 1
  }

  /// Counts the alarms at a threshold.
  ///
  /// An alarm is a stretch of rows, not hot, whose chance reaches the threshold. It is for nothing when none of its
  /// rows has the limit reached within the lead.
  init(_ watch: Watch, threshold: Double) {
    self.threshold = threshold
    hours = Double(watch.instant.count * watch.stepSeconds) / 3600
    onsets = watch.onsetInstant.count
    var early = [Int](repeating: -1, count: onsets)
    var began: Int?
    var isTrue = false
    var (quiet, falseRows) = (0, 0)
    for k in watch.chance.indices {
      if !watch.willBeHot[k] {
        quiet += 1
        falseRows += watch.chance[k] >= threshold ? 1 : 0
      }
      if began != nil, !watch.followsOn[k] {
        falseAlarms += isTrue ? 0 : 1
        began = nil
      }
      if watch.chance[k] >= threshold {
        if began == nil {
          began = watch.instant[k]
          isTrue = false
        }
        if watch.willBeHot[k] { isTrue = true }
        if watch.onset[k] >= 0, early[watch.onset[k]] < 0, let began {
          early[watch.onset[k]] = watch.onsetInstant[watch.onset[k]] - began
        }
      } else if began != nil {
        falseAlarms += isTrue ? 0 : 1
        began = nil
      }
    }
    if began != nil, !isTrue { falseAlarms += 1 }
    falseShare = quiet > 0 ? Double(falseRows) / Double(quiet) : 0
    leadSeconds = early.filter { $0 >= 0 }.sorted()
    warned = leadSeconds.count
  }

  /// Finds the threshold that warns of most onsets with at most a share of the quiet time in alarm.
  ///
  /// Candidates are up to 400 of the chances that occur; of equal ones the highest counts, and infinity (no
  /// alarm at all) where every threshold has too much.
  static func best(_ watch: Watch, falseShare budget: Double) -> AlarmScore {
    let sorted = Set(watch.chance.filter { $0.isFinite && $0 > 0 }).sorted(by: >)
    let count = min(400, sorted.count)
    var best = AlarmScore(watch, threshold: .infinity)
    for i in 0..<count {
      // Closer together at the top, where alarms are rare.
      let share = count > 1 ? Double(i) / Double(count - 1) : 0
      let place = sorted.count <= 400 ? i : Int(share * share * Double(sorted.count - 1))
      let score = AlarmScore(watch, threshold: sorted[place])
      if score.falseShare <= budget, score.warned > best.warned { best = score }
    }
    return best
  }
}
