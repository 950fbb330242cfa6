import Documents
import Replay

extension OutageReadiness {
  /// How far a run was ready for what was expected, in a sentence.
  var sentence: String {
    func energy(_ kWh: Double) -> String { NumberText.fixed(kWh, decimals: 2) }
    return "expected outages: \(servedInFull) of \(count) could be served in full, "
      + "\(energy(unservedKWh)) of \(energy(criticalKWh)) kWh not"
      + (beyondBattery > 0 ? "; \(beyondBattery) needed more than the full battery holds" : "")
  }
}
