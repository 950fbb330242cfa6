import Numerics
import Planning
import Synthesis
import Tariffs
import TimeSeries

/// Plans of 36 h at 15 min, rolled on hour by hour with fresh forecasts.
enum PlanningBenchmarks {
  static func cases() -> [BenchmarkCase] {
    [
      BenchmarkCase(
        name: "plan.value_function_144", unit: "µs", target: 60,
        measure: { try roll(ValueFunctionPlanner(), scale: 1e6) }),
      BenchmarkCase(name: "plan.inverted_144", unit: "ms", target: 1, measure: inverted),
      BenchmarkCase(name: "plan.hedged_144", unit: "ms", target: 0.25, measure: hedged),
      BenchmarkCase(
        name: "plan.glpk_segments_144", unit: "ms", target: 0.5,
        measure: { try roll(SegmentPlanner(), scale: 1e3) }),
      BenchmarkCase(
        name: "plan.glpk_general_144", unit: "ms", target: 2.5,
        measure: { try roll(general(), scale: 1e3) }),
      BenchmarkCase(
        name: "plan.year_value_function", unit: "s", target: 1,
        measure: { try year(ValueFunctionPlanner()) }),
      BenchmarkCase(
        name: "plan.year_glpk_segments", unit: "s", target: 5,
        measure: { try year(SegmentPlanner()) }),
      BenchmarkCase(
        name: "plan.year_glpk_general", unit: "s", target: 25, measure: { try year(general()) }),
      BenchmarkCase(
        name: "plan.foresight_year", unit: "ms", target: 40, measure: foresight),
      BenchmarkCase(
        name: "plan.foresight_year_peaks", unit: "ms", target: nil, measure: foresightWithPeaks),
    ]
  }

  private static func general() -> GLPKPlanner {
    var planner = GLPKPlanner()
    planner.attachesValueFunction = false
    return planner
  }

  /// Median processor time of a plan over 300 hours, after ten that warm up.
  private static func roll(
    _ planner: some SchedulePlanner, scale: Double
  ) throws -> BenchmarkCase.Measurement {
    var planner = planner
    var certifier = SegmentPlanner()
    let year = PlanningYear(kind: .home)
    var times: [Double] = []
    var worst = 0.0
    for hour in 0..<310 {
      let request = year.request(hour: 2000 + hour, count: 144)
      var plan: Plan?
      let seconds = Stopwatch.seconds { plan = planner.plan(request) }
      if hour >= 10 { times.append(seconds) }
      guard hour % 10 == 0, let plan else { continue }
      let check = certifier.plan(request)
      worst = max(worst, abs(check.objective - plan.objective) / max(1, abs(plan.objective)))
    }
    return BenchmarkCase.Measurement(
      value: Stopwatch.median(times) * scale, isChecked: worst <= 1e-7,
      details: [
        ("iterations_per_plan", Double(planner.counts.iterations) / 310),
        ("cold_starts", Double(planner.counts.coldStarts)),
        ("failed", Double(planner.counts.failed)),
      ])
  }

  /// Median processor time of a plan whose night rate lies below the price for feeding in.
  ///
  /// The first 24 slots by themselves must cost what branch and cut finds, and the whole plan what the
  /// linear program finds with the same directions.
  @Sendable private static func inverted() throws -> BenchmarkCase.Measurement {
    let year = PlanningYear(kind: .nightRate)
    var planner = ValueFunctionPlanner()
    var general = general()
    var times: [Double] = []
    var worst = 0.0
    var bent = 0
    for hour in 0..<310 {
      let request = year.request(hour: 2000 + hour, count: 144)
      var plan: Plan?
      let seconds = Stopwatch.seconds { plan = planner.plan(request) }
      if hour >= 10 { times.append(seconds) }
      guard hour % 30 == 0, let plan else { continue }
      bent += plan.invertedSlots
      worst = max(worst, abs(general.plan(request).objective - plan.objective))
      let short = year.request(hour: 2000 + hour, count: 24)
      let part = planner.plan(short)
      let least = IntegerForm(short)?.leastCost() ?? .infinity
      worst = max(worst, abs(part.objective - part.keepingValue - least))
    }
    return BenchmarkCase.Measurement(
      value: Stopwatch.median(times) * 1e3, isChecked: worst <= 1e-6 && bent > 100,
      details: [("largest_difference", worst)])
  }

