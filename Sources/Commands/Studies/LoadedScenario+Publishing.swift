import CommandLine
import Diagnostics
import Documents
import Replay
import Scenarios
import Store
import Tariffs
import TimeSeries
import Twin

extension LoadedScenario {
  /// Prints what a study of one version found, and writes it where a folder is wanted.
  ///
  /// - Parameters:
  ///   - result: The result, without what it was made from.
  ///   - text: The same for people.
  ///   - files: Further files by name.
  ///   - command: The subcommand, after which the JSON file is named.
  ///   - version: Name of the forecast version.
  ///   - common: Options of the command line.
  ///   - context: Where it is printed.
  /// - Throws: `RunFailure` when a file cannot be written.
  func publish(
    _ result: JSONValue, text: String, files: KeyValuePairs<String, String>, command: String,
    version: String, common: CommonOptions, context: CommandContext
  ) throws {
    let json = described(result)
    if let folder = common.output {
      for (name, contents) in files { try context.write(contents, to: name, in: folder) }
      try context.write(json.text() + "\n", to: "\(command).json", in: folder)
      try store(
        command: command, versions: [version], result: json, folder: folder, context: context)
    }
    if common.isJSON {
      context.print(json)
    } else {
      context.print(heading + text + historyNotes)
    }
  }

  /// Writes a run into the project database of a result folder.
  ///
  /// - Parameters:
  ///   - command: The subcommand.
  ///   - versions: Names of the forecast versions that were run.
  ///   - planners: Names of the ways of planning; empty for the scenario's own.
  ///   - result: The result.
  ///   - outcomes: What is kept interval by interval.
  ///   - scores: Scores of each outcome by name.
  ///   - folder: The result folder.
  ///   - context: Told when the same run had another result before.
  /// - Throws: `RunFailure` when the database cannot be written.
  func store(
    command: String, versions: [String], planners: [String] = [], result: JSONValue,
    outcomes: [ReplayOutcome] = [], scores: [[String: Double]] = [], folder: String,
    context: CommandContext
  ) throws {
    let identity = RunIdentity(
      command: command, versions: versions, planners: planners, inputs: inputs,
      scenario: scenario.text, programVersion: Tool.wattif.version, seed: replay.settings.seed)
    let runs = zip(outcomes, scores).map { outcome, scores in
      RunVersion(version: outcome.name, steps: steps(of: outcome), scores: scores)
    }
    do {
      let store = try ProjectStore(path: "\(folder)/wattif.sqlite")
      if let run = try store.run(of: identity), let older = try store.result(run: run),
        older != result.text()
      {
        context.report([
          .warning(
            "this run was kept before with another result, which is replaced",
            notes: ["files, seed, versions and program version are the same"])
        ])
      }
      try store.write(identity, result: result.text(), versions: runs)
    } catch let error as StoreError {
      throw RunFailure("\(error)")
    }
  }

  private func steps(of outcome: ReplayOutcome) -> [RunStep] {
    let trace = outcome.trace
    let prices = try? BillingSchedule(
      replay.tariff, grid: replay.period, zone: replay.history.zone,
      spotPerKWh: replay.history[.price].map {
        Array($0[replay.firstSlot..<replay.firstSlot + replay.period.count])
      })
    return trace.grid.indices.map { i in
      RunStep(
        slotStart: trace.grid.instant(i), stepSeconds: trace.grid.stepSeconds,
        loadKW: trace.loadKW[i], pvKW: trace.pvKW[i], gridKW: trace.gridKW[i],
        batteryKW: trace.batteryKW[i], curtailedKW: trace.curtailedKW[i],
        clippedKW: abs(trace.requestedKW[i] - trace.batteryKW[i]),
        clipCause: trace.limitedBy[i]?.rawValue, storedKWh: trace.storedKWh[i],
        hottestCellC: trace.hottestCellC[i], buyPerKWh: prices?.buyPerKWh[i] ?? .nan,
        sellPerKWh: prices?.sellPerKWh[i] ?? .nan)
    }
  }
}
