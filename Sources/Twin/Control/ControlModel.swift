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
  /// Temperatures and charges within which no table of a direction says less than 1.
  var freeCharge: DeratingPolicy.FreeRange
  var freeDischarge: DeratingPolicy.FreeRange
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
  let derating: DeratingPolicy
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
    self.derating = derating
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
      hasInverterRules: derating.inverter.ambient != nil || derating.inverter.stopC != nil,
      hvac: enclosure.hvac,
      hasControlFaults: faults.contains { fault in
        switch fault.kind {
        case .hvacFailure, .fanFailure, .sensorBias, .sensorStuck: true
        default: false
        }
      }, hasSchedule: layout.schedule.count > 1, hasDeratingMemory: derating.hasMemory,
      balancing: balancing, freeCharge: derating.freeRange(.charge),
      freeDischarge: derating.freeRange(.discharge),
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
    guard around > constants.coolAmbientC, let table = derating.inverter.ambient else { return 1 }
    return min(max(table(around), 0), 1)
  }

  /// Returns the table over voltage of a direction.
  func taper(_ direction: PowerDirection) -> VoltageTaper? {
    direction == .charge ? constants.chargeTaper : constants.dischargeTaper
  }

  /// Returns the shares that temperature and SOC tables allow, and what decided the first.
  func allowed(
    _ direction: PowerDirection, _ state: DeratingPolicy.Reading
  ) -> (heat: Double, soc: Double, cause: ClipCause) {
    let free = direction == .charge ? constants.freeCharge : constants.freeDischarge
    if free.holds(state) { return (1, 1, .heat) }
    return derating.allowed(direction, state)
  }

  /// Returns the limit from rates and derating rules alone, and what decides it. [A]
  ///
  /// Inlined where no rule acts, as a call would copy what rules remember.
  @inline(__always)
  func fixedLimit(
    _ direction: PowerDirection, _ seen: DeratingPolicy.Reading, memory: DeratingMemory
  ) -> (currentA: Double, cause: ClipCause) {
    let free = direction == .charge ? constants.freeCharge : constants.freeDischarge
    if !constants.hasDeratingMemory, free.holds(seen) {
      return (direction == .charge ? constants.chargeA : constants.dischargeA, .cRate)
    }
    return ruledLimit(direction, seen, memory: memory)
  }

  @inline(never)
  private func ruledLimit(
    _ direction: PowerDirection, _ seen: DeratingPolicy.Reading, memory: DeratingMemory
  ) -> (currentA: Double, cause: ClipCause) {
    let rated = direction == .charge ? constants.chargeA : constants.dischargeA
    var allowed = allowed(direction, seen)
    if constants.hasDeratingMemory {
      if memory.isStopped(direction) { return (0, .cellVoltage) }
      allowed.heat = memory.share(direction)
      allowed.cause = memory.cause(direction)
    }
    if allowed.heat <= allowed.soc {
      return (rated * allowed.heat, allowed.heat < 1 ? allowed.cause : .cRate)
    }
    return (rated * allowed.soc, .derateSOC)
  }
}

extension DeratingPolicy {
  /// True when what is allowed does not follow from the present state alone.
  var hasMemory: Bool {
    PowerDirection.allCases.contains { recovery(of: $0).hasMemory || stop($0) != nil }
      || inverter.stopC != nil
  }

  /// Where a direction is not held back at all.
  struct FreeRange: Sendable {
    var lowC = -Double.infinity
    var highC = Double.infinity
    var lowSOC = -Double.infinity
    var highSOC = Double.infinity

    func holds(_ state: DeratingPolicy.Reading) -> Bool {
      state.coldestC >= lowC && state.hottestC <= highC && state.lowestSOC >= lowSOC
        && state.highestSOC <= highSOC
    }
  }

  /// Returns a range of states in which no table of a direction says less than 1.
  func freeRange(_ direction: PowerDirection) -> FreeRange {
    var range = FreeRange()
    for table in direction == .charge ? charge : discharge {
      switch table {
      case .temperature(let table):
        let (low, high) = DeratingPolicy.fullSpan(table)
        range.lowC = max(range.lowC, low)
        range.highC = min(range.highC, high)
      case .soc(let table):
        let (low, high) = DeratingPolicy.fullSpan(table)
        if direction == .charge {
          range.highSOC = min(range.highSOC, high)
          if low > 0 { range.lowSOC = .infinity }
        } else {
          range.lowSOC = max(range.lowSOC, low)
          if high < 1 { range.highSOC = -.infinity }
        }
      case .voltage: break
      case .surface:
        range.lowC = .infinity
      }
    }
    return range
  }

  /// The longest stretch in which a table says 1, without ends where it does so beyond them.
  private static func fullSpan(_ table: LinearTable) -> (Double, Double) {
    guard let first = table.y.firstIndex(where: { $0 >= 1 }) else { return (.infinity, -.infinity) }
    var last = first
    while last + 1 < table.y.count, table.y[last + 1] >= 1 { last += 1 }
    return (
      first == 0 ? -.infinity : table.x[first],
      last == table.y.count - 1 ? .infinity : table.x[last]
    )
  }
}
