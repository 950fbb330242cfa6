import CommandLine
import Diagnostics
import Documents
import Foundation
import Scenarios
import Store
import Telemetry
import TimeSeries

/// `wattif ingest`: reads what a logger wrote, says what it found, and keeps it.
struct IngestCommand: WorkingSubcommand {
  static let name = "ingest"

  static var grammar: Grammar<IngestCommand> {
    Grammar(
      summary: "Reads data files of loggers and says what is in them.",
      discussion: """
        Puts columns or channels of data files on one grid and reports every row, cell and slot: \
        what was read, missing, out of range, repeated, filled. Columns named after a quantity and \
        its unit, such as load_kw, are found without being named; so are lines above the header, \
        dates and times in columns of their own, and columns that say when an interval ends. A \
        scenario document is read with the column maps of its history.

        Errors in rows and cells are reported and left out; with --strict any finding, and any \
        quality gate that is not passed, ends with exit code 65.
        """,
      arguments: [
        .arguments(
          "FILE", "Data files of one layout, or one scenario document.", \.files,
          completion: .file(suffixes: ["csv", "json", "db", "sqlite", "yaml", "yml"]))
      ],
      options: [
        .option(
          "--format", "FORMAT", "Format of a known logger; plain CSV if left out.", \.format),
        .option(
          "--column", "MAP",
          "COLUMN=QUANTITY[:UNIT][*FACTOR], what a column or channel is; repeatable, several of one "
            + "quantity add up. 'Volume[Register=Afname*]' takes some rows of a column.", \.columns),
        .option(
          "--counter", "MAP", "The same for a column with readings of an energy counter.",
          \.counters),
        .option(
          "--fill", "RULE",
          "QUANTITY=zero, zero_at_night[:DEGREES], hold:HOURS or interpolate:HOURS.", \.fills),
        .option(
          "--range", "RANGE", "QUANTITY=LOW..HIGH; values outside count as missing.", \.ranges),
        .option("--time", "COLUMN", "Header of the column with the time stamps.", \.timeColumn),
        .option("--time-format", "FORMAT", "How time stamps are written.", \.timeFormat),
        .option("--time-zone", "ZONE", "Clock of the site and of stamps without offset.", \.zone),
        .option("--label", "END", "Which end of its interval a stamp names.", \.label),
        .option(
          "--decimal-mark", "MARK", "Mark of fractions, '.' or ','; found if left out.",
          \.decimalMark),
        .option("--source-step", "SECONDS", "Step of the files; found if left out.", \.sourceStep),
        .option("--step", "SECONDS", "Step of the result; that of the files if left out.", \.step),
        .option("--place", "LAT,LON", "Where the site is, for zero at night.", \.place),
        .option("--store", "FILE", "Also write into this project database.", \.store),
        .option("--site", "NAME", "Name of the site in the database.", \.site),
        .option(
          "--day-labels", "FILE",
          "--store: keep a quality label of each day; from a CSV of day, label and quantity, or 'auto'.",
          \.dayLabels),
        .option(
          "--require", "QUANTITY", "Refuse data that lack this quantity; repeatable.", \.required),
        .option(
          "--max-missing", "FRACTION",
          "Largest share of missing slots of a required quantity; 0.001 if left out.",
          \.maximumMissing),
        .flag(
          "--signals",
          "Join files of many signals on one clock: mean, extremes and count per step.",
          \.joinsSignals),
        .option(
          "--hold", "SECONDS",
          "--signals: also write held.csv, values that hold until the next one, with their ages.",
          \.holdSeconds),
        .option(
          "--idle-current", "AMPERE",
          "--signals: largest current of a battery at rest; 0.1 if left out.", \.idleCurrent),
        .flag(
          "--forecasts",
          "Read forecasts instead: version, quantity, issued_at, valid_at, quantile, value.",
          \.readsForecasts),
        .flag("--strict", "Refuse any finding and apply the quality gates.", \.isStrict),
      ] + commonOptions,
      examples: [
        ("wattif ingest house.csv --time-zone Europe/Paris", "Reads columns such as load_kw."),
        ("wattif ingest --signals temps.csv currents.csv --step 1", "Joins fast logs."),
        (
          "wattif ingest meter.csv --counter total=load:kWh --step 900 --store home.sqlite",
          "Turns a counter into quarter-hours and keeps them."
        ),
      ])
  }

