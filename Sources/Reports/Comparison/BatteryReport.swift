import Diagnostics
package import Documents
import Replay
package import Studies
import Tariffs
import Twin

/// The words and numbers of batteries side by side.
package struct BatteryReport: Sendable {
  let batteries: BatteryComparison
  let currency: String
  static let measures = BatteryRun.measures

  /// Prepares a report.
  package init(_ batteries: BatteryComparison) {
    self.batteries = batteries
    currency = batteries.runs.first?.replay.tariff.currency ?? ""
  }

  /// The sentence that says what came out.
  var verdict: String {
    guard let best = batteries.best, !batteries.pairs.isEmpty else {
      return "There is no second battery to compare with."
    }
    let reason = PairedInterval.commonReason(batteries.pairs)
    let costs = batteries.pairs.map {
      $0.worded(against: "'\($0.b)'", currency: currency, tellsSureness: reason == nil)
    }
    return "'\(best.name)' is the cheapest to run: \(best.replay.period.overDays) it costs "
      + listed(costs, "and") + (reason.map { "; not sure: \($0)" } ?? "")
      + ". What batteries cost to buy is not counted."
  }

  /// The verdict, the batteries, how sure their differences are, and each battery's own comparison.
  package var text: String {
    let table = Self.measures.table(batteries.runs, currency: currency)
    var text = verdict + "\n\n" + table.text + "\n"
    if let pairs {
      text += pairs.title + "\n" + pairs.table
      text += TextLayout.current.notes(pairs.notes)
    }
    for run in batteries.runs {
      text += "\nBattery '\(run.name)'\n\n"
      text += report(of: run).text
    }
    return text
  }

  /// The batteries as `wattif.batteries/1`, each with its comparison.
  package var json: JSONValue {
    [
      "schema": "wattif.batteries/1",
      "verdict": .string(verdict),
      "currency": .string(currency),
      "batteries": .array(
        batteries.runs.map { run in
          Self.measures.json(run).adding(
            "comparison", report(of: run).json)
        }),
      "pairs": PairedInterval.measures.list(batteries.pairs),
    ]
  }

  /// The best battery against the others; nothing where there is no other.
  var pairs: PairReport? {
    batteries.pairs.isEmpty
      ? nil
      : PairReport(
        batteries.pairs, title: "Differences in cost, in \(currency), ± half of the 95 % interval:")
  }

  func report(of run: BatteryRun) -> ComparisonReport {
    ComparisonReport(run.comparison, of: run.replay, explained: run.explanation)
  }

  /// The batteries as CSV.
  package var csv: String { Self.measures.csv(batteries.runs) }
}
