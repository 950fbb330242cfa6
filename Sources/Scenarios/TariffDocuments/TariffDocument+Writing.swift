import Diagnostics
package import Tariffs
import TimeSeries

extension TariffDocument {
  /// Writes a tariff as a document that reads back to the same bills.
  package static func text(of tariff: Tariff) -> String {
    var writer = YAMLWriter()
    writer.add("name", quoted(tariff.name))
    writer.add("currency", quoted(tariff.currency))
    if let source = tariff.source { writer.add("source", quoted(source)) }
    if tariff.vatFraction != 0 { writer.add("vat_fraction", value(tariff.vatFraction)) }
    write(tariff.holidays, to: &writer)
    writer.list("day_kinds", tariff.dayKinds) { kind, writer in
      writer.add("name", quoted(kind.name))
      if !kind.days.isEmpty {
        writer.add("dates", "[\(kind.days.map(dateText).joined(separator: ", "))]")
      }
      if kind.startMinute != 0 { writer.add("starts", quoted(clockText(kind.startMinute))) }
      if let minute = kind.knownMinute { writer.add("known_from", quoted(clockText(minute))) }
      writer.list("events", kind.events) { event, writer in
        writer.add("start", "\(event.start)")
        writer.add("end", "\(event.end)")
      }
    }
    writer.list("energy", tariff.energy) { charge, writer in write(charge, to: &writer) }
    writer.list("demand", tariff.demand) { charge, writer in write(charge, to: &writer) }
    writer.list("contracted", tariff.contracted) { contract, writer in
      writer.add("name", quoted(contract.name))
      writer.add("per", contract.unit.rawValue)
      writer.add("overdraw_per", contract.overdrawUnit.rawValue)
      writer.add("overdraw", contract.excess.rawValue)
      if contract.holdsForYear { writer.add("holds_for_year", "true") }
      if contract.assumedPowerFactor != 1 {
        writer.add("assumed_power_factor", number(contract.assumedPowerFactor))
      }
      writer.add("metering_minutes", "\(contract.meteringSeconds / 60)")
      writer.add("includes_vat", "\(contract.includesVAT)")
      writer.list("periods", contract.periods) { period, writer in
        writer.add("name", quoted(period.name))
        write(period.windows, to: &writer)
        writer.add("contracted_kw", number(period.contractedKW))
        writer.add("price_per_kw", value(period.pricePerKW))
        writer.add("overdraw_price_per_kw", value(period.overdrawPricePerKW))
      }
    }
    writer.list("reactive", tariff.reactive) { charge, writer in
      writer.add("name", quoted(charge.name))
      writer.add("assumed_power_factor", number(charge.assumedPowerFactor))
      writer.add("free_fraction", number(charge.freeFraction))
      writer.add("price_per_kvar", value(charge.pricePerKVAr))
      writer.add("metering_minutes", "\(charge.meteringSeconds / 60)")
      writer.add("includes_vat", "\(charge.includesVAT)")
    }
    writer.list("hours_of_use", tariff.hoursOfUse) { charge, writer in
      writer.add("name", quoted(charge.name))
      writer.add("switch_h", number(charge.switchHours))
      if let hours = charge.plannedHours { writer.add("planned_h", number(hours)) }
      for (key, prices) in [("below", charge.below), ("above", charge.above)] {
        writer.section(key) { writer in
          writer.add("price_per_kw", value(prices.pricePerKW))
          writer.add("price_per_kwh", value(prices.pricePerKWh))
        }
      }
      writer.add("metering_minutes", "\(charge.meteringSeconds / 60)")
      writer.add("includes_vat", "\(charge.includesVAT)")
    }
    writer.list("fixed", tariff.fixed) { charge, writer in
      writer.add("name", quoted(charge.name))
      writer.add("amount", value(charge.amount))
      writer.add("per", charge.unit.rawValue)
      writer.add("includes_vat", "\(charge.includesVAT)")
    }
    write(tariff.export, to: &writer)
    writer.list("minimums", tariff.minimums) { minimum, writer in
      writer.add("name", quoted(minimum.name))
      writer.add("amount", value(minimum.amount))
      writer.add("per", minimum.unit.rawValue)
      writer.add("includes_vat", "\(minimum.includesVAT)")
    }
    if let settlement = tariff.settlement {
      writer.section("settlement") { writer in
        writer.add("minutes", "\(settlement.seconds / 60)")
        writer.add("nets_import_and_export", "\(settlement.netsImportAndExport)")
      }
    }
    if let limit = tariff.importLimitKW { writer.add("import_limit_kw", number(limit)) }
    if let limit = tariff.exportLimitKW { writer.add("export_limit_kw", number(limit)) }
    if let carbon = tariff.carbon {
      writer.section("carbon") { writer in
        if carbon.creditsExport { writer.add("credits_export", "true") }
        writer.list("periods", carbon.factors.periods) { period, writer in
          writer.add("name", quoted(period.name))
          write(period.windows, to: &writer)
          writer.add("kg_per_kwh", value(period.tiers[0].pricePerKWh))
        }
      }
    }
    write(tariff.applicability, to: &writer)
    return writer.text
  }

