import Forecasting
import Tariffs
import TimeSeries
package import Twin

/// Single days of a replay, run again with another battery that is asked for the same.
///
/// The battery starts a day with the charge that it had in the replay and with all of it at the temperature of the
/// replay's hottest cell. It is asked for what the replay's controller asked for, interval by interval, in short
/// steps, so that protection, sensors and pulses of load act at their own pace; nobody plans anew. What it does not
/// give or take, the meter does. Days share prices, air and sun of the replay.
package struct PlannedDays: Sendable {
  /// Intervals of a local day, as places in the period.
  package let days: [Range<Int>]
  private let context: MeteringContext
  private let trace: ReplayTrace
  private let startSOC: Double
  private let seed: UInt64
  private let sunWM2: [Double]

  /// What goes on around the battery in a day, besides what the replay saw.
  package struct Surroundings: Sendable {
    /// Added to the air at a time since the start of the day. [K] [s]
    package var ambientOffsetK: @Sendable (_ seconds: Double) -> Double
    /// Load that comes on top between two times since the start of the day, which the battery is asked to follow.
    /// [kW] [s]
    package var extraLoadKW: @Sendable (_ from: Double, _ to: Double) -> Double

    /// Sets both.
    package init(
      ambientOffsetK: @escaping @Sendable (Double) -> Double = { _ in 0 },
      extraLoadKW: @escaping @Sendable (Double, Double) -> Double = { _, _ in 0 }
    ) {
      self.ambientOffsetK = ambientOffsetK
      self.extraLoadKW = extraLoadKW
    }
  }

  /// What a day cost and did.
  package struct Outcome: Sendable {
    /// Energy bought and sold at the prices of its intervals, less the value of the energy left; without peaks.
    /// [currency]
    package var cost: Double
    /// Highest mean import of an interval. [kW]
    package var peakKW: Double
    /// The twin's ledger of the day.
    package var ledger: TwinLedger
  }

  /// Takes a finished replay.
  ///
  /// - Parameters:
  ///   - replay: The case.
  ///   - outcome: What happened in it.
  /// - Throws: `InputError` as a replay does.
  package init(_ replay: ReplayCase, following outcome: ReplayOutcome) throws {
    context = try MeteringContext(replay)
    trace = outcome.trace
    seed = replay.settings.seed
    startSOC = replay.settings.initialSOCFraction ?? replay.battery.limits.minimumSOC
    let range = replay.firstSlot..<replay.firstSlot + replay.period.count
    sunWM2 = Array(
      HorizontalIrradiance(
        on: replay.history.grid, from: replay.history, place: replay.site.place
      ).wattPerM2[range])
    days = LocalSlots(grid: replay.period, zone: replay.history.zone).days
  }

  /// Runs a day.
  ///
  /// - Parameters:
  ///   - day: Its place in `days`.
  ///   - battery: The battery system; its faults count from the start of the day.
  ///   - around: What else goes on.
  ///   - stepSeconds: Longest step. [s]
  /// - Returns: What it cost and did.
  /// - Throws: `ImpossibleState` when the battery came into a state that none can be in.
  package func run(
    day: Int, battery: TwinSpecification, around: Surroundings, stepSeconds: Int
  ) throws(ImpossibleState) -> Outcome {
    let slots = days[day]
    let before = slots.lowerBound - 1
    let airC = context.ambientC[slots.lowerBound]
    var twin = DigitalTwin(
      battery, seed: seed,
      socFraction: before >= 0 ? min(max(trace.socFraction[before], 0), 1) : startSOC,
      temperatureC: before >= 0 ? trace.hottestCellC[before] : airC)
    let startKWh = twin.storedEnergyKWh
    let length = trace.grid.stepSeconds
    let parts = (length + stepSeconds - 1) / stepSeconds
    let each = Double(length) / Double(parts)
    let hours = trace.grid.stepHours
    var cost = 0.0
    var peakKW = 0.0
    var now = 0.0
    for slot in slots {
      let isMetered = trace.gridKW[slot].isFinite
      let asked = isMetered ? trace.requestedKW[slot] : 0
      var gridKW =
        isMetered
        ? trace.gridKW[slot] + trace.batteryKW[slot] - trace.auxiliaryKW[slot] : 0
      for _ in 0..<parts {
        let extra = around.extraLoadKW(now, now + each)
        let step = try twin.step(
          requestKW: asked + extra,
          ambientC: context.ambientC[slot] + around.ambientOffsetK(now), seconds: each,
          irradianceWPerM2: sunWM2[slot])
        gridKW += (extra - step.deliveredKW + step.auxiliaryKW) / Double(parts)
        now += each
      }
      guard isMetered else { continue }
      peakKW = max(peakKW, gridKW)
      cost +=
        hours * gridKW
        * (gridKW > 0 ? context.schedule.buyPerKWh[slot] : context.schedule.sellPerKWh[slot])
    }
    cost -= (twin.storedEnergyKWh - startKWh) * context.endValuePerKWh
    return Outcome(cost: cost, peakKW: peakKW, ledger: twin.ledger)
  }
}