  /// Median processor time of a plan hedged against the last twelve days, of which four slots decide.
  ///
  /// The worth of energy after a decided slot must be the mean of the worths that the planner of a single
  /// path finds for each path, or lie between those a hair below and above a corner.
  @Sendable private static func hedged() throws -> BenchmarkCase.Measurement {
    let year = PlanningYear(kind: .home)
    var planner = HedgedPlanner(.expectedValue, seed: 1)
    var single = ValueFunctionPlanner()
    var times: [Double] = []
    var wrong = 0
    var checked = 0
    for hour in 0..<310 {
      var request = year.request(hour: 2000 + hour, count: 144)
      request.decidedSlots = 4
      let paths = year.lastDays(12, before: 2000 + hour, count: 144)
      var plan: Plan?
      let seconds = Stopwatch.seconds { plan = planner.plan(request, paths: paths) }
      if hour >= 10 { times.append(seconds) }
      guard hour % 30 == 0, let plan, let mean = plan.valueFunction else { continue }
      let own = paths.map { path in
        var one = request
        one.loadKW = path.loadKW
        one.pvKW = path.pvKW
        one.terminal = plan.terminal ?? .none
        return single.plan(one).valueFunction
      }
      // A hedge knows the energies that the battery can come to by then.
      let known = mean.energyRange(after: 3)
      for energy in stride(from: 0.7, to: 9.5, by: 1.1)
      where known.lowerBound + 1e-3...known.upperBound - 1e-3 ~= energy {
        func worth(_ shift: Double) -> Double {
          var sum = 0.0
          for value in own {
            sum += value?.energyValuePerKWh(after: 3, energyKWh: energy + shift) ?? .nan
          }
          return sum / Double(own.count)
        }
        let found = mean.energyValuePerKWh(after: 3, energyKWh: energy)
        checked += 1
        if !(found <= worth(-1e-6) + 1e-9 && found >= worth(1e-6) - 1e-9) { wrong += 1 }
      }
    }
    return BenchmarkCase.Measurement(
      value: Stopwatch.median(times) * 1e3,
      isChecked: wrong == 0 && checked > 50 && planner.counts.hedged == 310)
  }

  /// All 8,760 plans of a year.
  private static func year(_ planner: some SchedulePlanner) throws -> BenchmarkCase.Measurement {
    var planner = planner
    let year = PlanningYear(kind: .home)
    var seconds = 0.0
    var failed = 0
    for hour in 0..<8760 {
      let request = year.request(hour: hour, count: 144)
      var status = PlanStatus.idle
      seconds += Stopwatch.seconds { status = planner.plan(request).status }
      if status != .optimal { failed += 1 }
    }
    return BenchmarkCase.Measurement(
      value: seconds, isChecked: failed == 0,
      details: [("cold_starts", Double(planner.counts.coldStarts))])
  }

  /// One plan over the whole year on the truth.
  private static func foresight() throws -> BenchmarkCase.Measurement {
    let request = PlanningYear(kind: .home).wholeYear()
    var plan: Plan?
    let seconds = Stopwatch.median { plan = foresightPlan(request) }
    return BenchmarkCase.Measurement(
      value: seconds * 1e3, isChecked: plan?.status == .optimal && (plan?.relativeGap ?? 1) <= 1e-9)
  }

  /// The same with twelve demand charges searched together.
  private static func foresightWithPeaks() throws -> BenchmarkCase.Measurement {
    let request = PlanningYear(kind: .business).wholeYear()
    var plan: Plan?
    let seconds = Stopwatch.median(repeats: 1) { plan = foresightPlan(request) }
    return BenchmarkCase.Measurement(
      value: seconds * 1e3, isChecked: (plan?.relativeGap ?? 1) <= 1e-6,
      details: [("relative_gap", plan?.relativeGap ?? .nan)])
  }
}

/// A synthetic year with forecasts that err more the further they look.
struct PlanningYear {
  enum Kind {
    /// 10 kWh and 5 kW, photovoltaics, hourly spot price.
    case home
    /// 1 MWh and 500 kW, two tariff times, a demand charge per month.
    case business
    /// The home with a rate by night and day and a premium for feeding in the evening.
    case nightRate
  }

  let kind: Kind
  let grid: TimeGrid
  private var load: [Double]
  private var pv: [Double]
  private var buy: [Double]
  private var sell: [Double]
  private let local: LocalSlots
  private static let perHour = 4

