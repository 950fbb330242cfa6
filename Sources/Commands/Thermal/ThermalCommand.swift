import CommandLine
import Diagnostics
import Documents
import EarlyWarning
import Reports
import Telemetry
import TimeSeries

/// `wattif thermal`: early warning of a temperature that reaches its limit.
struct ThermalCommand: WorkingSubcommand {
  static let name = "thermal"

  /// What is done.
  enum Action: String, ArgumentChoice {
    case label, evaluate, train, predict, advise
  }

  static var grammar: Grammar<ThermalCommand> {
    Grammar(
      summary: "Warns of overheating ahead of time, from telemetry, and says how well.",
      discussion: """
        ACTION is one of label, evaluate, train, predict and advise. All read one or more CSV files of fast \
        signals, join them on one clock, and look --lead seconds ahead of every step, by time and \
        never across a gap of the logger: does the temperature reach --limit, and how much does it \
        change?

        label says what there is to learn from: onsets, class balance by run, and the columns that \
        are known at the time of issue. evaluate scores trivial rules ('hot now', no change, going \
        on with the slope), ridge, logistic regression, boosted trees and a twin of one node that \
        the current heats, all on rows that they were not fitted on: blocks of time with a purge \
        between them, whole runs with --run, the rest after --train-share, or the files of --test. \
        Alarms are judged on onsets, in rows that are not hot yet. A signal that is the label or \
        the change to be forecast at an earlier time is refused; --leak shows what such mistakes \
        would score. train evaluates, fits what did best (or --model) on all rows, and keeps it \
        with --save; a rule that wins is kept as well. predict says what such a model \
        (--model-file) says of every step, the newest first of all. advise tells what is worth \
        measuring: it leaves out one signal after the other, keeps only a sample now and then, or \
        lets telemetry come late, and scores again on the same rows.

        A number in the time column of a file with runs, or in one such as time_s, is seconds \
        since the start of the run. With --output the folder gets thermal.json and scores.csv with \
        predictions.csv, labels.csv, warnings.csv or advice.csv, and report.html, a page with \
        charts that --html writes alone; label and advise have no page.
        """,
      arguments: [
        .argument("ACTION", "label, evaluate, train, predict or advise.", \.action),
        .arguments(
          "FILE", "Files of signals, joined on one clock.", \.files,
          completion: .file(suffixes: ["csv", "gz"])),
      ],
      options: [
        .option("--temperature", "COLUMN", "Temperature with the limit, in °C.", \.temperature),
        .option("--limit", "CELSIUS", "Temperature that must not be reached.", \.limitC),
        .option("--lead", "SECONDS", "How far ahead; 30 if left out.", \.leadSeconds),
        .option(
          "--window", "SECONDS", "Longest stretch of the past that is looked at; 600.",
          \.windowSeconds),
        .option("--current", "COLUMN", "Current that heats, of either sign, in A.", \.current),
        .option("--voltage", "COLUMN", "Voltage of cell, pack or bus, in V.", \.voltage),
        .option(
          "--surroundings", "COLUMN", "Temperature of air or coolant, in °C.", \.surroundings),
        .option(
          "--other-temperature", "COLUMN",
          "Another sensor of the same thing, '*' for any text; repeatable.", \.otherTemperatures),
        .option(
          "--cell-voltage", "COLUMN", "Voltage of one cell, '*' for any text; repeatable.",
          \.cellVoltages),
        .option("--feature", "COLUMN", "Another signal to learn from; repeatable.", \.extras),
        .option(
          "--planned-current", "COLUMN", "Current that a plan wants, in the row of its time.",
          \.plannedCurrent),
        .flag(
          "--plan", "The current over the lead is planned and followed: known ahead.", \.hasPlan),
        .option(
          "--run", "COLUMN", "Column that names the run of a row; repeatable.", \.runColumns),
        .option(
          "--only", "COLUMN=TEXT", "Take the rows with this text in a column; repeatable.", \.only),
        .option("--time", "COLUMN", "Column of times; found if left out.", \.timeColumn),
        .option("--time-zone", "ZONE", "Clock of stamps without offset; UTC.", \.zone),
        .option("--step", "SECONDS", "Signals are meaned over so many seconds; 1.", \.stepSeconds),
        .option(
          "--max-age", "SECONDS", "Longest time that a value is held; three steps, at least 5 s.",
          \.maxAgeSeconds),
        .option("--folds", "COUNT", "Blocks to score in turn; 5.", \.folds),
        .option(
          "--train-share", "FRACTION", "Fit on the first share of runs or time, score the rest.",
          \.trainShare),
        .option(
          "--test", "FILE", "Score on this file, with the same columns; repeatable.", \.tests,
          completion: .file(suffixes: ["csv", "gz"])),
        .option(
          "--model", "NAME",
          "ridge, logistic, boosting or twin; repeatable, all. train: the one to fit.",
          \.models),
        .option(
          "--false-alarms", "FRACTION",
          "Share of the quiet time that alarms may stand in for nothing; 0.01.", \.falseShare),
        .option(
          "--without", "COLUMN", "Leave out a column that 'label' lists; repeatable.", \.without),
        .option(
          "--save", "FILE", "train: keep the model here.", \.save,
          completion: .file(suffixes: ["json"])),
        .option(
          "--model-file", "FILE", "predict: the model that train kept.", \.modelFile,
          completion: .file(suffixes: ["json"])),
        .flag("--leak", "evaluate: also show what leaked columns would score.", \.showsLeaks),
        .option(
          "--sample-every", "SECONDS",
          "advise: distance of samples to try; repeatable, 2 to 60 steps if left out.",
          \.sampleDistances),
        .option(
          "--late", "SECONDS",
          "advise: delay to try; repeatable, a sixth, half and all of the lead if left out.",
          \.delays),
        .page(\.html),
        .option(
          "--require", "CONDITION",
          "evaluate: [MODEL:]MEASURE and a limit, such as 'ridge:mae_k<=0.2'; exit code 2 where it does not hold.",
          \.requirements),
      ] + commonOptions,
      examples: [
        (
          "wattif thermal evaluate temps.csv bus.csv --temperature hot_spot_temp --current bus_current "
            + "--limit 65 --lead 30 --window 60",
          "How well an inverter can be warned half a minute ahead."
        ),
        (
          "wattif thermal label cell.csv --run run --temperature temp_c --current current_a --limit 45 --lead 300",
          "Onsets and class balance of a cell's runs."
        ),
        (
          "wattif thermal predict today.csv --model-file inverter.json",
          "What a kept model says of today's telemetry."
        ),
        (
          "wattif thermal advise cell.csv --run run --temperature temp_c --current current_a --voltage voltage_v "
            + "--limit 45 --lead 300",
          "Which signals, and how often, are worth measuring."
        ),
      ])
  }

