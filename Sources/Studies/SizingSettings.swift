package import TimeSeries
package import Twin

/// How the replayed period stands for a year.
package enum SizedPeriod: String, Sendable, CaseIterable {
  /// It is one year or several, and the savings are their mean.
  case wholeYears = "whole_years"
  /// Whatever it holds is scaled to 365 days, though it may lack a season.
  case scaleToYear = "scale_to_year"
}

/// Which batteries a sizing study tries and how it counts money.
package struct SizingSettings: Sendable {
  /// Nominal energies to try, between empty and full. [kWh]
  package var energiesKWh: [Double]
  /// Inverter powers to try. [kW]
  package var powersKW: [Double]
  /// Price of the system per kWh. [currency/kWh]
  package var capitalPerKWh: Double
  /// Price of the system per kW. [currency/kW]
  package var capitalPerKW: Double
  /// Price of the system whatever its size. [currency]
  package var capitalFixed: Double
  /// Yearly operation and maintenance as a share of the capital, 0…1.
  package var operationShare: Double
  /// Years over which money is counted.
  package var lifetimeYears: Int
  /// Yearly discount rate, nominal, as a fraction.
  package var discountRate: Double
  /// Yearly growth of savings from the second year on, as a fraction.
  package var escalationRate: Double
  /// Price of replacing the cells, per kWh. [currency/kWh]
  package var replacementPerKWh: Double
  /// Whether each candidate is also replayed with the oracle.
  package var withOracle: Bool
  /// How the replayed period stands for a year.
  package var period = SizedPeriod.wholeYears

  /// Sets up a sizing study.
  package init(
    energiesKWh: [Double], powersKW: [Double], capitalPerKWh: Double, capitalPerKW: Double,
    capitalFixed: Double = 0, operationShare: Double = 0.015, lifetimeYears: Int = 15,
    discountRate: Double = 0.05, escalationRate: Double = 0, replacementPerKWh: Double? = nil,
    withOracle: Bool = true
  ) {
    self.energiesKWh = energiesKWh
    self.powersKW = powersKW
    self.capitalPerKWh = capitalPerKWh
    self.capitalPerKW = capitalPerKW
    self.capitalFixed = capitalFixed
    self.operationShare = operationShare
    self.lifetimeYears = lifetimeYears
    self.discountRate = discountRate
    self.escalationRate = escalationRate
    self.replacementPerKWh = replacementPerKWh ?? capitalPerKWh
    self.withOracle = withOracle
  }

  /// Returns how many whole years a period is, to a day; nothing where it is no whole year.
  ///
  /// A day is forgiven, so that 365 days are a year wherever a leap day lies.
  package static func wholeYears(in period: TimeGrid) -> Int? {
    let days = Double(period.end - period.start) / 86_400
    let years = (days / 365.25).rounded()
    return years >= 1 && abs(days - 365.25 * years) <= 1 ? Int(years) : nil
  }

  /// Says why a period cannot stand for a year; nothing where it can.
  package func refusal(of period: TimeGrid) -> String? {
    guard self.period == .wholeYears, Self.wholeYears(in: period) == nil else { return nil }
    let days = Int((Double(period.end - period.start) / 86_400).rounded())
    return "'size' needs a period of whole years, found \(days) \(days == 1 ? "day" : "days"); "
      + "'period: scale_to_year' in 'size' lets them stand for a year"
  }

  /// Returns the price of a system. [currency]
  package func capital(energyKWh: Double, powerKW: Double) -> Double {
    capitalFixed + capitalPerKWh * energyKWh + capitalPerKW * powerKW
  }
}

/// Builds the battery system of a candidate size.
package typealias TwinOfSize =
  @Sendable (_ energyKWh: Double, _ powerKW: Double) throws -> TwinSpecification
