import Documents
import EarlyWarning
import Numerics

extension WarningReport {
  /// Onsets whose course is drawn.
  private static let drawnCourses = 3
  /// Columns whose importance is drawn.
  private static let drawnFeatures = 8
  /// Ranges of chances in the picture of calibration.
  private static let chanceBins = 10
  /// Ranges of changes in the picture of measured against predicted ones.
  private static let changeBins = 24

  /// The evaluation as a page.
  ///
  /// - Parameters:
  ///   - title: What the page is about.
  ///   - opening: A sentence before the verdict, such as which model was kept.
  /// - Returns: The page.
  package func page(title: String, opening: String = "") -> Page {
    let data = study.data
    let learning = LabelReport(data).pageTables
    var page = Page(
      title: title, verdict: (opening.isEmpty ? "" : opening + " ") + verdict,
      facts: Array(facts.prefix(2)), figures: figures, run: runFacts,
      warnings: Array(facts.dropFirst(2)))
    page.sections = [
      PageSection(
        "Models beside the trivial rules",
        [.table(scores), .chart(errors)]),
      PageSection(
        "Does it warn, how early, and of what that is not there",
        [.chart(precision), .chart(leads)]),
      PageSection(
        "Measured and foreseen", courses.map { .chart($0) } + changes.map { .chart($0) }),
      PageSection("How far the chances can be believed", [.chart(calibration)]),
      PageSection("What the models look at", importances.map { .chart($0) }),
      PageSection(
        "Leaked, not to be used: what the same data score when the future slips in",
        [.table(PageTable(LeakedScore.measures, leaks))]),
      PageSection(
        "What there is to learn from",
        [
          .table(learning.runs),
          .folded("Every column, with its meaning", [.table(learning.dictionary)]),
        ]),
    ]
    return page
  }

  private var task: WarningTask { study.data.task }

  /// Every score, the rules above a line.
  private var scores: PageTable {
    var table = PageTable(WarningScore.measures, study.scores)
    let what = WarningScore.measures.measures.filter { $0.places.contains(.table) }
      .firstIndex { $0.key == "kind" }
    if let what {
      table.columns.remove(at: what)
      for row in table.rows.indices { table.rows[row].remove(at: what) }
    }
    table.ruleAfter = study.scores.count { $0.kind.isTrivial }
    return table
  }

  /// A kind has one colour in all charts.
  private func colour(_ kind: WarningModel.Kind) -> Int {
    WarningModel.Kind.allCases.firstIndex(of: kind) ?? 0
  }

  private var limit: String { "\(NumberText.rounded(task.limitC, decimals: 2)) °C" }

  /// Best of the rules, and best of the models, by a score of which less is better.
  private func best(
    _ isRule: Bool, by value: (WarningScore) -> Double
  ) -> WarningScore? {
    study.scores.filter { $0.kind.isTrivial == isRule && value($0).isFinite }
      .min { value($0) < value($1) }
  }

  /// Kinds whose course is drawn: the best rule and the best model for the change, and the best for the chance.
  private var drawnKinds: [WarningModel.Kind] {
    let kinds = [
      best(true) { $0.meanAbsoluteErrorK }, best(false) { $0.meanAbsoluteErrorK },
      best(false) { -$0.averagePrecision },
    ].compactMap(\.?.kind)
    return WarningModel.Kind.allCases.filter { kinds.contains($0) }
  }

  private var figures: [KeyFigure] {
    var figures: [KeyFigure] = []
    func kelvin(_ value: Double) -> String { "\(NumberText.fixed(value, decimals: 3)) K" }
    let (rule, model) = (
      best(true) { $0.meanAbsoluteErrorK }, best(false) { $0.meanAbsoluteErrorK }
    )
    if let first = [rule, model].compactMap(\.self)
      .min(by: { $0.meanAbsoluteErrorK < $1.meanAbsoluteErrorK })
    {
      let other = first.kind == rule?.kind ? model : rule
      figures.append(
        KeyFigure(
          "smallest error of the change", kelvin(first.meanAbsoluteErrorK),
          first.kind.rawValue
            + (other.map { ", \($0.kind.rawValue) \(kelvin($0.meanAbsoluteErrorK))" } ?? "")))
    }
    let ranked = study.scores.filter { $0.averagePrecision.isFinite && $0.alarms.onsets > 0 }
    guard let best = ranked.max(by: { $0.averagePrecision < $1.averagePrecision }) else {
      return figures
    }
    let alarms = best.alarms
    return figures + [
      KeyFigure(
        "average precision", NumberText.fixed(best.averagePrecision, decimals: 3),
        "\(best.kind.rawValue), base rate \(NumberText.fixed(best.baseRate, decimals: 3))"),
      KeyFigure("onsets warned of", "\(alarms.warned) of \(alarms.onsets)", best.kind.rawValue),
      KeyFigure(
        "warning", "\(NumberText.fixed(alarms.warningSeconds.finite, decimals: 0)) s",
        "median, before the limit is reached"),
      KeyFigure(
        "alarm for nothing", NumberText.percent(alarms.falseShare),
        "of the quiet time; \(NumberText.percent(falseShare)) allowed"),
    ]
  }

