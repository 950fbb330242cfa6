package import Diagnostics

/// How a month's energy is shared over tiers when prices also differ by time of use.
package enum TierConvention: String, Sendable, Hashable, CaseIterable {
  /// One counter runs through the month over all periods; a kilowatt-hour pays the tier in force
  /// when it flows.
  case chronological
  /// The month's total is cut into tiers, and each tier is shared over periods by energy.
  case proRata = "pro_rata"
  /// Each period has a counter of its own.
  case perPeriod = "per_period"
}

/// What the upper limit of an energy tier counts.
package enum TierBasis: String, Sendable, Hashable, CaseIterable {
  /// Kilowatt-hours in the billing month.
  case kWhPerMonth = "kwh"
  /// Kilowatt-hours in the calendar year, counted through its months.
  case kWhPerYear = "kwh_per_year"
  /// Kilowatt-hours per day of the billing month.
  case kWhPerDay = "kwh_per_day"
  /// Kilowatt-hours per kilowatt of the month's highest metered demand.
  case kWhPerKW = "kwh_per_kw"
  /// Kilowatt-hours per kilowatt of the month's highest metered demand and day of the month.
  case kWhPerKWDay = "kwh_per_kw_day"
}

/// A block of energy and its price.
package struct EnergyTier: Sendable, Hashable {
  /// Upper end of the block in the charge's tier basis; nothing for the last block.
  package var upTo: Double?
  /// Price of a kilowatt-hour in the block; added to the spot part where there is one.
  /// [currency/kWh]
  package var pricePerKWh: DatedValue

  /// Creates a block.
  package init(upTo: Double? = nil, pricePerKWh: DatedValue) {
    self.upTo = upTo
    self.pricePerKWh = pricePerKWh
  }
}

/// A part of the calendar with prices of its own.
package struct EnergyPeriod: Sendable, Hashable {
  /// Shown on bills; unique within the charge.
  package var name: String
  /// When the period applies: in any of these windows.
  package var windows: [CalendarWindow]
  /// Blocks in rising order; one block without a limit is a plain price.
  package var tiers: [EnergyTier]
  /// Factor on the spot price; 0 for a price that does not follow the spot market.
  package var spotMultiplier: Double
  /// Lowest price that the spot formula may give, before VAT; none before its first day. [currency/kWh]
  package var floorPerKWh: DatedValue?
  /// Highest price that the spot formula may give, before VAT; none before its first day. [currency/kWh]
  package var capPerKWh: DatedValue?
  /// Another price where the spot price is low; nothing for none.
  package var whenSpotBelow: SpotCondition?
  /// Periods with the same bank share net metering credits, which stay in it from month to month;
  /// without a bank a credit moves to the period that covers the same hour of the next month.
  package var bank: String?
  /// Where the period was written.
  package var position: SourcePosition?

  /// Creates a period with blocks.
  package init(
    _ name: String, window: CalendarWindow = .always, tiers: [EnergyTier],
    spotMultiplier: Double = 0, floorPerKWh: DatedValue? = nil, capPerKWh: DatedValue? = nil,
    whenSpotBelow: SpotCondition? = nil, bank: String? = nil, position: SourcePosition? = nil
  ) {
    self.name = name
    self.windows = [window]
    self.tiers = tiers
    self.spotMultiplier = spotMultiplier
    self.floorPerKWh = floorPerKWh
    self.capPerKWh = capPerKWh
    self.whenSpotBelow = whenSpotBelow
    self.bank = bank
    self.position = position
  }

  /// Creates a period with one price. [currency/kWh]
  package init(
    _ name: String, window: CalendarWindow = .always, pricePerKWh: DatedValue,
    spotMultiplier: Double = 0, position: SourcePosition? = nil
  ) {
    self.init(
      name, window: window, tiers: [EnergyTier(pricePerKWh: pricePerKWh)],
      spotMultiplier: spotMultiplier, position: position)
  }
}

/// One priced component of energy: supply, network fee, tax, mark-up; components add up.
///
/// The price of a slot is `clamp(spotMultiplier · spot + tier price) · (1 + VAT)`, or that of `whenSpotBelow`
/// where the spot price is low.
package struct EnergyCharge: Sendable, Hashable {
  /// Shown on bills; unique within the tariff.
  package var name: String
  /// Parts of the calendar; together they take every time exactly once.
  package var periods: [EnergyPeriod]
  /// How tiers and periods combine.
  package var tierConvention: TierConvention
  /// What tier limits count.
  package var tierBasis: TierBasis
  /// True when the prices are written with VAT.
  package var includesVAT: Bool
  /// False for a charge that net metering does not reduce.
  package var isNetted: Bool
  /// Currency as written, when the document repeats it.
  package var currency: String?
  /// Where the charge was written.
  package var position: SourcePosition?

  /// Creates a charge.
  package init(
    _ name: String, periods: [EnergyPeriod], tierConvention: TierConvention = .chronological,
    tierBasis: TierBasis = .kWhPerMonth, includesVAT: Bool = false, isNetted: Bool = true,
    currency: String? = nil, position: SourcePosition? = nil
  ) {
    self.name = name
    self.periods = periods
    self.tierConvention = tierConvention
    self.tierBasis = tierBasis
    self.includesVAT = includesVAT
    self.isNetted = isNetted
    self.currency = currency
    self.position = position
  }

  /// Returns a charge with one price at all times. [currency/kWh]
  package static func flat(_ name: String, pricePerKWh: DatedValue) -> EnergyCharge {
    EnergyCharge(name, periods: [EnergyPeriod("all", pricePerKWh: pricePerKWh)])
  }

  /// Returns a charge that follows the spot price. [currency/kWh]
  package static func spot(
    _ name: String, multiplier: Double = 1, adderPerKWh: DatedValue = 0
  ) -> EnergyCharge {
    EnergyCharge(
      name,
      periods: [EnergyPeriod("all", pricePerKWh: adderPerKWh, spotMultiplier: multiplier)])
  }

  /// True when a period has more than one block.
  var isTiered: Bool { periods.contains { $0.tiers.count > 1 } }
  /// True when a price follows the spot market or depends on it.
  var usesSpot: Bool {
    periods.contains { $0.spotMultiplier != 0 || $0.whenSpotBelow != nil }
  }
}
