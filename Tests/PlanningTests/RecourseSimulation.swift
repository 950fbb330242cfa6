import Numerics
import Planning
import Tariffs
import TimeSeries

/// A synthetic year on which rules of recourse are compared, in the planner's own battery model.
struct RecourseSite {
  var name: String
  var grid: TimeGrid
  var loadKW: [Double]
  var pvKW: [Double]
  var buy: [Double]
  var sell: [Double]
  var month: [Int]
  var capacityKWh: Double
  var powerKW: Double
  var demandPerKW: Double
  var exportLimitKW: Double
  var errorScale: Double
  var wear: Double
  static let efficiency = 0.95

  /// A home: 10 kWh and 5 kW, 8 kW of photovoltaics, an hourly spot price that falls below zero.
  static func home(days: Int, seed: UInt64) -> RecourseSite {
    var generator = SeededGenerator(seed: seed, label: "home")
    let n = days * 96
    var load = [Double](repeating: 0, count: n)
    var pv = load
    var spot = load
    var clouds = 0.7
    var level = 0.09
    var noise = 0.0
    for t in 0..<n {
      let day = t / 96
      let hour = Double(t % 96) / 4
      let summer = 0.5 - 0.5 * cosine(Double(day) / 365)
      if t % 96 == 0 {
        clouds = min(1, max(0.1, 0.5 * clouds + 0.5 * generator.uniform(0.1, 1.1)))
        level = max(0.02, 0.8 * level + 0.2 * 0.09 + 0.02 * generator.normal())
      }
      noise = 0.8 * noise + 0.25 * generator.normal()
      let evening = bump(hour, 19, 2.2) * 1.4 + bump(hour, 7.5, 1.2) * 0.8
      load[t] = max(0.1, (0.35 + evening * (1.2 - 0.4 * summer)) * (1 + 0.5 * noise))
      if generator.uniform() < 0.02 { load[t] += 2 }
      let light = max(
        0, 1 - ((hour - 12.5) / (4 + 3.5 * summer)) * ((hour - 12.5) / (4 + 3.5 * summer)))
      pv[t] = 8 * 0.8 * (0.35 + 0.65 * summer) * clouds * light * generator.uniform(0.8, 1)
      if t % 4 == 0 {
        let shape =
          bump(hour, 19, 2.5) + 0.7 * bump(hour, 8, 2) - 1.5 * summer * clouds * bump(hour, 13, 3)
        spot[t] = level + 0.06 * shape + 0.01 * generator.normal()
      } else {
        spot[t] = spot[t - 1]
      }
    }
    return RecourseSite(
      name: "home", grid: TimeGrid(start: 0, stepSeconds: 900, count: n), loadKW: load, pvKW: pv,
      buy: spot.map { 1.2 * max(-0.05, $0) + 0.12 }, sell: spot, month: (0..<n).map { $0 / 2880 },
      capacityKWh: 10, powerKW: 5, demandPerKW: 0, exportLimitKW: .infinity, errorScale: 0.3,
      wear: 0.02)
  }

