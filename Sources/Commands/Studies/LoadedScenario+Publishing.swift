import CommandLine
import Diagnostics
import Documents
import Numerics
import Replay
import Reports
import Scenarios
import Store
import Studies
import Tariffs
import TimeSeries
import Twin

extension LoadedScenario {
  /// Prints what a run found, and writes it where a folder is wanted.
  ///
  /// - Parameters:
  ///   - result: The result, without what it was made from.
  ///   - text: The same for people.
  ///   - command: The subcommand, after which the JSON file is named.
  ///   - versions: Names of the forecast versions that were run.
  ///   - planners: Names of the ways of planning; empty for the scenario's own.
  ///   - scores: Runs of which every interval is kept.
  ///   - common: Options of the command line.
  ///   - prints: False where only files are wanted.
  ///   - page: The same as a page, `report.html` of the folder; not made where nobody wants it.
  ///   - html: File that the page is written to besides.
  ///   - context: Where it is printed.
  ///   - files: Further files by name; not made without a folder.
  /// - Throws: `InputError` when the database refuses the run.
  func publish(
    _ result: JSONValue, text: String, command: String, versions: [String],
    planners: [String] = [], scores: [VersionScore] = [], common: CommonOptions,
    prints: Bool = true, page: @autoclosure () -> Page? = nil, html: String? = nil,
    context: CommandContext, files: () -> KeyValuePairs<String, String> = { [:] }
  ) throws {
    let json = described(result)
    let page = common.output == nil && html == nil ? nil : page().map(self.page)
    if let html, let page { context.keep { try FileWriter.write(page, to: html) } }
    if let folder = common.output {
      if let page { try context.write(page, to: "report.html", in: folder) }
      let schedule = try schedule()
      for (name, contents) in files() { try context.write(contents, to: name, in: folder) }
      try context.write(json.text() + "\n", to: "\(command).json", in: folder)
      for score in scores {
        try context.write(
          TraceCSV.text(score.outcome.trace, billedBy: schedule),
          to: ledgerFile(score.outcome.name), in: folder)
      }
      for (name, contents) in loadTable(of: scores).files.merging(
        batteryTable(of: scores).files, uniquingKeysWith: { $1 }
      ).merging(scores.isEmpty ? [:] : meters.files, uniquingKeysWith: { $1 }) {
        try context.write(contents, to: name, in: folder)
      }
      if !scores.isEmpty { try context.write(BillCSV.text(scores), to: "bills.csv", in: folder) }
      try store(
        command: command, versions: versions, planners: planners, result: json, scores: scores,
        page: page, schedule: schedule, folder: folder, context: context)
    }
    guard prints else { return }
    if common.isJSON {
      context.print(json)
    } else {
      let notes = historyNotes.split(separator: "\n").map(String.init)
      context.print(heading + text + meters.text + TextLayout.current.notes(notes))
    }
  }

  /// Returns a page with what it was made from: scenario, data, program, and what was done to the data.
  func page(_ page: Page) -> String {
    var page = page
    let history = input.history
    let measured = Quantity.allCases.filter { history[$0] != nil }.map(\.rawValue)
    page.run += [
      PageFact("Scenario", scenario.name),
      PageFact(
        "History",
        "\(Instant.localText(history.grid.start, zone: history.zone)) to "
          + "\(Instant.localText(history.grid.end, zone: history.zone)), every "
          + "\(history.grid.stepSeconds) s: \(measured.joined(separator: ", "))"),
    ]
    page.run += sources.filter { $0.kind == .file }.map { file in
      PageFact(
        "File",
        "\(file.name.split(separator: "/").last ?? ""), \(file.count) bytes, FNV-1a "
          + file.fingerprint.text)
    }
    page.run += [
      PageFact("Everything read", "FNV-1a \(inputs.text)"),
      .program,
    ]
    if let section = meters.section { page.sections.append(section) }
    page.warnings =
      warnings.map { "Warning: \($0.message)." }
      + historyNotes.split(separator: "\n").map(String.init) + page.warnings
    return page.html
  }