  var files: [String] = []
  var format: LogFormat?
  var columns: [ColumnArgument] = []
  var counters: [ColumnArgument] = []
  var fills: [FillArgument] = []
  var ranges: [RangeArgument] = []
  var timeColumn: String?
  var timeFormat = StampFormat.automatic
  var zone: ZoneArgument?
  var label = SlotLabel.start
  var decimalMark: DecimalMark?
  var sourceStep: Int?
  var step: Int?
  var place: PlaceArgument?
  var store: String?
  var site = "site"
  var dayLabels: String?
  var required: [Quantity] = []
  var maximumMissing: Double?
  var joinsSignals = false
  var holdSeconds: Int?
  var idleCurrent: Double?
  var readsForecasts = false
  var isStrict = false
  var common = CommonOptions()

  var outputs: [OutputPlace] { resultFolder + OutputPlace.store(store) }

  func validate() throws(UsageError) {
    if let step, 86_400 % step != 0 {
      throw UsageError("'--step' must divide a day, found '\(step)'")
    }
    if let sourceStep, sourceStep > Self.longestStep {
      throw UsageError("'--source-step' must be a year at most, found '\(sourceStep)'")
    }
    if let maximumMissing, !(0...1).contains(maximumMissing) {
      throw UsageError("'--max-missing' must be between 0 and 1")
    }
    if joinsSignals, isScenario || format != nil || !columns.isEmpty || store != nil {
      throw UsageError("'--signals' takes CSV files, '--time', '--time-zone' and '--step' only")
    }
    if !joinsSignals, holdSeconds != nil || idleCurrent != nil {
      throw UsageError("'--hold' and '--idle-current' go with '--signals'")
    }
    if let idleCurrent, !(idleCurrent >= 0) {
      throw UsageError("'--idle-current' must not be negative")
    }
    if readsForecasts, isScenario || joinsSignals || format != nil || !columns.isEmpty {
      throw UsageError("'--forecasts' takes CSV files, '--time-zone', '--store' and '--site' only")
    }
    if dayLabels != nil, store == nil || joinsSignals || readsForecasts {
      throw UsageError("'--day-labels' goes with '--store' and observations")
    }
    if isScenario, files.count > 1 {
      throw UsageError("a scenario document must be the only file")
    }
  }

  /// The longest interval that a meter is read at. [s]
  private static let longestStep = 366 * 86_400

  private var isScenario: Bool {
    files.contains { $0.hasSuffix(".yaml") || $0.hasSuffix(".yml") }
  }

  func run(_ context: CommandContext) throws -> ExitCode {
    if readsForecasts {
      let ingest = try ForecastIngest(files: files, context: context)
      if let store {
        try context.keep(in: store) {
          try ingest.keep(in: $0, site: site, zone: zone?.zone ?? .utc)
        }
      }
      common.isJSON ? context.print(ingest.json) : context.print(ingest.table)
      return .done
    }
    if joinsSignals { return try runSignals(context) }
    let (history, report, planes) = try isScenario ? readScenario(context) : readFiles()
    var extra = try sensorFindings(history)
    let failures = failures(history, report)
    extra += failures
    context.report(report.diagnostics + extra.map(\.diagnostic))
    let text = try HistoryText(history, planes: planes)
    let labels = try dayLabels.map {
      $0 == "auto" ? try DayLabel.labels(of: history) : try DayLabel.read($0)
    }
    if let store {
      try context.keep(in: store) {
        try $0.write(history, site: site)
        if let planes { try $0.writePlanes(of: planes, site: site) }
        if let labels { try $0.write(labels, site: site) }
      }
    }
    if let folder = common.output {
      try context.write(to: "history.csv", in: folder) { file in
        try text.writeCSV(hasQuality: true) { try file.write($0) }
      }
      try context.write(json(text, report, extra).text() + "\n", to: "ingest.json", in: folder)
    }
    common.isJSON
      ? context.print(json(text, report, extra))
      : context.print(table(text, report) + (labels.map { DayLabel.sentence($0) } ?? ""))
    let isRefused = isStrict && !(report.findings.isEmpty && extra.isEmpty)
    return isRefused || !failures.isEmpty ? .badInput : .done
  }

