package import Replay
import Tariffs
package import Twin

/// What the replays of one candidate say, without their intervals: all that its money is counted from.
package struct SizedRun: Sendable, Hashable, Codable {
  /// A sum of money by name.
  package struct Part: Sendable, Hashable, Codable {
    /// Name of a charge or a month.
    package var name: String
    /// The sum over the replayed period. [currency]
    package var amount: Double

    /// Names a sum.
    package init(name: String, amount: Double) {
      self.name = name
      self.amount = amount
    }
  }

  /// A replayed year of the project.
  package struct Year: Sendable, Hashable, Codable {
    /// Year from 1.
    package var year: Int
    /// What it does.
    package var replayed: ReplayedYear

    /// States what a year does.
    package init(year: Int, replayed: ReplayedYear) {
      self.year = year
      self.replayed = replayed
    }
  }

  /// Position of the site among those that were tried.
  package var site: Int
  /// Production added at the site. [kWp]
  package var addedPVKWp: Double
  /// Name of the tariff; nothing for the site's own.
  package var tariff: String?
  /// Name of the product; nothing for a size of the scenario's battery.
  package var product: String?
  /// Nominal energy; 0 for no battery. [kWh]
  package var energyKWh: Double
  /// Inverter power. [kW]
  package var powerKW: Double
  /// Price of battery and additions; nothing for that of the size. [currency]
  package var price: Double?
  /// Cost of the period, and the wear in it. [currency]
  package var cost: Double
  package var wearCost: Double
  /// The same by months.
  package var months: [MonthCosts]
  /// The bill by charge and by month.
  package var charges: [Part]
  package var bills: [Part]
  /// Where the first year's saving comes from.
  package var benefits = BenefitSplit.none
  /// Years that were replayed.
  package var years: [Year] = []
  /// Savings of the first year under other controllers, by name. [currency/year]
  package var otherSavings: [String: Double] = [:]
  /// What the plans took of a budget of energy let out; nothing without one.
  package var budget: BudgetUse?
  /// What the battery does in outages; nothing where nobody asked.
  package var outages: OutageUse?
  /// Energy that derating refused. [kWh]
  package var deratedKWh: Double
  /// Energy discharged over the nominal energy.
  package var equivalentFullCycles: Double
  /// Shares used of a new battery's life, and of the life that cells had left at the start.
  package var lifeUsedFraction: Double
  package var leftLifeUsedFraction: Double?
  /// The model by which the cells age, and the capacity at which their life ends; nothing where they do not age.
  package var ageingModel: AgeingModel?
  package var endOfLifeFraction: Double?

  /// Takes the replay of a candidate.
  ///
  /// - Parameters:
  ///   - outcome: The replay.
  ///   - place: Position of the site.
  ///   - site: The site.
  ///   - battery: The battery; nothing for none.
  package init(_ outcome: ReplayOutcome, at place: Int, _ site: SizingSite, battery: BatteryChoice?)
  {
    self.site = place
    addedPVKWp = site.addedPVKWp
    tariff = site.tariff
    product = battery?.name
    energyKWh = battery?.energyKWh ?? 0
    powerKW = battery?.powerKW ?? 0
    price = battery?.price
    cost = outcome.cost
    wearCost = outcome.wearCost
    months = outcome.monthCosts
    var sums: [Part] = []
    for line in outcome.bill.months.flatMap(\.lines) {
      if let place = sums.firstIndex(where: { $0.name == line.rule }) {
        sums[place].amount += line.amount
      } else {
        sums.append(Part(name: line.rule, amount: line.amount))
      }
    }
    let rest = outcome.bill.total - sums.reduce(0) { $0 + $1.amount }
    // What whole bills add to their lines, such as minimums that no line has.
    if abs(rest) > 0.005 { sums.append(Part(name: "other", amount: rest)) }
    charges = sums
    bills = outcome.bill.months.map { Part(name: $0.month, amount: $0.total) }
    budget = outcome.budget
    deratedKWh = outcome.ledger?.deratedKWh ?? 0
    equivalentFullCycles = outcome.ledger?.equivalentFullCycles ?? 0
    lifeUsedFraction = outcome.ledger?.lifeUsedFraction ?? 0
    leftLifeUsedFraction = outcome.ledger?.leftLifeUsedFraction
    ageingModel = battery?.twin.ageingModel
    endOfLifeFraction = battery?.twin.ageing?.endOfLifeFraction
  }

  /// Cost of the period without wear, which replacement pays for. [currency]
  package var costWithoutWear: Double { cost - wearCost }

  /// What the period costs by months, as paired intervals need it.
  var versionCosts: VersionCosts { VersionCosts(name: "", months: months, withWear: false) }
}
