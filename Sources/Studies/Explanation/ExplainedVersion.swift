/// Why a version costs more than the oracle, and what better forecasts would bring to it.
package struct ExplainedVersion: Sendable {
  /// The version with its regret.
  package let score: VersionScore
  /// Regret by cause for the quantities that plans at the site read; exactly zero where the version is given
  /// the truth. [currency]
  package let parts: [ForecastCause: Double]
  /// Regret that stays when all forecasts are true: the hedge, targets for peaks from the past, and a planner
  /// other than the oracle's. [currency]
  package let planning: Double
  /// What a perfect forecast of each quantity alone would bring, in the order of the causes.
  package let perfect: [PerfectForecast]
  /// The hours in which most was lost, worst first.
  package let hours: [ExpensiveHour]
  /// The part of the regret that falls on no hour: what only a whole month or year decides. [currency]
  package let hourless: Double

  /// Where in the day, the week and the year the regret falls.
  package let profile: RegretProfile
  /// What perfect forecasts of some leads would bring; empty where nobody asked.
  package let leads: [LeadValue]
  /// The part of the prices by what was not known; nothing where nobody asked, or where prices are no cause.
  package let priceKnowledge: PriceKnowledge?

  /// The cause that most of the regret comes from; nothing where no forecast costs a cent.
  package var largest: (cause: ForecastCause, amount: Double)? {
    ForecastCause.allCases.compactMap { cause in parts[cause].map { (cause, $0) } }
      .max { $0.1 < $1.1 }
      .flatMap { $0.1 > PairedInterval.cent ? $0 : nil }
  }

  /// What a perfect forecast of a quantity alone would bring; nothing where it is none of the version's causes.
  package func perfect(_ cause: ForecastCause) -> PerfectForecast? {
    perfect.first { $0.cause == cause }
  }
}
