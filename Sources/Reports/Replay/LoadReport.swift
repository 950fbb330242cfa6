import Documents
import Replay
package import Studies
import TimeSeries

/// What loads that can wait came to, run by run.
package struct LoadReport: Sendable {
  static let measures = WaitingOutcome.measures.byVersion

  private let table: RunTable<WaitingOutcome>

  /// Collects the loads of some runs.
  package init(_ scores: [VersionScore]) {
    table = RunTable(
      title: "Loads that wait", fileName: "loads.csv", measures: Self.measures,
      rows: VersionRecord.all(of: scores) { $0.waiting })
  }

  /// The table for a terminal with its heading; nothing for a site without such loads.
  func text(currency: String) -> String { table.text(currency: currency) }

  /// The table for a page below its charts; nothing for a site without such loads.
  func section(currency: String, charts: [PageBlock] = []) -> PageSection? {
    table.section(currency: currency, charts: charts)
  }

  /// The loads as a file, by its name; none for a site without such loads.
  package var files: [String: String] { table.files }
}

extension ReplayCase {
  /// What the loads that can wait are, in words.
  var loadFacts: [PageFact] {
    loads.map { load in
      PageFact("Load that waits", "\(load.name): \(load.words)")
    }
  }
}

extension SiteLoad {
  /// What the load is, in a phrase.
  package var words: String {
    func number(_ value: Double) -> String { NumberText.rounded(value, decimals: 3) }
    let rule =
      switch otherwise {
      case .atOnce: "without a plan at once"
      case .timer(let minute):
        "without a plan from "
          + CivilTime(year: 1970, month: 1, day: 1, hour: minute / 60, minute: minute % 60)
          .clockText
      }
    let what: String
    switch work {
    case .sessions(let sessions, let knownAhead):
      let must = sessions.reduce(0) { $0 + $1.mustKWh }
      let nice = sessions.reduce(0) { $0 + $1.niceKWh }
      what =
        "\(sessions.count) \(kind == .process ? "jobs" : "sessions") of \(number(must)) kWh"
        + (nice > 0 ? " and \(number(nice)) kWh that would be nice to have" : "")
        + ", known \(knownAhead ? "ahead" : "from the arrival on")"
    case .store(let store):
      what =
        "store of \(number(store.capacityKWh)) kWh that loses "
        + "\(number(store.lossKWhPerDay)) kWh a day when full"
    }
    return
      "\(kind.rawValue.split(separator: "_").joined(separator: " ")) of \(number(powerKW)) kW, \(what), "
      + rule
  }
}
