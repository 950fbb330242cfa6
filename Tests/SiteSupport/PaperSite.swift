package import Forecasting
package import Planning
package import Replay
package import Tariffs
package import TimeSeries
package import Twin

/// A site whose money can be checked on paper: days of four slots of six hours on the UTC clock,
/// loads written out slot by slot, and a battery that loses nothing.
package enum PaperSite {
  /// Length of a slot. [s]
  package static let stepSeconds = 21_600
  /// Midnight of 2024-06-10, a Monday. [UTC epoch s]
  package static let monday = midnight(month: 6, day: 10)

  /// Returns midnight of a day of 2024. [UTC epoch s]
  package static func midnight(month: Int, day: Int) -> Int {
    CivilTime(year: 2024, month: month, day: day).dayNumber * 86_400
  }

  /// 0.10 EUR/kWh from midnight to noon and 0.30 EUR/kWh from noon to midnight.
  package static func dayAndNight(exportPerKWh: Double = 0) throws -> Tariff {
    try Tariff(
      name: "day and night", currency: "EUR",
      energy: [
        EnergyCharge(
          "energy",
          periods: [
            EnergyPeriod(
              "low", window: CalendarWindow(times: [ClockSpan(hours: 0, to: 12)]), pricePerKWh: 0.1),
            EnergyPeriod("high", window: .rest, pricePerKWh: 0.3),
          ])
      ], export: .fixed(pricePerKWh: DatedValue(exportPerKWh)))
  }

  /// 0.10 EUR/kWh at any time.
  package static func flat(
    demand: [DemandCharge] = [], fixed: [FixedCharge] = []
  ) throws -> Tariff {
    try Tariff(
      name: "flat", currency: "EUR", energy: [.flat("energy", pricePerKWh: 0.1)], demand: demand,
      fixed: fixed)
  }

  /// A battery without losses, own draw, spread or ageing, at the temperature of the air.
  ///
  /// Its state of charge may go from 0 to 1. What is left of resistance and of the slope of the
  /// voltage moves energies by less than one part in a million.
  ///
  /// - Parameters:
  ///   - capacityKWh: Energy between empty and full. [kWh]
  ///   - powerKW: Rating of the inverter. [kW]
  ///   - derating: Rules by which the battery gives less than its rating.
  ///   - maximumRatePerHour: Highest rate of the cells, of which derating leaves a share. [1/h]
  ///   - pvCoupling: The side of the inverter that production is on.
  ///   - minimumKW: Power below which the inverter rests. [kW]
  ///   - stepsKW: The only powers at which it runs; any without one. [kW]
  ///   - faults: What goes wrong.
  /// - Returns: The battery system.
  /// - Throws: `InputError` when the numbers make no battery.
  package static func battery(
    capacityKWh: Double, powerKW: Double, derating: DeratingPolicy = .none,
    maximumRatePerHour: Double = 100, pvCoupling: PVCoupling = .ac,
    minimumKW: Double = 0, stepsKW: [Double] = [], faults: [FaultSpecification] = []
  ) throws -> TwinSpecification {
    let pair = ResistorCapacitor(resistanceOhm: 0, timeConstantS: 1, activationJPerMol: 0)
    let cell = CellSpecification(
      name: "ideal", chemistry: .lfp, sources: [], capacityAh: capacityKWh * 1000 / 3.3,
      socFraction: [0, 1], openCircuitV: [3.3 - 1e-6, 3.3 + 1e-6], seriesOhm: 1e-10,
      seriesActivationJPerMol: 0, fast: pair, slow: pair, minimumV: 1, maximumV: 5,
      maximumChargeC: maximumRatePerHour, maximumDischargeC: maximumRatePerHour,
      heatCapacityJPerK: 10)
    var converter = ConverterSpecification.ideal(ratedKW: powerKW)
    converter.pvCoupling = pvCoupling
    converter.minimumKW = minimumKW
    converter.stepsKW = stepsKW
    return try TwinSpecification(
      cell: cell, series: 1, spread: .none,
      cooling: CoolingSpecification(topology: .isolated, airWPerK: 100, stillAirFraction: 1),
      enclosure: EnclosureSpecification(
        airCapacityJPerK: 10, ventilationWPerK: 0, leakWPerK: 100),
      converter: converter,
      limits: LimitSpecification(minimumSOC: 0, maximumSOC: 1), derating: derating,
      balancing: nil, ageing: nil, faults: faults, substepSeconds: 3600)
  }

  /// What happened on days written out slot by slot, after a week of days like the first one.
  ///
  /// - Parameters:
  ///   - loadKW: Four values for each day of the period. [kW]
  ///   - earlierKW: Load of the days before the period; the first day's when nil. [kW]
  ///   - pvKW: Production as `loadKW`; none when nil. [kW]
  ///   - from: Midnight of the first day. [UTC epoch s]
  ///   - ambientC: Air temperature. [°C]
  /// - Returns: The measurements.
  package static func history(
    loadKW: [[Double]], earlierKW: [Double]? = nil, pvKW: [[Double]]? = nil, from: Int = monday,
    ambientC: Double = 20
  ) -> SiteHistory {
    func column(_ days: [[Double]], earlier: [Double]) -> [Double] {
      (0..<7).flatMap { _ in earlier } + days.flatMap { $0 }
    }
    let load = column(loadKW, earlier: earlierKW ?? loadKW[0])
    let grid = TimeGrid(start: from - 7 * 86_400, stepSeconds: stepSeconds, count: load.count)
    var history = SiteHistory(
      grid: grid, zone: .utc,
      columns: [.load: load, .ambient: [Double](repeating: ambientC, count: load.count)])
    if let pvKW { history[.pv] = column(pvKW, earlier: pvKW[0]) }
    return history
  }

  /// Plans of a day every six hours, executed on the slot.
  package static func settings(
    recourse: RecourseRule = .batterySetPoint, wearPerKWh: Double = 0
  ) -> ReplaySettings {
    ReplaySettings(
      planningStepSeconds: stepSeconds, horizonHours: 24, replanSeconds: stepSeconds,
      twinStepSeconds: 3600, recourse: recourse, wearPerKWh: wearPerKWh)
  }

  /// A case over the days after the first week of a history.
  package static func replay(
    _ history: SiteHistory, tariff: Tariff, battery: TwinSpecification,
    settings: ReplaySettings = settings(), importLimitKW: PowerLimit = .infinity,
    exportLimitKW: PowerLimit = .infinity, usualLimits: UsualLimits? = nil
  ) throws -> ReplayCase {
    try ReplayCase(
      history: history, site: SiteContext(zone: .utc), from: history.grid.start + 7 * 86_400,
      to: history.grid.end, battery: battery, tariff: tariff, importLimitKW: importLimitKW,
      exportLimitKW: exportLimitKW, usualLimits: usualLimits, settings: settings)
  }

  /// A forecast version of one kind for every quantity.
  package static func version(
    _ kind: ForecastRecipe.Kind, name: String? = nil
  ) -> ForecastVersion {
    let recipe = ForecastRecipe(kind)
    return ForecastVersion(
      name: name ?? kind.rawValue, load: recipe, pv: recipe, price: recipe)
  }

  /// An outcome whose cost, days and forecast errors are stated instead of replayed.
  ///
  /// - Parameters:
  ///   - name: Name of the controller.
  ///   - cost: What the period cost. [currency]
  ///   - dailyCosts: What each day cost. [currency]
  ///   - months: What each month cost; without, the days are part of one month without peaks.
  ///   - errors: Forecast less actual, pair by pair. [unit of the quantity]
  /// - Returns: The outcome of a day without a battery, with these figures in place of its own.
  /// - Throws: What a replay throws.
  package static func outcome(
    _ name: String, cost: Double, dailyCosts: [Double] = [],
    months: [MonthCosts]? = nil, errors: [Quantity: [Double]] = [:]
  ) throws -> ReplayOutcome {
    var outcome = try Replayer(idleDay()).run(.noBattery)
    outcome.name = name
    outcome.bill = Bill(months: [])
    outcome.wearCost = cost
    outcome.dailyCosts = dailyCosts
    outcome.monthCosts =
      months ?? [
        MonthCosts(
          label: "2024-06", month: 6, isWhole: false,
          energyByDay: dailyCosts.isEmpty ? [cost] : dailyCosts)
      ]
    for (quantity, values) in errors {
      var statistics = ErrorStatistics()
      for error in values { statistics.add(forecast: error, actual: 0, lead: 0) }
      outcome.accuracy[quantity] = statistics
    }
    return outcome
  }

  /// A day of 1 kW at 0.10 EUR/kWh with a battery of 6 kWh that cannot earn anything.
  package static func idleDay() throws -> ReplayCase {
    try replay(
      history(loadKW: [[1, 1, 1, 1]]), tariff: flat(),
      battery: battery(capacityKWh: 6, powerKW: 1))
  }
}
