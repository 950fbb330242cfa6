/// Conditions that a model of ageing was measured under; beyond them it is a guess.
public struct AgeingRange: Sendable, Equatable {
  /// Temperature of cells that were cycled. [°C]
  public var temperatureC: ClosedRange<Double>
  /// Fastest charge and discharge. [1/h]
  public var mostChargeC: Double
  public var mostDischargeC: Double
}

extension AgeingModel {
  /// What the cells of the model were put through.
  ///
  /// Sources: the conditions that BLAST-Lite states for its models (`experimental_range`), after the papers named
  /// at each model; that of `lfpNaumann3` is that of the same cells in `lfpNREL3`.
  public var range: AgeingRange {
    switch self {
    case .lfpGasper250: AgeingRange(temperatureC: 10...45, mostChargeC: 0.65, mostDischargeC: 1)
    case .lfpNREL3, .lfpNaumann3:
      AgeingRange(temperatureC: 20...40, mostChargeC: 1, mostDischargeC: 2)
    case .nmcSchmalstieg2: AgeingRange(temperatureC: 20...40, mostChargeC: 1, mostDischargeC: 1)
    case .nmcKokam75: AgeingRange(temperatureC: 0...45, mostChargeC: 1, mostDischargeC: 1)
    }
  }

  /// The models of a chemistry, in the order of their names in documents.
  public static func all(of chemistry: Chemistry) -> [AgeingModel] {
    switch chemistry {
    case .lfp: [.lfpGasper250, .lfpNREL3, .lfpNaumann3]
    case .nmc: [.nmcSchmalstieg2, .nmcKokam75]
    }
  }
}

/// Time that a pack spent under conditions that its model of ageing was not measured under. [s]
public struct AgeingOutside: Sendable, Equatable, Codable {
  /// With a cell colder or warmer.
  public internal(set) var coldSeconds = 0.0
  public internal(set) var warmSeconds = 0.0
  /// Charged or discharged faster.
  public internal(set) var fastSeconds = 0.0
  /// With any of these.
  public internal(set) var seconds = 0.0

  /// Takes in a step.
  mutating func add(
    _ range: AgeingRange, coldestC: Double, hottestC: Double, dischargeC: Double, seconds: Double
  ) {
    let isCold = coldestC < range.temperatureC.lowerBound
    let isWarm = hottestC > range.temperatureC.upperBound
    let isFast = dischargeC > range.mostDischargeC || -dischargeC > range.mostChargeC
    guard isCold || isWarm || isFast else { return }
    self.seconds += seconds
    if isCold { coldSeconds += seconds }
    if isWarm { warmSeconds += seconds }
    if isFast { fastSeconds += seconds }
  }
}
