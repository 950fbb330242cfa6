import Planning
import Tariffs
import TimeSeries
import Twin

extension DigitalTwin {
  /// Executes a plan's battery powers in a copy of the battery, as far as heat and limits let it.
  ///
  /// - Parameters:
  ///   - plan: The plan.
  ///   - request: What it was made from; its load and production are taken for the truth.
  ///   - weather: Air and sun around the battery, one per slot.
  /// - Returns: What the battery could do along the plan, and what the execution costs.
  /// - Throws: `ImpossibleState` as the twin does.
  func execute(
    _ plan: Plan, of request: PlanRequest, weather: Surroundings
  ) throws(ImpossibleState) -> ExecutedPlan {
    let grid = plan.grid
    let power = grid.indices.map { plan.batteryKW($0) }
    let along = try PowerEnvelope(
      envelope(
        along: power, stepSeconds: grid.stepSeconds, ambientC: weather.ambientC,
        irradianceWPerM2: weather.irradianceWM2))
    var twin = self
    var cost = 0.0
    let parts = (grid.stepSeconds + 899) / 900
    let seconds = Double(grid.stepSeconds) / Double(parts)
    for t in grid.indices {
      var delivered = 0.0
      for _ in 0..<parts {
        let step = try twin.step(
          requestKW: power[t], ambientC: weather.ambientC[t], seconds: seconds,
          irradianceWPerM2: weather.irradianceWM2[t])
        delivered += step.deliveredKW
      }
      delivered /= Double(parts)
      let load = plan.waitingKW.reduce(request.loadKW[t]) { $0 + $1[t] }
      let net = load - request.pvKW[t] + plan.curtailKW[t] - delivered
      cost +=
        grid.stepHours
        * (plan.buyPerKWh[t] * max(0, net) - plan.sellPerKWh[t] * max(0, -net)
          + request.wearPerKWh * max(0, delivered))
    }
    for (k, demand) in request.prices.demands.enumerated() where demand.pricePerKW > 0 {
      cost += demand.pricePerKW * max(0, plan.peakTargetKW[k] - max(0, demand.incurredKW))
    }
    return ExecutedPlan(
      envelope: along,
      cost: cost + plan.waitingCost
        - (plan.terminal?.worth(ofKWh: max(0, twin.storedEnergyKWh)) ?? 0))
  }
}