  private var errors: BarChart {
    BarChart(
      title: "Error of the change over \(task.leadSeconds) s, K",
      note: "Shorter is better; 'no_change' says that the temperature stays as it is.", unit: "K",
      series: ["mean absolute", "root mean square"],
      groups: study.scores.filter { $0.meanAbsoluteErrorK.isFinite }.map {
        BarChart.Group(
          name: $0.kind.rawValue, values: [$0.meanAbsoluteErrorK, $0.rootMeanSquareErrorK])
      }, decimals: 3)
  }

  private var precision: LineChart {
    let recalls = (0...50).map { Double($0) / 50 }
    let lines = study.scores.compactMap { score in
      study.precision(of: score.kind, atRecalls: recalls).map {
        LineChart.Line(name: score.kind.rawValue, values: $0, colour: colour(score.kind))
      }
    }
    let base = study.scores.first?.baseRate ?? .nan
    return LineChart(
      title: "Of the rows before \(limit): how many are found, and how many alarms are true",
      note:
        "Rows that are not hot yet, at every threshold; higher is better. Kinds that say one chance always "
        + "have the base rate.",
      places: .numbers(recalls, title: "share of the rows before heat that is found"),
      panels: [
        LineChart.Panel(
          title: "share of the rows in alarm that is true", lines: lines,
          levels: base.isFinite ? [LineChart.Level(name: "base rate", value: base)] : [],
          includesZero: true)
      ])
  }

  private var leads: LineChart {
    let alarms = study.scores.filter { !$0.alarms.leadSeconds.isEmpty }
    let most = alarms.compactMap(\.alarms.leadSeconds.last).max() ?? 0
    // Alarms that stood long before would leave no room for the lead.
    let end = min(most, 4 * task.leadSeconds)
    let seconds = (0...60).map { Double(end) * Double($0) / 60 }
    return LineChart(
      title: "How early onsets of \(limit) are warned of",
      note:
        "At the threshold within the false alarms allowed; alarms may have stood for longer than the lead "
        + "of \(task.leadSeconds) s.",
      places: .numbers(seconds, title: "seconds before the onset"),
      panels: [
        LineChart.Panel(
          title: "share of the onsets warned of at least so early",
          lines: alarms.map { score in
            LineChart.Line(
              name: score.kind.rawValue,
              values: seconds.map { second in
                Double(score.alarms.leadSeconds.count { Double($0) >= second })
                  / Double(score.alarms.onsets)
              }, style: .steps, colour: colour(score.kind))
          }, includesZero: true)
      ])
  }

  private var courses: [LineChart] {
    let kinds = drawnKinds
    return study.courses(kinds, most: Self.drawnCourses).map { course in
      func lines(
        _ values: [WarningModel.Kind: [Double]], _ words: String
      ) -> [LineChart.Line] {
        kinds.compactMap { kind in
          guard let own = values[kind], own.contains(where: \.isFinite) else { return nil }
          return LineChart.Line(
            name: words + kind.rawValue, values: own, colour: colour(kind), isDashed: false)
        }
      }
      return LineChart(
        title: "Around a moment: \(course.title)",
        note: "What is said of a time was said \(task.leadSeconds) s before it; chances are of the "
          + "\(task.leadSeconds) s to come.",
        places: .numbers(course.seconds, title: "seconds from the moment"),
        panels: [
          LineChart.Panel(
            title: "temperature, °C",
            lines: [
              LineChart.Line(
                name: "measured", values: course.temperatureC, colour: 7, isDashed: false)
            ] + lines(course.foreseenC, ""),
            levels: [LineChart.Level(name: "limit", value: task.limitC)], decimals: 2),
          LineChart.Panel(
            title: "chance that the limit is reached", lines: lines(course.chance, ""),
            includesZero: true, height: 120),
        ])
    }
  }

