import Documents
import Replay
package import Studies
import Twin

/// What kept batteries from their rating or from what they were asked for, run by run and cause by cause.
package struct LimitReport: Sendable {
  static let measures = LimitRecord.measures.byVersion

  /// What is told above the table.
  static let title = "What limited the battery"

  let rows: [VersionRecord<LimitRecord>]

  /// Collects the causes of some runs.
  package init(_ scores: [VersionScore]) {
    rows = VersionRecord.all(of: scores) { $0.ledger?.limits ?? [] }
  }

  /// The table for a terminal; nothing where nothing limited.
  var table: TextTable? { rows.isEmpty ? nil : Self.measures.table(rows) }

  /// The table for a page below its charts; nothing in it where nothing limited.
  func section(charts: [PageBlock]) -> PageSection {
    PageSection(Self.title, charts + [.table(PageTable(Self.measures, rows))])
  }

  /// The causes as a file.
  package var csv: String { Self.measures.csv(rows) }

  /// Sentences on what temperature kept from a run, asked for or not.
  static func remarks(_ outcome: ReplayOutcome) -> [String] {
    guard let ledger = outcome.ledger else { return [] }
    func sentence(_ subject: String, _ seconds: Double, _ causes: ClipCause...) -> String? {
      guard seconds > 0 else { return nil }
      let limits = ledger.limits.filter { causes.contains($0.cause) }
      func sum(_ part: (LimitRecord) -> Double) -> String {
        NumberText.fixed(limits.reduce(0) { $0 + part($1) }, decimals: 1)
      }
      return "\(subject) left less than the rated power for "
        + "\(NumberText.fixed(seconds / 3600, decimals: 1)) h, at full power "
        + "\(sum { $0.withheldChargeKWh }) kWh of charging and "
        + "\(sum { $0.withheldDischargeKWh }) kWh of discharging; "
        + "\(sum { $0.refusedChargeKWh + $0.refusedDischargeKWh }) kWh that were asked for were refused"
    }
    return [
      sentence("cold", ledger.coldSeconds, .cold),
      sentence("heat", ledger.heatSeconds, .heat, .inverterTemperature),
    ].compactMap { $0 }
  }
}
