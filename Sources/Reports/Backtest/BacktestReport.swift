import Documents
import Forecasting
package import Studies
import TimeSeries

/// A backtest as tables, as JSON and as daily losses.
package struct BacktestReport: Sendable {
  let study: BacktestStudy
  let horizonHours: Int
  var plan: Backtest { study.plan }

  /// Prepares the report of a study.
  ///
  /// - Parameters:
  ///   - study: The study.
  ///   - horizonHours: Length of a forecast. [h]
  package init(_ study: BacktestStudy, horizonHours: Int) {
    self.study = study
    self.horizonHours = horizonHours
  }

  /// The sentence that says what came out.
  var verdict: String { BacktestVerdict(study).sentence }

  /// The tables for a terminal, the verdict first.
  package var text: String {
    var table = TextTable(
      [("version", .left)] + BacktestScores.measures.columns()
        + [("against first", .left), ("label", .left)])
    for row in study.rows {
      let (candidate, scores) = (row.candidate, row.scores)
      table.add(
        [candidate.name] + BacktestScores.measures.row(scores)
          + [againstFirst(row), candidate.label])
    }
    return verdict + "\n\n\(plan.quantity.rawValue), \(plan.issues.count) issues of"
      + " \(plan.horizonSlots) slots, errors in \(plan.quantity.unit)\n" + table.text + "\n"
      + leadTable + regimeTable + windowTable + doubts + ablationTable
  }

  /// How a version stands to the first one; nothing for that one.
  func againstFirst(_ row: BacktestStudy.Row) -> String {
    guard let first = study.rows.first, first.candidate.name != row.candidate.name else {
      return ""
    }
    return BacktestComparison(row.scores, first.scores).verdict.rawValue
  }

  /// Errors of every version in each window, and how they stand to the first version there.
  private var windowTable: String {
    guard !study.windows.isEmpty else { return "" }
    var table = TextTable(
      [("window", .left), ("version", .left)] + ErrorStatistics.Sums.errors.columns()
        + BacktestComparison.measures.columns())
    for row in windowRows { table.add(row) }
    return "\n" + table.text
  }

  var windowRows: [[String]] {
    study.windows.flatMap { days in
      study.rows.map { row in
        let (candidate, scores) = (row.candidate, row.scores)
        let against =
          candidate.name == study.rows.first?.candidate.name
          ? nil : study.rows.first.map { BacktestComparison(scores, $0.scores, days: days) }
        return ["\(dateText(days.lowerBound)) to \(dateText(days.upperBound - 1))", candidate.name]
          + ErrorStatistics.Sums.errors.row(scores.total(over: days))
          + (against.map { BacktestComparison.measures.row($0) } ?? ["", ""])
      }
    }
  }

  /// Says where weather went beyond the fits, and where the plant contradicted the sun.
  private var doubts: String { doubtSentences.map { $0 + "\n" }.joined() }

  var doubtSentences: [String] {
    study.rows.flatMap { row in
      row.scores.counts.remarks(in: .backtestSentences).map { "\(row.candidate.name): \($0)" }
    }
  }

  /// Errors in each regime, and what only battery power has.
  private var regimeTable: String {
    guard !regimeHeader.isEmpty else { return "" }
    var table = TextTable(Self.numbered(regimeHeader))
    for row in regimeRows { table.add(row) }
    return "\n" + table.text
  }

  private var isBattery: Bool { plan.quantity == .batteryPower }

  /// Headings of the regimes; none where the quantity has none.
  var regimeHeader: [String] {
    guard let regimes = study.rows.first?.scores.regimes, !regimes.isEmpty else { return [] }
    return ["MAE by regime"] + regimes
      + (isBattery ? BatteryScores.measures.columns().map(\.header) : [])
  }

  var regimeRows: [[String]] {
    study.rows.map { row in
      [row.candidate.name] + row.scores.byRegime.map { NumberText.fixed($0.mae, decimals: 4) }
        + (isBattery ? BatteryScores.measures.row(row.scores.battery) : [])
    }
  }

  /// Columns whose first holds words and whose others hold numbers.
  private static func numbered(
    _ header: [String]
  ) -> [(header: String, alignment: TextTable.Alignment)] {
    header.enumerated().map { ($1, $0 == 0 ? .left : .right) }
  }

  /// Errors by hours ahead.
  private var leadTable: String {
    var table = TextTable(Self.numbered(leadHeader))
    for row in leadRows { table.add(row) }
    return table.text
  }

  var leadHeader: [String] {
    ["MAE by hours ahead"] + zip(leadEdges, leadEdges.dropFirst()).map { "\($0)–\($1) h" }
  }

  var leadRows: [[String]] {
    study.rows.map { row in
      [row.candidate.name]
        + zip(leadEdges, leadEdges.dropFirst()).map { from, to in
          NumberText.fixed(row.scores.errors.over(leads: leads(from, to)).mae, decimals: 4)
        }
    }
  }

  /// One row per version and local day, so that anybody can run a test of their own.
  package var dailyLosses: String {
    var rows = CSVWriter(header: ["version", "day", "mae", "rmse", "n"])
    for row in study.rows {
      let (candidate, scores) = (row.candidate, row.scores)
      for day in scores.byDay.keys.sorted() {
        guard let sums = scores.byDay[day] else { continue }
        rows.add(candidate.name)
        rows.add(dateText(day))
        rows.add(sums.mae)
        rows.add(sums.rmse)
        rows.add(sums.count)
        rows.endRow()
      }
    }
    return rows.text
  }

  /// What data are worth to each version: sentences, then the table.
  private var ablationTable: String {
    guard study.isAblated else { return "" }
    guard !study.ablations.isEmpty else {
      return "\nablation: there is nothing to withhold\n"
    }
    var table = TextTable(Self.ablationColumns)
    for row in ablationRows { table.add(row) }
    return "\n" + (advice.map { $0 + "\n\n" } ?? "") + table.text
  }

  /// What is worth measuring to the version that errs least; nothing where nothing was withheld.
  var advice: String? {
    let own = study.ablations.filter { $0.wholeMAE.isFinite }
    guard let name = own.min(by: { $0.wholeMAE < $1.wholeMAE })?.version else { return nil }
    let rows = own.filter { $0.version == name }
    func words(_ one: BacktestStudy.Ablation) -> String {
      if case .column = one.withheld { "without \(one.withheld.words)" } else { one.withheld.words }
    }
    let worse = rows.filter { $0.comparison.verdict == .worse }
      .sorted { $0.lossFraction > $1.lossFraction }
    let spare = rows.filter {
      $0.comparison.verdict == .noDifference || $0.comparison.verdict == .better
    }
    let costs = worse.prefix(3).map { one in
      "\(words(one)) from \(NumberText.fixed(one.wholeMAE, decimals: 4)) to "
        + "\(NumberText.fixed(one.mae, decimals: 4)) (\(one.lossFraction < 0 ? "" : "+")"
        + "\(NumberText.percent(one.lossFraction)))"
    }
    let unused = rows.filter { $0.comparison.verdict == .same }
    let same =
      unused.isEmpty
      ? "" : " It forecasts the same \(unused.map(words).joined(separator: ", "))."
    if worse.isEmpty, spare.isEmpty {
      return unused.count == rows.count
        ? "\(name): nothing that was withheld changes a forecast."
        : "\(name): too few days say what data are worth.\(same)"
    }
    let first =
      costs.isEmpty
      ? "\(name): nothing that was withheld costs accuracy beyond chance."
      : "\(name): the error grows \(costs.joined(separator: ", "))."
    return spare.isEmpty || costs.isEmpty
      ? first + same
      : first + " It is no worse \(spare.map(words).joined(separator: ", "))." + same
  }

  static let ablationColumns: [(header: String, alignment: TextTable.Alignment)] = [
    ("version", .left), ("data", .left), ("MAE", .right), ("change", .right),
    ("against the version with it", .left), ("p", .right),
  ]

  var ablationRows: [[String]] {
    study.ablations.map { one in
      [
        one.version, one.withheld.words,
        NumberText.fixed(one.mae, decimals: 4),
        NumberText.percent(one.lossFraction),
        one.comparison.verdict.rawValue,
        NumberText.fixed(one.comparison.pValue, decimals: 3),
      ]
    }
  }

  /// Edges of the stretches of lead time that errors are told for. [h]
  var leadEdges: [Int] {
    [0, 1, 3, 6, 12, 24, 48, 96].filter { $0 < horizonHours } + [horizonHours]
  }

  /// The leads between two edges, in slots.
  func leads(_ from: Int, _ to: Int) -> Range<Int> {
    let perHour = max(1, plan.horizonSlots / horizonHours)
    return (from * perHour)..<(to * perHour)
  }
}
