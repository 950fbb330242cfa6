import Twin

/// The best efficiencies the twin reaches anywhere in its range.
///
/// A bound may not be beaten because the battery happened to work at a better point than the
/// planner's model thinks, so the bound's model is given the best point of each direction.
struct BestEfficiency {
  private(set) var charge = 0.0
  private(set) var discharge = 0.0

  /// Tries powers at several states of charge, in steps short enough that the voltage of the slow
  /// processes has not built up.
  ///
  /// - Throws: `ImpossibleState` as the twin does.
  init(_ replay: ReplayCase, ambientC: Double) throws(ImpossibleState) {
    let limits = replay.battery.limits
    let rated = replay.battery.converter.ratedKW
    let seconds = 60.0
    for share in [0.1, 0.3, 0.5, 0.7, 0.9] {
      let soc = limits.minimumSOC + share * (limits.maximumSOC - limits.minimumSOC)
      let rested = DigitalTwin(
        replay.battery, seed: replay.settings.seed, socFraction: soc, temperatureC: ambientC)
      for power in [0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.7, 1] {
        for sign in [-1.0, 1] {
          var twin = rested
          let before = twin.storedEnergyKWh
          let step = try twin.step(
            requestKW: sign * power * rated, ambientC: ambientC, seconds: seconds)
          let moved = (twin.storedEnergyKWh - before) * 3600 / seconds
          if step.deliveredKW < 0, moved > 0 { charge = max(charge, -moved / step.deliveredKW) }
          if step.deliveredKW > 0, moved < 0 {
            discharge = max(discharge, -step.deliveredKW / moved)
          }
        }
      }
    }
    charge = min(1, charge)
    discharge = min(1, discharge)
  }
}