  /// A business: 1 MWh and 500 kW, two tariff times, 12 per kW and month, an export limit.
  static func business(days: Int, seed: UInt64) -> RecourseSite {
    var generator = SeededGenerator(seed: seed, label: "business")
    let n = days * 96
    var load = [Double](repeating: 0, count: n)
    var pv = load
    var buy = load
    var clouds = 0.7
    var size = 1.0
    var noise = 0.0
    for t in 0..<n {
      let day = t / 96
      let hour = Double(t % 96) / 4
      let summer = 0.5 - 0.5 * cosine(Double(day) / 365)
      let works = day % 7 < 5
      if t % 96 == 0 {
        clouds = min(1, max(0.1, 0.5 * clouds + 0.5 * generator.uniform(0.1, 1.1)))
        size = generator.uniform(0.75, 1.15)
      }
      noise = 0.85 * noise + 0.1 * generator.normal()
      let shift = works ? bump(hour, 11, 3.2) + 0.8 * bump(hour, 15, 2.5) : 0.15
      load[t] = max(60, 120 + 700 * size * shift * (1 + noise))
      let light = max(
        0, 1 - ((hour - 12.5) / (4 + 3.5 * summer)) * ((hour - 12.5) / (4 + 3.5 * summer)))
      pv[t] = 250 * (0.35 + 0.65 * summer) * clouds * light
      buy[t] = works && hour >= 8 && hour < 20 ? 0.22 : 0.14
    }
    return RecourseSite(
      name: "business", grid: TimeGrid(start: 0, stepSeconds: 900, count: n), loadKW: load,
      pvKW: pv, buy: buy, sell: buy.map { _ in 0.05 }, month: (0..<n).map { $0 / 2880 },
      capacityKWh: 1000, powerKW: 500, demandPerKW: 12, exportLimitKW: 200, errorScale: 0.2,
      wear: 0.01)
  }

  private static func bump(_ hour: Double, _ middle: Double, _ width: Double) -> Double {
    let x = (hour - middle) / width
    return 1 / (1 + x * x * x * x)
  }

  /// Where the year stands between winter (1) and summer (-1), a parabola for each half.
  private static func cosine(_ year: Double) -> Double {
    let x = year - year.rounded(.down)
    let half = x < 0.5 ? x : 1 - x
    return half < 0.25 ? 1 - 16 * half * half : 16 * (0.5 - half) * (0.5 - half) - 1
  }
}

/// How a simulated controller works.
struct RecourseSetting {
  var rule: RecourseRule? = .valueStep
  var replanSlots = 4
  var horizonSlots = 144
  var optionValue = OptionValue.usual
  var holdsPeak = true
}

extension RecourseSite {
  func request(
    from first: Int, count: Int, stored: Double, peak: [Int: Double], setting: RecourseSetting,
    seed: UInt64
  ) -> PlanRequest {
    var generator = SeededGenerator(seed: seed &+ UInt64(first))
    var error = (load: 0.0, pv: 0.0)
    var load = [Double](repeating: 0, count: count)
    var pv = load
    for k in 0..<count {
      let grown = errorScale * (0.5 + 0.5 * min(1, Double(k) / 48))
      error.load = 0.95 * error.load + 0.312 * generator.normal()
      error.pv = 0.95 * error.pv + 0.312 * generator.normal()
      load[k] = max(0, loadKW[first + k] * (1 + grown * error.load))
      pv[k] = max(0, pvKW[first + k] * (1 + grown * error.pv))
    }
    let slots = first..<(first + count)
    var demands: [DemandPrice] = []
    if demandPerKW > 0 {
      for m in month[first]...month[first + count - 1] {
        demands.append(
          DemandPrice(
            label: "peak \(m)", pricePerKW: demandPerKW, applies: slots.map { month[$0] == m },
            incurredKW: peak[m] ?? 0.9 * (peak[m - 1] ?? 0)))
      }
    }
    return PlanRequest(
      grid: grid[slots], loadKW: load, pvKW: pv,
      prices: PlanningPrices(
        buyPerKWh: Array(buy[slots]), sellPerKWh: Array(sell[slots]), demands: demands),
      envelope: envelope(count), initialEnergyKWh: stored,
      exportLimitKW: PowerLimit(exportLimitKW),
      wearPerKWh: wear, terminal: .nextDayShadowPrice, elapsedSlots: setting.replanSlots,
      optionValue: setting.optionValue)
  }

  func envelope(_ count: Int) -> PowerEnvelope {
    .constant(
      count: count, chargeKW: powerKW, dischargeKW: powerKW, energyMaxKWh: capacityKWh,
      chargeEfficiency: Self.efficiency, dischargeEfficiency: Self.efficiency)
  }

