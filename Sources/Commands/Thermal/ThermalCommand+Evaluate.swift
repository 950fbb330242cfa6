import CommandLine
import Diagnostics
import Documents
import EarlyWarning
import Reports
import Telemetry
import TimeSeries

extension ThermalCommand {
  /// Reads files joined on one clock; what was found goes to standard error.
  ///
  /// - Throws: `InputError` for a file or a column that cannot be read.
  func frame(
    _ paths: [String], _ columns: WarningColumns, _ context: CommandContext
  ) throws -> TelemetryFrame {
    let sources = try paths.map { path in
      let outline = try CSVOutline(path: path)
      var file = SignalFile(
        path: path, name: shortName(path),
        timeColumn: timeColumn ?? outline.timeColumn ?? "Time", zone: zone?.zone ?? .utc)
      file.runColumns = runColumns
      file.filters = only.map(\.filter)
      return file
    }
    let (log, report) = try readSignalLog(sources, stepSeconds: stepSeconds)
    context.report(report.diagnostics)
    guard !log.instants.isEmpty else {
      throw InputError("no row is left to look at", at: SourcePosition(file: paths[0]))
    }
    return TelemetryFrame(
      log, name: paths.map(shortName).joined(separator: " + "),
      columns: try columns.resolved(in: log), maxAgeSeconds: maxAgeSeconds)
  }

  /// Which signal plays which part.
  private var columns: WarningColumns {
    var columns = WarningColumns(temperature: temperature ?? "")
    columns.current = current
    columns.plannedCurrent = plannedCurrent
    columns.voltage = voltage
    columns.surroundings = surroundings
    columns.otherTemperatures = otherTemperatures
    columns.cellVoltages = cellVoltages
    columns.extras = extras
    return columns
  }

  private func shortName(_ path: String) -> String {
    let name = path.split(separator: "/").last.map(String.init) ?? path
    return name.hasSuffix(".csv") ? String(name.dropLast(4)) : name
  }

  /// The rows of the files, and of those of `--test`.
  func rows(_ context: CommandContext) throws -> WarningData {
    var frames = [try frame(files, columns, context)]
    for test in tests { frames.append(try frame([test], columns, context)) }
    let known = frames.first.map { WarningFeature.all($0, task: task).map(\.key) } ?? []
    for key in without where !known.contains(key) {
      let near = suggestion(for: key, among: known).map { "; did you mean '\($0)'?" } ?? ""
      throw UsageError("'--without' names no column, found '\(key)'\(near)")
    }
    return WarningData(frames, task: task, without: Set(without))
  }

  /// How the rows are divided.
  var rule: WarningSplit.Rule {
    if !tests.isEmpty { return .otherFrames(share: trainShare ?? 1) }
    return trainShare.map { .first(share: $0) } ?? .blocks(folds)
  }

  func runLabel(_ context: CommandContext) throws -> ExitCode {
    let report = LabelReport(try rows(context))
    if let folder = common.output {
      try context.write(report.csv, to: "labels.csv", in: folder)
      try context.write(report.json.text() + "\n", to: "thermal.json", in: folder)
    }
    common.isJSON ? context.print(report.json) : context.print(report.text)
    return .done
  }

  /// Scores rules, models and the twin.
  ///
  /// - Throws: `InputError` for rows that are too few or a signal that knows the future.
  func study(_ data: WarningData) throws -> WarningStudy {
    do {
      return try WarningStudy(
        data, split: WarningSplit(data, rule: rule), kinds: kinds, falseShare: falseShare,
        seed: common.seed ?? 1)
    } catch let refusal as WarningStudy.Refusal {
      throw InputError(refusal.description, at: SourcePosition(file: files[0]))
    }
  }

  func runEvaluate(_ context: CommandContext) throws -> ExitCode {
    let study = try study(try rows(context))
    let report = WarningReport(
      study, leaks: showsLeaks ? try LeakedScore.all(study, seed: common.seed ?? 1) : [],
      falseShare: falseShare)
    let answers = requirements.map { answer($0, study) }
    let json = report.json.adding("requirements", .array(answers.map(\.json)))
    if let folder = common.output {
      try context.write(report.csv, to: "scores.csv", in: folder)
      try context.write(report.predictionsCSV, to: "predictions.csv", in: folder)
      try context.write(json.text() + "\n", to: "thermal.json", in: folder)
    }
    try write(report.page(title: title), context)
    if common.isJSON {
      context.print(json)
    } else {
      context.print(report.text + answers.map { $0.sentence + "\n" }.joined())
    }
    return answers.allSatisfy(\.isMet) ? .done : .unmet
  }

  /// Says what telemetry that lacks something costs.
  ///
  /// - Throws: `InputError` for rows that are too few or models that say no change.
  func runAdvise(_ context: CommandContext) throws -> ExitCode {
    let data = try rows(context)
    let advice: TelemetryAdvice
    do {
      advice = try TelemetryAdvice(
        data,
        thinnings: Thinning.all(
          data, rates: sampleDistances.isEmpty ? nil : sampleDistances,
          delays: delays.isEmpty ? nil : delays), rule: rule, kinds: kinds,
        falseShare: falseShare, seed: common.seed ?? 1)
    } catch let refusal as WarningStudy.Refusal {
      throw InputError(refusal.description, at: SourcePosition(file: files[0]))
    }
    let report = AdviceReport(advice)
    if let folder = common.output {
      try context.write(report.csv, to: "advice.csv", in: folder)
      try context.write(report.json.text() + "\n", to: "thermal.json", in: folder)
    }
    common.isJSON ? context.print(report.json) : context.print(report.text)
    return .done
  }

  /// What a page is about.
  var title: String { "Early warning: " + files.map(shortName).joined(separator: " + ") }

  /// Writes a page with what it was made from, where one is wanted.
  ///
  /// - Throws: `InputError` for a file that cannot be read again.
  func write(_ page: @autoclosure () -> Page, _ context: CommandContext) throws {
    guard html != nil || common.output != nil else { return }
    var page = page()
    page.run += try (files + tests + [modelFile].compactMap(\.self)).map(PageFact.file)
    page.run += [PageFact("Seed", "\(common.seed ?? 1)"), .program]
    if let html { context.keep { try FileWriter.write(page.html, to: html) } }
    if let folder = common.output { try context.write(page.html, to: "report.html", in: folder) }
  }

  /// Holds the named model, or the best learned one, to a requirement.
  private func answer(
    _ requirement: Requirement, _ study: WarningStudy
  ) -> Requirement.Answer {
    let score =
      requirement.version.map { name in study.scores.first { $0.kind.rawValue == name } }
      ?? study.scores.filter { !$0.kind.isTrivial && $0.averagePrecision.isFinite }
      .max { $0.averagePrecision < $1.averagePrecision }
    return Requirement.Answer(
      requirement: requirement, version: score?.kind.rawValue,
      value: score.flatMap { WarningScore.measures.scores($0)[requirement.measure] })
  }
}