  /// Writes a run into the project database of a result folder.
  ///
  /// - Parameters:
  ///   - command: The subcommand.
  ///   - versions: Names of the forecast versions that were run.
  ///   - planners: Names of the ways of planning; empty for the scenario's own.
  ///   - result: The result.
  ///   - scores: Runs of which every interval is kept.
  ///   - page: The result as a page; nothing where it has none.
  ///   - schedule: The tariff over the period.
  ///   - folder: The result folder.
  ///   - context: Told when the same run had another result before.
  /// - Throws: `InputError` when the database refuses the run.
  private func store(
    command: String, versions: [String], planners: [String], result: JSONValue,
    scores: [VersionScore], page: String?, schedule: BillingSchedule, folder: String,
    context: CommandContext
  ) throws {
    let identity = RunIdentity(
      command: command, versions: versions, planners: planners, inputs: inputs,
      scenario: scenario.text, programVersion: Tool.wattif.version, seed: replay.settings.seed)
    let runs = scores.map { score in
      RunVersion(
        version: score.outcome.name, steps: steps(of: score.outcome, schedule),
        scores: VersionScore.measures.scores(score))
    }
    try context.keep(in: "\(folder)/wattif.sqlite") { store in
      if let run = try store.run(of: identity), let older = try store.result(run: run),
        older != result.text()
      {
        context.report([
          .warning(
            "this run was kept before with another result, which is replaced",
            notes: ["files, seed, versions and program version are the same"])
        ])
      }
      try store.write(
        identity, result: result.text(), versions: runs, inputs: sources.map(relative),
        document: Paths.relative(path, to: folder), options: options(context), page: page)
      context.journal.note("wattif.sqlite", in: folder)
    }
  }

  /// The input with its path from the folder of the document, where it lies in there.
  private func relative(_ input: RunInput) -> RunInput {
    guard input.kind == .file else { return input }
    var input = input
    input.name = Paths.relative(input.name, to: Paths.folder(of: path))
    return input
  }

  /// The options that can move a result, with the battery of one part of a comparison of several.
  private func options(_ context: CommandContext) -> [String] {
    let given = context.options.filter { option in
      !CommonOptions.ofPresentation.contains(String(option.prefix { $0 != "=" }))
    }
    guard let battery = batteryOption, !given.contains(where: { $0.hasPrefix("--battery=") })
    else { return given }
    return given + [battery]
  }

  /// The tariff over the period, as the replays billed by it.
  func schedule() throws -> BillingSchedule {
    try BillingSchedule(
      replay.tariff, grid: replay.period, zone: replay.history.zone,
      spotPerKWh: replay.history[.price].map {
        Array($0[replay.firstSlot..<replay.firstSlot + replay.period.count])
      })
  }

  private func steps(of outcome: ReplayOutcome, _ schedule: BillingSchedule) -> [RunStep] {
    let trace = outcome.trace
    return trace.grid.indices.map { i in
      RunStep(
        slotStart: trace.grid.instant(i), stepSeconds: trace.grid.stepSeconds,
        loadKW: trace.loadKW[i], pvKW: trace.pvKW[i], gridKW: trace.gridKW[i],
        batteryKW: trace.batteryKW[i], curtailedKW: trace.curtailedKW[i],
        clippedKW: abs(trace.requestedKW[i] - trace.batteryKW[i]),
        clipCause: trace.limitedBy[i]?.rawValue, storedKWh: trace.storedKWh[i],
        hottestCellC: trace.hottestCellC[i], buyPerKWh: schedule.buyPerKWh[i],
        sellPerKWh: schedule.sellPerKWh[i])
    }
  }
}

/// Returns the name of the file with every interval of a run.
func ledgerFile(_ name: String) -> String { "ledger_\(fileName(name)).csv" }
