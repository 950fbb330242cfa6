import Foundation
import Numerics
import Planning
import TimeSeries

extension SiteLoad {
  /// Returns what the load has to do over the slots of a grid, as a plan is told of it.
  ///
  /// A session that covers a part of a slot may draw its power for that part.
  ///
  /// - Parameters:
  ///   - grid: The slots.
  ///   - zone: The site's clock.
  ///   - ambientC: Air temperature, one per slot. [°C]
  ///   - sessions: What is known of sessions; of no account for a store.
  /// - Returns: The load, with an empty store and nothing said of the value of what is left.
  func columns(
    _ grid: TimeGrid, zone: Zone, ambientC: [Double], sessions: [LoadSession]
  ) -> WaitingLoad {
    switch work {
    case .sessions: return columns(grid, sessions)
    case .store(let store): return columns(grid, store, zone: zone, ambientC: ambientC)
    }
  }

  private func columns(_ grid: TimeGrid, _ sessions: [LoadSession]) -> WaitingLoad {
    let none = [Double](repeating: 0, count: grid.count)
    var load = WaitingLoad(
      name: name, powerKW: none, capacityKWh: none, drawKWh: none, unmetPerKWh: unmetPerKWh,
      optionalPerKWh: optionalPerKWh)
    if leastKW > 0 { load.leastKW = none }
    let step = grid.stepSeconds
    for session in sessions where session.departure > grid.start && session.arrival < grid.end {
      let first = max(0, (session.arrival - grid.start) / step)
      let last = (session.departure - 1 - grid.start) / step
      let kW = min(powerKW, session.powerKW)
      let wholeKWh = session.mustKWh + session.niceKWh
      for t in first...min(last, grid.count - 1) {
        let slot = grid.instant(t)
        let seconds = min(session.departure, slot + step) - max(session.arrival, slot)
        let part = Double(max(0, seconds)) / Double(step)
        load.powerKW[t] = min(powerKW, load.powerKW[t] + kW * part)
        if leastKW > 0, part > 0 {
          // Of two that share the slot either may run alone.
          let least = min(leastKW, kW) * part
          load.leastKW[t] = load.leastKW[t] > 0 ? min(load.leastKW[t], least) : least
        }
        if t < last { load.capacityKWh[t] = max(load.capacityKWh[t], wholeKWh) }
      }
      if last < grid.count {
        load.drawKWh[last] += wholeKWh
        load.optionalKWh[last] += session.niceKWh
      }
    }
    return load
  }

  private func columns(
    _ grid: TimeGrid, _ store: HeatStore, zone: Zone, ambientC: [Double]
  ) -> WaitingLoad {
    let hours = grid.stepHours
    func column(_ value: (Int) -> Double) -> [Double] { grid.indices.map(value) }
    let lossPerHour =
      store.capacityKWh > 0 ? store.lossKWhPerDay / 24 / store.capacityKWh : 0
    let draw: [Double]
    switch store.use {
    case .hourly(let kWh):
      draw = column { t in
        kWh[zone.civil(at: grid.instant(t)).hour] * hours
      }
    case .heating(let kWPerK, let limitC):
      draw = column { kWPerK * max(0, limitC - ambientC[$0]) * hours }
    }
    var load = WaitingLoad(
      name: name, powerKW: column { _ in powerKW },
      storedPerKWh: column { t in store.performance.map { $0(ambientC[t]) } ?? 1 },
      capacityKWh: column { _ in store.capacityKWh }, drawKWh: draw,
      retentionPerStep: exp(-lossPerHour * hours), unmetPerKWh: unmetPerKWh,
      optionalPerKWh: optionalPerKWh)
    if leastKW > 0 { load.leastKW = column { _ in min(leastKW, powerKW) } }
    return load
  }

}
