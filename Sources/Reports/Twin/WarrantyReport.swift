import Diagnostics
import Documents
import Twin

/// What a run takes of the warranty of its battery, for people and for programs.
struct WarrantyReport: Sendable {
  let use: WarrantyUse
  private let warranty: Warranty

  /// Reads the books of a run; nothing where no warranty is given or no time went by.
  ///
  /// - Parameters:
  ///   - warranty: What is promised.
  ///   - ledger: The books since the battery was built.
  ///   - capacityLostFraction: Capacity lost, as a share of the new one; nil where it is not known.
  init?(_ warranty: Warranty?, _ ledger: TwinLedger?, capacityLostFraction: Double?) {
    guard let warranty, let ledger, ledger.seconds > 0 else { return nil }
    self.warranty = warranty
    use = WarrantyUse(
      warranty, dischargedKWh: ledger.dischargedKWh, fullCycles: ledger.equivalentFullCycles,
      capacityLostFraction: capacityLostFraction, seconds: ledger.seconds)
  }

  /// One sentence without a full stop.
  var sentence: String {
    let parts = use.entries.dropFirst().map { entry in
      "\(NumberText.percent(entry.perYearFraction)) of the \(name(entry.limit))"
    }
    let year =
      parts.isEmpty ? "" : "a year of this use takes \(listed(Array(parts), "and")); "
    return "warranty of \(warranty.terms): \(year)\(name(use.first.limit)) end it first, after "
      + "\(NumberText.rounded(use.first.years, decimals: 1)) years"
  }

  private func name(_ limit: WarrantyUse.Limit) -> String {
    switch limit {
    case .years: "its years"
    case .throughput:
      "\(NumberText.rounded(warranty.throughputMWh ?? 0, decimals: 2)) MWh let out"
    case .cycles: "\(NumberText.rounded(warranty.cycles ?? 0, decimals: 0)) cycles"
    case .capacity:
      "\(NumberText.percent(1 - (warranty.capacityFraction ?? 1), decimals: 0)) of capacity to lose"
    }
  }

  /// The use as JSON.
  var json: JSONValue {
    [
      "first": .string(use.first.limit.rawValue), "years": .number(use.first.years),
      "limits": WarrantyUse.Entry.measures.list(use.entries),
    ]
  }
}
