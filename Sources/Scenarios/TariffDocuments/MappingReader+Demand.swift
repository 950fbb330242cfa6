import Diagnostics
import Tariffs
import TimeSeries

extension MappingReader {
  /// Reads a charge on power.
  func demandCharge(seasons: NamedDays) -> DemandCharge? {
    let name = text("name")
    var periods: [DemandPeriod] = []
    if has("periods") {
      periods = list("periods") { reader -> DemandPeriod? in
        let name = reader.text("name")
        let windows = reader.windows(seasons: seasons)
        return reader.demandPeriod(named: name, windows: windows)
      }
    } else if let period = demandPeriod(named: "all", windows: [.always]) {
      periods = [period]
    }
    let unit: DemandUnit = choice("per", default: .month)
    return DemandCharge(
      name, periods: periods, measure: demandMeasure(unit),
      meteringSeconds: integer("metering_minutes", 1...1440, default: 15) * 60,
      unit: unit, ratchet: optionalSection("ratchet") { $0.ratchet() },
      minimumKW: number("minimum_kw", .zeroOrMore, default: 0),
      capPerKWh: optionalNumber("cap_per_kwh", .zeroOrMore),
      events: optionalList("events") { $0.event() },
      powerFactor: optionalSection("power_factor") { reader in
        PowerFactorRule(
          assumed: reader.number("assumed", .efficiency),
          required: reader.number("required", .efficiency))
      },
      includesVAT: boolean("includes_vat", default: false), currency: optionalText("currency"),
      position: position)
  }

  private func demandPeriod(named name: String, windows: [CalendarWindow]) -> DemandPeriod? {
    var steps: [DemandStep] = []
    let tiers: [DemandTier]
    if has("steps") {
      steps = list("steps") { reader -> DemandStep? in
        let limit = reader.optionalNumber("up_to_kw", .zeroOrMore)
        return DemandStep(upToKW: limit, amount: reader.datedValue("amount"))
      }
      tiers = []
      for key in ["price_per_kw", "tiers"] {
        require(!has(key), key, "give 'steps' or '\(key)', not both")
      }
    } else if has("tiers") {
      tiers = list("tiers") { reader -> DemandTier? in
        let limit = reader.optionalNumber("up_to_kw", .zeroOrMore)
        return DemandTier(upToKW: limit, pricePerKW: reader.datedValue("price_per_kw"))
      }
      require(!has("price_per_kw"), "price_per_kw", "give 'price_per_kw' or 'tiers', not both")
    } else if has("price_per_kw2") {
      tiers = [DemandTier(pricePerKW: 0)]
      require(
        !has("price_per_kw"), "price_per_kw", "give 'price_per_kw2' or 'price_per_kw', not both")
    } else {
      tiers = [DemandTier(pricePerKW: datedValue("price_per_kw"))]
    }
    var period = DemandPeriod(
      name, tiers: tiers, weight: number("weight", .zeroOrMore, default: 1), position: position)
    period.windows = windows
    period.steps = steps
    period.pricePerKW2 = optionalDatedValue("price_per_kw2")
    return period
  }

  /// Reads what is measured; a price per kW and year is one for the peak of the year, unless a ratchet
  /// carries peaks from month to month.
  private func demandMeasure(_ unit: DemandUnit) -> DemandMeasure {
    let kinds = DemandMeasure.kinds
    let usual: DemandMeasure = unit == .year && !has("ratchet") ? .yearlyPeak : .monthlyPeak
    let kind = choice(
      "measure", among: kinds.map { ($0.name, $0) },
      default: kinds.first { $0.name == usual.name } ?? kinds[0])
    return kind.measure(
      kind.parameters.map { parameter in
        switch parameter.form {
        case .wholeNumber(let range, let standard):
          .wholeNumber(integer(parameter.key, range, default: standard))
        case .flag(let standard): .flag(boolean(parameter.key, default: standard))
        case .powersKW: .powersKW(optionalNumbers(parameter.key, .zeroOrMore) ?? [])
        }
      })
  }