  var action = Action.label
  var files: [String] = []
  var temperature: String?
  var limitC: Double?
  var leadSeconds = 30
  var windowSeconds = 600
  var current: String?
  var voltage: String?
  var surroundings: String?
  var otherTemperatures: [String] = []
  var cellVoltages: [String] = []
  var extras: [String] = []
  var plannedCurrent: String?
  var hasPlan = false
  var runColumns: [String] = []
  var only: [RowFilterArgument] = []
  var timeColumn: String?
  var zone: ZoneArgument?
  var stepSeconds = 1
  var maxAgeSeconds: Int?
  var folds = 5
  var trainShare: Double?
  var tests: [String] = []
  var models: [WarningKindArgument] = []
  var falseShare = 0.01
  var without: [String] = []
  var save: String?
  var modelFile: String?
  var showsLeaks = false
  var requirements: [Requirement] = []
  var sampleDistances: [Int] = []
  var delays: [Int] = []
  var html: String?
  var common = CommonOptions()

  var outputs: [OutputPlace] { resultFolder + OutputPlace.files(save, html) }

  func validate() throws(UsageError) {
    try validateFiles()
    if action == .predict { return }
    guard temperature != nil else {
      throw UsageError("'thermal' needs '--temperature', the column with the limit")
    }
    guard limitC != nil else { throw UsageError("'thermal' needs '--limit' in °C") }
    if hasPlan || plannedCurrent != nil, current == nil {
      throw UsageError("'\(hasPlan ? "--plan" : "--planned-current")' needs '--current'")
    }
    if hasPlan, plannedCurrent != nil {
      throw UsageError("'--plan' and '--planned-current' exclude each other")
    }
    if let trainShare, !(trainShare > 0 && trainShare < 1) {
      throw UsageError("'--train-share' must lie between 0 and 1, found '\(trainShare)'")
    }
    if folds < 2 { throw UsageError("'--folds' must be at least 2") }
    if !(falseShare >= 0 && falseShare < 1) {
      throw UsageError("'--false-alarms' must be at least 0 and below 1, found '\(falseShare)'")
    }
    if models.contains(where: { $0.kind == .twin }), current == nil {
      throw UsageError("the twin needs '--current'")
    }
    if showsLeaks, !kinds.contains(.boosting) {
      throw UsageError("'--leak' needs '--model boosting'")
    }
    let subjects = kinds.map(\.rawValue)
    let measures = WarningScore.measures.measures.map(\.key).filter {
      !["model", "kind"].contains($0)
    }
    for requirement in requirements {
      try requirement.check(subjects: subjects, called: "model", measures: measures)
    }
  }

