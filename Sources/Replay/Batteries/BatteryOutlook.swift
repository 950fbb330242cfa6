import Planning
import TimeSeries
import Twin

/// What plans are told of one of several batteries.
///
/// Each is expected to work for its share of load and production, by the rating of its inverter; that decides how
/// warm and full it is expected to be.
struct BatteryOutlook {
  private let replay: ReplayCase
  private let name: String
  /// First slot of plans, counted from the start of the period, in which it is there all through.
  private let firstSlot: Int
  private let share: Double
  private let blind: PowerEnvelope
  private let endValuePerKWh: Double
  /// What battery power was expected so far.
  private(set) var power: BatteryPowerForecasts

  init(_ replay: ReplayCase, _ place: Int, endValuePerKWh: Double) throws {
    self.replay = replay.alone(place)
    self.endValuePerKWh = endValuePerKWh
    name = replay.fleet[place].name
    let perSlot = replay.settings.planningStepSeconds / replay.period.stepSeconds
    firstSlot = (replay.firstSlot(of: place) + perSlot - 1) / perSlot
    share = replay.fleet[place].system.converter.ratedKW / replay.ratedKW
    blind = try self.replay.ratedEnvelope(
      slots: 1, stepSeconds: replay.settings.planningStepSeconds)
    power = try BatteryPowerForecasts(self.replay)
  }

  /// Returns the battery as a plan is told of it.
  ///
  /// - Parameters:
  ///   - outlook: The forecasts of the site.
  ///   - first: First slot of the plan, counted from the start of the period.
  ///   - unit: The battery as it is now.
  ///   - reachesEnd: Whether the plan ends with the period.
  ///   - keptShares: Share of the usable energy that is kept at the end of each slot; empty for none.
  ///   - budgetPerKWh: Price on top of wear. [currency/kWh]
  /// - Returns: The battery.
  /// - Throws: What the forecaster of battery power throws, and `ImpossibleState` as the twin does.
  mutating func planned(
    _ outlook: HorizonForecast, first: Int, unit: BatteryUnit, reachesEnd: Bool,
    keptShares: [Double], budgetPerKWh: Double
  ) throws -> PlannedBattery {
    var part = outlook
    for t in outlook.grid.indices {
      part.loadKW[t] *= share
      part.pvKW[t] *= share
    }
    part.paths = []
    let expected = try power.expect(part, twin: unit.twin, trace: unit.trace)
    var envelope = try replay.plannedEnvelope(
      part, expectedKW: expected, twin: unit.twin, blind: blind)
    for t in outlook.grid.indices where first + t < firstSlot {
      envelope.chargeKW[t] = 0
      envelope.dischargeKW[t] = 0
    }
    var planned = PlannedBattery(
      name: name, envelope: envelope, initialEnergyKWh: unit.twin.storedEnergyKWh,
      wearPerKWh: replay.settings.wearPerKWh + budgetPerKWh,
      terminal: reachesEnd ? .perKWh(endValuePerKWh) : replay.settings.terminal)
    planned.powerSteps = replay.powerSteps
    planned.reservesKWh = keptShares.map { $0 > 0 ? unit.twin.reserveKWh(fraction: $0) : 0 }
    return planned
  }

  /// Takes over what the plan in force has for the battery.
  mutating func adopt(_ plan: Plan) { power.adopt(plan) }
}