  private func ratchet() -> DemandRatchet? {
    let fractions = numbers("fraction", .fraction)
    let lookback: DemandRatchet.Lookback
    if let flagged = optionalNumbers("lookback_calendar_months", .within(1...12)) {
      lookback = .months(flagged.map { Int($0) })
      require(
        !has("lookback_months"), "lookback_months",
        "give 'lookback_months' or 'lookback_calendar_months', not both")
    } else {
      lookback = .range(months: integer("lookback_months", 1...120, default: 11))
    }
    require(
      fractions.count == 1 || fractions.count == 12, "fraction",
      "'fraction' must be one number or one per calendar month, found \(fractions.count)")
    return DemandRatchet(
      fractionByMonth: fractions.count == 12
        ? fractions : [Double](repeating: fractions.first ?? 0, count: 12),
      lookback: lookback, earlierPeaksKW: optionalNumbers("earlier_peaks_kw", .zeroOrMore) ?? [],
      usesActualPeak: boolean("counts_actual_peak", default: true),
      scope: choice("scope", default: .floor))
  }

  /// Reads subscribed powers.
  func contractedPower(seasons: NamedDays) -> ContractedPower? {
    let name = text("name")
    let periods =
      has("periods")
      ? list("periods") { reader -> ContractedPeriod? in
        let name = reader.text("name")
        let windows = reader.windows(seasons: seasons)
        return reader.contractedPeriod(named: name, windows: windows)
      } : [contractedPeriod(named: "all", windows: [.always])]
    return ContractedPower(
      name, periods: periods, unit: choice("per", default: .month),
      overdrawUnit: choice(
        "overdraw_per", among: [("month", DemandUnit.month), ("day", .day)], default: .month),
      excess: choice("overdraw", default: .highest),
      holdsForYear: boolean("holds_for_year", default: false),
      assumedPowerFactor: optionalNumber("assumed_power_factor", .efficiency) ?? 1,
      meteringSeconds: integer("metering_minutes", 1...1440, default: 15) * 60,
      includesVAT: boolean("includes_vat", default: false), position: position)
  }

  private func contractedPeriod(
    named name: String, windows: [CalendarWindow]
  ) -> ContractedPeriod {
    ContractedPeriod(
      name, windows: windows, contractedKW: number("contracted_kw", .zeroOrMore),
      pricePerKW: datedValue("price_per_kw"),
      overdrawPricePerKW: datedValue("overdraw_price_per_kw", default: 0), position: position)
  }

  /// Reads a charge on reactive power.
  func reactiveCharge() -> ReactiveCharge? {
    ReactiveCharge(
      text("name"), assumedPowerFactor: number("assumed_power_factor", .efficiency),
      freeFraction: number("free_fraction", .zeroOrMore, default: 0),
      pricePerKVAr: datedValue("price_per_kvar"),
      meteringSeconds: integer("metering_minutes", 1...1440, default: 15) * 60,
      includesVAT: boolean("includes_vat", default: false), position: position)
  }

  /// Reads a charge by hours of use.
  func hoursOfUseCharge() -> HoursOfUseCharge? {
    func prices(_ key: String) -> HoursOfUseCharge.Prices? {
      guard requiredNode(key) != nil else { return nil }
      return optionalSection(key) { reader in
        HoursOfUseCharge.Prices(
          pricePerKW: reader.datedValue("price_per_kw"),
          pricePerKWh: reader.datedValue("price_per_kwh"))
      }
    }
    let name = text("name")
    let (below, above) = (prices("below"), prices("above"))
    let switchHours = number("switch_h", .zeroOrMore, default: 2500)
    let planned = optionalNumber("planned_h", .zeroOrMore)
    let meteringSeconds = integer("metering_minutes", 1...1440, default: 15) * 60
    let includesVAT = boolean("includes_vat", default: false)
    guard let below, let above else { return nil }
    return HoursOfUseCharge(
      name, switchHours: switchHours, below: below, above: above, plannedHours: planned,
      meteringSeconds: meteringSeconds, includesVAT: includesVAT, position: position)
  }

  /// Reads an amount that does not depend on use.
  func fixedCharge() -> FixedCharge? {
    FixedCharge(
      text("name"), amount: datedValue("amount"), unit: choice("per", default: .month),
      includesVAT: boolean("includes_vat", default: false), currency: optionalText("currency"),
      position: position)
  }

  /// Reads the least that a bill comes to.
  func minimumCharge() -> MinimumCharge? {
    MinimumCharge(
      text("name"), amount: datedValue("amount"), unit: choice("per", default: .month),
      includesVAT: boolean("includes_vat", default: false), position: position)
  }
}
