import Testing
import TimeSeries

@testable import Tariffs

@Suite("A tariff in words") struct TariffWordsTests {
  @Test("every rule is a sentence with its figures") func words() throws {
    var contract = ContractedPower(
      "capacity", contractedKW: 100, pricePerKW: 0.05, overdrawPricePerKW: 0.1, unit: .day)
    contract.overdrawUnit = .day
    contract.assumedPowerFactor = 0.95
    let tariff = try Tariff(
      name: "t", currency: "EUR", vatFraction: 0.19,
      dayKinds: [DayKind("red", days: [19_000, 19_001], startMinute: 360, knownMinute: 660)],
      energy: [
        .spot("market", adderPerKWh: 0.02),
        EnergyCharge(
          "tax",
          periods: [
            EnergyPeriod(
              "all",
              tiers: [
                EnergyTier(upTo: 10_000, pricePerKWh: 0.1), EnergyTier(pricePerKWh: 0.09),
              ])
          ], tierBasis: .kWhPerYear, includesVAT: true),
      ],
      demand: [
        DemandCharge(
          "peak", periods: [DemandPeriod("all", pricePerKW: 60)], measure: .yearlyPeak, unit: .year)
      ],
      contracted: [contract],
      hoursOfUse: [
        HoursOfUseCharge(
          "grid", below: .init(pricePerKW: 20, pricePerKWh: 0.05),
          above: .init(pricePerKW: 120, pricePerKWh: 0.01))
      ],
      export: ExportRule(
        arrangement: .netBillingCarryOver(sameMonthFirst: true), creditMonths: 12,
        refundFraction: 0.2))
    #expect(
      tariff.words.map { "\($0.rule): \($0.text)" } == [
        "day: 'red': 2 dated days, each from 06:00, known to plans from 11:00 of the day before",
        "energy: 'market': the market price and 0.02 EUR a kWh",
        "energy: 'tax': 0.09 to 0.1 EUR a kWh, in tiers by the calendar year (chronological), VAT"
          + " included",
        "power: 'peak': 60 EUR a kW and year of the calendar year's highest power, over 15 min",
        "power: 'capacity': 100 kVA subscribed to at 0.05 EUR a day, 0.1 EUR a kVA and day of the"
          + " month of the month's highest excess, over 15 min",
        "power: 'grid': 20 EUR a kW of the year's peak and 0.05 a kWh below 2500 hours of use, 120"
          + " EUR a kW of the year's peak and 0.01 a kWh from there on, over 15 min",
        "export: earns credit for the energy charges of its own month, then of later ones, for 12"
          + " months; at most 20 % of what a month earned is paid back",
        "VAT: 19 % on everything that is not written with it",
      ])
  }

  @Test("every measure has words") func measures() {
    for kind in DemandMeasure.kinds {
      let values = kind.parameters.map { parameter -> DemandParameter.Value in
        switch parameter.form {
        case .wholeNumber(_, let standard): .wholeNumber(standard)
        case .flag(let standard): .flag(standard)
        case .powersKW: .powersKW([])
        }
      }
      #expect(!kind.measure(values).rule.words.isEmpty)
    }
  }
}
