/// How much each assumption moves the value of a project when it alone is off.
package struct Tornado: Sendable, Hashable {
  /// One assumption.
  package struct Bar: Sendable, Hashable {
    /// What is moved.
    package var name: String
    /// How far, in words.
    package var swing: String
    /// Net present value at its low and at its high end. [currency]
    package var low: Double
    package var high: Double

    /// Distance between the two. [currency]
    package var width: Double { abs(high - low) }
  }

  /// The assumptions, the one that moves most first.
  package let bars: [Bar]

  /// Share by which an assumption is moved whose range nobody stated.
  package static let usualShare = 0.1

  /// Moves the assumptions of a project one by one.
  ///
  /// - Parameters:
  ///   - facts: The project; its price is stated.
  ///   - terms: How money is counted.
  ///   - project: How its value moves.
  ///   - range: The luck of the years; nothing where it is not known.
  ///   - uncertainty: Ranges of what was assumed; a tenth either way where none is stated.
  init(
    _ facts: ProjectFacts, terms: FinanceTerms, project: ProjectSlopes, range: ValueRange?,
    uncertainty: Uncertainty
  ) {
    func share(_ stated: Double) -> (share: Double, swing: String) {
      let share = stated > 0 ? stated : Self.usualShare
      let percent = (share * 1000).rounded() / 10
      let text = percent == percent.rounded() ? "\(Int(percent))" : "\(percent)"
      return (share, "± \(text) %" + (stated > 0 ? "" : ", assumed"))
    }
    func value(_ change: (inout ProjectFacts, inout FinanceTerms) -> Void) -> Double {
      var (facts, terms) = (facts, terms)
      change(&facts, &terms)
      return ProjectAccounts(facts, terms: terms).flow.netPresentValue(
        discountRate: terms.nominalDiscountRate)
    }
    var bars: [Bar] = []
    let capital = share(uncertainty.capital)
    bars.append(
      Bar(
        name: "capital", swing: capital.swing,
        low: project.value(added: [], capital: capital.share),
        high: project.value(added: [], capital: -capital.share)))
    let prices = share(uncertainty.prices)
    bars.append(
      Bar(
        name: "prices by the last year", swing: prices.swing,
        low: project.value(added: project.added(prices: -prices.share), capital: 0),
        high: project.value(added: project.added(prices: prices.share), capital: 0)))
    let fade = share(uncertainty.fade)
    bars.append(
      Bar(
        name: "fade of the cells", swing: fade.swing,
        low: project.value(added: project.added(fade: fade.share), capital: 0),
        high: project.value(added: project.added(fade: -fade.share), capital: 0)))
    bars.append(
      Bar(
        name: "discount rate", swing: "± 1 point, assumed",
        low: value { $1.discountRate += 0.01 }, high: value { $1.discountRate -= 0.01 }))
    bars.append(
      Bar(
        name: "operation", swing: "± 10 %, assumed",
        low: value { $1.operation = $1.operation.scaled(by: 1.1) },
        high: value { $1.operation = $1.operation.scaled(by: 0.9) }))
    if facts.replacedKWh.contains(where: { $0 > 0 }) {
      bars.append(
        Bar(
          name: "price of new cells", swing: "± 10 %, assumed",
          low: value { $1.replacementPerKWh *= 1.1 }, high: value { $1.replacementPerKWh *= 0.9 }
        ))
    }
    if let range {
      bars.append(
        Bar(name: "luck of the years", swing: "p10 to p90", low: range.p10, high: range.p90))
    }
    self.bars = bars.filter { $0.width > 0 }.enumerated().sorted {
      ($1.element.width, $0.offset) < ($0.element.width, $1.offset)
    }.map(\.element)
  }
}
