import TimeSeries
import Twin

/// How well the history knows what the site's own battery did in the period.
///
/// Counted are the intervals that are billed, those with load and production.
package struct MeasuredBattery: Sendable, Equatable {
  /// Intervals billed.
  package private(set) var slots = 0
  /// Of these, intervals without battery power; the battery is taken to have rested.
  package private(set) var missing = 0
  /// Of these, intervals whose battery power stands in for one that nobody measured.
  package private(set) var filled = 0

  /// Share of the intervals that nobody measured.
  package var unmeasuredShare: Double {
    slots > 0 ? Double(missing + filled) / Double(slots) : 1
  }

  /// Counts the intervals of a range.
  ///
  /// - Parameters:
  ///   - history: Measurements; nothing is known without battery power.
  ///   - range: Positions of the period in the history's grid.
  init?(_ history: SiteHistory, in range: Range<Int>) {
    guard let power = history[.batteryPower], let load = history[.load] else { return nil }
    let pv = history[.pv]
    let measured = history.measured(.batteryPower) ?? power
    for i in range where load[i].isFinite && pv?[i].isFinite != false {
      slots += 1
      if !power[i].isFinite {
        missing += 1
      } else if !measured[i].isFinite {
        filled += 1
      }
    }
  }
}

extension ReplayCase {
  /// What the history knows of the site's own battery in the period; nothing where it has none.
  package var measuredBattery: MeasuredBattery? {
    MeasuredBattery(history, in: firstSlot..<firstSlot + period.count)
  }

  /// Whether enough of the site's own battery was measured to bill it.
  package var isMeasured: Bool {
    measuredBattery.map { $0.unmeasuredShare <= settings.filledMaxFraction } ?? false
  }
}

extension Replayer {
  /// Bills the site as it ran, with the battery power that the history holds.
  ///
  /// `grid = load − pv − battery`: what was fed in was fed in, so nothing is thrown away and no limit of the
  /// connection changes anything; what exceeds one is counted. An interval without battery power is billed
  /// as if the battery had rested. Where the history has a state of charge, what is stored more or less at
  /// the end is valued by the nominal energy of the scenario's battery; nothing is without one.
  func asMeasured(_ context: MeteringContext) -> ReplayOutcome {
    func measured(_ quantity: Quantity, _ slot: Int) -> Double? {
      replay.history[quantity].map { $0[replay.firstSlot + slot] }
    }
    let nominalKWh = replay.nominalEnergyKWh
    var meter = SiteMeter(replay, context: context)
    var loads = LoadBank(replay, context: context)
    for i in context.grid.indices {
      let battery = measured(.batteryPower, i) ?? .nan
      meter.settleMeasured(
        slot: i, waitingKW: loads.runByRule(i), pvKW: measured(.pv, i) ?? 0,
        batteryKW: battery.isFinite ? battery : 0)
      if let soc = measured(.stateOfCharge, i), soc.isFinite {
        meter.trace.socFraction[i] = soc
        meter.trace.storedKWh[i] = soc * nominalKWh
      }
    }
    return outcome(
      context, name: Controller.asMeasured.name, trace: meter.trace,
      startStoredKWh: meter.trace.storedKWh.first { $0.isFinite } ?? 0,
      interventions: meter.interventionsKWh, loads: loads)
  }
}
