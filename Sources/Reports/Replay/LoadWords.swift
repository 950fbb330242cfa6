import Documents
import Replay
import TimeSeries

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
    let least =
      leastKW <= 0
      ? ""
      : leastKW >= powerKW ? " that is on or off" : " that draws \(number(leastKW)) kW at least"
    return
      "\(kind.rawValue.split(separator: "_").joined(separator: " ")) of \(number(powerKW)) kW\(least), \(what), "
      + rule
  }
}
