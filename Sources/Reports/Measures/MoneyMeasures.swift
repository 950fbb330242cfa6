import Diagnostics
import Documents
import Replay
import Studies

extension RollingVerdict {
  /// How long it took until the cheapest version was known.
  static let measures = MeasureList<RollingVerdict>([
    Measure("version", unit: .words, "The cheapest version of all that know nothing ahead.") {
      .text($0.best)
    },
    Measure(
      "days_until_ahead", "Days of the period after which it was the cheapest so far, for good."
    ) { .integer($0.daysUntilAhead) },
    Measure(
      "sure_since_month", unit: .words,
      "Month after which it was surely cheaper than every other version, for good; null where that never came."
    ) { .text($0.sureSince) },
    Measure(
      "first_choice", unit: .words,
      "The cheapest version after 28 days; null for a period that has no more."
    ) { .text($0.firstChoice?.name) },
    Measure(
      "first_choice_extra_cost", unit: .currency,
      "What that version cost on the other days more than the cheapest of all."
    ) { .number($0.firstChoice?.extraCost) },
  ])

  /// The same in words.
  func sentence(currency: String) -> String {
    var text =
      daysUntilAhead < 2
      ? "'\(best)' was the cheapest version from the first day on"
      : "'\(best)' was the cheapest version so far from day \(daysUntilAhead) of \(days) on"
    text +=
      sureSince.map { ", and surely cheaper than every other since the end of \($0)" }
      ?? ", and never surely cheaper than every other"
    if let firstChoice {
      text += "; taking the cheapest of the first \(Self.trialDays) days, "
      text +=
        firstChoice.name == best
        ? "the same, would have been right"
        : "'\(firstChoice.name)', would have cost "
          + "\(NumberText.fixed(firstChoice.extraCost, decimals: 2)) \(currency) more on the others"
    }
    return text + "."
  }
}

extension FollowedMoney {
  /// How a version followed the costs of others.
  static let measures = MeasureList<FollowedMoney>([
    Measure("changes", "Days on which another version took over; 0 for weights.") {
      .integer($0.weights.changes)
    },
    Measure(
      "shares", unit: .fraction, in: .json,
      "Mean share of each version that was followed in the forecasts, by name."
    ) { followed in
      .json(
        .object(
          Dictionary(
            zip(followed.members, followed.weights.shares.map(JSONValue.number)),
            uniquingKeysWith: { first, _ in first })))
    },
  ])

  /// The same in words.
  var sentence: String {
    let found = zip(members, weights.shares).filter { $0.1 >= 0.005 }.sorted { $0.1 > $1.1 }
    var parts = found.prefix(4).map { "'\($0.0)' \(NumberText.percent($0.1, decimals: 0))" }
    if found.count > 4 { parts.append("\(found.count - 4) more") }
    let changes = weights.changes
    return "followed \(listed(parts, "and"))"
      + (changes > 0 ? ", with \(changes) \(changes == 1 ? "change" : "changes")" : "")
  }
}
