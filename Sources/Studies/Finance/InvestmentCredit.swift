/// A share of the investment that comes back as tax at the end of the first year.
package struct InvestmentCredit: Sendable, Hashable {
  /// How charging from the grid lowers the credit.
  package enum GridCharging: String, Sendable, CaseIterable {
    /// It does not.
    case allowed
    /// The credit is paid for the share of the charge that comes from production on site.
    case share
    /// As `share`, and nothing where less than three quarters come from there.
    case threeQuarters = "three_quarters"
  }

  /// Share of the basis, 0…1.
  package var fraction: Double
  /// Share of the credit by which the depreciable basis falls, 0…1.
  package var basisReduction: Double
  /// How charging from the grid lowers it.
  package var gridCharging: GridCharging

  /// Creates a credit; half of it lowers the depreciable basis.
  package init(
    fraction: Double, basisReduction: Double = 0.5, gridCharging: GridCharging = .allowed
  ) {
    self.fraction = fraction
    self.basisReduction = basisReduction
    self.gridCharging = gridCharging
  }

  /// Returns the share of the basis that is paid.
  ///
  /// - Parameter solarShare: Share of the energy charged that comes from production on site; nothing for a
  ///   battery that was never charged, which counts as none.
  /// - Returns: The share, 0…1.
  package func share(solarShare: Double?) -> Double {
    let solar = solarShare ?? 0
    switch gridCharging {
    case .allowed: return fraction
    case .share: return fraction * solar
    case .threeQuarters: return solar >= 0.75 ? fraction * solar : 0
    }
  }
}
