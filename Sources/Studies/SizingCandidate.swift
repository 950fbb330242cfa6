import Diagnostics
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
  /// How far the net present value may lie from it; nothing for fewer than twelve whole months.
  package let range: ValueRange?
  /// Net present value with perfect forecasts, nothing when not asked for. [currency]
  package let oracleNetPresentValue: Double?
  /// Factor by which the period's savings are scaled to a year.
  package let yearFactor: Double
  /// Net present value of a saving of one more every year. [years]
  let annuity: Double
  /// Net present value less the best candidate's, on the same months; its half-width is nothing where the
  /// months allow none.
  package internal(set) var againstBest: PairedInterval.Part?

  /// True for the candidate that buys nothing.
  package var isNoBattery: Bool { energyKWh == 0 }
  /// True where the money comes back with its interest.
  package var pays: Bool { netPresentValue > 0 }

  /// The candidate that buys nothing, saves nothing and owes nothing.
  init(noBattery: ReplayOutcome, yearFactor: Double, settings: SizingSettings) {
    energyKWh = 0
    powerKW = 0
    capital = 0
    outcome = noBattery
    year1Savings = 0
    replacementYears = []
    cashFlow = CashFlow(
      amounts: [Double](repeating: 0, count: 1 + max(1, settings.lifetimeYears)))
    netPresentValue = 0
    internalRateOfReturn = nil
    paybackYears = nil
    discountedPaybackYears = nil
    range = .zero
    oracleNetPresentValue = settings.withOracle ? 0 : nil
    self.yearFactor = yearFactor
    annuity = 0
  }

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
    let leftPerYear = planned.ledger?.leftLifeUsedFraction.map { $0 * yearFactor } ?? lifePerYear
    guard max(lifePerYear, leftPerYear) <= 365 else {
      throw InputError(
        "a battery of \(energyKWh) kWh and \(powerKW) kW uses up its life \(lifePerYear) times a "
          + "year; at most 365 replacements a year are counted, so lower 'end_of_life_fraction'")
    }
    let replacements = Self.replacements(
      leftPerYear: leftPerYear, lifePerYear: lifePerYear, lifetimeYears: settings.lifetimeYears)
    replacementYears = replacements
    let replacementCost = settings.replacementPerKWh * energyKWh
    let countByYear = replacements.reduce(into: [:]) { $0[$1, default: 0] += 1 }
    let growth = (0..<max(1, settings.lifetimeYears)).reduce(into: [Double]()) { growth, _ in
      growth.append((growth.last.map { $0 * (1 + settings.escalationRate) }) ?? 1)
    }
    let flow = { (savingByYear: [Double]) in
      CashFlow(
        amounts: [-capital]
          + growth.indices.map { year in
            savingByYear[year] * growth[year] - settings.operationShare * capital
              - Double(countByYear[year + 1] ?? 0) * replacementCost
          })
    }
    let constant = { (yearly: Double) in [Double](repeating: yearly, count: growth.count) }
    year1Savings = savings(planned)
    cashFlow = flow(constant(year1Savings))
    netPresentValue = cashFlow.netPresentValue(discountRate: settings.discountRate)
    internalRateOfReturn = cashFlow.internalRateOfReturn
    paybackYears = cashFlow.paybackYears()
    discountedPaybackYears = cashFlow.paybackYears(discountRate: settings.discountRate)
    oracleNetPresentValue = oracle.map {
      flow(constant(savings($0))).netPresentValue(discountRate: settings.discountRate)
    }
    self.yearFactor = yearFactor
    annuity = CashFlow(amounts: [0] + growth).netPresentValue(
      discountRate: settings.discountRate)
    range = ValueRange(
      savings: SizingCandidate.monthlySavings(planned, noBattery: noBattery),
      yearlySavings: year1Savings, lifetimeYears: settings.lifetimeYears, seed: seed
    ) { flow($0).netPresentValue(discountRate: settings.discountRate) }
  }

  /// Savings of each whole month, wear and lines that look over months left out.
  private static func monthlySavings(
    _ planned: ReplayOutcome, noBattery: ReplayOutcome
  ) -> [(month: Int, amount: Double)] {
    let costs = { (outcome: ReplayOutcome) in VersionCosts(outcome, withWear: false).months }
    return zip(costs(noBattery), costs(planned)).filter { $0.isWhole && $1.isWhole }.map {
      (month: $0.month, amount: $0.cost - $0.overMonths - $1.cost + $1.overMonths)
    }
  }

  /// Returns the year of each replacement: what was left of the first cells' life is used up, then that of each new
  /// battery.
  ///
  /// - Parameters:
  ///   - leftPerYear: Share used in a year of the life that the first cells had left.
  ///   - lifePerYear: Share used in a year of a new battery's life.
  ///   - lifetimeYears: Years over which money is counted.
  /// - Returns: Years that count from 1, each as often as cells are replaced in it.
  private static func replacements(
    leftPerYear: Double, lifePerYear: Double, lifetimeYears: Int
  ) -> [Int] {
    var years: [Int] = []
    let isNew = leftPerYear == lifePerYear
    var count = 1.0
    // A battery whose life ends with the project is not replaced.
    while true {
      let used = isNew ? count / lifePerYear : 1 / leftPerYear + (count - 1) / lifePerYear
      guard used < Double(lifetimeYears) else { return years }
      years.append(Int(used.rounded(.up)))
      count += 1
    }
  }
}
