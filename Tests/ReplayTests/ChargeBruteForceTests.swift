import Planning
import Replay
import SiteSupport
import Tariffs
import Testing
import TimeSeries

/// Charges that plans must see, each with the best of all schedules on a grid of battery powers.
enum SeenCharge: String, CaseIterable, Sendable {
  case subscriptions, rootOfSquares, heldSubscription, hoursOfUse, highLoadWindows, meanBands,
    datedDay, nettingRatio, yearlyTiers, exceededByDay, squaredPeak

  /// What the planned cost may be above the best of the grid: nothing where the charge is exact in a plan.
  var tolerance: Double {
    switch self {
    // The highest excess stands for the root of squares, the rise of a band for its amount.
    case .rootOfSquares, .meanBands: 0.03
    // Chords stand for the square.
    case .squaredPeak: 0.03
    default: 1e-6
    }
  }

  func tariff() throws -> Tariff {
    let late = CalendarWindow(times: [ClockSpan(hours: 12, to: 18)])
    func contract(_ edit: (inout ContractedPower) -> Void) -> [ContractedPower] {
      var power = ContractedPower(
        "power",
        periods: [
          ContractedPeriod(
            "late", windows: [late], contractedKW: 1.25, pricePerKW: 2, overdrawPricePerKW: 3),
          ContractedPeriod(
            "rest", windows: [.rest], contractedKW: 1.75, pricePerKW: 1, overdrawPricePerKW: 1),
        ], meteringSeconds: PaperSite.stepSeconds)
      edit(&power)
      return [power]
    }
    func demand(_ measure: DemandMeasure, _ edit: (inout DemandCharge) -> Void) -> [DemandCharge] {
      var charge = DemandCharge(
        "peak", periods: [DemandPeriod("all", pricePerKW: 4)], measure: measure,
        meteringSeconds: PaperSite.stepSeconds)
      edit(&charge)
      return [charge]
    }
    func made(
      _ energy: EnergyCharge = .flat("energy", pricePerKWh: 0.1), kinds: [DayKind] = [],
      demand: [DemandCharge] = [], contracted: [ContractedPower] = [],
      hoursOfUse: [HoursOfUseCharge] = [], export: ExportRule = .nothing
    ) throws -> Tariff {
      try Tariff(
        name: rawValue, currency: "EUR", dayKinds: kinds, energy: [energy], demand: demand,
        contracted: contracted, hoursOfUse: hoursOfUse, export: export)
    }
    switch self {
    case .subscriptions: return try made(contracted: contract { _ in })
    case .rootOfSquares: return try made(contracted: contract { $0.excess = .rootOfSquares })
    case .heldSubscription: return try made(contracted: contract { $0.holdsForYear = true })
    case .exceededByDay:
      return try made(
        contracted: contract {
          $0.overdrawUnit = .day
          $0.assumedPowerFactor = 0.8
        })
    case .hoursOfUse:
      return try made(
        hoursOfUse: [
          HoursOfUseCharge(
            "grid", below: .init(pricePerKW: 100, pricePerKWh: 0.05),
            above: .init(pricePerKW: 600, pricePerKWh: 0.01),
            meteringSeconds: PaperSite.stepSeconds)
        ])
    case .highLoadWindows:
      let measure = try #require(
        DemandMeasure.kinds.first { $0.name == "yearly_peak_in_windows" })
      return try made(
        demand: demand(
          measure.measure([.wholeNumber(0), .wholeNumber(0), .wholeNumber(0)])
        ) { $0.periods[0].windows = [late] })
    case .meanBands:
      return try made(
        demand: demand(.meanOfHighest(count: 3, onDifferentDays: true)) {
          $0.periods[0].tiers = []
          // At full power the battery leaves 2 kW but for a rounding, so that no band may end just there.
          $0.periods[0].steps = [
            DemandStep(upToKW: 1, amount: 1), DemandStep(upToKW: 2.1, amount: 3),
            DemandStep(amount: 9),
          ]
        })
    case .squaredPeak:
      return try made(
        demand: demand(.monthlyPeak) {
          $0.periods[0].tiers = [DemandTier(pricePerKW: 0)]
          $0.periods[0].pricePerKW2 = 1
        })
    case .datedDay:
      var window = late
      window.kinds = ["event"]
      return try made(
        EnergyCharge(
          "energy",
          periods: [
            EnergyPeriod("event", window: window, pricePerKWh: 0.9),
            EnergyPeriod("rest", window: .rest, pricePerKWh: 0.1),
          ]), kinds: [DayKind("event", days: [PaperSite.monday / 86_400], knownMinute: 660)])
    case .nettingRatio:
      return try made(
        EnergyCharge(
          "energy",
          periods: [
            EnergyPeriod("late", window: late, pricePerKWh: 0.4),
            EnergyPeriod("rest", window: .rest, pricePerKWh: 0.1),
          ]), export: ExportRule(arrangement: .netMeteringEnergy, nettingRatio: 0.8))
    case .yearlyTiers:
      return try made(
        EnergyCharge(
          "energy",
          periods: [
            EnergyPeriod(
              "all",
              tiers: [EnergyTier(upTo: 30, pricePerKWh: 0.1), EnergyTier(pricePerKWh: 0.3)])
          ], tierBasis: .kWhPerYear))
    }
  }
}

