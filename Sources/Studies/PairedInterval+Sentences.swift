extension PairedInterval {
  /// The verdict in a word or three, of the first version.
  package var verdictWord: String {
    switch verdict {
    case .cheaper: "cheaper"
    case .moreExpensive: "more expensive"
    case .noDifference: "may be luck"
    case .undecided: "undecided"
    }
  }

  /// Why nothing can be said about the total; nothing where something can.
  package var undecidedReason: String? {
    switch verdict {
    case .undecided(.tooFewDays(let days)):
      days == 1 ? "1 day is too short for an interval" : "\(days) days are too few for an interval"
    case .undecided(.tooFewMonths(let months)):
      months == 1
        ? "1 whole month holds too few peaks for an interval"
        : "\(months) whole months hold too few peaks for an interval"
    case .undecided(.peaksRarelyDiffer(let months, let count)):
      "the peaks differ in \(months) of \(count) months, too few to say how it is in the long run"
    case .cheaper, .moreExpensive, .noDifference: nil
    }
  }

  /// The months that made the demand part with their differences; nothing where peaks cost nothing.
  ///
  /// - Parameter amount: Words an amount of money, without its currency.
  /// - Returns: For example `2024-03 -41, 2024-05 -49`.
  package func monthsText(_ amount: (Double) -> String) -> String? {
    guard demand != nil else { return nil }
    if peakMonths.isEmpty { return "equal in every month" }
    return peakMonths.map { "\($0.label) \(amount($0.difference))" }.joined(separator: ", ")
  }

  /// What the energy part allows to say where the total allows nothing.
  package var energySentence: String? {
    guard !isSignificant, energy.isSignificant, demand != nil else { return nil }
    return "the energy part alone is \(energy.difference < 0 ? "cheaper" : "more expensive")"
  }

  /// What every comparison over the same months is limited by.
  package var limits: [String] {
    var result: [String] = []
    if wholeMonths < 12 { result.append("holds for these months; not scaled to a year") }
    if demand == nil, energy.halfWidth != nil, wholeMonths < PairedInterval.leastMonths {
      result.append("the interval assumes that spells of weather last a week at most")
    }
    return result
  }
}