  private var changes: [LineChart] {
    drawnKinds.compactMap { kind in
      guard let bins = study.changes(of: kind, bins: Self.changeBins) else { return nil }
      return LineChart(
        title:
          "Changes over \(task.leadSeconds) s that '\(kind.rawValue)' predicts, and those that came",
        note:
          "Means of ranges of the predicted change, with the middle 80 %; ranges of fewer than 10 rows are "
          + "left out.",
        places: .numbers(bins.map(\.predictedK), title: "predicted, K"),
        panels: [
          LineChart.Panel(
            title: "measured, K",
            lines: [
              LineChart.Line(name: "mean measured", values: bins.map(\.meanK), style: .markedLine),
              LineChart.Line(
                name: "as predicted", values: bins.map { $0.rows < 10 ? .nan : $0.predictedK },
                colour: 6, isDashed: true),
            ],
            bands: [
              LineChart.Band(name: "middle 80 %", low: bins.map(\.lowK), high: bins.map(\.highK))
            ])
        ])
    }
  }

  private var calibration: LineChart {
    let count = Self.chanceBins
    let middles = (0..<count).map { (Double($0) + 0.5) / Double(count) }
    let bins = study.scores.compactMap { score in
      study.calibration(of: score.kind, bins: count).map { (score.kind, $0) }
    }
    return LineChart(
      title: "How often \(limit) was reached when a chance was said",
      note:
        "Rows that are not hot, by chances in tenths; below the diagonal more was said than came.",
      places: .numbers(middles, title: "chance that was said, middle of a tenth"),
      panels: [
        LineChart.Panel(
          title: "share that came true",
          lines: bins.map { kind, bins in
            LineChart.Line(
              name: kind.rawValue, values: bins.map(\.share), style: .markedLine,
              colour: colour(kind))
          }
            + (bins.isEmpty
              ? []
              : [
                LineChart.Line(
                  name: "as said", values: middles, colour: 6, isDashed: true)
              ]),
          includesZero: true),
        LineChart.Panel(
          title: "rows, as a power of ten",
          lines: bins.map { kind, bins in
            let counts = bins.map { Double($0.rows) }
            return LineChart.Line(
              name: kind.rawValue,
              values: counts.map { $0 > 0 ? logarithm($0) / logarithm(10) : .nan },
              style: .markedLine, colour: colour(kind))
          }, includesZero: true, height: 110, decimals: 1),
      ])
  }

  private var importances: [BarChart] {
    study.importances.map { kind, shares in
      BarChart(
        title: "Share of '\(kind.rawValue)' that rests on a column",
        note: kind == .boosting
          ? "Share of the gain of all splits, meaned over the fits."
          : "Share of the weights on columns of the same spread, meaned over the fits.",
        unit: "%", series: ["share"],
        groups: shares.prefix(Self.drawnFeatures).map { key, share in
          BarChart.Group(name: key, values: [100 * share])
        }, decimals: 1)
    }
  }

  private var runFacts: [PageFact] {
    let columns = study.data.frames.first?.columns
    let parts: [(String, String?)] = [
      ("temperature", columns?.temperature), ("current", columns?.current),
      ("planned current", columns?.plannedCurrent), ("voltage", columns?.voltage),
      ("surroundings", columns?.surroundings),
    ]
    let lists: [(String, [String])] = [
      ("other temperatures", columns?.otherTemperatures ?? []),
      ("cell voltages", columns?.cellVoltages ?? []), ("features", columns?.extras ?? []),
    ]
    return [
      PageFact("Telemetry", study.data.frames.map(\.name).joined(separator: "; ")),
      PageFact(
        "Signals",
        (parts.compactMap { part, name in name.map { "\(part) '\($0)'" } }
          + lists.compactMap { part, names in
            names.isEmpty ? nil : "\(part) \(names.map { "'\($0)'" }.joined(separator: ", "))"
          }).joined(separator: "; ")),
      PageFact("Steps", "\(study.data.typicalSeconds) s"),
      PageFact("Rows", "\(study.data.count), \(study.scoredRows.count) scored"),
      PageFact("Split", study.split.words),
    ]
  }
}
