/// How earlier peaks hold up the billed demand.
package struct DemandRatchet: Sendable, Hashable {
  /// Which months are looked back on.
  package enum Lookback: Sendable, Hashable {
    /// This many months before the current one.
    case range(months: Int)
    /// The given calendar months (1…12) among the eleven before the current one.
    case months([Int])
  }

  /// What the look-back demand is compared with.
  package enum Scope: String, Sendable, Hashable, CaseIterable {
    /// One number for the whole site is billed in every period.
    case site
    /// Each period bills its own peak, but not less than the site's look-back demand.
    case floor
    /// Each period looks back on its own peaks.
    case period
  }

  /// Share of the look-back peak that is billed at least, 0…1, for each calendar month.
  package var fractionByMonth: [Double]
  /// Which months are looked back on.
  package var lookback: Lookback
  /// Peaks of the months before the first one billed, the latest last. [kW]
  package var earlierPeaksKW: [Double]
  /// True when the month's own peak counts in full; otherwise it counts at the ratchet's share.
  package var usesActualPeak: Bool
  /// What the look-back demand is compared with.
  package var scope: Scope

  /// Creates a ratchet with one share all year.
  package init(
    fraction: Double, lookback: Lookback, earlierPeaksKW: [Double] = [],
    usesActualPeak: Bool = true, scope: Scope = .floor
  ) {
    self.init(
      fractionByMonth: [Double](repeating: fraction, count: 12), lookback: lookback,
      earlierPeaksKW: earlierPeaksKW, usesActualPeak: usesActualPeak, scope: scope)
  }

  /// Creates a ratchet whose share differs by calendar month.
  package init(
    fractionByMonth: [Double], lookback: Lookback, earlierPeaksKW: [Double] = [],
    usesActualPeak: Bool = true, scope: Scope = .floor
  ) {
    self.fractionByMonth = fractionByMonth
    self.lookback = lookback
    self.earlierPeaksKW = earlierPeaksKW
    self.usesActualPeak = usesActualPeak
    self.scope = scope
  }
}
