import Documents
package import Replay
package import Studies

/// Records of a kind that some runs came to, as a table of all of them; nothing where no run has any.
package struct RunTable<Record: Sendable>: Sendable {
  /// What is told above the table.
  let title: String
  /// Name of the file.
  let fileName: String
  let measures: MeasureList<VersionRecord<Record>>
  let rows: [VersionRecord<Record>]

  /// The table for a terminal with its heading.
  func text(currency: String) -> String {
    rows.isEmpty ? "" : "\(title):\n" + measures.table(rows, currency: currency).text
  }

  /// The table for a page below its charts.
  func section(currency: String, charts: [PageBlock] = []) -> PageSection? {
    rows.isEmpty
      ? nil
      : PageSection(title, charts + [.table(PageTable(measures, rows, currency: currency))])
  }

  /// The records as a file, by its name.
  package var files: [String: String] { rows.isEmpty ? [:] : [fileName: measures.csv(rows)] }
}

/// What each of several batteries did, run by run; empty for a site with one battery.
package func batteryTable(of scores: [VersionScore]) -> RunTable<BatteryOutcome> {
  RunTable(
    title: "The batteries", fileName: "fleet.csv", measures: BatteryOutcome.measures.byVersion,
    rows: VersionRecord.all(of: scores) { $0.batteries })
}

/// What loads that can wait came to, run by run; empty for a site without such loads.
package func loadTable(of scores: [VersionScore]) -> RunTable<WaitingOutcome> {
  RunTable(
    title: "Loads that wait", fileName: "loads.csv", measures: WaitingOutcome.measures.byVersion,
    rows: VersionRecord.all(of: scores) { $0.waiting })
}
