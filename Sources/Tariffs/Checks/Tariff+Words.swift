import Diagnostics
import TimeSeries

/// What a tariff is, a sentence for each rule.
extension Tariff {
  /// A heading and a sentence for each rule, in the order of the document.
  package var words: [(rule: String, text: String)] {
    var lines: [(rule: String, text: String)] = dayKinds.map { ("day", words(of: $0)) }
    lines += energy.map { ("energy", words(of: $0)) }
    lines += demand.map { ("power", words(of: $0)) }
    lines += contracted.map { ("power", words(of: $0)) }
    lines += reactive.map { ("power", words(of: $0)) }
    lines += hoursOfUse.map { ("power", words(of: $0)) }
    lines += fixed.map {
      ("fixed", "'\($0.name)': \(range([$0.amount])) \(currency) a \($0.unit.rawValue)")
    }
    lines.append(("export", exportWords))
    lines += export.charges.map { ("export", words(of: $0)) }
    lines += minimums.map {
      ("minimum", "'\($0.name)': at least \(range([$0.amount])) \(currency) a \($0.unit.rawValue)")
    }
    if let settlement {
      lines.append(
        (
          "meter",
          "energy is counted over \(settlement.seconds / 60) min, import and export "
            + (settlement.netsImportAndExport ? "cancel within them" : "apart")
        ))
    }
    if let limit = importLimitKW { lines.append(("limit", "import up to \(plain(limit)) kW")) }
    if let limit = exportLimitKW { lines.append(("limit", "export up to \(plain(limit)) kW")) }
    if let carbon {
      let factors = range(carbon.factors.periods.flatMap { $0.tiers.map(\.pricePerKWh) })
      lines.append(
        (
          "carbon",
          "\(factors) kg of carbon dioxide a kWh imported"
            + (carbon.creditsExport ? ", taken off for export" : "") + "; no plan sees it"
        ))
    }
    if vatFraction != 0 {
      let percent = DatedValue(
        steps: vatFraction.steps.map {
          .init(fromDay: $0.fromDay, value: ($0.value * 1e8).rounded() / 1e6)
        })
      lines.append(("VAT", "\(range([percent])) % on everything that is not written with it"))
    }
    return lines
  }

  private func words(of kind: DayKind) -> String {
    var parts: [String] = []
    if !kind.days.isEmpty {
      parts.append("\(kind.days.count) dated day\(kind.days.count == 1 ? "" : "s")")
    }
    if !kind.events.isEmpty {
      parts.append("\(kind.events.count) event\(kind.events.count == 1 ? "" : "s")")
    }
    var text = "'\(kind.name)': \(parts.joined(separator: " and "))"
    if kind.startMinute != 0 { text += ", each from \(clockText(kind.startMinute))" }
    if let minute = kind.knownMinute {
      text += ", known to plans from \(clockText(minute)) of the day before"
    }
    return text
  }

  private func words(of charge: EnergyCharge) -> String {
    let periods = charge.periods
    let prices = periods.flatMap { $0.tiers.map(\.pricePerKWh) }
    var text = "'\(charge.name)': "
    let factors = periods.map(\.spotMultiplier)
    if factors.contains(where: { $0 != 0 }) {
      let (low, high) = (factors.min() ?? 0, factors.max() ?? 0)
      text += low == 1 && high == 1 ? "" : "\(span(low, high)) times "
      text += "the market price"
      if prices.contains(where: { $0 != 0 }) { text += " and \(range(prices)) \(currency)" }
      text += " a kWh"
    } else {
      text += "\(range(prices)) \(currency) a kWh"
    }
    if periods.count > 1 { text += " in \(periods.count) periods" }
    if charge.isTiered {
      let basis =
        switch charge.tierBasis {
        case .kWhPerMonth: "the month"
        case .kWhPerYear: "the calendar year"
        case .kWhPerDay: "the days of the month"
        case .kWhPerKW: "the month's peak"
        case .kWhPerKWDay: "the month's peak and days"
        }
      text += ", in tiers by \(basis) (\(charge.tierConvention.rawValue))"
    }
    let bounds = [
      ("at least", periods.compactMap(\.floorPerKWh)),
      ("at most", periods.compactMap(\.capPerKWh)),
    ]
    for (word, values) in bounds where !values.isEmpty { text += ", \(word) \(range(values))" }
    let conditions = periods.compactMap(\.whenSpotBelow)
    if !conditions.isEmpty {
      text +=
        ", but \(range(conditions.map(\.pricePerKWh))) where the market price is below"
        + " \(span(conditions.map(\.belowPerKWh)))"
      if let from = conditions.compactMap(\.fromDay).min() { text += ", from \(dateText(from)) on" }
    }
    return text + tax(charge.includesVAT)
  }