  private func validateFiles() throws(UsageError) {
    if !runColumns.isEmpty, files.count > 1 {
      throw UsageError("'--run' takes one file")
    }
    guard (action == .predict) == (modelFile != nil) else {
      throw UsageError(
        action == .predict
          ? "'predict' needs '--model-file', a model that 'train' kept"
          : "'--model-file' belongs to 'predict'")
    }
    if save != nil, action != .train { throw UsageError("'--save' belongs to 'train'") }
    if html != nil, action == .label || action == .advise {
      throw UsageError("'\(action.rawValue)' has no page for '--html'")
    }
    if action != .advise, !sampleDistances.isEmpty || !delays.isEmpty {
      throw UsageError("'--sample-every' and '--late' belong to 'advise'")
    }
    if let odd = sampleDistances.first(where: { !(1...86_400).contains($0) }) {
      throw UsageError("'--sample-every' must be from 1 s to a day, found '\(odd)'")
    }
    if let odd = delays.first(where: { !(1...86_400).contains($0) }) {
      throw UsageError("'--late' must be from 1 s to a day, found '\(odd)'")
    }
    if action == .train, models.count > 1 {
      throw UsageError("'train' fits one '--model', or what does best without it")
    }
    if action == .predict, temperature != nil || limitC != nil || current != nil || hasPlan {
      throw UsageError("'predict' takes columns, limit and lead from the model")
    }
  }

  /// What takes part in an evaluation.
  var kinds: [WarningModel.Kind] {
    let wanted = models.map(\.kind)
    return WarningModel.Kind.allCases.filter { kind in
      kind.isTrivial || (wanted.isEmpty ? kind != .twin || current != nil : wanted.contains(kind))
    }
  }

  /// What is to be known ahead.
  var task: WarningTask {
    WarningTask(
      leadSeconds: leadSeconds, limitC: limitC ?? 0, windowSeconds: windowSeconds,
      knowsPlan: hasPlan || plannedCurrent != nil)
  }

  func run(_ context: CommandContext) throws -> ExitCode {
    switch action {
    case .label: return try runLabel(context)
    case .evaluate: return try runEvaluate(context)
    case .train: return try runTrain(context)
    case .predict: return try runPredict(context)
    case .advise: return try runAdvise(context)
    }
  }
}

/// `COLUMN=TEXT` on the command line.
struct RowFilterArgument: ArgumentValue, Sendable {
  var filter: RowFilter

  init?(argument: String) {
    guard let equals = argument.firstIndex(of: "="), equals > argument.startIndex else {
      return nil
    }
    filter = RowFilter(
      column: String(argument[..<equals]),
      equals: String(argument[argument.index(after: equals)...]))
  }

  static var phrase: String { "COLUMN=TEXT" }
}

/// A model that learns or simulates, on the command line.
struct WarningKindArgument: ArgumentValue, Sendable {
  var kind: WarningModel.Kind

  init?(argument: String) {
    guard let kind = WarningModel.Kind(rawValue: argument), !kind.isTrivial else { return nil }
    self.kind = kind
  }

  private static var names: [String] {
    WarningModel.Kind.allCases.filter { !$0.isTrivial }.map(\.rawValue)
  }

  static var phrase: String { listed(names, "or") }
  static var completion: Completion { .words(names) }
}
