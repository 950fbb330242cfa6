import Documents
import Planning

extension PlanCounts {
  /// What was planned otherwise than by one exact solver on one forecast, in words.
  var remarks: [String] {
    var parts: [String] = []
    func part(_ count: Int, _ words: String) {
      if count > 0 { parts.append("\(count) \(words)") }
    }
    if hedged > 0 {
      let mean = NumberText.fixed(Double(paths) / Double(hedged), decimals: 1)
      parts.append("\(hedged) plans hedged against \(mean) paths on average")
    }
    part(unhedged, "plans without a path to hedge against")
    part(hedgeFallbacks, "two-stage programs unsolved, decided by the mean cost to go")
    part(envelopeRounds, "rounds of envelope and plan")
    if envelopeRounds > 0 { parts.append("\(settledEnvelopes) of \(plans) envelopes settled") }
    part(approximate, "plans not proven best")
    for obstacle in PlanObstacle.allCases {
      part(obstacles[obstacle] ?? 0, "plans that rest on GLPK alone for \(obstacle.words)")
    }
    return parts
  }
}

extension PlanObstacle {
  fileprivate var words: String {
    switch self {
    case .meteredPeaks: "peaks metered over several slots"
    case .importBlocks: "energy blocks"
    case .deferrableLoads: "movable loads"
    case .heat: "heat in the plan"
    }
  }
}
