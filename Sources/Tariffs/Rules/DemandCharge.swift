public import Diagnostics
public import TimeSeries

/// A block of billed demand and its price.
public struct DemandTier: Sendable, Hashable {
  /// Upper end of the block; nothing for the last one. [kW]
  public var upToKW: Double?
  /// Price of a kilowatt in the block for the charge's billing unit of time. [currency/kW]
  public var pricePerKW: DatedValue

  /// States a block.
  public init(upToKW: Double? = nil, pricePerKW: DatedValue) {
    self.upToKW = upToKW
    self.pricePerKW = pricePerKW
  }
}

/// A part of the calendar whose demand is billed by itself.
public struct DemandPeriod: Sendable, Hashable {
  /// Shown on bills; unique within the charge.
  public var name: String
  /// When demand counts: in any of these windows.
  public var windows: [CalendarWindow]
  /// Blocks in rising order, each billed for the part of demand inside it.
  public var tiers: [DemandTier]
  /// Factor on metered power before the highest is looked for, 0.5 where nights count half.
  public var weight: Double
  /// Where the period was written.
  public var position: SourcePosition?

  /// States a period with blocks.
  public init(
    _ name: String, window: CalendarWindow = .always, tiers: [DemandTier], weight: Double = 1,
    position: SourcePosition? = nil
  ) {
    self.name = name
    self.windows = [window]
    self.tiers = tiers
    self.weight = weight
    self.position = position
  }

  /// States a period with one price. [currency/kW]
  public init(
    _ name: String, window: CalendarWindow = .always, pricePerKW: DatedValue,
    position: SourcePosition? = nil
  ) {
    self.init(
      name, window: window, tiers: [DemandTier(pricePerKW: pricePerKW)], position: position)
  }
}

/// Which metered powers become the billed demand of a month.
public enum DemandMeasure: Sendable, Hashable {
  /// The month's highest interval of each period.
  case monthlyPeak
  /// The month's highest interval, billed only in the period that contains it.
  case singlePeak
  /// Each day's highest interval of each period, billed day by day.
  case dailyPeak
  /// The mean of the month's `count` highest intervals, one per day if on different days.
  case meanOfHighest(count: Int, onDifferentDays: Bool)
  /// The mean of the monthly peaks of this month and up to `months − 1` before it.
  case meanOfMonthlyPeaks(months: Int, earlierPeaksKW: [Double])
}

/// How earlier peaks hold up the billed demand.
public struct DemandRatchet: Sendable, Hashable {
  /// Which months are looked back on.
  public enum Lookback: Sendable, Hashable {
    /// This many months before the current one.
    case range(months: Int)
    /// The given calendar months (1…12) among the eleven before the current one.
    case months([Int])
  }

  /// What the look-back demand is compared with.
  public enum Scope: String, Sendable, Hashable, CaseIterable {
    /// One number for the whole site is billed in every period.
    case site
    /// Each period bills its own peak, but not less than the site's look-back demand.
    case floor
    /// Each period looks back on its own peaks.
    case period
  }

  /// Share of the look-back peak that is billed at least, 0…1, for each calendar month.
  public var fractionByMonth: [Double]
  /// Which months are looked back on.
  public var lookback: Lookback
  /// Peaks of the months before the first one billed, the latest last. [kW]
  public var earlierPeaksKW: [Double]
  /// True when the month's own peak counts in full; otherwise it counts at the ratchet's share.
  public var usesActualPeak: Bool
  /// What the look-back demand is compared with.
  public var scope: Scope

  /// States a ratchet with one share all year.
  public init(
    fraction: Double, lookback: Lookback, earlierPeaksKW: [Double] = [],
    usesActualPeak: Bool = true, scope: Scope = .floor
  ) {
    self.init(
      fractionByMonth: [Double](repeating: fraction, count: 12), lookback: lookback,
      earlierPeaksKW: earlierPeaksKW, usesActualPeak: usesActualPeak, scope: scope)
  }

  /// States a ratchet whose share differs by calendar month.
  public init(
    fractionByMonth: [Double], lookback: Lookback, earlierPeaksKW: [Double] = [],
    usesActualPeak: Bool = true, scope: Scope = .floor
  ) {
    self.fractionByMonth = fractionByMonth
    self.lookback = lookback
    self.earlierPeaksKW = earlierPeaksKW
    self.usesActualPeak = usesActualPeak
    self.scope = scope
  }
}

/// The unit of time that a price per kilowatt is stated for.
public enum DemandUnit: String, Sendable, Hashable, CaseIterable {
  /// Per kilowatt and month.
  case month
  /// Per kilowatt and year; a twelfth is billed each month.
  case year
  /// Per kilowatt and day, times the days of the month.
  case day
}

/// An event during which demand counts, such as a system peak, on the local clock.
public struct DemandEvent: Sendable, Hashable {
  /// First local time.
  public let start: CivilTime
  /// First local time after the event.
  public let end: CivilTime

  /// States an event on the local clock.
  public init(start: CivilTime, end: CivilTime) {
    self.start = start
    self.end = end
  }

  /// Instants of the event; in an hour that the clock repeats, from its first to its second pass.
  /// [UTC epoch s]
  func instants(in zone: Zone) -> Range<Int> {
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
public struct DemandCharge: Sendable, Hashable {
  /// Shown on bills; unique within the tariff.
  public var name: String
  /// Parts of the calendar; they must not overlap, and times in none of them are free.
  public var periods: [DemandPeriod]
  /// Which metered powers count.
  public var measure: DemandMeasure
  /// Length of the interval over which power is averaged. [s]
  public var meteringSeconds: Int
  /// Unit of time of the prices.
  public var unit: DemandUnit
  /// How earlier peaks hold up the billed demand.
  public var ratchet: DemandRatchet?
  /// Demand that is billed at least. [kW]
  public var minimumKW: Double
  /// Limit on the charge as a price on the month's import, before VAT. [currency/kWh]
  public var capPerKWh: Double?
  /// Times at which demand counts, where only events count.
  public var events: [DemandEvent]?
  /// Power factor of the site against the one required; billed demand rises by their ratio.
  public var powerFactor: PowerFactorRule?
  /// True when prices are written with VAT.
  public var includesVAT: Bool
  /// Currency as written, when the document repeats it.
  public var currency: String?
  /// Where the charge was written.
  public var position: SourcePosition?

  /// States a charge on power.
  public init(
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
public struct PowerFactorRule: Sendable, Hashable {
  /// Power factor assumed for the site, above 0 and at most 1.
  public var assumed: Double
  /// Power factor below which billed demand is raised to `demand · required / assumed`.
  public var required: Double

  /// States a power factor rule.
  public init(assumed: Double, required: Double) {
    self.assumed = assumed
    self.required = required
  }

  /// Factor on billed demand.
  var factor: Double { assumed < required ? required / assumed : 1 }
}
