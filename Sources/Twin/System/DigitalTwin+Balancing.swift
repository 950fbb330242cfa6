extension DigitalTwin {
  /// Decides which cells are bled in the next step and books what the last one bled.
  mutating func balance(_ balancing: BalancingSpecification, currentA: Double, hours: Double) {
    let start = balancing.threshold(specification.cell.chemistry)
    let active = currentA <= 0 && pack.highestV > start
    guard active || isBalancing else { return }
    let base = specification.cell.selfDischargePerMonth / (30 * 24)
    let volts = pack.terminalV
    if isBalancing {
      ledger.balancingKWh += pack.bledW(perHour: base, volts: volts) * hours / 1000
    }
    let floor = max(start, pack.lowestV + balancing.windowV)
    pack.bleed(
      perHour: base, bleedA: active ? balancing.bleedA : 0, aboveV: floor, volts: volts)
    isBalancing = active
  }

  /// Stops the self-discharge of empty cells, and lets it go on in those that are no longer.
  ///
  /// Self-discharge is mostly the draw of the monitoring electronics, which switch themselves off before
  /// they empty a cell deeply; what a cell loses on its own after that is left out.
  mutating func protect(seconds: Double) {
    let base = specification.cell.selfDischargePerMonth / (30 * 24)
    guard base > 0 else { return }
    isProtected = false
    for j in 0..<pack.cellCount {
      if pack[.soc, j] <= 0 {
        if pack[.bleed, j] != 0 { pack[.bleed, j] = 0 }
        isProtected = true
      } else if pack[.bleed, j] == 0 {
        pack[.bleed, j] = base * pack[.capacity, j]
      }
    }
    if isProtected { ledger.protectedSeconds += seconds }
  }
}