  /// Gates that the data did not pass; they apply when asked for, or with `--strict` to all but production,
  /// which many loggers leave out at night.
  private func failures(
    _ history: any HistoryColumns, _ report: IngestReport
  ) -> [IngestFinding] {
    guard isStrict || !required.isEmpty || maximumMissing != nil else { return [] }
    var gates = QualityGates()
    let known = history.quantities.filter { $0 != .pv }
    gates.required = required.isEmpty ? known : required
    if let maximumMissing { gates.maximumMissingFraction = maximumMissing }
    return gates.failures(of: report)
  }

  private func runSignals(_ context: CommandContext) throws -> ExitCode {
    let ingest = try SignalIngest(
      files: files, timeColumn: timeColumn, stepSeconds: step ?? 1, zone: zone?.zone ?? .utc,
      idleCurrentA: idleCurrent ?? SignalIngest.usualIdleCurrentA, holdSeconds: holdSeconds)
    context.report(ingest.report.diagnostics)
    if ingest.report.rowsKept == 0 {
      context.report([
        .error("no row has a time and a value that can be read", at: SourcePosition(file: files[0]))
      ])
    }
    if let folder = common.output {
      try context.write(
        ingest.log.csv(idle: ingest.idle), to: "signals.csv", in: folder)
      if let held = ingest.held { try context.write(held.text, to: "held.csv", in: folder) }
      try context.write(ingest.json.text() + "\n", to: "ingest.json", in: folder)
    }
    common.isJSON ? context.print(ingest.json) : context.print(ingest.table)
    let isRefused = isStrict && !ingest.report.findings.isEmpty
    return isRefused || ingest.report.rowsKept == 0 ? .badInput : .done
  }

  private func readScenario(
    _ context: CommandContext
  ) throws -> (any HistoryColumns, IngestReport, planes: SiteHistory?) {
    let loaded = try Scenario.read(files[0], common, context).loadHistory()
    let report = loaded.report ?? IngestReport(complete: loaded.history)
    return (MarkedHistory(loaded.history, quality: report.quality), report, loaded.history)
  }

  private func readFiles() throws -> (any HistoryColumns, IngestReport, planes: SiteHistory?) {
    let (history, report) = try reader().read(
      stepSeconds: step, aside: FileManager.default.temporaryDirectory.path)
    return (history, report, nil)
  }

