import Documents
import Replay

extension MeasuredBattery {
  /// How well the history knows what the site's own battery did.
  static let measures = MeasureList<MeasuredBattery>([
    Measure(
      "slots", unit: .slots, in: .json, "Slots of the period with a load and a production."
    ) { .integer($0.slots) },
    Measure(
      "missing", unit: .slots, in: .json,
      "Of these, slots without battery power; the battery is taken to have rested."
    ) { .integer($0.missing) },
    Measure(
      "filled", unit: .slots, in: .json,
      "Of these, slots whose battery power a rule of the history made up."
    ) { .integer($0.filled) },
    Measure(
      "unmeasured_share", unit: .fraction, in: .json,
      "Share of both; above `filled_max_fraction` there is no result *as measured*."
    ) { .number($0.unmeasuredShare) },
  ])

  /// What is missing of the battery power, in a sentence; empty where nothing is.
  static func remarks(of replay: ReplayCase) -> [String] {
    guard let battery = replay.measuredBattery, battery.missing + battery.filled > 0 else {
      return []
    }
    let counts =
      "battery power is missing in \(battery.missing) and filled in \(battery.filled) of "
      + "\(battery.slots) slots"
    guard replay.isMeasured else {
      let most = NumberText.percent(replay.settings.filledMaxFraction)
      return ["There is no row 'as measured': \(counts), and at most \(most) may be."]
    }
    return ["as measured: \(counts)" + (battery.missing > 0 ? ", taken as rest." : ".")]
  }
}
