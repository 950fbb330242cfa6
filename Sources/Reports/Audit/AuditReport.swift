import Documents
import Forecasting
import Replay
package import Studies

/// How measures of accuracy go with cost, in words, tables and files.
package struct AuditReport: Sendable {
  private let audit: AccuracyAudit
  private let currency: String

  /// Takes an audit of versions whose costs are in a currency.
  package init(_ audit: AccuracyAudit, currency: String) {
    self.audit = audit
    self.currency = currency
  }

  /// What the audit is of.
  var title: String {
    let planner = audit.planner.map { ", planner '\($0)'" } ?? ""
    return
      "How accuracy goes with cost over \(audit.versions.count) versions and \(audit.days) days\(planner) "
      + "(rank correlation with 95 % interval; 1: the worse by the measure, the dearer)"
  }

  private var bandsTitle: String {
    "What was captured of the oracle's saving on days by Kendall's tau of the \(name(audit.bandSubject)) forecast"
  }

  /// Tables with what they say.
  var text: String {
    var text = sentences.map { $0 + "\n" }.joined() + "\n"
    text += title + ":\n" + AccuracyAudit.Row.measures.table(audit.rows, currency: currency).text
    text += Self.note + "\n\n"
    text += bandsTitle + ":\n" + AccuracyAudit.Band.measures.table(told).text
    return text
  }

  private var told: [AccuracyAudit.Band] { audit.bands.filter { $0.days > 0 } }

  /// How days are judged.
  private static let note =
    "A day is judged by its first issue and costs what it cost more than with the oracle; intervals are of resampled "
    + "weeks."

  private func name(_ subject: DayAheadLog.Subject) -> String {
    switch subject {
    case .load: "load"
    case .pv: "PV"
    case .net: "net load"
    case .price: "price"
    }
  }

  /// What picks best, and what the usual measures are worth here.
  var sentences: [String] {
    var lines: [String] = []
    let ranked = audit.rows.filter { $0.overVersions != nil }
    if let best = ranked.max(by: {
      ($0.overVersions?.value ?? -1) < ($1.overVersions?.value ?? -1)
    }), let found = best.overVersions {
      lines.append(
        "Over the versions \(best.measure.rawValue) of the \(name(best.subject)) goes with the cost most: "
          + "\(NumberText.fixed(found.value, decimals: 2)), \(surely(found)).")
    }
    for row in audit.rows where row.measure == .mae && row.subject == audit.bandSubject {
      let parts = [("over versions", row.overVersions), ("from day to day", row.overDays)]
        .compactMap { place, found in
          found.map { "\(NumberText.fixed($0.value, decimals: 2)) \(place) (\(surely($0)))" }
        }
      guard !parts.isEmpty else { continue }
      lines.append(
        "MAE of the \(name(row.subject)) goes with it at " + parts.joined(separator: " and ")
          + "; picking by it costs \(NumberText.fixed(row.extraCost, decimals: 2)) \(currency).")
    }
    return lines
  }

  private func surely(_ found: AccuracyAudit.Correlation) -> String {
    found.low > 0 || found.high < 0 ? "surely not by luck" : "may be luck"
  }

  /// The audit as a part of a comparison.
  var json: JSONValue {
    [
      "planner": audit.planner.map { .string($0) } ?? .null,
      "days": .integer(audit.days),
      "sentences": .array(sentences.map { .string($0) }),
      "measures": AccuracyAudit.Row.measures.list(audit.rows),
      "tau_of": .string(audit.bandSubject.rawValue),
      "tau_bands": AccuracyAudit.Band.measures.list(audit.bands),
    ]
  }

  /// One line per measure.
  package static func csv(_ audits: [AccuracyAudit]) -> String {
    AccuracyAudit.Row.measures.csv(audits.flatMap(\.rows))
  }

  /// One line per version, quantity and day.
  package static func daysCSV(_ audits: [AccuracyAudit]) -> String {
    AuditedDay.measures.csv(
      audits.flatMap(\.scores).flatMap { score in
        DayAheadLog.Subject.allCases.flatMap { subject in
          (score.days[subject] ?? []).enumerated().compactMap { day, accuracy in
            accuracy.map {
              AuditedDay(
                version: score.version, subject: subject, day: day, accuracy: $0,
                regret: score.regret[day], saved: score.saved[day])
            }
          }
        }
      })
  }
}
