import Documents
import Planning

extension PlanCounts {
  /// How plans were made and by whom.
  static let measures =
    MeasureList<PlanCounts>([
      Measure(
        "plans", unit: .plans, "Plans made; rounds that only sought an envelope are none."
      ) { .integer($0.plans) },
      Measure(
        "failed", path: "solver.failed", unit: .plans, "Plans that no solver could make.",
        remark: "plans failed"
      ) { .integer($0.failed) },
    ]) + solver + steps + repairs + hedge

  private static let solver = MeasureList<PlanCounts>([
    Measure("solver.glpk", unit: .plans, in: .json, "Plans made by GLPK.") { .integer($0.glpk) },
    Measure("solver.value_function", unit: .plans, in: .json, "Plans made by the value function.") {
      .integer($0.valueFunction)
    },
    Measure(
      "solver.certified", unit: .plans, in: .json,
      "Plans solved by both, to check one against the other."
    ) { .integer($0.certified) },
    Measure(
      "solver.max_certified_gap", unit: .none, in: .json,
      "Largest difference between the costs of both solvers, relative to the cost."
    ) { .number($0.maxCertifiedGap) },
    Measure(
      "solver.approximate", unit: .plans, in: .json,
      "Good plans that are not proven to be the best.",
      remark: "plans not proven best"
    ) { .integer($0.approximate) },
    Measure(
      "solver.obstacles", unit: .object, in: .json,
      "Plans for something that the value function does not solve exactly, by what it is; GLPK alone "
        + "vouches for them.",
      sentences: { counts in
        PlanObstacle.allCases.compactMap { obstacle in
          counts.obstacles[obstacle].map {
            "\($0) plans that rest on GLPK alone for \(obstacle.words)"
          }
        }
      }
    ) { counts in
      .json(
        .object(
          Dictionary(
            uniqueKeysWithValues: counts.obstacles.map { ($0.key.rawValue, .integer($0.value)) })))
    },
  ])

  private static let steps = MeasureList<PlanCounts>([
    Measure(
      "power_steps.plans", unit: .plans, in: .json,
      "Plans whose first slots keep to the powers of inverters and loads and to the steps of curtailment.",
      sentences: { counts in
        guard counts.stepped + counts.unstepped > 0 else { return [] }
        return [
          "\(counts.stepped) plans keep to powers and steps that there are, at most "
            + "\(NumberText.percent(counts.maxSteppedGap, decimals: 2)) dearer than at any power"
        ]
      }
    ) { .integer($0.stepped) },
    Measure(
      "power_steps.relaxed_plans", unit: .plans, in: .json,
      "Plans for which that search was given up, so that any power was planned.",
      remark: "plans at any power, as the search for powers and steps was given up"
    ) { .integer($0.unstepped) },
    Measure(
      "power_steps.max_gap", unit: .none, in: .json,
      "Largest distance of a plan from the best at any power, relative to its cost."
    ) { .number($0.maxSteppedGap) },
  ])

  private static let repairs = MeasureList<PlanCounts>([
    Measure(
      "softened_plans", unit: .plans, in: .json, "Plans in which a soft limit gave way.",
      remark: "plans passed a soft limit"
    ) { .integer($0.relaxed) },
    Measure(
      "inverted_slots", unit: .slots, in: .json,
      "Plan slots in which feeding in pays more than buying costs.",
      remark: "slots with export price above import price"
    ) { .integer($0.invertedSlots) },
    Measure(
      "repaired_slots", unit: .slots, in: .json,
      "Plan slots in which simultaneous charge and discharge, or import and export, were repaired.",
      remark: "plan slots with simultaneous charge and discharge repaired"
    ) { .integer($0.repairedSlots) },
  ])

  private static let hedge = MeasureList<PlanCounts>([
    Measure(
      "hedge.plans", unit: .plans, in: .json, "Plans decided against several paths.",
      sentences: { counts in
        guard counts.hedged > 0 else { return [] }
        let mean = NumberText.fixed(Double(counts.paths) / Double(counts.hedged), decimals: 1)
        return ["\(counts.hedged) plans hedged against \(mean) paths on average"]
      }
    ) { .integer($0.hedged) },
    Measure(
      "hedge.unhedged_plans", unit: .plans, in: .json,
      "Plans that were to be hedged and had no path to be hedged against.",
      remark: "plans without a path to hedge against"
    ) { .integer($0.unhedged) },
    Measure(
      "hedge.paths", in: .json, "Paths that the hedged plans were decided against, all together."
    ) { .integer($0.paths) },
    Measure(
      "envelope_rounds", in: .json,
      "Plans made only to find the envelope of the plan in force; not among `plans`.",
      remark: "rounds of envelope and plan"
    ) { .integer($0.envelopeRounds) },
    Measure(
      "settled_envelopes", unit: .plans, in: .json,
      "Plans whose envelope settled before the rounds ran out.",
      sentences: { counts in
        counts.envelopeRounds > 0
          ? ["\(counts.settledEnvelopes) of \(counts.plans) envelopes settled"] : []
      }
    ) { .integer($0.settledEnvelopes) },
  ])
}

extension PlanCounts {
  /// What was planned otherwise than by one exact solver on one forecast, in words.
  var remarks: [String] {
    PlanCounts.measures.measures.flatMap { $0.remarks(self) }
  }
}

extension PlanObstacle {
  fileprivate var words: String {
    switch self {
    case .meteredPeaks: "peaks metered over several slots"
    case .importBlocks: "energy blocks"
    case .waitingLoads: "loads that wait"
    case .powerSteps: "powers of the inverter"
    case .curtailmentSteps: "steps of curtailment"
    case .heat: "heat in the plan"
    case .severalBatteries: "several batteries"
    }
  }
}