  private static func write(_ limits: Applicability, to writer: inout YAMLWriter) {
    guard limits != .unlimited else { return }
    writer.section("applies") { writer in
      for (key, day) in [("from", limits.fromDay), ("through", limits.throughDay)] {
        if let day { writer.add(key, dateText(day)) }
      }
      for (key, limit) in [
        ("peak_kw_min", limits.leastPeakKW), ("peak_kw_max", limits.highestPeakKW),
        ("month_kwh_min", limits.leastMonthKWh), ("month_kwh_max", limits.highestMonthKWh),
      ] {
        if let limit { writer.add(key, number(limit)) }
      }
    }
  }

  private static func write(_ holidays: HolidayCalendar, to writer: inout YAMLWriter) {
    guard !holidays.isEmpty else { return }
    writer.section("holidays") { writer in
      if let name = holidays.name { writer.add("country", quoted(name)) }
      if !holidays.days.isEmpty {
        writer.add("dates", "[\(holidays.days.map(dateText).joined(separator: ", "))]")
      }
    }
  }

  private static func write(_ charge: EnergyCharge, to writer: inout YAMLWriter) {
    writer.add("name", quoted(charge.name))
    if charge.tierConvention != .chronological {
      writer.add("tier_convention", charge.tierConvention.rawValue)
    }
    if charge.tierBasis != .kWhPerMonth { writer.add("tier_basis", charge.tierBasis.rawValue) }
    if charge.includesVAT { writer.add("includes_vat", "true") }
    if !charge.isNetted { writer.add("netted", "false") }
    writer.list("periods", charge.periods) { period, writer in
      writer.add("name", quoted(period.name))
      write(period.windows, to: &writer)
      if let bank = period.bank { writer.add("bank", quoted(bank)) }
      let spot = period.spotMultiplier != 0
      if spot { writer.add("spot_multiplier", number(period.spotMultiplier)) }
      if let floor = period.floorPerKWh { writer.add("floor_per_kwh", value(floor)) }
      if let cap = period.capPerKWh { writer.add("cap_per_kwh", value(cap)) }
      if let condition = period.whenSpotBelow {
        writer.section("when_spot_below") { writer in
          writer.add("spot_per_kwh", number(condition.belowPerKWh))
          writer.add("price_per_kwh", value(condition.pricePerKWh))
          if let day = condition.fromDay { writer.add("from", dateText(day)) }
        }
      }
      if period.tiers.count == 1 {
        writer.add(spot ? "adder_per_kwh" : "price_per_kwh", value(period.tiers[0].pricePerKWh))
      } else {
        writer.list("tiers", period.tiers) { tier, writer in
          if let limit = tier.upTo { writer.add("up_to", number(limit)) }
          writer.add("price_per_kwh", value(tier.pricePerKWh))
        }
      }
    }
  }

  private static func write(_ charge: DemandCharge, to writer: inout YAMLWriter) {
    writer.add("name", quoted(charge.name))
    if charge.measure != .monthlyPeak || charge.unit == .year {
      writer.add("measure", quoted(charge.measure.name))
    }
    for (parameter, value) in charge.measure.parameters {
      switch value {
      case .wholeNumber(let number): writer.add(parameter.key, "\(number)")
      case .flag(let flag): writer.add(parameter.key, "\(flag)")
      case .powersKW(let powers):
        if !powers.isEmpty { writer.add(parameter.key, numbers(powers)) }
      }
    }
    writer.add("metering_minutes", "\(charge.meteringSeconds / 60)")
    if charge.unit != .month { writer.add("per", charge.unit.rawValue) }
    if charge.minimumKW != 0 { writer.add("minimum_kw", number(charge.minimumKW)) }
    if let cap = charge.capPerKWh { writer.add("cap_per_kwh", number(cap)) }
    if charge.includesVAT { writer.add("includes_vat", "true") }
    if let rule = charge.powerFactor {
      writer.section("power_factor") { writer in
        writer.add("assumed", number(rule.assumed))
        writer.add("required", number(rule.required))
      }
    }
    if let ratchet = charge.ratchet { write(ratchet, to: &writer) }
    if let events = charge.events {
      writer.list("events", events) { event, writer in
        writer.add("start", "\(event.start)")
        writer.add("end", "\(event.end)")
      }
    }
    writer.list("periods", charge.periods) { period, writer in
      writer.add("name", quoted(period.name))
      write(period.windows, to: &writer)
      if period.weight != 1 { writer.add("weight", number(period.weight)) }
      if let square = period.pricePerKW2 {
        writer.add("price_per_kw2", value(square))
      } else if !period.steps.isEmpty {
        writer.list("steps", period.steps) { step, writer in
          if let limit = step.upToKW { writer.add("up_to_kw", number(limit)) }
          writer.add("amount", value(step.amount))
        }
      } else if period.tiers.count == 1 {
        writer.add("price_per_kw", value(period.tiers[0].pricePerKW))
      } else {
        writer.list("tiers", period.tiers) { tier, writer in
          if let limit = tier.upToKW { writer.add("up_to_kw", number(limit)) }
          writer.add("price_per_kw", value(tier.pricePerKW))
        }
      }
    }
  }

