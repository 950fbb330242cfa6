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
