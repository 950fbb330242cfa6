import EarlyWarning
import Foundation
import Forecasting
import Replay
import Store
import Studies
import Tariffs
import TestSupport
import Twin

@testable import Reports

/// The page that documents the keys of JSON and the columns of CSV, as tests read it.
///
/// A section of the page has one table. Its rows hold a JSON key, a CSV column, a unit and a meaning; `→ part`
/// in place of the unit stands for the keys of another section below that key, or in the object itself for the
/// key `.`, and words in capitals for any name.
/// Sections whose heading is a key of `made` are made from the measures.
struct OutputsPage {
  struct Row {
    var json: String
    var csv: String
    var unit: String
  }

  static let file = KeyReference.package
    .appendingPathComponent("Sources/wattif/Documentation.docc/Outputs.md")

  /// Text of the page.
  let text: String
  /// Rows of the tables by heading.
  private(set) var sections: [String: [Row]] = [:]

  init() throws {
    text = try String(contentsOf: Self.file, encoding: .utf8)
    var heading = ""
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("#") {
        heading = String(line.drop { $0 == "#" || $0 == " " }).replacing("`", with: "")
      } else if line.hasPrefix("| "), !line.hasPrefix("| JSON"), !line.hasPrefix("| file"),
        !line.hasPrefix("| ---")
      {
        let cells = line.split(separator: "|").map {
          $0.trimmingCharacters(in: .whitespaces).replacing("`", with: "")
        }
        guard cells.count == 4 else { continue }
        sections[heading, default: []].append(Row(json: cells[0], csv: cells[1], unit: cells[2]))
      }
    }
  }

  /// Keys of a section as paths, those of its parts included.
  func paths(_ section: String) -> [String] {
    (sections[section] ?? []).filter { !$0.json.isEmpty }.flatMap { row -> [String] in
      guard row.unit.hasPrefix("→ ") else { return [row.json] }
      let part = paths(String(row.unit.dropFirst(2)))
      return row.json == "." ? part : part.map { "\(row.json).\($0)" }
    }
  }

  /// Columns of a section in their order.
  func columns(_ section: String) -> [String] {
    (sections[section] ?? []).map(\.csv).filter { !$0.isEmpty }
  }

  /// Files and the sections that have their columns.
  var files: [(name: String, section: String)] {
    text.split(separator: "\n").filter { $0.hasPrefix("| `") && $0.contains(".csv` |") }.map {
      let cells = $0.split(separator: "|").map {
        $0.trimmingCharacters(in: .whitespaces).replacing("`", with: "")
      }
      return (cells[0], cells[1].replacing("→ ", with: ""))
    }
  }

  /// The page with its made tables as the measures are.
  func renewed() -> String {
    var text = text
    for (heading, table) in Self.made {
      guard let head = text.range(of: "### \(heading)\n"),
        let begin = text.range(of: "| JSON", range: head.upperBound..<text.endIndex),
        let end = text.range(of: "\n\n", range: begin.upperBound..<text.endIndex)
      else { continue }
      text.replaceSubrange(begin.lowerBound..<end.lowerBound, with: table)
    }
    return text
  }
}

extension OutputsPage {
  /// Tables made from measures, by heading.
  static var made: [String: String] {
    [
      "run": table(KeptRun.measures),
      "input of a run": table(RunInput.measures),
      "result": table(VersionScore.measures),
      "accuracy": table(ErrorStatistics.measures),
      "battery power": table(BatteryPowerMethodScore.measures),
      "model": table(ModelRecord.measures),
      "period": table(ReplayCase.periodMeasures),
      "settings": table(ReplayCase.settingsMeasures),
      "hedge": table(HedgeSettings.measures),
      "planner": table(PlannerVariant.measures),
      "foresight bound": table(ForesightBound.measures),
      "limit": table(LimitReport.measures),
      "load that waits": table(WaitingOutcome.measures.byVersion),
      "battery of a fleet": table(BatteryOutcome.measures.byVersion),
      "meter of its own": table(MeterReport.measures),
      "score of a contest": table(ContestScore.measures),
      "battery of a comparison": table(BatteryRun.measures),
      "measured battery": table(MeasuredBattery.measures),
      "pair": table(PairedInterval.measures),
      "audit": table(MeasureAudit.measures),
      "beyond forecasts": table(BeyondForecasts.measures),
      "lead": table(LeadValue.measures),
      "part of a regret": table(RegretProfile.Part.measures),
      "profiled regret": table(ProfiledRegret.measures),
      "audited measure": table(AccuracyAudit.Row.measures),
      "band of tau": table(AccuracyAudit.Band.measures),
      "audited day": table(AuditedDay.measures),
      "version over sites": table(BenchmarkRow.measures),
      "version at a site": table(BenchmarkLine.measures),
      "sized site": table(SizedSite.measures),
      "followed versions": table(FollowedMoney.measures),
      "rolling verdict": table(RollingVerdict.measures),
      "explained version": table(ExplainedVersion.measures),
      "expensive hour": table(ExplainedHour.measures),
      "wrong forecast": table(BiasCost.measures),
      "candidate": table(SizingCandidate.measures),
      "year of a cash flow": table(CashFlowYear.measures),
      "year of a candidate": table(CandidateYear.measures),
      "part of a bill": table(BillChange.measures),
      "year of a life": table(LifetimeYear.measures),
      "bar of a tornado": table(Tornado.Bar.measures),
      "test step": table(TestRecord.measures),
      "test cycle": table(TestCycle.measures),
      "warranty limit": table(WarrantyUse.Entry.measures),
      "product": table(ProductFigures.measures),
      "stress cell": table(StressCell.measures),
      "policy": table(PolicyScore.measures),
      "knowing": table(HeatKnowledge.measures),
      "campaign": table(StressCampaign.Score.measures),
      "campaign day": table(CampaignRow.measures),
      "month of a bill": table(MonthBill.measures),
      "line of a bill": table(BillLine.measures),
      "month of a replay": table(ReplayMonth.measures),
      "scores of a backtest": table(BacktestScores.measures),
      "errors": table(ErrorStatistics.Sums.bucket),
      "comparison of a backtest": table(BacktestComparison.measures),
      "counts of an issue": table(ForecastCounts.measures(in: .issue)),
      "score of a warning": table(WarningScore.measures),
      "leaked score": table(LeakedScore.measures),
      "thinned telemetry": table(TelemetryAdvice.Row.measures),
      "trace": trace, "metered slot": meteredSlot,
      "billed line": table(BillCSV.measures, isFile: true),
      "billed line of a version": table(BillCSV.versionMeasures, isFile: true),
    ]
  }

