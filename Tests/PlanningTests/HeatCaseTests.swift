import Foundation
import Planning
import Tariffs
import TestSupport
import Testing
import TimeSeries

/// Summer days of a hot battery that a one-minute model lives through.
///
/// 10 kWh, 8 kW, one temperature, power that falls in a line from 40 °C to nothing at 50 °C.
struct HeatCase: CustomTestStringConvertible, Sendable {
  var ambientMeanC: Double
  var lossFraction: Double
  static let powerKW = 8.0
  static let capacityKWh = 10.0
  static let timeConstantHours = 2.5
  static let conductanceKWPerK = 0.04
  static let efficiency = 0.95

  static let all = [
    HeatCase(ambientMeanC: 33, lossFraction: 0.06), HeatCase(ambientMeanC: 33, lossFraction: 0.1),
    HeatCase(ambientMeanC: 36, lossFraction: 0.1), HeatCase(ambientMeanC: 39, lossFraction: 0.06),
    HeatCase(ambientMeanC: 39, lossFraction: 0.1),
  ]

  var testDescription: String {
    "\(Int(ambientMeanC)) °C, \(Int((lossFraction * 100).rounded())) % loss at full power"
  }

  /// Heat at full power is a fraction of it. [kW per kW²]
  var heatPerSquaredKW: Double { lossFraction / Self.powerKW }

  func ambientC(slot: Int) -> Double {
    // Warmest at 15 h, ±5 K, in straight lines.
    let hour = Double(slot % 96) / 4
    let away = min(abs(hour - 15), 24 - abs(hour - 15))
    return ambientMeanC + 5 * (1 - away / 6)
  }

  static func allowedKW(_ temperatureC: Double) -> Double {
    max(0, min(powerKW, powerKW * (50 - temperatureC) / 10))
  }
}

/// State of the one-minute model.
struct HeatState {
  var storedKWh = 5.0
  var temperatureC: Double
}

struct HeatExecution {
  var cost = 0.0
  var allowedKW: [Double] = []
  var state: HeatState
}

extension HeatCase {
  /// Executes the first slots of a plan's battery powers in steps of a minute.
  func execute(
    _ plan: Plan, slots: Int, first: Int, from start: HeatState, site: RecourseSite, derates: Bool
  ) -> HeatExecution {
    var result = HeatExecution(state: start)
    let h = 1.0 / 60
    let keep = exp(-h / Self.timeConstantHours)
    for k in 0..<slots {
      var lowest = Self.powerKW
      let wanted = plan.batteryKW(k)
      for _ in 0..<15 {
        let allowed = derates ? Self.allowedKW(result.state.temperatureC) : Self.powerKW
        lowest = min(lowest, allowed)
        let stored = result.state.storedKWh
        let most = min(allowed, stored * Self.efficiency / h)
        let least = -min(allowed, (Self.capacityKWh - stored) / (h * Self.efficiency))
        let power = min(most, max(least, wanted))
        result.state.storedKWh +=
          h * (power < 0 ? -power * Self.efficiency : -power / Self.efficiency)
        let heat = heatPerSquaredKW * power * power
        result.state.temperatureC =
          keep * result.state.temperatureC
          + (1 - keep) * (ambientC(slot: first + k) + heat / Self.conductanceKWPerK)
        let grid = site.loadKW[first + k] - power
        result.cost +=
          h * (grid > 0 ? site.buy[first + k] * grid : site.sell[first + k] * grid)
          + h * site.wear * max(0, power)
      }
      result.allowedKW.append(lowest)
    }
    return result
  }

  enum Way: String, CaseIterable {
    case ideal
    case blind
    case once
    case damped
    case inPlan = "in the plan, 5 tangents"
  }

