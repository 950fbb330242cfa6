/// What size a controller would have recommended, and what that size is worth as the site will really be run.
///
/// A tool that plans with the truth promises what no forecast can keep: it may sell a battery that is too large, and a
/// value that is too high.
package struct ForesightPremium: Sendable, Hashable {
  /// Name of the controller: `oracle`, the rule, or a forecast version.
  package let controller: String
  /// Position of the candidate that it finds best.
  package let best: Int
  /// Net present value that it promises for it. [currency]
  package let promised: Double
  /// What the same candidate is worth with the study's own forecasts. [currency]
  package let real: Double

  /// What it promises beyond that. [currency]
  package var premium: Double { promised - real }

  /// Asks every controller that the candidates were replayed with, the study's own version first.
  ///
  /// - Parameters:
  ///   - candidates: The candidates, that of doing nothing first.
  ///   - version: Name of the study's own version.
  /// - Returns: One entry per controller; the own one alone where there are no others.
  package static func all(
    _ candidates: [SizingCandidate], version: String
  ) -> [ForesightPremium] {
    func best(_ name: String, _ value: (SizingCandidate) -> Double?) -> ForesightPremium? {
      var best: (place: Int, value: Double)?
      for (place, candidate) in candidates.enumerated() {
        guard candidate.isOffered, let value = value(candidate) else { continue }
        if value > best?.value ?? -.infinity { best = (place, value) }
      }
      return best.map {
        ForesightPremium(
          controller: name, best: $0.place, promised: $0.value,
          real: candidates[$0.place].netPresentValue)
      }
    }
    let others = Set(candidates.flatMap { $0.otherValues.keys }).sorted()
    return [best(version) { $0.netPresentValue }].compactMap { $0 }
      + others.compactMap { name in best(name) { $0.otherValues[name] } }
  }
}