  /// What stands in objects and lists that a measure holds as a whole.
  private static let contents: [String: (suffix: String, part: String?)] = [
    "accuracy": (".QUANTITY", "accuracy"), "battery_outlooks": (".METHOD", "battery power"),
    "models": ("[]", "model"), "hedge": ("", "hedge"), "lines": ("[]", "line of a bill"),
    "peak_months": ("[]", "month of a pair"), "left_out.months": ("[]", nil),
    "followed": ("", "followed versions"), "shares": (".VERSION", nil),
    "limits": ("[]", "limit"), "loads": ("[]", "load that waits"),
    "batteries": ("[]", "battery of a fleet"), "months": ("[]", "month of a bill"),
    "interventions_kwh": (".CAUSE", nil),
    "plan_fidelity_kw": (".LEAD", nil),
    "by_policy": (".POLICY", nil), "hours": ("[]", "expensive hour"),
    "profile": ("[]", "part of a regret"), "leads": ("[]", "lead"), "metrics": (".NAME", nil),
    "solver.obstacles": (".OBSTACLE", nil),
  ]

  private static let head = "| JSON | CSV | unit | meaning |\n| --- | --- | --- | --- |"

  private static func table<Subject>(
    _ list: MeasureList<Subject>, isFile: Bool = false
  ) -> String {
    let rows = list.measures.map { measure in
      let inside =
        measure.unit == .object || measure.unit == .list || measure.unit == .kW
          || measure.unit == .fraction
          || measure.unit == .kWh ? contents[measure.path] : nil
      let json =
        !isFile && measure.places.contains(.json) ? "`\(measure.path)\(inside?.suffix ?? "")`" : ""
      let csv = measure.places.contains(.csv) ? "`\(measure.key)`" : ""
      let unit = inside?.part.map { "→ \($0)" } ?? measure.unit.rawValue
      return "| \(json) | \(csv) | \(unit) | \(measure.meaning.replacing("|", with: "\\|")) |"
    }
    return ([head] + rows).joined(separator: "\n")
  }

  /// Energy, price and amount of a slot.
  private static var billed: [String] {
    ["|  | `\(BilledColumns.month)` | text | Month of the bill, such as `2024-01`. |"]
      + BilledColumns.numbers.map { "|  | `\($0.key)` | \($0.unit.rawValue) | \($0.meaning) |" }
  }

  private static var meteredSlot: String {
    let rows = [
      "|  | `start_utc` | instant | Start of the interval. |",
      "|  | `load_kw` | kW | Consumption. |", "|  | `pv_kw` | kW | Production. |",
    ]
    return ([head] + rows + billed).joined(separator: "\n")
  }

  private static var trace: String {
    let rows = ReplayTrace.columns.map { "|  | `\($0.key)` |  | \($0.meaning) |" }
    let start = "|  | `\(TraceCSV.start)` | instant | Start of the interval. |"
    let limited =
      "|  | `\(TraceCSV.limitedBy)` | text | What limited the battery, if anything did. |"
    let withheld =
      "|  | `\(TraceCSV.withheldBy)` | text | The rule that withheld most of the rating, if any did. |"
    return ([head, start] + rows + [limited, withheld] + billed).joined(separator: "\n")
  }
}
