package import Forecasting
package import Planning
import TimeSeries
import Twin

extension ReplayCase {
  /// Air temperature at which no policy limits a healthy battery. [°C]
  private static let comfortableC = 25.0

  /// The battery at the first instant of the period.
  func startingTwin(ambientC: Double) -> DigitalTwin {
    DigitalTwin(
      battery, seed: settings.seed,
      socFraction: settings.initialSOCFraction ?? battery.limits.minimumSOC, temperatureC: ambientC)
  }

  /// Returns what a rested battery at a comfortable temperature can do, over a number of slots.
  ///
  /// - Throws: `ImpossibleState` as the twin does.
  package func ratedEnvelope(slots: Int, stepSeconds: Int) throws -> PowerEnvelope {
    let rested = startingTwin(ambientC: Self.comfortableC)
    let one = try PowerEnvelope(
      rested.envelope(along: [0], stepSeconds: stepSeconds, ambientC: [Self.comfortableC]))
    return .constant(
      count: slots, chargeKW: one.chargeKW[0], dischargeKW: one.dischargeKW[0],
      energyMinKWh: one.energyMinKWh[0], energyMaxKWh: one.energyMaxKWh[0],
      chargeEfficiency: one.chargeEfficiency, dischargeEfficiency: one.dischargeEfficiency,
      retentionPerStep: one.retentionPerStep)
  }

  /// The battery as self-consumption control sees it.
  ///
  /// - Throws: `ImpossibleState` as the twin does.
  package var storageLimits: StorageLimits {
    get throws {
      let rated = try ratedEnvelope(slots: 1, stepSeconds: settings.planningStepSeconds)
      return StorageLimits(
        chargeKW: rated.chargeKW[0], dischargeKW: rated.dischargeKW[0],
        capacityKWh: rated.energyMaxKWh[0], chargeEfficiency: rated.chargeEfficiency,
        dischargeEfficiency: rated.dischargeEfficiency)
    }
  }

  /// AC energy per stored energy when discharging at a comfortable temperature.
  ///
  /// - Throws: `ImpossibleState` as the twin does.
  var dischargeEfficiency: Double {
    get throws {
      try ratedEnvelope(slots: 1, stepSeconds: settings.planningStepSeconds).dischargeEfficiency
    }
  }

  /// Returns what production becomes on the AC side: itself, or on the DC side what the battery's
  /// inverter makes of it alone, at most its rating. [kW]
  func acProduction(_ productionKW: [Double]) -> [Double] {
    let converter = battery.converter
    guard converter.pvCoupling == .dc else { return productionKW }
    return productionKW.map { min(converter.ratedKW, converter.acKW(dcKW: max(0, $0))) }
  }

  /// The history on the planning step, aligned to the period.
  var planningHistory: SiteHistory {
    let step = settings.planningStepSeconds
    if step == history.grid.stepSeconds { return history }
    let before = (period.start - history.grid.start) / step
    let grid = TimeGrid(from: period.start - before * step, to: history.grid.end, stepSeconds: step)
    return history.resampled(to: grid)
  }
}

extension ReplayCase {
  /// Powers at which the battery's inverter can run.
  package var powerSteps: PowerSteps {
    PowerSteps(minimumKW: battery.converter.minimumKW, stepsKW: battery.converter.stepsKW)
  }
}

extension DigitalTwin {
  /// Returns the stored energy at a share of what can be used. [kWh]
  func reserveKWh(fraction: Double) -> Double {
    let bounds = energyBounds()
    return bounds.minimumKWh + fraction * (bounds.maximumKWh - bounds.minimumKWh)
  }
}
