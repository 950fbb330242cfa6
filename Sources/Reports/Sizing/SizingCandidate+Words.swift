import Diagnostics
import Documents
import Studies

extension SizingCandidate {
  /// The candidate in words: what is bought, and what else changes.
  var name: String {
    var parts: [String] = []
    if !isNoBattery {
      let size =
        "\(NumberText.rounded(energyKWh, decimals: 3)) kWh with "
        + "\(NumberText.rounded(powerKW, decimals: 3)) kW"
      parts.append(run.product.map { "\($0) (\(size))" } ?? size)
    }
    if run.addedPVKWp > 0 {
      parts.append("\(NumberText.rounded(run.addedPVKWp, decimals: 3)) kWp more production")
    }
    if let tariff = run.tariff { parts.append("the tariff '\(tariff)'") }
    return parts.isEmpty ? "no battery" : listed(parts, "and")
  }
}
