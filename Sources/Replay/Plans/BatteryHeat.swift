import Foundation
import Planning
import Tariffs
import TimeSeries
import Twin

/// The twin as one temperature and one line of allowed power, for heat inside a linear program.
///
/// The numbers are taken from the twin itself: the share of power allowed at rest over the temperature, and
/// the warming of the hottest cell while the battery swings between its limits about half charge.
struct BatteryHeat {
  private let form: HeatModel?
  /// How much warmer the cells get under steady sun. [K·m²/W]
  private let sunKM2PerW: Double

  /// Observes the twin of a case; a battery that heat never stops has no heat to plan with.
  ///
  /// - Throws: `ImpossibleState` as the twin does.
  init(_ replay: ReplayCase) throws(ImpossibleState) {
    form = try Self.observed(replay)
    sunKM2PerW = form == nil || replay.sun == nil ? 0 : try Self.sunWarming(replay)
  }

  /// Returns the heat of a horizon.
  ///
  /// - Parameters:
  ///   - surroundings: Air and sun, one per slot; the sun counts as warmer air.
  ///   - startC: Temperature of the hottest cell now. [°C]
  /// - Returns: The model; nothing for a battery that heat does not limit.
  func model(_ surroundings: Surroundings, startC: Double) -> HeatModel? {
    var model = form
    model?.ambientC = zip(surroundings.ambientC, surroundings.irradianceWM2).map {
      $0 + sunKM2PerW * $1
    }
    model?.startC = startC
    return model
  }

  private static let comfortableC = 25.0
  private static let hottestC = 80.0

  private static func observed(_ replay: ReplayCase) throws(ImpossibleState) -> HeatModel? {
    let rated = replay.battery.converter.ratedKW
    guard let line = try line(replay) else { return nil }
    let warming = try warming(replay, ratedKW: rated)
    return HeatModel(
      ambientC: [], startC: 0,
      // Only the ratio of heat to conductance counts: the warming at a steady power.
      heatPerSquaredKW: heatShare / rated,
      conductanceKWPerK: heatShare * rated / warming.atRatedK,
      timeConstantHours: warming.hours, fullPowerKW: line.fullKW, deratesAboveC: line.fromC,
      stopsAtC: line.toC)
  }

  /// Heat at full power as a share of it, which sets the scale of the heat rows.
  private static let heatShare = 0.05

  /// Share of the power at a comfortable temperature that counts as all of it; cells give a little less
  /// or more over the temperature without any derating.
  private static let nearlyAll = 0.98

  /// From where to where the allowed power falls as the battery gets hotter.
  private static func line(
    _ replay: ReplayCase
  ) throws(ImpossibleState) -> (fullKW: Double, fromC: Double, toC: Double)? {
    func allowed(
      _ temperatureC: Double
    ) throws(ImpossibleState) -> (chargeKW: Double, dischargeKW: Double) {
      let twin = DigitalTwin(
        replay.battery, seed: replay.settings.seed, socFraction: middleSOC(replay),
        temperatureC: temperatureC)
      let now = try twin.envelope(along: [0], stepSeconds: 60, ambientC: [temperatureC])
      return (now.chargeKW[0], now.dischargeKW[0])
    }
    let full = try allowed(comfortableC)
    guard full.chargeKW > 0, full.dischargeKW > 0 else { return nil }
    var from = comfortableC
    var temperature = comfortableC
    while temperature <= hottestC {
      let now = try allowed(temperature)
      let share = min(now.chargeKW / full.chargeKW, now.dischargeKW / full.dischargeKW)
      if share >= nearlyAll { from = temperature }
      if share <= 1 - nearlyAll, temperature > from {
        return (max(full.chargeKW, full.dischargeKW), from, temperature)
      }
      temperature += 0.5
    }
    return nil
  }

  /// How the hottest cell warms above the air at the inverter's rating.
  private static func warming(
    _ replay: ReplayCase, ratedKW: Double
  ) throws(ImpossibleState) -> (atRatedK: Double, hours: Double) {
    var twin = DigitalTwin(
      replay.battery, seed: replay.settings.seed, socFraction: middleSOC(replay),
      temperatureC: comfortableC)
    // Two equal spans: the second's share of the first gives the time constant.
    let spanHours = 3.0
    let swing = 60.0
    let steps = Int(spanHours * 3600 / swing)
    var rises: [Double] = []
    var squares = 0.0
    for _ in 0..<2 {
      for _ in 0..<steps {
        let request = twin.socFraction < middleSOC(replay) ? -ratedKW : ratedKW
        let done = try twin.step(requestKW: request, ambientC: comfortableC, seconds: swing)
        squares += done.deliveredKW * done.deliveredKW
      }
      rises.append(max(1e-3, twin.hottestCellC - comfortableC))
    }
    let meanSquare = max(1e-9, squares / Double(2 * steps))
    let left = min(0.95, max(0.05, rises[1] / rises[0] - 1))
    return (rises[0] / (1 - left) * ratedKW * ratedKW / meanSquare, -spanHours / log(left))
  }

  /// How much warmer the resting battery gets in steady sun, per irradiance. [K·m²/W]
  private static func sunWarming(_ replay: ReplayCase) throws(ImpossibleState) -> Double {
    // Long against the time constants of box and cells.
    let hours = 96
    let irradianceWM2 = 500.0
    var twin = DigitalTwin(
      replay.battery, seed: replay.settings.seed, socFraction: middleSOC(replay),
      temperatureC: comfortableC)
    var shaded = twin
    for _ in 0..<hours {
      _ = try twin.step(
        requestKW: 0, ambientC: comfortableC, seconds: 3600, irradianceWPerM2: irradianceWM2)
      _ = try shaded.step(requestKW: 0, ambientC: comfortableC, seconds: 3600)
    }
    return (twin.hottestCellC - shaded.hottestCellC) / irradianceWM2
  }

  private static func middleSOC(_ replay: ReplayCase) -> Double {
    0.5 * (replay.battery.limits.minimumSOC + replay.battery.limits.maximumSOC)
  }
}
