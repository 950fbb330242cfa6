import Planning
import TimeSeries
import Twin

/// The most that the twin gets out of energy, and the most it can lose, anywhere in its range.
///
/// A bound may not be beaten because the battery happened to work at a better point than the planner's model
/// thinks, so the bound's model is given the best point of each direction. Where a price below zero pays for
/// losing energy the worst point is the better one, so the bound may lose what the battery can lose. Taken at
/// a tenth to nine tenths of the window, rested, at 25 °C and in the warmest air: what a battery warms itself
/// above that comes from working far from its best point. Losses are also taken in the coldest air.
struct BatteryExtremes {
  /// Stored energy per energy taken from the AC side, at best.
  private(set) var charge = 0.0
  /// Energy given to the AC side per energy taken from the store, at best.
  private(set) var discharge = 0.0
  /// Highest powers over a slot. [kW]
  private(set) var chargeKW = 0.0
  private(set) var dischargeKW = 0.0
  /// Stored energy lost per time at the worst point, beyond what the best efficiencies lose; zero where that
  /// was not asked for. [kW]
  private(set) var mostLossKW = 0.0

  /// Share added to losses for resistances that grow with age.
  private static let ageing = 0.1

  /// Tries powers at several states of charge, in steps short enough that the voltage of the slow
  /// processes has not built up; losses in steps in which it has.
  ///
  /// - Parameters:
  ///   - replay: The case.
  ///   - ambientC: Temperatures of the air in the period, unknown ones as NaN. [°C]
  ///   - withLosses: Whether losses are looked for.
  /// - Throws: `ImpossibleState` as the twin does.
  init(_ replay: ReplayCase, ambientC: [Double], withLosses: Bool) throws(ImpossibleState) {
    let known = ambientC.filter { $0.isFinite }
    let warmest = max(25, known.max() ?? 25)
    for share in [0.1, 0.3, 0.5, 0.7, 0.9] {
      for ambient in warmest > 25 ? [25, warmest] : [25] {
        let rested = Self.twin(replay, share: share, ambientC: ambient)
        try enterPowers(rested, replay.period.stepSeconds, ambientC: ambient)
        for power in stride(from: 0.02, through: 1, by: 0.02) {
          for sign in [-1.0, 1] { try enter(rested, sign * power, ambientC: ambient) }
        }
      }
    }
    charge = min(1, charge)
    discharge = min(1, discharge)
    guard withLosses else { return }
    for share in [0.1, 0.5, 0.9] {
      for ambient in [min(25, known.min() ?? 25), warmest] {
        let rested = Self.twin(replay, share: share, ambientC: ambient)
        for power in [-1, -0.75, -0.5, -0.25, -0.05, -0.01, 0, 0.01, 0.05, 0.25, 0.5, 0.75, 1] {
          try enterLoss(rested, power, ambientC: ambient)
        }
      }
    }
    mostLossKW *= 1 + Self.ageing
  }

  private static func twin(_ replay: ReplayCase, share: Double, ambientC: Double) -> DigitalTwin {
    let limits = replay.battery.limits
    let soc = limits.minimumSOC + share * (limits.maximumSOC - limits.minimumSOC)
    return DigitalTwin(
      replay.battery, seed: replay.settings.seed, socFraction: soc, temperatureC: ambientC)
  }

  private mutating func enterPowers(
    _ rested: DigitalTwin, _ stepSeconds: Int, ambientC: Double
  ) throws(ImpossibleState) {
    let able = try rested.envelope(along: [0], stepSeconds: stepSeconds, ambientC: [ambientC])
    chargeKW = max(chargeKW, able.chargeKW[0])
    dischargeKW = max(dischargeKW, able.dischargeKW[0])
  }

  private mutating func enter(
    _ rested: DigitalTwin, _ share: Double, ambientC: Double
  ) throws(ImpossibleState) {
    let (acKW, storedKW) = try Self.flow(rested, share, ambientC: ambientC, seconds: 60)
    if acKW < 0, storedKW > 0 { charge = max(charge, -storedKW / acKW) }
    if acKW > 0, storedKW < 0 { discharge = max(discharge, -acKW / storedKW) }
  }

  private mutating func enterLoss(
    _ rested: DigitalTwin, _ share: Double, ambientC: Double
  ) throws(ImpossibleState) {
    let (acKW, storedKW) = try Self.flow(rested, share, ambientC: ambientC, seconds: 1800)
    let best = acKW < 0 ? -acKW * charge : -acKW / discharge
    mostLossKW = max(mostLossKW, best - storedKW)
  }

  /// Mean power at the AC side, positive in discharge, and the rate of the stored energy. [kW]
  private static func flow(
    _ rested: DigitalTwin, _ share: Double, ambientC: Double, seconds: Double
  ) throws(ImpossibleState) -> (acKW: Double, storedKW: Double) {
    var twin = rested
    let step = try twin.step(
      requestKW: share * rested.specification.converter.ratedKW, ambientC: ambientC,
      seconds: seconds)
    let moved = (twin.storedEnergyKWh - rested.storedEnergyKWh) * 3600 / seconds
    return (step.deliveredKW, moved)
  }
}

extension ReplayCase {
  /// What all batteries draw besides their losses, at least and at most; one that comes later draws nothing before.
  /// [kW]
  var ownDrawKW: ClosedRange<Double> {
    if fleet.isEmpty { return battery.ownDrawKW }
    let draws = fleet.indices.map { place in
      let own = fleet[place].system.ownDrawKW
      return firstSlot(of: place) > 0 ? min(0, own.lowerBound)...own.upperBound : own
    }
    return draws.reduce(0) { $0 + $1.lowerBound }...draws.reduce(0) { $0 + $1.upperBound }
  }
}

extension TwinSpecification {
  /// What the system draws besides its losses, at least and at most. [kW]
  ///
  /// It stands by or its fan runs; a thermostat adds to that. With faults the least is nothing.
  var ownDrawKW: ClosedRange<Double> {
    let standby = converter.standbyKW
    let fan = enclosure.fanKW
    let hvac = enclosure.hvac.map {
      max($0.coolingKW / $0.coolingCOP, $0.heatingKW / $0.heatingCOP)
    }
    return (faults.isEmpty ? min(standby, fan) : 0)...(max(standby, fan) + (hvac ?? 0))
  }
}
