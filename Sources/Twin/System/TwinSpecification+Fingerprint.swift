import Diagnostics
package import Numerics

extension TwinSpecification {
  /// What the battery is, part by part: the key of a scenario that decides it, and a fingerprint of its numbers.
  ///
  /// A saved state goes on from where it was only in the same battery. Names of sources and the step of the
  /// twin are no part of it.
  package var fingerprints: [(key: String, fingerprint: Fingerprint)] {
    var cell = cell
    cell.sources = []
    var derating = derating
    derating.sources = []
    // Every stored number of a part is in its text, to the last bit.
    let parts: [(String, Any)] = [
      ("cell", cell), ("series", series), ("parallel", parallel), ("strings", strings),
      ("link_ohm", linkOhm), ("spread", spread), ("modules", modules), ("cooling", cooling),
      ("enclosure", enclosure), ("inverter", converter), ("limits", limits),
      ("derating", derating), ("balancing", balancing as Any), ("ageing", ageing as Any),
      ("faults", faults), ("hot_above_c", temperatureLimitC),
    ]
    return parts.map { ($0.0, Fingerprint(String(reflecting: $0.1))) }
  }

  /// The battery in words: `16 × lfp_prismatic_280 of 280 Ah in series, inverter of 5 kW`.
  package var summary: String {
    func short(_ value: Double) -> String { plain((value * 100).rounded() / 100) }
    return "\(series) × \(cell.name) of \(short(cell.capacityAh)) Ah in series"
      + (parallel > 1 ? ", \(parallel) in parallel" : "")
      + (strings > 1 ? ", \(strings) strings" : "") + ", inverter of \(short(converter.ratedKW)) kW"
  }
}
