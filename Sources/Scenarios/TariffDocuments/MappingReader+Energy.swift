import Diagnostics
import Tariffs
import TimeSeries

extension MappingReader {
  /// Reads one component of the energy price.
  func energyCharge(seasons: NamedDays) -> EnergyCharge? {
    let name = text("name")
    var charge = energyPrices(named: name, seasons: seasons)
    charge.tierConvention = choice("tier_convention", default: .chronological)
    charge.tierBasis = choice("tier_basis", default: .kWhPerMonth)
    charge.includesVAT = boolean("includes_vat", default: false)
    charge.isNetted = boolean("netted", default: true)
    charge.currency = optionalText("currency")
    return charge
  }

  /// Reads prices: `periods`, or the short form of one price for every time.
  func energyPrices(named name: String, seasons: NamedDays) -> EnergyCharge {
    if has("periods") {
      let periods = list("periods") { reader -> EnergyPeriod? in
        let name = reader.text("name")
        let windows = reader.windows(seasons: seasons)
        return reader.energyPeriod(named: name, windows: windows)
      }
      return EnergyCharge(name, periods: periods, position: position)
    }
    let period = energyPeriod(named: "all", windows: [.always])
    return EnergyCharge(name, periods: period.map { [$0] } ?? [], position: position)
  }

  /// Reads the prices of a period: a price, blocks, or a factor on the spot price.
  private func energyPeriod(named name: String, windows: [CalendarWindow]) -> EnergyPeriod? {
    let multiplier = optionalNumber("spot_multiplier", .finite)
    let floor = optionalDatedValue("floor_per_kwh")
    let cap = optionalDatedValue("cap_per_kwh")
    for key in ["floor_per_kwh", "cap_per_kwh"] {
      require(
        multiplier != nil || !has(key), key, "'\(key)' bounds a price that needs 'spot_multiplier'")
    }
    let condition = optionalSection("when_spot_below") { $0.spotCondition() }
    let bank = optionalText("bank")
    var tiers: [EnergyTier] = []
    if has("tiers") {
      tiers = list("tiers") { reader -> EnergyTier? in
        let limit = reader.optionalNumber("up_to", .zeroOrMore)
        return EnergyTier(upTo: limit, pricePerKWh: reader.datedValue("price_per_kwh"))
      }
      require(!has("price_per_kwh"), "price_per_kwh", "give 'price_per_kwh' or 'tiers', not both")
    } else if multiplier != nil {
      tiers = [EnergyTier(pricePerKWh: datedValue("adder_per_kwh", default: 0))]
    } else {
      tiers = [EnergyTier(pricePerKWh: datedValue("price_per_kwh"))]
    }
    var period = EnergyPeriod(
      name, tiers: tiers, spotMultiplier: multiplier ?? 0, floorPerKWh: floor,
      capPerKWh: cap, whenSpotBelow: condition, bank: bank, position: position)
    period.windows = windows
    return period
  }

  /// Reads another price for times of a low spot price.
  private func spotCondition() -> SpotCondition? {
    SpotCondition(
      belowPerKWh: number("spot_per_kwh", .finite, default: 0),
      pricePerKWh: datedValue("price_per_kwh", default: 0),
      fromDay: optionalDate("from")?.dayNumber)
  }

  /// Reads carbon dioxide by the kilowatt-hour, as periods or one number.
  func carbonFactor(seasons: NamedDays) -> CarbonFactor? {
    func period(
      _ reader: MappingReader, _ name: String, _ windows: [CalendarWindow]
    ) -> EnergyPeriod {
      var period = EnergyPeriod(
        name, pricePerKWh: reader.datedValue("kg_per_kwh"), position: reader.position)
      period.windows = windows
      return period
    }
    let periods =
      has("periods")
      ? list("periods") { reader -> EnergyPeriod? in
        let name = reader.text("name")
        let windows = reader.windows(seasons: seasons)
        return period(reader, name, windows)
      } : [period(self, "all", [.always])]
    return CarbonFactor(
      factors: EnergyCharge("carbon dioxide", periods: periods, position: position),
      creditsExport: boolean("credits_export", default: false))
  }

  /// Reads what export earns.
  func exportRule(seasons: NamedDays) -> ExportRule? {
    let arrangement: MeteringArrangement = choice(
      "arrangement",
      among: [
        ("net_billing", MeteringArrangement.netBilling),
        ("net_billing_carry_over", .netBillingCarryOver(sameMonthFirst: false)),
        ("net_metering_kwh", .netMeteringEnergy), ("net_metering_money", .netMeteringMoney),
        ("buy_all_sell_all", .buyAllSellAll),
      ], default: .netBilling)
    let sameMonthFirst = boolean("same_month_first", default: false)
    var charges: [EnergyCharge] = []
    if has("charges") {
      charges = list("charges") { $0.energyCharge(seasons: seasons) }
    } else if has("periods") || has("price_per_kwh") || has("spot_multiplier") || has("tiers") {
      charges = [energyPrices(named: "export", seasons: seasons)]
      charges[0].tierConvention = choice("tier_convention", default: .chronological)
    }
    let isCarryOver = arrangement == .netBillingCarryOver(sameMonthFirst: false)
    require(
      isCarryOver || !has("same_month_first"), "same_month_first",
      "'same_month_first' needs the arrangement 'net_billing_carry_over'")
    return ExportRule(
      charges: charges,
      arrangement: isCarryOver ? .netBillingCarryOver(sameMonthFirst: sameMonthFirst) : arrangement,
      trueUpMonth: optionalInteger("true_up_month", 1...12),
      trueUpPerKWh: optionalDatedValue("true_up_per_kwh"),
      creditExpires: boolean("credit_expires", default: false),
      nettingRatio: number("netting_ratio", .finite, default: 1),
      creditMonths: optionalInteger("credit_months", 1...120),
      refundFraction: number("refund_fraction", .fraction, default: 0),
      paysVAT: boolean("pays_vat", default: false), position: position)
  }
}
