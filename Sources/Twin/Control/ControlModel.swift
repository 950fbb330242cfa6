import Numerics

/// Plain numbers that every step needs.
struct ControlConstants: Sendable {
  var ratedKW: Double
  var curve: ConverterCurve
  var standbyKW: Double
  var fanKW: Double
  var solarApertureM2: Double
  var minimumSOC: Double
  var maximumSOC: Double
  var minimumV: Double
  var maximumV: Double
  var chargeA: Double
  var dischargeA: Double
  var nominalAh: Double
  /// Voltage of the pack at rest, averaged over the charge. [kV]
  var nominalKV: Double
  var temperatureLimitC: Double
  var sunlit: Int
  var heatsink: Int
  /// Heatsink temperature up to which the full rating holds. [°C]
  var coolHeatsinkC: Double
  /// Temperature of the air around the inverter up to which the full rating holds. [°C]
  var coolAmbientC: Double
  /// True when the policy has a rule of its own for the inverter besides the heatsink's table.
  var hasInverterRules: Bool
  var hvac: HVACSpecification?
  var hasControlFaults: Bool
  var hasSchedule: Bool
  var hasDeratingMemory: Bool
  var balancing: BalancingSpecification?
  /// Temperature of a cell from which the battery is cut off, whatever control sees. [°C]
  var cutOffC: Double
  /// True when a fault makes the sensors of control remember.
  var hasSensorMemory: Bool
  /// Charges between which the voltage at rest is close to straight.
  var calmSOC: ClosedRange<Double>
  var chargeStop: HeatStop
  var dischargeStop: HeatStop
  /// More than any cell moves of its charge over its share of the pack's.
  var largestMove: Double
  /// Tables over cell voltage; nil where there are none.
  var chargeTaper: VoltageTaper?
  var dischargeTaper: VoltageTaper?
}

/// What control looks up in every step, shared by all copies of a twin.
final class ControlModel: Sendable {
  let constants: ControlConstants
  let converter: ConverterSpecification
  /// The derating policy.
  var derating: DeratingPolicy { rules.policy }
  let rules: DeratingRules
  let faults: [FaultSpecification]
  let layout: NetworkLayout
  let isInverterInside: Bool

  init(
    cell: CellSpecification, tables: CellTables, series: Int, parallel: Int,
    enclosure: EnclosureSpecification, converter: ConverterSpecification,
    limits: LimitSpecification, derating: DeratingPolicy,
    balancing: BalancingSpecification?, faults: [FaultSpecification], layout: NetworkLayout,
    starts: PackStart,
    temperatureLimitC: Double
  ) {
    var converter = converter
    if let heatsink = derating.inverter.heatsink { converter.heatsinkDerating = heatsink }
    self.converter = converter
    rules = DeratingRules(derating)
    isInverterInside = enclosure.holdsConverter
    self.faults = faults
    self.layout = layout
    let nominalAh = cell.capacityAh * Double(parallel)
    let chargeA = nominalAh * (limits.maximumChargeC ?? cell.maximumChargeC)
    let dischargeA = nominalAh * (limits.maximumDischargeC ?? cell.maximumDischargeC)
    constants = ControlConstants(
      ratedKW: converter.ratedKW, curve: converter.curve, standbyKW: converter.standbyKW,
      fanKW: enclosure.fanKW, solarApertureM2: enclosure.solarApertureM2,
      minimumSOC: limits.minimumSOC, maximumSOC: limits.maximumSOC, minimumV: cell.minimumV,
      maximumV: cell.maximumV,
      chargeA: chargeA, dischargeA: dischargeA,
      nominalAh: nominalAh, nominalKV: cell.nominalV * Double(series) / 1000,
      temperatureLimitC: temperatureLimitC, sunlit: layout.sunlit,
      heatsink: layout.heatsink, coolHeatsinkC: InverterDerating.coolC(converter.heatsinkDerating),
      coolAmbientC: InverterDerating.coolC(derating.inverter.ambient),
      hasInverterRules: derating.inverter.ambient != nil || derating.inverter.stopC != nil
        || derating.inverter.warning != nil,
      hvac: enclosure.hvac,
      hasControlFaults: faults.contains { fault in
        switch fault.kind {
        case .hvacFailure, .fanFailure, .sensorBias, .sensorStuck, .sensorLate, .sensorGap,
          .sunOnDoor:
          true
        default: false
        }
      }, hasSchedule: layout.schedule.count > 1, hasDeratingMemory: derating.hasMemory,
      balancing: balancing, cutOffC: limits.cutOffC,
      hasSensorMemory: faults.contains { fault in
        switch fault.kind {
        case .sensorLate, .sensorGap: true
        default: false
        }
      },
      calmSOC: tables.calmSOC,
      chargeStop: HeatStop(
        stopC: derating.stopC(.charge), cell: cell, parallel: parallel, starts: starts),
      dischargeStop: HeatStop(
        stopC: derating.stopC(.discharge), cell: cell, parallel: parallel, starts: starts),
      largestMove: 1.5 * starts.resistanceRatio / starts.leastCapacity,
      chargeTaper: derating.voltageTable(.charge).map {
        VoltageTaper($0, .charge, ratedA: chargeA)
      },
      dischargeTaper: derating.voltageTable(.discharge).map {
        VoltageTaper($0, .discharge, ratedA: dischargeA)
      })
  }

  /// Returns the share of the inverter's rating that its heatsink allows.
  func inverterShare(heatsinkC: Double) -> Double {
    if heatsinkC <= constants.coolHeatsinkC { return 1 }
    return min(max(converter.heatsinkDerating(heatsinkC), 0), 1)
  }

  /// Returns the share of the inverter's rating that the policy leaves besides the heatsink's table.
  ///
  /// - Parameters:
  ///   - airC: Air of the enclosure. [°C]
  ///   - ambientC: Surroundings of the battery. [°C]
  ///   - memory: Whether the inverter is stopped.
  /// - Returns: The share.
  func policyShare(airC: Double, ambientC: Double, memory: DeratingMemory) -> Double {
    if memory.isInverterStopped { return 0 }
    let around = isInverterInside ? airC : ambientC
    guard around > constants.coolAmbientC, let table = derating.inverter.ambient else {
      return memory.inverterShare
    }
    return min(max(table(around), 0), memory.inverterShare)
  }

  /// Returns the table over voltage of a direction.
  func taper(_ direction: PowerDirection) -> VoltageTaper? {
    direction == .charge ? constants.chargeTaper : constants.dischargeTaper
  }

  /// Returns the limit from rates and derating rules alone, and what decides it. [A]
  ///
  /// Inlined where no rule acts, as a call would copy what rules remember.
  @inline(__always)
  func fixedLimit(
    _ direction: PowerDirection, _ seen: DeratingPolicy.Reading, memory: DeratingMemory
  ) -> (currentA: Double, cause: ClipCause) {
    let isFree =
      direction == .charge ? rules.freeCharge.holds(seen) : rules.freeDischarge.holds(seen)
    if !constants.hasDeratingMemory, isFree {
      return (direction == .charge ? constants.chargeA : constants.dischargeA, .cRate)
    }
    return ruledLimit(direction, seen, memory: memory)
  }

  @inline(never)
  private func ruledLimit(
    _ direction: PowerDirection, _ seen: DeratingPolicy.Reading, memory: DeratingMemory
  ) -> (currentA: Double, cause: ClipCause) {
    let rated = direction == .charge ? constants.chargeA : constants.dischargeA
    let share = rules.share(direction, seen, memory: memory)
    return (rated * share.fraction, share.cause)
  }
}
