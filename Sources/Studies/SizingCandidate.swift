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
  /// Years in which the cells are replaced.
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

  init(
    energyKWh: Double, powerKW: Double, planned: ReplayOutcome, oracle: ReplayOutcome?,
    noBattery: ReplayOutcome, yearFactor: Double, settings: SizingSettings, seed: UInt64
  ) {
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
    let replacements = Self.replacements(
      lifePerYear: lifePerYear, lifetimeYears: settings.lifetimeYears)
    replacementYears = replacements
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
            if replacements.contains(year) { amount -= settings.replacementPerKWh * energyKWh }
            return amount
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

  /// Years in which the share of life used reaches one more whole battery.
  private static func replacements(lifePerYear: Double, lifetimeYears: Int) -> [Int] {
    guard lifePerYear > 0 else { return [] }
    var years: [Int] = []
    var next = 1.0 / lifePerYear
    // A battery whose life ends with the project is not replaced.
    while next < Double(lifetimeYears) {
      years.append(max(1, Int(next.rounded(.up))))
      next += 1.0 / lifePerYear
      if years.count > 200 { break }
    }
    return years
  }
}
