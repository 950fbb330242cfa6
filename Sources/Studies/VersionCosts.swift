/// What one version costs, cut the way that paired intervals need it.
package struct VersionCosts: Sendable {
  /// One calendar month, or the part of it that lies in the period.
  package struct Month: Sendable, Hashable {
    /// For example `2024-03`, on the local calendar.
    package var label: String
    /// Calendar month, 1…12.
    package var month: Int
    /// True when every day of the calendar month was metered.
    package var isWhole: Bool
    /// Lines that add up over intervals, wear and the change of stored energy, one per local day.
    /// [currency]
    package var energyByDay: [Double]
    /// What peaks of the month decide, and monthly minimums. [currency]
    package var demand: Double
    /// Highest metered import. [kW]
    package var peakKW: Double
    /// First instant of the interval with the highest import; nothing where no peak is billed.
    /// [UTC epoch s]
    package var peakStart: Int?

    /// Collects the costs of a month.
    package init(
      label: String, month: Int, isWhole: Bool = true, energyByDay: [Double], demand: Double = 0,
      peakKW: Double = 0, peakStart: Int? = nil
    ) {
      self.label = label
      self.month = month
      self.isWhole = isWhole
      self.energyByDay = energyByDay
      self.demand = demand
      self.peakKW = peakKW
      self.peakStart = peakStart
    }
  }

  /// Name of the version.
  package var name: String
  /// Months in order of time.
  package var months: [Month]
  /// Lines that look over months, such as a yearly peak, a ratchet over earlier months, yearly tiers
  /// or a true-up, one sum per calendar year. [currency]
  package var lookingBackByYear: [Double]

  /// Collects the costs of a version.
  package init(name: String, months: [Month], lookingBackByYear: [Double] = []) {
    self.name = name
    self.months = months
    self.lookingBackByYear = lookingBackByYear
  }
}