  private func reader() throws -> HistoryReader {
    let clock = zone?.zone ?? .utc
    var sources: [CSVSource] = []
    var logs: [LogSource] = []
    for file in files {
      var mappings = columns.map { $0.mapping() }
      mappings += counters.map { $0.mapping(reading: .counter(CounterRule())) }
      // Registers, phases and roofs of one file add up; files that follow one another are joined.
      for k in mappings.indices
      where mappings.count(where: { $0.quantity == mappings[k].quantity }) > 1 {
        mappings[k].combination = .sumInFile
      }
      let found = try DataFile(
        file, format: format, timeColumn: timeColumn, label: label, columns: mappings)
      mappings = found.columns
      if let format = found.format {
        logs.append(LogSource(path: file, format: format, channels: try refined(mappings)))
        continue
      }
      guard !mappings.isEmpty else {
        if let first = found.names.first, first.hasPrefix("{") || first.hasPrefix("[{") {
          throw InputError(
            "the file is JSON of no format that is known by its looks; name one with '--format', or save "
              + "its rows as CSV", at: SourcePosition(file: file, line: 1, column: 1))
        }
        let shown = found.names.prefix(20).map { "'\($0)'" }.joined(separator: ", ")
        let rest = found.names.count - 20
        let names = rest > 0 ? "\(shown) and \(rest) more" : shown
        throw InputError([
          .error(
            "no column is named after a quantity and its unit; name some with '--column'",
            at: SourcePosition(file: file, line: 1, column: 1),
            notes: ["the columns are \(names)"])
        ])
      }
      var source = CSVSource(
        path: file, timeColumn: found.timeColumn, stampFormat: timeFormat, zone: found.zone,
        label: found.label, stepSeconds: sourceStep, decimalMark: decimalMark?.character,
        columns: try refined(mappings))
      source.remarks = found.remarks
      sources.append(source)
    }
    return HistoryReader(
      sources, logs: logs, zone: clock, place: place?.place, policy: .report)
  }

  /// Adds ranges and fill rules; one that belongs to no column is a mistake.
  private func refined(_ mappings: [ColumnMapping]) throws -> [ColumnMapping] {
    let mapped = mappings.map(\.quantity)
    for quantity in fills.map(\.quantity) + ranges.map(\.quantity) where !mapped.contains(quantity)
    {
      throw UsageError("no column gives '\(quantity.rawValue)', so it can have no rule")
    }
    return mappings.map { mapping in
      var mapping = mapping
      for fill in fills where fill.quantity == mapping.quantity { mapping.fill = fill.rule }
      for range in ranges where range.quantity == mapping.quantity {
        mapping.minimum = range.minimum
        mapping.maximum = range.maximum
      }
      return mapping
    }
  }

  private func json(
    _ text: HistoryText, _ report: IngestReport, _ extra: [IngestFinding]
  ) -> JSONValue {
    var members = report.members(extra: extra)
    members["schema"] = "wattif.ingest/1"
    members["period"] = text.period
    members["columns"] = text.summary
    if !report.layouts.isEmpty {
      members["layouts"] = .array(
        report.layouts.map {
          ["file": .string($0.file), "remarks": .array($0.remarks.map { .string($0) })]
        })
    }
    return .object(members)
  }

  private func table(_ text: HistoryText, _ report: IngestReport) -> String {
    let grid = text.history.grid
    var slots = TextTable([
      ("quantity", .left), ("ok", .right), ("gap", .right), ("reset", .right), ("spike", .right),
      ("clamped", .right), ("filled", .right),
    ])
    for quantity in text.quantities {
      let counts = report.slots[quantity] ?? SlotCounts()
      slots.add(
        [quantity.rawValue]
          + [
            counts.ok, counts.gap, counts.reset, counts.spike, counts.clamped, counts.filled,
          ].map { "\($0)" })
    }
    let layouts = report.layouts.map { "layout of \($0.text)\n" }.joined()
    return """
      \(layouts)\(grid.count) slots of \(grid.stepSeconds) s from \(Instant.utcText(grid.start)) to \
      \(Instant.utcText(grid.end))
      \(report.rowsIn) rows read, \(report.rowsKept) kept, \(report.rowsReported) reported, \
      \(report.rowsOutside) outside; \(report.duplicates) duplicate, \(report.outOfOrder) out of \
      order, \(report.resets) resets

      \(text.table)
      \(slots.text)
      """
  }
}

extension IngestReport {
  /// The report of a history that was not read from files: every value is measured.
  init(complete history: SiteHistory) {
    self.init()
    for quantity in Quantity.allCases {
      guard let values = history[quantity] else { continue }
      let marks = values.map { $0.isNaN ? SlotQuality.gap : .ok }
      quality[quantity] = marks
      slots[quantity] = SlotCounts(marks)
    }
    rowsIn = history.grid.count
    rowsKept = history.grid.count
  }
}