  private func words(of charge: DemandCharge) -> String {
    let periods = charge.periods
    var text = "'\(charge.name)': "
    let amounts = periods.flatMap { $0.steps.map(\.amount) }
    let squares = periods.compactMap(\.pricePerKW2)
    if !squares.isEmpty {
      text += "\(range(squares)) \(currency) a squared kW and \(charge.unit.rawValue)"
    } else if amounts.isEmpty {
      text +=
        "\(range(periods.flatMap { $0.tiers.map(\.pricePerKW) })) \(currency) a kW and"
        + " \(charge.unit.rawValue)"
    } else {
      text += "\(range(amounts)) \(currency) a \(charge.unit.rawValue) by bands"
    }
    text += " of \(charge.measure.rule.words), over \(minutes(charge.meteringSeconds))"
    if periods.count > 1 { text += ", in \(periods.count) periods" }
    if charge.minimumKW > 0 { text += ", at least \(plain(charge.minimumKW)) kW" }
    if charge.ratchet != nil { text += ", held up by earlier peaks" }
    if let cap = charge.capPerKWh { text += ", at most \(plain(cap)) \(currency) a kWh imported" }
    if let events = charge.events { text += ", in \(events.count) events only" }
    return text + tax(charge.includesVAT)
  }

  private func words(of charge: ContractedPower) -> String {
    let (periods, unit) = (charge.periods, charge.unitName)
    var text =
      "'\(charge.name)': \(span(periods.map(\.contractedKW))) \(unit) subscribed to at"
      + " \(range(periods.map(\.pricePerKW))) \(currency) a \(charge.unit.rawValue)"
    if periods.count > 1 { text += " in \(periods.count) periods" }
    if periods.contains(where: { $0.overdrawPricePerKW != 0 }) {
      let excess =
        switch charge.excess {
        case .highest: "of the month's highest excess"
        case .rootOfSquares: "of the root of the squared excess of every interval"
        }
      text +=
        ", \(range(periods.map(\.overdrawPricePerKW))) \(currency) a \(unit)"
        + (charge.overdrawUnit == .day ? " and day of the month " : " ") + excess
    }
    if charge.holdsForYear { text += ", a higher peak is subscribed to until the year ends" }
    return text + ", over \(minutes(charge.meteringSeconds))" + tax(charge.includesVAT)
  }

  private func words(of charge: ReactiveCharge) -> String {
    "'\(charge.name)': \(range([charge.pricePerKVAr])) \(currency) a kVAr above"
      + " \(plain(charge.freeFraction * 100)) % of the month's peak, at a power factor of"
      + " \(plain(charge.assumedPowerFactor))" + tax(charge.includesVAT)
  }

  private func words(of charge: HoursOfUseCharge) -> String {
    func pair(_ prices: HoursOfUseCharge.Prices) -> String {
      "\(range([prices.pricePerKW])) \(currency) a kW of the year's peak and"
        + " \(range([prices.pricePerKWh])) a kWh"
    }
    return
      "'\(charge.name)': \(pair(charge.below)) below \(plain(charge.switchHours)) hours of use,"
      + " \(pair(charge.above)) from there on, over \(minutes(charge.meteringSeconds))"
      + tax(charge.includesVAT)
  }

  private var exportWords: String {
    var text: String
    switch export.arrangement {
    case .netBilling:
      if export.charges.isEmpty { return "earns nothing" }
      text = "is paid for in every interval"
    case .netBillingCarryOver(let sameMonthFirst):
      text =
        "earns credit for the energy charges of "
        + (sameMonthFirst ? "its own month, then of later ones" : "later months")
    case .netMeteringEnergy: text = "is netted over the month, a surplus is carried in kWh"
    case .netMeteringMoney: text = "is netted over the month, a surplus is carried in money"
    case .buyAllSellAll: text = "is metered apart: everything is bought and everything sold"
    }
    if export.nettingRatio != 1 { text += ", 1 kWh for \(plain(export.nettingRatio))" }
    if let months = export.creditMonths {
      text += ", for \(months) months"
      if export.refundFraction > 0 {
        text +=
          "; at most \(plain(export.refundFraction * 100)) % of what a month earned is paid back"
      }
    }
    if let month = export.trueUpMonth {
      text += ", settled at the end of month \(month)" + (export.creditExpires ? " (lost)" : "")
    }
    return text
  }

  private func tax(_ includesVAT: Bool) -> String {
    includesVAT && vatFraction != 0 ? ", VAT included" : ""
  }

  private func minutes(_ seconds: Int) -> String { "\(plain(Double(seconds) / 60)) min" }

  /// The lowest and the highest of all values, whenever they hold.
  private func range(_ values: [DatedValue]) -> String {
    span(values.flatMap { $0.steps.map(\.value) })
  }

  private func span(_ values: [Double]) -> String { span(values.min() ?? 0, values.max() ?? 0) }

  private func span(_ low: Double, _ high: Double) -> String {
    low == high ? plain(low) : "\(plain(low)) to \(plain(high))"
  }
}
