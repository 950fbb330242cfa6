package import Diagnostics
package import TimeSeries

/// A block of billed demand and its price.
package struct DemandTier: Sendable, Hashable {
  /// Upper end of the block; nothing for the last one. [kW]
  package var upToKW: Double?
  /// Price of a kilowatt in the block for the charge's billing unit of time. [currency/kW]
  package var pricePerKW: DatedValue

  /// Creates a block.
  package init(upToKW: Double? = nil, pricePerKW: DatedValue) {
    self.upToKW = upToKW
    self.pricePerKW = pricePerKW
  }
}

/// A band of billed demand with one amount for all of it, whatever the demand within the band.
package struct DemandStep: Sendable, Hashable {
  /// Highest demand of the band, which still belongs to it; nothing for the last one. [kW]
  package var upToKW: Double?
  /// Amount for the charge's billing unit of time. [currency]
  package var amount: DatedValue

  /// Creates a band.
  package init(upToKW: Double? = nil, amount: DatedValue) {
    self.upToKW = upToKW
    self.amount = amount
  }
}

/// A part of the calendar whose demand is billed by itself.
package struct DemandPeriod: Sendable, Hashable {
  /// Shown on bills; unique within the charge.
  package var name: String
  /// When demand counts: in any of these windows.
  package var windows: [CalendarWindow]
  /// Blocks in rising order, each billed for the part of demand inside it.
  package var tiers: [DemandTier]
  /// Bands in rising order in place of blocks, of which one is billed; empty for blocks.
  package var steps: [DemandStep] = []
  /// Price of the squared demand, on top of the blocks. [currency/kW²]
  package var pricePerKW2: DatedValue?
  /// Factor on metered power before the highest is looked for, 0.5 where nights count half.
  package var weight: Double
  /// Where the period was written.
  package var position: SourcePosition?

  /// Creates a period with blocks.
  package init(
    _ name: String, window: CalendarWindow = .always, tiers: [DemandTier], weight: Double = 1,
    position: SourcePosition? = nil
  ) {
    self.name = name
    self.windows = [window]
    self.tiers = tiers
    self.weight = weight
    self.position = position
  }

  /// Creates a period with one price. [currency/kW]
  package init(
    _ name: String, window: CalendarWindow = .always, pricePerKW: DatedValue,
    position: SourcePosition? = nil
  ) {
    self.init(
      name, window: window, tiers: [DemandTier(pricePerKW: pricePerKW)], position: position)
  }
}

/// The unit of time that a price per kilowatt is stated for.
package enum DemandUnit: String, Sendable, Hashable, CaseIterable {
  /// Per kilowatt and month.
  case month
  /// Per kilowatt and year; a twelfth is billed each month.
  case year
  /// Per kilowatt and day, times the days of the month.
  case day
}

/// An event during which demand counts, such as a system peak, on the local clock.
package struct DemandEvent: Sendable, Hashable {
  /// First local time.
  package let start: CivilTime
  /// First local time after the event.
  package let end: CivilTime

  /// Creates an event on the local clock.
  package init(start: CivilTime, end: CivilTime) {
    self.start = start
    self.end = end
  }

  /// Instants of the event; in an hour that the clock repeats, from its first to its second pass.
  /// [UTC epoch s]
  package func instants(in zone: Zone) -> Range<Int> {
    func instant(_ local: CivilTime, later: Bool) -> Int {
      switch zone.instant(of: local) {
      case .unique(let instant): instant
      case .ambiguous(let first, let second): later ? second : first
      case .nonexistent: local.localSeconds - zone.offsetSeconds(at: local.localSeconds)
      }
    }
    let from = instant(start, later: false)
    return from..<max(from, instant(end, later: true))
  }
}

/// A charge on power: metered over intervals, searched for peaks, billed once a month.
package struct DemandCharge: Sendable, Hashable {
  /// Shown on bills; unique within the tariff.
  package var name: String
  /// Parts of the calendar; they must not overlap, and times in none of them are free.
  package var periods: [DemandPeriod]
  /// Which metered powers count.
  package var measure: DemandMeasure
  /// Length of the interval over which power is averaged. [s]
  package var meteringSeconds: Int
  /// Unit of time of the prices.
  package var unit: DemandUnit
  /// How earlier peaks hold up the billed demand.
  package var ratchet: DemandRatchet?
  /// Demand that is billed at least. [kW]
  package var minimumKW: Double
  /// Limit on the charge as a price on the month's import, before VAT. [currency/kWh]
  package var capPerKWh: Double?
  /// Times at which demand counts, where only events count.
  package var events: [DemandEvent]?
  /// Power factor of the site against the one required; billed demand rises by their ratio.
  package var powerFactor: PowerFactorRule?
  /// True when prices are written with VAT.
  package var includesVAT: Bool
  /// Currency as written, when the document repeats it.
  package var currency: String?
  /// Where the charge was written.
  package var position: SourcePosition?

  /// True when the peaks of other months decide a month's bill as well.
  package var looksOverMonths: Bool { ratchet != nil || measure.rule.looksOverMonths }

  /// Creates a charge on power.
  package init(
    _ name: String, periods: [DemandPeriod], measure: DemandMeasure = .monthlyPeak,
    meteringSeconds: Int = 900, unit: DemandUnit = .month, ratchet: DemandRatchet? = nil,
    minimumKW: Double = 0, capPerKWh: Double? = nil, events: [DemandEvent]? = nil,
    powerFactor: PowerFactorRule? = nil, includesVAT: Bool = false, currency: String? = nil,
    position: SourcePosition? = nil
  ) {
    self.name = name
    self.periods = periods
    self.measure = measure
    self.meteringSeconds = meteringSeconds
    self.unit = unit
    self.ratchet = ratchet
    self.minimumKW = minimumKW
    self.capPerKWh = capPerKWh
    self.events = events
    self.powerFactor = powerFactor
    self.includesVAT = includesVAT
    self.currency = currency
    self.position = position
  }
}

/// A site's assumed power factor against the one that its tariff asks for.
///
/// Reactive power is not metered here, so the site's power factor is an assumption.
package struct PowerFactorRule: Sendable, Hashable {
  /// Power factor assumed for the site, above 0 and at most 1.
  package var assumed: Double
  /// Power factor below which billed demand is raised to `demand · required / assumed`.
  package var required: Double

  /// Creates a power factor rule.
  package init(assumed: Double, required: Double) {
    self.assumed = assumed
    self.required = required
  }

  /// Factor on billed demand.
  var factor: Double { assumed < required ? required / assumed : 1 }
}
