import Diagnostics
import Numerics
package import Replay
import Twin

/// One battery size, what it did and what it earns.
package struct SizingCandidate: Sendable {
  /// Nominal energy between empty and full. [kWh]
  package let energyKWh: Double
  /// Inverter power. [kW]
  package let powerKW: Double
  /// Price of the system. [currency]
  package let capital: Double
  /// The replay with the study's forecasts.
  package let outcome: ReplayOutcome
  /// Savings of the first year against no battery, wear not counted. [currency/year]
  package let year1Savings: Double
  /// Years in which the cells are replaced, each as often as they are; the year counts from 1.
  package let replacementYears: [Int]
  /// The money by year.
  package let cashFlow: CashFlow
  /// Net present value. [currency]
  package let netPresentValue: Double
  /// Internal rate of return, nothing when there is none.
  package let internalRateOfReturn: Double?
  /// Simple payback, nothing when it never comes. [years]
  package let paybackYears: Double?
  /// Discounted payback, nothing when it never comes. [years]
  package let discountedPaybackYears: Double?
  /// Net present value that one resampled year in ten stays below. [currency]
  package let netPresentValueP10: Double
  /// Median net present value over resampled years. [currency]
  package let netPresentValueP50: Double
  /// Net present value that one resampled year in ten exceeds. [currency]
  package let netPresentValueP90: Double
  /// Net present value with perfect forecasts, nothing when not asked for. [currency]
  package let oracleNetPresentValue: Double?

  /// Counts the money of a candidate.
  ///
  /// - Throws: `InputError` when the life is used up more than 365 times a year.
  init(
    energyKWh: Double, powerKW: Double, planned: ReplayOutcome, oracle: ReplayOutcome?,
    noBattery: ReplayOutcome, yearFactor: Double, settings: SizingSettings, seed: UInt64
  ) throws(InputError) {
    self.energyKWh = energyKWh
    self.powerKW = powerKW
    outcome = planned
    let capital = settings.capital(energyKWh: energyKWh, powerKW: powerKW)
    self.capital = capital
    // Wear is what replacement pays for; counting both would pay twice.
    let savings = { (run: ReplayOutcome) in
      (noBattery.cost - (run.cost - run.wearCost)) * yearFactor
    }
    let lifePerYear = (planned.ledger?.lifeUsedFraction ?? 0) * yearFactor
    guard lifePerYear <= 365 else {
      throw InputError(
        "a battery of \(energyKWh) kWh and \(powerKW) kW uses up its life \(lifePerYear) times a "
          + "year; at most 365 replacements a year are counted, so lower 'end_of_life_fraction'")
    }
    let replacements = Self.replacements(
      lifePerYear: lifePerYear, lifetimeYears: settings.lifetimeYears)
    replacementYears = replacements
    let replacementCost = settings.replacementPerKWh * energyKWh
    let countByYear = replacements.reduce(into: [:]) { $0[$1, default: 0] += 1 }
    let flow = { (yearly: Double) in
      CashFlow(
        amounts: [-capital]
          + (1...max(1, settings.lifetimeYears)).map { year in
            var amount = yearly - settings.operationShare * capital
            if year > 1 {
              var growth = 1.0
              for _ in 1..<year { growth *= 1 + settings.escalationRate }
              amount = yearly * growth - settings.operationShare * capital
            }
            return amount - Double(countByYear[year] ?? 0) * replacementCost
          })
    }
    year1Savings = savings(planned)
    cashFlow = flow(year1Savings)
    netPresentValue = cashFlow.netPresentValue(discountRate: settings.discountRate)
    internalRateOfReturn = cashFlow.internalRateOfReturn
    paybackYears = cashFlow.paybackYears()
    discountedPaybackYears = cashFlow.paybackYears(discountRate: settings.discountRate)
    oracleNetPresentValue = oracle.map {
      flow(savings($0)).netPresentValue(discountRate: settings.discountRate)
    }
    // Resampled weeks of the replayed year say how much the weather and the prices matter.
    let wearPerDay =
      planned.wearCost / Double(max(1, planned.dailyCosts.count))
    let daily = zip(noBattery.dailyCosts, planned.dailyCosts).map { $0.0 - $0.1 + wearPerDay }
    let value = { (yearly: Double) in
      flow(yearly).netPresentValue(discountRate: settings.discountRate)
    }
    let days = Double(daily.count) * yearFactor
    let spread = BlockBootstrap(seed: seed).meanInterval(daily, level: 0.8)
    let median = BlockBootstrap(seed: seed).meanInterval(daily, level: 0)
    netPresentValueP10 = value(spread.low * days)
    netPresentValueP50 = value(median.low * days)
    netPresentValueP90 = value(spread.high * days)
  }

  /// Returns the year of each replacement: the share of life used reaches one more whole battery.
  private static func replacements(lifePerYear: Double, lifetimeYears: Int) -> [Int] {
    var years: [Int] = []
    var count = 1.0
    // A battery whose life ends with the project is not replaced.
    while count < lifePerYear * Double(lifetimeYears) {
      years.append(Int((count / lifePerYear).rounded(.up)))
      count += 1
    }
    return years
  }
}