  /// Cost of the period under a setting; without a rule the battery follows the net load.
  func cost(_ setting: RecourseSetting, slots n: Int, hasBattery: Bool = true) -> Double {
    var planner = ValueFunctionPlanner()
    var peaks = PeakGuard()
    var stored = capacityKWh / 2
    var peak: [Int: Double] = [:]
    var money = 0.0
    var plan: Plan?
    var demands: [DemandPrice] = []
    var planStart = 0
    let h = 0.25
    let eta = Self.efficiency
    for t in 0..<n {
      if hasBattery, setting.rule != nil, t % setting.replanSlots == 0 {
        let request = request(
          from: t, count: min(setting.horizonSlots, grid.count - t), stored: stored, peak: peak,
          setting: setting, seed: 99)
        let made = planner.plan(request)
        demands = request.prices.demands
        if !setting.holdsPeak { peaks = PeakGuard() }
        peaks.adopt(made, demands: demands, day: t / 96)
        plan = made
        planStart = t
      }
      let net = loadKW[t] - pvKW[t]
      let chargeLimit = hasBattery ? min(powerKW, (capacityKWh - stored) / (h * eta)) : 0
      let dischargeLimit = hasBattery ? min(powerKW, stored * eta / h) : 0
      var battery = min(dischargeLimit, max(-chargeLimit, net))
      var curtail = 0.0
      if let rule = setting.rule, let plan {
        let decision = rule.request(
          plan: plan, slot: t - planStart,
          situation: RecourseSituation(
            loadKW: loadKW[t], pvKW: pvKW[t], storedKWh: stored, chargeLimitKW: chargeLimit,
            dischargeLimitKW: dischargeLimit, seconds: 900,
            importAllowanceKW: peaks.importAllowanceKW(
              slot: t - planStart, demands: demands, meteringSeconds: 900),
            exportLimitKW: exportLimitKW, wearPerKWh: wear, chargeEfficiency: eta,
            dischargeEfficiency: eta))
        battery = decision.batteryKW
        curtail = decision.curtailKW
      } else {
        curtail = sell[t] < 0 ? max(0, battery - net) : max(0, battery - net - exportLimitKW)
        curtail = min(curtail, pvKW[t])
      }
      stored += h * (battery < 0 ? -battery * eta : -battery / eta)
      let power = net - battery + curtail
      money += h * (power > 0 ? buy[t] * power : sell[t] * power)
      money += h * wear * max(0, battery)
      peak[month[t]] = max(peak[month[t]] ?? 0, power)
      peaks.record(
        importKW: max(0, power), seconds: 900, slot: t - planStart, demands: demands,
        meteringSeconds: 900)
    }
    for m in peak.keys.sorted() { money += demandPerKW * (peak[m] ?? 0) }
    return money - (stored - capacityKWh / 2) * endValue
  }

  /// Worth of a stored kWh at the end. [currency/kWh]
  var endValue: Double {
    Self.efficiency * Statistics.quantile(sorted: buy.sorted(), probability: 0.25)
  }

  /// Cost of the best plan on the truth.
  func foresight(slots n: Int) -> Double {
    foresightPlan(slots: n).objective + endValue * capacityKWh / 2
  }

  /// The best plan on the truth.
  func foresightPlan(slots n: Int) -> Plan {
    let months = demandPerKW > 0 ? Array(month[0]...month[n - 1]) : []
    return Planning.foresightPlan(
      PlanRequest(
        grid: grid[0..<n], loadKW: Array(loadKW[0..<n]), pvKW: Array(pvKW[0..<n]),
        prices: PlanningPrices(
          buyPerKWh: Array(buy[0..<n]), sellPerKWh: Array(sell[0..<n]),
          demands: months.map { m in
            DemandPrice(
              label: "peak \(m)", pricePerKW: demandPerKW,
              applies: (0..<n).map { month[$0] == m })
          }), envelope: envelope(n), initialEnergyKWh: capacityKWh / 2,
        exportLimitKW: PowerLimit(exportLimitKW), wearPerKWh: wear, terminal: .perKWh(endValue)))
  }
}
