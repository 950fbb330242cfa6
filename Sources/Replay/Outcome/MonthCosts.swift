/// What one calendar month costs, or the part of it that lies in the period, cut the way that paired
/// intervals need it: by days what adds up over intervals, as one sum what a peak decides.
package struct MonthCosts: Sendable, Hashable, Codable {
  /// For example `2024-03`, on the local calendar.
  package var label: String
  /// Calendar month, 1…12.
  package var month: Int
  /// True when the period holds the whole calendar month and each of its days was metered.
  package var isWhole: Bool
  /// Lines that add up over intervals, wear and the change of stored energy, one per local day.
  /// [currency]
  package var energyByDay: [Double]
  /// The wear in `energyByDay`; nothing where there is none. [currency]
  package var wearByDay: [Double]
  /// What peaks of the month alone decide, and monthly minimums. [currency]
  package var demand: Double
  /// What other months decide as well, such as ratchets, yearly peaks and true-ups. [currency]
  package var overMonths: Double
  /// Highest metered import. [kW]
  package var peakKW: Double
  /// First instant of the interval with the highest import; nothing where no peak is billed.
  /// [UTC epoch s]
  package var peakStart: Int?

  /// Collects the costs of a month.
  package init(
    label: String, month: Int, isWhole: Bool = true, energyByDay: [Double],
    wearByDay: [Double] = [], demand: Double = 0, overMonths: Double = 0, peakKW: Double = 0,
    peakStart: Int? = nil
  ) {
    self.label = label
    self.month = month
    self.isWhole = isWhole
    self.energyByDay = energyByDay
    self.wearByDay = wearByDay
    self.demand = demand
    self.overMonths = overMonths
    self.peakKW = peakKW
    self.peakStart = peakStart
  }

  /// Sum of everything. [currency]
  package var cost: Double { energyByDay.reduce(0, +) + demand + overMonths }
}