  private static func write(_ ratchet: DemandRatchet, to writer: inout YAMLWriter) {
    writer.section("ratchet") { writer in
      writer.add("fraction", numbers(ratchet.fractionByMonth))
      switch ratchet.lookback {
      case .range(let months): writer.add("lookback_months", "\(months)")
      case .months(let months): writer.add("lookback_calendar_months", "\(months)")
      }
      if !ratchet.earlierPeaksKW.isEmpty {
        writer.add("earlier_peaks_kw", numbers(ratchet.earlierPeaksKW))
      }
      writer.add("counts_actual_peak", "\(ratchet.usesActualPeak)")
      writer.add("scope", ratchet.scope.rawValue)
    }
  }

  private static func write(_ export: ExportRule, to writer: inout YAMLWriter) {
    guard export.arrangement != .netBilling || !export.charges.isEmpty else { return }
    writer.section("export") { writer in
      switch export.arrangement {
      case .netBilling: break
      case .netBillingCarryOver(let sameMonthFirst):
        writer.add("arrangement", "net_billing_carry_over")
        writer.add("same_month_first", "\(sameMonthFirst)")
      case .netMeteringEnergy: writer.add("arrangement", "net_metering_kwh")
      case .netMeteringMoney: writer.add("arrangement", "net_metering_money")
      case .buyAllSellAll: writer.add("arrangement", "buy_all_sell_all")
      }
      if let month = export.trueUpMonth { writer.add("true_up_month", "\(month)") }
      if let price = export.trueUpPerKWh { writer.add("true_up_per_kwh", value(price)) }
      if export.creditExpires { writer.add("credit_expires", "true") }
      if export.nettingRatio != 1 { writer.add("netting_ratio", number(export.nettingRatio)) }
      if let months = export.creditMonths { writer.add("credit_months", "\(months)") }
      if export.refundFraction != 0 {
        writer.add("refund_fraction", number(export.refundFraction))
      }
      if export.paysVAT { writer.add("pays_vat", "true") }
      writer.list("charges", export.charges) { charge, writer in write(charge, to: &writer) }
    }
  }

  private static func write(_ windows: [CalendarWindow], to writer: inout YAMLWriter) {
    if windows.contains(where: \.isRest) {
      writer.add("rest", "true")
    } else if windows != [.always] {
      writer.list("windows", windows) { window, writer in
        if !window.dates.isEmpty {
          writer.add("dates", list(window.dates.map { "\($0.from) to \(fixed($0.through))" }))
        }
        if window.days != .all || !window.kinds.isEmpty
          || window.dates.isEmpty && window.times.isEmpty
        {
          // A window of kinds alone holds on all their days.
          let types = window.days == .all && !window.kinds.isEmpty ? [] : names(window.days)
          writer.add("days", "[\((types + window.kinds.map(quoted)).joined(separator: ", "))]")
        }
        if !window.times.isEmpty {
          writer.add(
            "times",
            list(window.times.map { "\(clockText($0.fromMinute)) to \(clockText($0.toMinute))" }))
        }
      }
    }
  }

  private static func names(_ days: DayTypes) -> [String] {
    if days == .all { return ["all"] }
    let all: [(DayTypes, String)] = [
      (.weekday, "weekday"), (.saturday, "saturday"), (.sunday, "sunday"), (.holiday, "holiday"),
    ]
    return all.filter { days.contains($0.0) }.map(\.1)
  }

  /// The last day of a month where a span of whole months names a 31st that does not exist.
  private static func fixed(_ date: MonthDay) -> MonthDay {
    let lengths = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    return MonthDay(month: date.month, day: min(date.day, lengths[date.month - 1]))
  }

  private static func list(_ spans: [String]) -> String {
    "[\(spans.map(quoted).joined(separator: ", "))]"
  }

  private static func value(_ value: DatedValue) -> String {
    if value.steps.count == 1, value.steps[0].fromDay == .min {
      return number(value.steps[0].value)
    }
    let steps = value.steps.map { step in
      let from = step.fromDay == .min ? "" : "from: \(dateText(step.fromDay)), "
      return "{\(from)value: \(number(step.value))}"
    }
    return "[\(steps.joined(separator: ", "))]"
  }

  private static func numbers(_ values: [Double]) -> String {
    "[\(values.map(number).joined(separator: ", "))]"
  }

  private static func number(_ value: Double) -> String { plain(value) }

  /// Text in double quotes, as YAML and JSON share them.
  static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case _ where scalar.value < 0x20: result += " "
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
