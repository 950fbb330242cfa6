import Diagnostics

extension Tariff {
  /// Reports everything that would make a bill wrong or undefined.
  func check(at position: SourcePosition?, into findings: inout Findings) {
    if name.isEmpty { findings.error("a tariff must have a name", at: position) }
    if currency.isEmpty { findings.error("a tariff must have a currency", at: position) }
    if energy.isEmpty {
      findings.error("a tariff must have at least one energy charge", at: position)
    }
    checkNumber(vatFraction, "the VAT fraction", at: position, range: 0...0.9999, into: &findings)
    checkNames(at: position, into: &findings)
    checkDayKinds(into: &findings)
    for charge in energy {
      check(charge, mustCover: true, into: &findings)
      if isNetMetering, charge.isTiered, charge.isNetted, charge.tierConvention == .chronological {
        findings.error(
          "net metering of '\(charge.name)' needs the tier convention 'pro_rata' or"
            + " 'per_period', found 'chronological'", at: charge.position)
      }
    }
    for charge in export.charges {
      check(charge, mustCover: false, into: &findings)
      if charge.isTiered, isNetMetering {
        findings.error(
          "the export price '\(charge.name)' must not have tiers under net metering",
          at: charge.position)
      }
    }
    for charge in demand { check(charge, into: &findings) }
    if let carbon {
      check(carbon.factors, mustCover: true, into: &findings)
      if carbon.factors.usesSpot || carbon.factors.isTiered {
        findings.error(
          "carbon dioxide must be a number by period, without tiers and market prices",
          at: carbon.factors.position)
      }
    }
    checkAmounts(into: &findings)
    if let month = export.trueUpMonth, !(1...12).contains(month) {
      findings.error(
        "the true-up month must be 1 to 12, found '\(month)'", at: export.position)
    }
    checkCredits(into: &findings)
    for (limit, word) in [(importLimitKW, "import"), (exportLimitKW, "export")] {
      if let limit, !(limit >= 0) {
        findings.error(
          "the \(word) limit must not be negative, found '\(limit)'", at: position)
      }
    }
    if let seconds = settlement?.seconds, seconds <= 0 || 86_400 % seconds != 0 {
      findings.error(
        "the settlement interval must divide a day, found '\(seconds)' s", at: position)
    }
  }

  private func checkCredits(into findings: inout Findings) {
    func require(_ holds: Bool, _ message: String) {
      if !holds { findings.error(message, at: export.position) }
    }
    require(
      export.nettingRatio > 0 && export.nettingRatio <= 1,
      "the netting ratio must be above 0 and at most 1, found '\(export.nettingRatio)'")
    require(
      export.nettingRatio == 1 || isNetMetering,
      "a netting ratio needs the arrangement 'net_metering_kwh' or 'net_metering_money'")
    require(
      (0...1).contains(export.refundFraction),
      "the refund must be 0 to 1, found '\(export.refundFraction)'")
    let carries: Bool
    switch export.arrangement {
    case .netBilling, .buyAllSellAll: carries = false
    case .netBillingCarryOver, .netMeteringEnergy, .netMeteringMoney: carries = true
    }
    if let months = export.creditMonths {
      require(
        (1...120).contains(months),
        "a credit must be usable for 1 to 120 months, found '\(months)'")
      require(carries, "a credit that expires needs an arrangement that carries credit")
    }
    require(
      export.refundFraction == 0
        || export.creditMonths != nil
          && export.arrangement != .netMeteringEnergy,
      "a refund needs credit in money that expires after months")
  }

  /// True when kilowatt-hours are netted over the month.
  var isNetMetering: Bool {
    export.arrangement == .netMeteringEnergy || export.arrangement == .netMeteringMoney
  }

  private func checkNames(at position: SourcePosition?, into findings: inout Findings) {
    var seen: Set<String> = []
    let names =
      energy.map { ($0.name, $0.position) } + demand.map { ($0.name, $0.position) }
      + contracted.map { ($0.name, $0.position) } + reactive.map { ($0.name, $0.position) }
      + hoursOfUse.map { ($0.name, $0.position) } + fixed.map { ($0.name, $0.position) }
      + minimums.map { ($0.name, $0.position) }
    for (name, place) in names where !seen.insert(name).inserted {
      findings.error("two charges are named '\(name)'", at: place ?? position)
    }
    let currencies =
      (energy + export.charges).map { ($0.currency, $0.position) }
      + demand.map { ($0.currency, $0.position) } + fixed.map { ($0.currency, $0.position) }
    for (found, place) in currencies {
      if let found, found != currency {
        findings.error(
          "a tariff has one currency, '\(currency)', found '\(found)'", at: place ?? position)
      }
    }
  }

  private func check(
    _ charge: EnergyCharge, mustCover: Bool, into findings: inout Findings
  ) {
    if charge.periods.isEmpty {
      findings.error("'\(charge.name)' must have at least one period", at: charge.position)
      return
    }
    if charge.isTiered, charge.usesSpot, charge.tierConvention != .chronological {
      findings.error(
        "tiers that follow the spot market need the tier convention 'chronological', found"
          + " '\(charge.tierConvention.rawValue)'", at: charge.position)
    }
    if charge.isTiered, charge.tierBasis == .kWhPerYear, charge.tierConvention != .chronological {
      findings.error(
        "tiers of '\(charge.name)' by the year need the tier convention 'chronological', found"
          + " '\(charge.tierConvention.rawValue)'", at: charge.position)
    }
    for period in charge.periods {
      let place = period.position ?? charge.position
      checkTiers(
        period.tiers.map { ($0.upTo, $0.pricePerKWh) }, "'\(charge.name)' '\(period.name)'",
        at: place, into: &findings)
      checkBounds(period, at: place, into: &findings)
    }
    checkWindows(
      NamedWindow.all(of: charge.periods.map { ($0.name, $0.windows, $0.position) }),
      of: charge.name, at: charge.position, mustCover: mustCover, into: &findings)
  }