@Suite("Charges that plans see, against every schedule of a grid", .tags(.solver))
struct ChargeBruteForceTests {
  /// Load of the four slots, and the battery: 6 kWh, 1 kW, half full. [kW]
  private static let load = [1.0, 1.75, 3, 1.5]
  private static let capacityKWh = 6.0

  private func replay(_ charge: SeenCharge) throws -> ReplayCase {
    var settings = PaperSite.settings()
    settings.initialSOCFraction = 0.5
    return try PaperSite.replay(
      PaperSite.history(loadKW: [Self.load]), tariff: charge.tariff(),
      battery: PaperSite.battery(capacityKWh: Self.capacityKWh, powerKW: 1), settings: settings)
  }

  /// Cost of the cheapest of all schedules that charge or discharge by quarters of a kilowatt: the exact bill less
  /// the worth of what the battery gained, which is the price of the cheapest quarter of the slots.
  private func best(_ replay: ReplayCase) throws -> Double {
    let schedule = try BillingSchedule(
      replay.tariff, grid: replay.period, zone: .utc, spotPerKWh: nil)
    let worth = schedule.buyPerKWh.sorted()[1]
    let hours = replay.period.stepHours
    var best = Double.infinity
    var net = Self.load
    func search(_ slot: Int, _ energy: Double) {
      if slot == net.count {
        let bill = schedule.bill(
          importKW: net.map { max(0, $0) }, exportKW: net.map { max(0, -$0) })
        best = min(best, bill.total - worth * (energy - 0.5 * Self.capacityKWh))
        return
      }
      for step in -4...4 {
        let power = Double(step) / 4
        let left = energy - power * hours
        guard left >= -1e-9, left <= Self.capacityKWh + 1e-9 else { continue }
        net[slot] = Self.load[slot] - power
        search(slot + 1, left)
      }
    }
    search(0, 0.5 * Self.capacityKWh)
    return best
  }

  @Test(
    "plans cost no more than the best of the grid, the bound no more than any",
    arguments: SeenCharge.allCases)
  func against(charge: SeenCharge) throws {
    let replay = try replay(charge)
    let best = try best(replay)
    let bound = try ForesightBound(replay)
    #expect(bound.cost <= best + 1e-6, "\(bound.cost) and \(best)")
    // The bound is a bound of something: not below half of the best.
    #expect(bound.cost >= 0.5 * best, "\(bound.cost) and \(best)")
    let oracle = try Replayer(replay).run(.oracle)
    #expect(oracle.cost >= bound.cost - 1e-6)
    #expect(
      oracle.cost <= best * (1 + charge.tolerance) + 1e-6, "\(oracle.cost) and \(best)")
    let rule = try Replayer(replay).run(.selfConsumption)
    #expect(rule.cost >= bound.cost - 1e-6)
  }
}
