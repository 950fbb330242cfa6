/// How far a cell has aged: shares of capacity lost and of resistance gained, by cause.
public struct AgeingState: Sendable, Equatable, Codable {
  /// Capacity lost with time.
  public var calendarLoss = 0.0
  /// Capacity lost with cycles.
  public var cycleLoss = 0.0
  /// A third part where the model has one: break-in of LFP, active material of NMC.
  public var activeLoss = 0.0
  /// Resistance gained with time and with cycles.
  public var calendarGrowth = 0.0
  public var cycleGrowth = 0.0

  /// Starts a new cell.
  public init(_ model: AgeingModel) {
    switch model {
    case .lfpNREL3: activeLoss = 1e-10
    case .nmcKokam75: activeLoss = 1e-8
    default: break
    }
  }

  /// Share of the new capacity that is left.
  public func capacityFactor(_ model: AgeingModel) -> Double {
    switch model {
    case .nmcKokam75: min(1 - calendarLoss - cycleLoss, 1.01 - activeLoss)
    default: 1 - calendarLoss - cycleLoss - activeLoss
    }
  }

  /// Resistance over that of the new cell.
  public func resistanceFactor(_ model: AgeingModel) -> Double {
    switch model {
    case .nmcKokam75:
      max(1 + calendarGrowth + cycleGrowth, -0.08 + 1.09 / (1.01 - activeLoss))
    default: 1 + calendarGrowth + cycleGrowth
    }
  }

  /// Adds a stretch of time.
  ///
  /// - Parameters:
  ///   - model: The model.
  ///   - days: Length of the stretch. [d]
  ///   - averages: Time averages of the model's rates.
  ///   - continuation: How growth goes on.
  mutating func addTime(
    _ model: AgeingModel, days: Double, averages: SIMD8<Double>,
    continuation: AgeingContinuation
  ) {
    switch model {
    case .lfpGasper250:
      calendarLoss += continuation.power(calendarLoss, days, averages[0], 0.526)
      calendarGrowth += averages[2] * days * 86400
    case .lfpNREL3:
      calendarLoss += continuation.sigmoid(
        calendarLoss, days, averages[0], 0.000130510034211874, averages[1])
      calendarGrowth += averages[2] * averages[4] * days * 86400
    case .lfpNaumann3:
      calendarLoss = (calendarLoss * calendarLoss + averages[0] * days * 86400).squareRoot()
      calendarGrowth += averages[1] * days * 86400
    case .nmcSchmalstieg2:
      calendarLoss += continuation.power(calendarLoss, days, averages[0], 0.75)
      calendarGrowth += continuation.power(calendarGrowth, days, averages[1], 0.75)
    case .nmcKokam75:
      calendarLoss += continuation.power(calendarLoss, days, averages[0], 0.357)
      calendarGrowth += continuation.power(calendarGrowth, days, 0.0570 * averages[0], 1.25)
    }
  }

  /// Adds cycles of one depth.
  ///
  /// - Parameters:
  ///   - model: The model.
  ///   - cycles: Depth, throughput and rate.
  ///   - averages: Time averages of the model's rates around the cycles.
  ///   - continuation: How growth goes on.
  mutating func addCycles(
    _ model: AgeingModel, _ cycles: CycleStress, averages: SIMD8<Double>,
    continuation: AgeingContinuation
  ) {
    guard cycles.equivalentFullCycles > 0 else { return }
    let efc = cycles.equivalentFullCycles
    let depth = cycles.depth
    let rate = cycles.cRate
    let exp = PortableMath.exp
    switch model {
    case .lfpGasper250:
      let k = (4.38e-8 + 1.55e-8 * depth + 1.68e-7 * rate) * averages[1]
      cycleLoss += continuation.power(cycleLoss, efc, k, 0.828)
      cycleGrowth += AgeingModel.growthPerCycle(depth: depth, cRate: rate) * efc
    case .lfpNREL3:
      let q5 = abs(
        -6.81260579372875e-6 + 2.59615973160844e-5 * depth
          + 2.11559710307295e-6 * exp(depth * depth * rate * rate * rate))
      cycleLoss += continuation.powerB(cycleLoss, efc, q5, 1.12847759334355)
      if cycles.perDay > 3 {
        let q7 = abs(
          0.582258029148225 * averages[3]
            * AgeingModel.skewNormal(depth, shape: -3.80744333129564, width: 1.1612626042821) * 2
            * (0.5 - 1 / (1 + exp(25.4130804598602 * depth))))
        activeLoss += continuation.sigmoid(
          activeLoss, efc, q7, 0.00303553871631028, 1.43752162947637)
      }
      let d = depth - 0.5
      cycleGrowth +=
        max(0, -0.002 * rate + 0.0021) * (6.8477 * d * d * d + 0.91882) * efc / 100
    case .lfpNaumann3:
      let d = depth - 0.6
      let s = (0.0630 * rate + 0.0971) * (4.0253 * d * d * d + 1.0923)
      let percent = 100 * cycleLoss
      cycleLoss = (percent * percent + s * s * efc).squareRoot() / 100
      cycleGrowth += AgeingModel.growthPerCycle(depth: depth, cRate: rate) * efc
    case .nmcSchmalstieg2:
      let ah = 2 * efc * 2.15
      let rms = averages[2].squareRoot()
      let betaQ = 7.348e-3 * (rms - 3.667) * (rms - 3.667) + 7.6e-4 + 4.081e-3 * depth
      let betaR = 2.153e-4 * (rms - 3.725) * (rms - 3.725) - 1.521e-5 + 2.798e-4 * depth
      cycleLoss += continuation.power(cycleLoss, ah, betaQ, 0.5)
      cycleGrowth += betaR * ah
    case .nmcKokam75:
      let q3 = averages[1] * exp(1.04 * exp(depth * depth))
      let q5 = 1e4 + 153 * averages[2] * depth * averages[3] / 0.6
      cycleLoss += continuation.power(cycleLoss, efc, q3, 0.778)
      cycleGrowth += continuation.power(cycleGrowth, efc, 4.87 * q3, 0.712)
      activeLoss += continuation.sigmoid(activeLoss, efc, 1, 1 / max(q5, 1), 10)
    }
  }
}
