/// Energy-weighted efficiencies along a trajectory.
struct EfficiencyTally {
  private var chargedKW = 0.0
  private var gainedKW = 0.0
  private var givenKW = 0.0
  private var spentKW = 0.0

  /// Adds mean powers over as many steps of equal length.
  mutating func add(acKW: Double, storedKW: Double, steps: Double = 1) {
    if acKW < 0, storedKW > 0 {
      chargedKW -= steps * acKW
      gainedKW += steps * storedKW
    } else if acKW > 0, storedKW < 0 {
      givenKW += steps * acKW
      spentKW -= steps * storedKW
    }
  }

  var chargeEfficiency: Double {
    chargedKW > 0 ? min(1, max(0.01, gainedKW / chargedKW)) : 1
  }

  var dischargeEfficiency: Double {
    spentKW > 0 ? min(1, max(0.01, givenKW / spentKW)) : 1
  }
}
