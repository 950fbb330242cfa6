/// Passive balancing: cells that stand out at the top of the charge are bled.
public struct BalancingSpecification: Sendable, Equatable {
  /// Current through the bleed resistor of a cell. [A]
  public var bleedA: Double
  /// Voltage from which cells are bled; 3.40 V for LFP and 3.9 V for NMC when nil. [V]
  public var startV: Double?
  /// How far a cell must stand above the lowest one. [V]
  public var windowV: Double

  /// Describes balancing; 50 to 100 mA is what common monitoring boards bleed.
  public init(bleedA: Double = 0.1, startV: Double? = nil, windowV: Double = 0.010) {
    self.bleedA = bleedA
    self.startV = startV
    self.windowV = windowV
  }

  /// Returns the voltage from which cells of a chemistry are bled. [V]
  func threshold(_ chemistry: Chemistry) -> Double {
    startV ?? (chemistry == .lfp ? 3.40 : 3.9)
  }
}

extension DigitalTwin {
  /// Decides which cells are bled in the next step and books what the last one bled.
  mutating func balance(_ balancing: BalancingSpecification, currentA: Double, hours: Double) {
    let start = balancing.threshold(specification.cell.chemistry)
    let active = currentA <= 0 && pack.highestV > start
    guard active || isBalancing else { return }
    let base = specification.cell.selfDischargePerMonth / (30 * 24)
    let volts = pack.terminalV
    if isBalancing {
      for j in 0..<pack.cellCount {
        let extra = pack[.bleed, j] - base * pack[.capacity, j]
        if extra > 0 { ledger.balancingKWh += extra * volts[j] * hours / 1000 }
      }
    }
    let floor = max(start, pack.lowestV + balancing.windowV)
    for j in 0..<pack.cellCount {
      let bleeds = active && volts[j] > floor
      pack[.bleed, j] = base * pack[.capacity, j] + (bleeds ? balancing.bleedA : 0)
    }
    isBalancing = active
  }
}
