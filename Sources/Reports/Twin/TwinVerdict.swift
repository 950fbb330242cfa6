import Documents
import TimeSeries
import Twin

/// The sentence on a run of the twin: what limited it most, when, and which cell.
struct TwinVerdict {
  let sentence: String

  /// Words a run.
  ///
  /// - Parameters:
  ///   - twin: The battery after the run.
  ///   - recorder: What was seen of it.
  init(_ twin: DigitalTwin, _ recorder: TwinRecorder) {
    let (asked, given) = (recorder.askedKWh, recorder.givenKWh)
    guard let worst = recorder.limits.rows(twin).first else {
      sentence =
        asked > 0
        ? "Nothing limited the battery: all \(Self.energy(asked)) kWh that were asked for were moved."
        : "The battery rested: nothing was asked of it."
      return
    }
    let refused = max(0, asked - given)
    let cause = worst.cause.subject
    let most = cause.capitalizedFirst
    let share = asked > 0 ? " (\(NumberText.percent(worst.kWh / asked)))" : ""
    var text =
      "\(most) limited the battery most: \(Self.energy(worst.kWh)) of \(Self.energy(asked)) kWh "
      + "asked for\(share) were refused in \(worst.direction == .charge ? "charging" : "discharging")"
    if refused > 1.001 * worst.kWh {
      text += ", and \(Self.energy(refused - worst.kWh)) kWh by other limits"
    }
    text += "."
    if let instant = worst.instant {
      text += " At its most on \(Instant.utcText(instant)): \(worst.words)."
    }
    sentence = text
  }

  /// An energy with as many decimals as tell it.
  private static func energy(_ kWh: Double) -> String {
    NumberText.fixed(kWh, decimals: kWh >= 100 ? 0 : kWh >= 1 ? 2 : 4)
  }
}

extension String {
  /// The text as the beginning of a sentence.
  var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
