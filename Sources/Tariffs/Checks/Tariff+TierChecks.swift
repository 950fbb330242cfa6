import Diagnostics

extension Tariff {
  /// Reports tiers that are out of order, unlimited too early or without finite prices.
  func checkTiers(
    _ tiers: [(upTo: Double?, price: DatedValue)], _ name: String, at position: SourcePosition?,
    into findings: inout Findings
  ) {
    if tiers.isEmpty {
      findings.error("\(name) must have a price", at: position)
    }
    var previous = 0.0
    for (index, tier) in tiers.enumerated() {
      checkNumber(tier.price, "the price of \(name)", at: position, into: &findings)
      if index == tiers.count - 1 {
        if let limit = tier.upTo {
          findings.error(
            "the last tier of \(name) must have no upper limit, found '\(limit)'", at: position)
        }
      } else if let limit = tier.upTo {
        if !(limit > previous) {
          findings.error(
            "the tiers of \(name) must rise, found '\(limit)' after '\(previous)'", at: position)
        }
        previous = limit
      } else {
        findings.error("only the last tier of \(name) may have no upper limit", at: position)
      }
    }
  }

  /// Reports a dated number that is not finite, out of range or stated twice for a day.
  func checkNumber(
    _ value: DatedValue, _ name: String, at position: SourcePosition?,
    range: ClosedRange<Double>? = nil, into findings: inout Findings
  ) {
    if !value.isFinite {
      findings.error("\(name) must be a finite number", at: position)
    } else if let range, value.lowest < range.lowerBound || value.highest > range.upperBound {
      let found = value.lowest < range.lowerBound ? value.lowest : value.highest
      if range == 0...(.greatestFiniteMagnitude) {
        findings.error("\(name) must not be negative, found '\(found)'", at: position)
        return
      }
      findings.error(
        "\(name) must be at least \(range.lowerBound) and at most \(range.upperBound),"
          + " found '\(found)'", at: position)
    }
    if value.hasDuplicateDays {
      findings.error("\(name) is stated twice for one day", at: position)
    }
  }

  /// Reports subscriptions that are out of range, overlap or cannot be held for a year.
  private func check(_ contract: ContractedPower, into findings: inout Findings) {
    if contract.periods.isEmpty {
      findings.error("'\(contract.name)' must have at least one period", at: contract.position)
    }
    for period in contract.periods {
      let place = period.position ?? contract.position
      if !(period.contractedKW >= 0 && period.contractedKW.isFinite) {
        findings.error(
          "the contracted power of '\(contract.name)' must not be negative, found"
            + " '\(period.contractedKW)'", at: place)
      }
      checkNumber(
        period.pricePerKW, "the price of '\(contract.name)'", at: place,
        range: contract.holdsForYear ? 0...(.greatestFiniteMagnitude) : nil, into: &findings)
      checkNumber(
        period.overdrawPricePerKW, "the price of '\(contract.name)'", at: place, into: &findings)
    }
    checkWindows(
      NamedWindow.all(of: contract.periods.map { ($0.name, $0.windows, $0.position) }),
      of: contract.name, at: contract.position, mustCover: false, into: &findings)
    if !(contract.assumedPowerFactor > 0 && contract.assumedPowerFactor <= 1) {
      findings.error(
        "the power factor of '\(contract.name)' must be above 0 and at most 1, found"
          + " '\(contract.assumedPowerFactor)'", at: contract.position)
    }
    if contract.holdsForYear, contract.excess == .rootOfSquares {
      findings.error(
        "'\(contract.name)' must not hold for a year what is counted by a root of squares",
        at: contract.position)
    }
  }

  /// Reports a metering interval that does not divide a day.
  func checkMetering(
    _ seconds: Int, of name: String, at position: SourcePosition?, into findings: inout Findings
  ) {
    if seconds <= 0 || 86_400 % seconds != 0 {
      findings.error(
        "the metering interval of '\(name)' must divide a day, found '\(seconds)' s", at: position)
    }
  }

  /// Reports fixed amounts, subscriptions and reactive charges that are out of range.
  func checkAmounts(into findings: inout Findings) {
    for charge in fixed {
      checkNumber(
        charge.amount, "the amount of '\(charge.name)'", at: charge.position, into: &findings)
    }
    for minimum in minimums {
      checkNumber(
        minimum.amount, "the amount of '\(minimum.name)'", at: minimum.position,
        range: 0...(.greatestFiniteMagnitude), into: &findings)
    }
    for contract in contracted {
      check(contract, into: &findings)
      checkMetering(
        contract.meteringSeconds, of: contract.name, at: contract.position, into: &findings)
    }
    for charge in hoursOfUse {
      for (value, word) in [
        (charge.switchHours, "switch"), (charge.plannedHours ?? 0, "planned hours"),
      ] where !(value >= 0 && value <= 8784) {
        findings.error(
          "the \(word) of '\(charge.name)' must be 0 to 8784 h, found '\(value)'",
          at: charge.position)
      }
      for prices in [charge.below, charge.above] {
        for price in [prices.pricePerKW, prices.pricePerKWh] {
          checkNumber(
            price, "a price of '\(charge.name)'", at: charge.position,
            range: 0...(.greatestFiniteMagnitude), into: &findings)
        }
      }
      checkMetering(charge.meteringSeconds, of: charge.name, at: charge.position, into: &findings)
    }
    for charge in reactive {
      if !(charge.assumedPowerFactor > 0 && charge.assumedPowerFactor <= 1) {
        findings.error(
          "the power factor of '\(charge.name)' must be above 0 and at most 1, found"
            + " '\(charge.assumedPowerFactor)'", at: charge.position)
      }
      if !(charge.freeFraction >= 0) {
        findings.error(
          "the free share of '\(charge.name)' must not be negative, found"
            + " '\(charge.freeFraction)'", at: charge.position)
      }
      checkNumber(
        charge.pricePerKVAr, "the price of '\(charge.name)'", at: charge.position,
        into: &findings)
    }
  }
}
