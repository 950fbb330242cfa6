package import Diagnostics
package import TimeSeries

/// A tariff that has been checked: every rule by which a metered series becomes a bill.
///
/// Prices are stated before VAT unless a charge says otherwise. Rules add up, so their order does
/// not matter. Times are those of the site's local clock, daylight saving included.
package struct Tariff: Sendable, Hashable {
  /// Shown on bills.
  package let name: String
  /// ISO code; all prices are in this currency.
  package let currency: String
  /// Where the figures come from, with a date.
  package let source: String?
  /// Value added tax on everything bought, as a fraction.
  package let vatFraction: DatedValue
  /// Days that count as holidays.
  package let holidays: HolidayCalendar
  /// Days with a name of their own.
  package private(set) var dayKinds: [DayKind]
  /// Priced components of imported energy; they add up.
  package let energy: [EnergyCharge]
  /// Charges on power.
  package let demand: [DemandCharge]
  /// Subscribed powers with a fee for drawing more.
  package let contracted: [ContractedPower]
  /// Charges on reactive power.
  package let reactive: [ReactiveCharge]
  /// Charges by hours of use.
  package let hoursOfUse: [HoursOfUseCharge]
  /// Amounts that do not depend on use.
  package let fixed: [FixedCharge]
  /// What export earns and how it is set against import.
  package let export: ExportRule
  /// The least that a bill comes to.
  package let minimums: [MinimumCharge]
  /// Interval of the energy meter; nothing for the step of the data.
  package let settlement: Settlement?
  /// Power that may be imported. [kW]
  package let importLimitKW: Double?
  /// Power that may be exported. [kW]
  package let exportLimitKW: Double?
  /// Carbon dioxide of imported energy.
  package let carbon: CarbonFactor?
  /// Who may take the tariff, and when it holds.
  package let applicability: Applicability
  /// What its source leaves open or out, worth knowing beside every bill.
  package internal(set) var warnings: [Diagnostic]

  /// Checks and assembles a tariff.
  ///
  /// - Throws: `InputError` with everything that is wrong, each finding at the place its rule was
  ///   written.
  package init(
    name: String, currency: String, source: String? = nil, vatFraction: DatedValue = 0,
    holidays: HolidayCalendar = .none, dayKinds: [DayKind] = [], energy: [EnergyCharge],
    demand: [DemandCharge] = [],
    contracted: [ContractedPower] = [], reactive: [ReactiveCharge] = [],
    hoursOfUse: [HoursOfUseCharge] = [],
    fixed: [FixedCharge] = [], export: ExportRule = .nothing, minimums: [MinimumCharge] = [],
    settlement: Settlement? = nil, importLimitKW: Double? = nil, exportLimitKW: Double? = nil,
    carbon: CarbonFactor? = nil, applicability: Applicability = .unlimited,
    warnings: [Diagnostic] = [],
    position: SourcePosition? = nil
  ) throws(InputError) {
    self.name = name
    self.currency = currency
    self.source = source
    self.vatFraction = vatFraction
    self.holidays = holidays
    self.dayKinds = dayKinds
    self.energy = energy
    self.demand = demand
    self.contracted = contracted
    self.reactive = reactive
    self.hoursOfUse = hoursOfUse
    self.fixed = fixed
    self.export = export
    self.minimums = minimums
    self.settlement = settlement
    self.importLimitKW = importLimitKW
    self.exportLimitKW = exportLimitKW
    self.carbon = carbon
    self.applicability = applicability
    self.warnings = warnings
    var findings = Findings()
    check(at: position, into: &findings)
    try findings.throwIfErrors()
  }

  /// Returns the tariff for a site with a power factor, or with another way to combine tiers and periods.
  ///
  /// - Parameters:
  ///   - powerFactor: Power factor of the site, in place of every one that a charge assumes.
  ///   - tierConvention: How tiers and periods of every charge with tiers combine.
  /// - Returns: The tariff.
  /// - Throws: `InputError` where a charge cannot be billed so.
  package func assuming(
    powerFactor: Double?, tierConvention: TierConvention?
  ) throws(InputError) -> Tariff {
    var (energy, demand) = (energy, demand)
    var (contracted, reactive, export) = (contracted, reactive, export)
    if let tierConvention {
      for k in energy.indices where energy[k].isTiered {
        energy[k].tierConvention = tierConvention
      }
      for k in export.charges.indices where export.charges[k].isTiered {
        export.charges[k].tierConvention = tierConvention
      }
    }
    if let powerFactor {
      for k in demand.indices { demand[k].powerFactor?.assumed = powerFactor }
      for k in contracted.indices where contracted[k].assumedPowerFactor != 1 {
        contracted[k].assumedPowerFactor = powerFactor
      }
      for k in reactive.indices { reactive[k].assumedPowerFactor = powerFactor }
    }
    return try Tariff(
      name: name, currency: currency, source: source, vatFraction: vatFraction,
      holidays: holidays, dayKinds: dayKinds, energy: energy, demand: demand,
      contracted: contracted, reactive: reactive, hoursOfUse: hoursOfUse, fixed: fixed,
      export: export, minimums: minimums, settlement: settlement, importLimitKW: importLimitKW,
      exportLimitKW: exportLimitKW, carbon: carbon, applicability: applicability, warnings: warnings
    )
  }

  /// The tariff with none but ordinary days.
  var withOrdinaryDays: Tariff {
    var copy = self
    copy.dayKinds = []
    return copy
  }

  /// True when other months decide what a month is billed for power as well.
  package var looksOverMonths: Bool {
    demand.contains { $0.looksOverMonths } || contracted.contains { $0.holdsForYear }
      || !hoursOfUse.isEmpty
  }

  /// True when any price follows the spot market, so that a bill needs spot prices.
  package var usesSpot: Bool {
    energy.contains { $0.usesSpot } || export.charges.contains { $0.usesSpot }
  }
}

/// The interval over which the energy meter counts, where it is longer than the step of the data.
package struct Settlement: Sendable, Hashable {
  /// Length of the interval; spot prices are averaged over it. [s]
  package var seconds: Int
  /// True when import and export cancel within an interval; otherwise each has its own register.
  package var netsImportAndExport: Bool

  /// Creates a settlement interval.
  package init(seconds: Int, netsImportAndExport: Bool = false) {
    self.seconds = seconds
    self.netsImportAndExport = netsImportAndExport
  }
}