  init(kind: Kind) {
    self.kind = kind
    grid = TimeGrid(start: 1_704_067_200, stepSeconds: 900, count: 366 * 96 + 144)
    let site = SyntheticSite(
      place: GeographicPosition(latitudeDeg: 52.5, longitudeDeg: 13.4),
      load: SyntheticLoad(
        kind: kind == .business ? .business : .home, annualKWh: kind == .business ? 2_000_000 : 4000
      ),
      pv: SyntheticPV(peakKW: kind == .business ? 400 : 8))
    let history = site.history(grid: grid, zone: .utc, seed: 7)
    load = history[.load] ?? []
    pv = history[.pv] ?? []
    local = LocalSlots(grid: grid, zone: .utc)
    let spot = history[.price] ?? []
    buy = []
    sell = []
    for t in grid.indices {
      switch kind {
      case .home:
        buy.append(spot[t] * 1.2 + 0.12)
        sell.append(spot[t])
      case .business:
        let isDay = local.weekday[t] <= 5 && (480..<1200).contains(local.minuteOfDay[t])
        buy.append(isDay ? 0.22 : 0.14)
        sell.append(0.05)
      case .nightRate:
        buy.append((30..<330).contains(local.minuteOfDay[t]) ? 0.07 : 0.25)
        sell.append((960..<1140).contains(local.minuteOfDay[t]) ? 0.28 : 0.15)
      }
    }
  }

  private func envelope(_ count: Int) -> PowerEnvelope {
    kind == .business
      ? .constant(
        count: count, chargeKW: 500, dischargeKW: 500, energyMaxKWh: 1000, chargeEfficiency: 0.95,
        dischargeEfficiency: 0.95)
      : .constant(
        count: count, chargeKW: 5, dischargeKW: 5, energyMaxKWh: 10, chargeEfficiency: 0.95,
        dischargeEfficiency: 0.95)
  }

  /// A request at an hour, with forecast errors that grow over twelve hours.
  func request(hour: Int, count: Int) -> PlanRequest {
    let first = hour * Self.perHour
    var generator = SeededGenerator(seed: UInt64(hour))
    var error = 0.0
    var forecastLoad = [Double](repeating: 0, count: count)
    var forecastPV = forecastLoad
    for k in 0..<count {
      error = 0.95 * error + 0.05 * generator.normal()
      let grown = error * min(1, Double(k + 1) / 48)
      forecastLoad[k] = max(0, load[first + k] * (1 + grown))
      forecastPV[k] = max(0, pv[first + k] * (1 - grown))
    }
    return PlanRequest(
      grid: grid[first..<(first + count)], loadKW: forecastLoad, pvKW: forecastPV,
      prices: PlanningPrices(
        buyPerKWh: Array(buy[first..<(first + count)]),
        sellPerKWh: Array(sell[first..<(first + count)])),
      envelope: envelope(count),
      initialEnergyKWh: envelope(1).energyMaxKWh[0] * generator.uniform(0.2, 0.8),
      wearPerKWh: 0.02, terminal: .priceQuantile(0.25), elapsedSlots: hour == 0 ? 0 : Self.perHour)
  }

  /// The last days laid over the horizon that begins at an hour.
  func lastDays(_ days: Int, before hour: Int, count: Int) -> [ForecastPath] {
    let first = hour * Self.perHour
    let day = 24 * Self.perHour
    return (1...days).map { back in
      let places = (0..<count).map { first + $0 - (back + $0 / day) * day }
      return ForecastPath(loadKW: places.map { load[$0] }, pvKW: places.map { pv[$0] })
    }
  }

  /// One request over the whole year on the truth.
  func wholeYear() -> PlanRequest {
    let count = 35_040
    var demands: [DemandPrice] = []
    if kind == .business {
      for month in 1...12 {
        demands.append(
          DemandPrice(
            label: "peak \(month)", pricePerKW: 12,
            applies: (0..<count).map { local.month[$0] == month && local.year[$0] == 2024 }))
      }
    }
    return PlanRequest(
      grid: grid[0..<count], loadKW: Array(load[0..<count]), pvKW: Array(pv[0..<count]),
      prices: PlanningPrices(
        buyPerKWh: Array(buy[0..<count]), sellPerKWh: Array(sell[0..<count]), demands: demands),
      envelope: envelope(count), initialEnergyKWh: envelope(1).energyMaxKWh[0] / 2,
      wearPerKWh: 0.02, terminal: .perKWh(0.15))
  }
}