  private func checkBounds(
    _ period: EnergyPeriod, at place: SourcePosition?, into findings: inout Findings
  ) {
    let values = [period.floorPerKWh, period.capPerKWh, period.whenSpotBelow?.pricePerKWh]
    if !period.spotMultiplier.isFinite || period.whenSpotBelow?.belowPerKWh.isFinite == false
      || values.contains(where: { $0?.isFinite == false })
    {
      findings.error("'\(period.name)' must have finite prices", at: place)
    }
    if values.contains(where: { $0?.hasDuplicateDays == true }) {
      findings.error("'\(period.name)' has two values for one day", at: place)
    }
    guard let floor = period.floorPerKWh, let cap = period.capPerKWh else { return }
    for day in (floor.steps + cap.steps).map(\.fromDay) {
      guard let low = floor.value(onDay: day), let high = cap.value(onDay: day), low > high else {
        continue
      }
      findings.error(
        "the floor of '\(period.name)' must not exceed its cap, found '\(low)' and '\(high)'",
        at: place)
      return
    }
  }

  private func check(_ charge: DemandCharge, into findings: inout Findings) {
    if charge.periods.isEmpty {
      findings.error("'\(charge.name)' must have at least one period", at: charge.position)
      return
    }
    for period in charge.periods {
      let place = period.position ?? charge.position
      checkTiers(
        period.steps.isEmpty
          ? period.tiers.map { ($0.upToKW, $0.pricePerKW) }
          : period.steps.map { ($0.upToKW, $0.amount) }, "'\(charge.name)' '\(period.name)'",
        at: place, into: &findings)
      if let square = period.pricePerKW2 {
        checkNumber(
          square, "the price of the square of '\(charge.name)'", at: place,
          range: 0...(.greatestFiniteMagnitude), into: &findings)
        if charge.measure != .monthlyPeak || charge.ratchet != nil
          || !period.steps.isEmpty || period.tiers.contains(where: { $0.pricePerKW != 0 })
        {
          findings.error(
            "a squared peak of '\(charge.name)' needs the measure 'monthly_peak' without a ratchet,"
              + " and no other price", at: place)
        }
      }
      if !(period.weight >= 0 && period.weight.isFinite) {
        findings.error("the weight of '\(period.name)' must not be negative", at: place)
      }
    }
    checkWindows(
      NamedWindow.all(of: charge.periods.map { ($0.name, $0.windows, $0.position) }),
      of: charge.name, at: charge.position, mustCover: false, into: &findings)
    checkMetering(charge.meteringSeconds, of: charge.name, at: charge.position, into: &findings)
    if !(charge.minimumKW >= 0) {
      findings.error(
        "the minimum of '\(charge.name)' must not be negative, found '\(charge.minimumKW)'",
        at: charge.position)
    }
    if let cap = charge.capPerKWh, !(cap >= 0) {
      findings.error(
        "the cap of '\(charge.name)' must not be negative, found '\(cap)'", at: charge.position)
    }
    checkMeasure(charge, into: &findings)
    checkOnePrice(of: charge, into: &findings)
    for event in charge.events ?? [] where event.end <= event.start {
      findings.error(
        "an event of '\(charge.name)' must end after it begins, found '\(event.start)' to"
          + " '\(event.end)'", at: charge.position)
    }
    if let rule = charge.powerFactor {
      for value in [rule.assumed, rule.required] where !(value > 0 && value <= 1) {
        findings.error(
          "a power factor must be above 0 and at most 1, found '\(value)'", at: charge.position)
      }
    }
  }

  private func checkMeasure(_ charge: DemandCharge, into findings: inout Findings) {
    charge.measure.rule.check(charge, into: &findings)
    checkPeaks(charge.measure.rule.earlierPeaksKW, of: charge, into: &findings)
    guard let ratchet = charge.ratchet else { return }
    if !charge.measure.rule.takesRatchet {
      findings.error(
        "the ratchet of '\(charge.name)' needs the measure 'monthly_peak'", at: charge.position)
    }
    if ratchet.fractionByMonth.count != 12 {
      findings.error(
        "the ratchet of '\(charge.name)' must have 12 shares, found"
          + " '\(ratchet.fractionByMonth.count)'", at: charge.position)
    }
    for fraction in ratchet.fractionByMonth where !(0...1).contains(fraction) {
      findings.error(
        "the ratchet share of '\(charge.name)' must be 0 to 1, found '\(fraction)'",
        at: charge.position)
      break
    }
    if case .range(let months) = ratchet.lookback, !(1...120).contains(months) {
      findings.error(
        "the look-back of '\(charge.name)' must be 1 to 120 months, found '\(months)'",
        at: charge.position)
    }
    if case .months(let months) = ratchet.lookback,
      months.contains(where: { !(1...12).contains($0) })
    {
      findings.error(
        "the look-back months of '\(charge.name)' must be 1 to 12", at: charge.position)
    }
    checkPeaks(ratchet.earlierPeaksKW, of: charge, into: &findings)
  }

  private func checkPeaks(
    _ peaks: [Double], of charge: DemandCharge, into findings: inout Findings
  ) {
    for peak in peaks where !(peak >= 0 && peak.isFinite) {
      findings.error(
        "an earlier peak of '\(charge.name)' must not be negative, found '\(peak)'",
        at: charge.position)
    }
  }
}
