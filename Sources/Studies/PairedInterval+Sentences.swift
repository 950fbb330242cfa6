import Numerics

extension PairedInterval {
  /// Says in sentences what the comparison allows to say, the verdict first.
  ///
  /// - Parameter amount: Words an amount of money, without its currency.
  /// - Returns: The verdict, the parts, and what limits them.
  package func sentences(_ amount: (Double) -> String) -> [String] {
    var sentences = [verdictSentence(amount), partSentence(amount)]
    if let lookingBack {
      sentences.append(
        "lines that look over months differ by \(amount(lookingBack.difference))"
          + (lookingBack.halfWidth.map { " ± \(amount($0))" }
            ?? ": one event a year, no interval"))
    }
    if !leftOut.isEmpty {
      sentences.append(
        "left out, not whole: \(leftOut.joined(separator: ", ")), which differ by"
          + " \(amount(leftOutDifference))")
    }
    return sentences + [energySentence].compactMap { $0 } + limits
  }

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

  private func verdictSentence(_ amount: (Double) -> String) -> String {
    let span = demand == nil ? "\(days) days" : "\(wholeMonths) whole months"
    let interval = total.halfWidth.map {
      " (\(percent(level)) interval \(amount(total.difference - $0)) to"
        + " \(amount(total.difference + $0)))"
    }
    switch verdict {
    case .cheaper:
      return "'\(a)' is cheaper than '\(b)' by \(amount(-total.difference)) over \(span)"
        + (interval ?? "")
    case .moreExpensive:
      return "'\(a)' is more expensive than '\(b)' by \(amount(total.difference)) over \(span)"
        + (interval ?? "")
    case .noDifference:
      let several = comparisons > 1 ? ", corrected for \(comparisons) comparisons" : ""
      return "the difference of \(amount(total.difference)) between '\(a)' and '\(b)' over \(span)"
        + " may be luck\(several)" + (interval ?? "")
    case .undecided(.tooFewDays(let days)):
      return "\(days) days: too few for an interval; '\(a)' less '\(b)' was"
        + " \(amount(total.difference))"
    case .undecided(.tooFewMonths(let months)):
      return "\(months) whole months: too few peaks for an interval; '\(a)' less '\(b)' was"
        + " \(amount(total.difference))"
    case .undecided(.peaksRarelyDiffer(let months, let count)):
      let rate = Statistics.largestRate(withoutEventIn: count, level: level)
      return "the peaks of '\(a)' and '\(b)' differed in \(months) of \(count) months: whether they"
        + " differ in the long run cannot be said"
        + (months == 0
          ? "; a month with a difference may still be as likely as \(percent(rate))" : "")
        + "; the difference was \(amount(total.difference))" + (interval ?? "")
    }
  }

  private func partSentence(_ amount: (Double) -> String) -> String {
    func worded(_ part: Part) -> String {
      amount(part.difference) + (part.halfWidth.map { " ± \(amount($0))" } ?? "")
    }
    guard let demand else { return "energy part \(worded(energy)); no charge on peaks" }
    let months = monthsText(amount) ?? ""
    return "energy part \(worded(energy)), demand part \(worded(demand))"
      + (peakMonths.isEmpty ? ", \(months)" : " (\(months))")
  }

  private func percent(_ fraction: Double) -> String { "\(Int((fraction * 100).rounded())) %" }
}