  /// Cost of fifteen days with one plan a day of perfect forecasts over 36 h.
  func cost(_ way: Way, site: RecourseSite, firstDay: Int, days: Int) -> Double {
    let horizon = 144
    var planner = ValueFunctionPlanner()
    var glpk = GLPKPlanner()
    glpk.attachesValueFunction = false
    var state = HeatState(temperatureC: ambientMeanC)
    var money = 0.0
    for day in 0..<days {
      let first = (firstDay + day) * 96
      let slots = first..<(first + horizon)
      var request = PlanRequest(
        grid: site.grid[slots], loadKW: Array(site.loadKW[slots]),
        pvKW: [Double](repeating: 0, count: horizon),
        prices: PlanningPrices(
          buyPerKWh: Array(site.buy[slots]), sellPerKWh: Array(site.sell[slots])),
        envelope: .constant(
          count: horizon, chargeKW: Self.powerKW, dischargeKW: Self.powerKW,
          energyMaxKWh: Self.capacityKWh, chargeEfficiency: Self.efficiency,
          dischargeEfficiency: Self.efficiency), initialEnergyKWh: state.storedKWh,
        wearPerKWh: site.wear, terminal: .perKWh(site.endValue))
      func executed(_ plan: Plan) -> ExecutedPlan {
        let run = execute(
          plan, slots: horizon, first: first, from: state, site: site, derates: way != .ideal)
        var envelope = request.envelope
        envelope.chargeKW = run.allowedKW
        envelope.dischargeKW = run.allowedKW
        return ExecutedPlan(
          envelope: envelope, cost: run.cost - site.endValue * run.state.storedKWh)
      }
      let plan: Plan
      switch way {
      case .ideal, .blind: plan = planner.plan(request)
      case .once:
        plan =
          iterateEnvelope(
            request, settings: EnvelopeIterationSettings(mostRounds: 2, newShare: 1),
            plan: { planner.plan($0) }, execute: executed
          ).plan
      case .damped:
        plan =
          iterateEnvelope(request, plan: { planner.plan($0) }, execute: executed).plan
      case .inPlan:
        request.heat = HeatModel(
          ambientC: slots.map { ambientC(slot: $0) }, startC: state.temperatureC,
          heatPerSquaredKW: heatPerSquaredKW, conductanceKWPerK: Self.conductanceKWPerK,
          timeConstantHours: Self.timeConstantHours, fullPowerKW: Self.powerKW, deratesAboveC: 40,
          stopsAtC: 50, tangents: 5)
        plan = glpk.plan(request)
      }
      let run = execute(
        plan, slots: 96, first: first, from: state, site: site, derates: way != .ideal)
      money += run.cost
      state = run.state
    }
    return money - site.endValue * (state.storedKWh - 5)
  }
}

@Suite("Plans that foresee heat", .tags(.solver)) struct HeatCaseTests {
  @Test(
    "damped envelopes come within 0.5 points of heat in the plan; both beat the blind plan",
    arguments: longTests ? HeatCase.all : [HeatCase.all[1], HeatCase.all[4]])
  func heat(heatCase: HeatCase) {
    // Twice the spread of the home's prices makes the battery work hard.
    var site = RecourseSite.home(days: 200, seed: 3)
    for t in site.grid.indices {
      site.buy[t] = 0.12 + 2 * (site.buy[t] - 0.12)
      site.sell[t] *= 2
    }
    let days = longTests ? 15 : 4
    var none = 0.0
    for t in (180 * 96)..<((180 + days) * 96) { none += 0.25 * site.buy[t] * site.loadKW[t] }
    var loss: [HeatCase.Way: Double] = [:]
    let ideal = none - heatCase.cost(.ideal, site: site, firstDay: 180, days: days)
    for way in HeatCase.Way.allCases where way != .ideal {
      let saving = none - heatCase.cost(way, site: site, firstDay: 180, days: days)
      let lost = 1 - saving / ideal
      loss[way] = lost
      let percent: Double = (lost * 1000).rounded() / 10
      if longTests { print("\(heatCase.testDescription) | \(way.rawValue) | \(percent) %") }
    }
    let damped = loss[.damped] ?? 1
    let inPlan = loss[.inPlan] ?? 1
    let blind = loss[.blind] ?? 0
    #expect(damped <= inPlan + 0.005)
    #expect(damped <= blind + 1e-9)
    #expect(inPlan <= blind + 0.005)
  }
}
