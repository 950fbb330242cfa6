import Numerics
import Planning
import Tariffs
import TimeSeries

/// The synthetic home lived through minute by minute, with an appliance that is on or off.
///
/// Every slot keeps its mean load; the bill nets each minute. A slot's mean hides imports and exports that a
/// set-point for the slot cannot meet.
struct MinuteHome {
  let site: RecourseSite
  /// Load of each minute. [kW]
  private let loadKW: [Double]
  private static let applianceKW = 3.0
  private static let minutes = 15

  init(_ site: RecourseSite, seed: UInt64) {
    self.site = site
    var generator = SeededGenerator(seed: seed, label: "minutes")
    var load: [Double] = []
    load.reserveCapacity(site.loadKW.count * Self.minutes)
    for mean in site.loadKW {
      // A third of the load runs through; the rest is the appliance, on for a part of the slot.
      let base = mean / 3
      let on = min(Double(Self.minutes), (mean - base) / Self.applianceKW * Double(Self.minutes))
      let whole = Int(on)
      let power = on >= 1 ? (mean - base) * Double(Self.minutes) / Double(whole) : 0
      let start = Int(generator.uniform() * Double(Self.minutes - whole + 1))
      for minute in 0..<Self.minutes {
        let isOn = whole > 0 && minute >= start && minute < start + whole
        load.append(whole == 0 ? mean : base + (isOn ? power : 0))
      }
    }
    loadKW = load
  }

  /// What decides in every minute.
  enum Way {
    case noBattery
    case selfConsumption
    /// Hourly plans of 36 h on forecasts.
    case planned(RecourseRule)
    /// Set-points of the plan on the truth, one per slot of 15 min.
    case foresightSetPoints
  }

  /// Cost of the first slots with ticks of a minute, or of a whole slot.
  func cost(_ way: Way, slots n: Int, ticks: Int) -> Double {
    let eta = RecourseSite.efficiency
    let h = 0.25 / Double(ticks)
    var planner = ValueFunctionPlanner()
    var plan: Plan?
    var planStart = 0
    var stored = site.capacityKWh / 2
    var money = 0.0
    if case .foresightSetPoints = way { plan = site.foresightPlan(slots: n) }
    for t in 0..<n {
      if case .planned = way, t % 4 == 0 {
        plan = planner.plan(
          site.request(
            from: t, count: min(144, site.grid.count - t), stored: stored, peak: [:],
            setting: RecourseSetting(), seed: 99))
        planStart = t
      }
      for tick in 0..<ticks {
        let load = ticks == 1 ? site.loadKW[t] : loadKW[t * Self.minutes + tick]
        let net = load - site.pvKW[t]
        let charge = min(site.powerKW, (site.capacityKWh - stored) / (h * eta))
        let discharge = min(site.powerKW, stored * eta / h)
        var battery = 0.0
        var curtail = site.sell[t] < 0 ? max(0, -net) : 0
        switch way {
        case .noBattery: break
        case .selfConsumption:
          battery = min(discharge, max(-charge, net))
          curtail = site.sell[t] < 0 ? max(0, battery - net) : 0
        case .planned, .foresightSetPoints:
          guard let plan else { break }
          var rule = RecourseRule.batterySetPoint
          if case .planned(let chosen) = way { rule = chosen }
          let decision = rule.request(
            plan: plan, slot: t - planStart,
            situation: RecourseSituation(
              loadKW: load, pvKW: site.pvKW[t], storedKWh: stored, chargeLimitKW: charge,
              dischargeLimitKW: discharge, seconds: h * 3600, exportLimitKW: site.exportLimitKW,
              wearPerKWh: site.wear, chargeEfficiency: eta, dischargeEfficiency: eta))
          battery = decision.batteryKW
          curtail = decision.curtailKW
        }
        stored += h * (battery < 0 ? -battery * eta : -battery / eta)
        let power = net - battery + min(curtail, site.pvKW[t])
        money += h * (power > 0 ? site.buy[t] * power : site.sell[t] * power)
        money += h * site.wear * max(0, battery)
      }
    }
    return money - (stored - site.capacityKWh / 2) * site.endValue
  }
}
