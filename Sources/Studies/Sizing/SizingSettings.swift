package import TimeSeries
package import Twin

/// How the replayed period stands for a year.
package enum SizedPeriod: String, Sendable, CaseIterable {
  /// It is one year or several, and the savings are their mean.
  case wholeYears = "whole_years"
  /// Whatever it holds is scaled to 365 days, though it may lack a season.
  case scaleToYear = "scale_to_year"
}

/// Which cells of a grid of sizes are replayed.
package enum Search: String, Sendable, CaseIterable {
  /// Every one.
  case all
  /// A few, and then those around the best of them.
  case refine
}

/// Which batteries a sizing study tries and how it counts money.
package struct SizingSettings: Sendable {
  /// Nominal energies to try, between empty and full. [kWh]
  package var energiesKWh: [Double]
  /// Inverter powers to try. [kW]
  package var powersKW: [Double]
  /// How money is counted.
  package var finance: FinanceTerms
  /// Whether each candidate is also replayed with the oracle.
  package var withOracle: Bool
  /// Whether each candidate is also replayed by the rule of self-consumption.
  package var withRule = false
  /// Names of other forecast versions that each candidate is replayed with as well.
  package var otherVersions: [String] = []
  /// How the replayed period stands for a year.
  package var period = SizedPeriod.wholeYears
  /// How the years of the project follow from those that are replayed.
  package var lifetime = LifetimeSettings()
  /// Which cells of the grid are replayed.
  package var search = Search.all
  /// How far what is assumed may be off.
  package var uncertainty = Uncertainty()
  /// What an outage is and what it is worth to survive it; nothing where outages are left out.
  package var resilience: ResilienceSettings?
  /// What the maker promises: equivalent full cycles within years; nothing without such a promise.
  package var warrantedCycles: Double?
  package var warrantedYears: Double?

  /// Sets up a sizing study.
  package init(
    energiesKWh: [Double], powersKW: [Double], finance: FinanceTerms, withOracle: Bool = true
  ) {
    self.energiesKWh = energiesKWh
    self.powersKW = powersKW
    self.finance = finance
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
}

/// Builds the battery system of a candidate size.
package typealias TwinOfSize =
  @Sendable (_ energyKWh: Double, _ powerKW: Double) throws -> TwinSpecification
