import CommandLine
import Diagnostics
import Documents
import Foundation
import Scenarios
import Telemetry
import TimeSeries

/// `wattif init`: a scenario to start from.
struct InitCommand: Subcommand {
  static let name = "init"

  static var grammar: Grammar<InitCommand> {
    Grammar(
      summary: "Writes a scenario to start from, made from a data file.",
      discussion: """
        Finds columns, units, stamps, clock and step of the file as 'wattif ingest' does, asks nothing, and writes a \
        scenario with comments that passes 'wattif check' and runs as it is. What the file does not say, such as battery, \
        tariff and prices, is guessed, and each guess says so behind its key. Without --output it goes to standard output.
        """,
      arguments: [
        .argument(
          "DATAFILE", "A table, or what a logger or a utility exports.", \.file,
          completion: .file(suffixes: ["csv", "csv.gz", "xml", "txt"]))
      ],
      options: [
        .option(
          "--output", short: "-o", "FILE", "Write the scenario into this file.", \.output,
          completion: .file(suffixes: ["yaml"])),
        .option(
          "--column", "MAP",
          "COLUMN=QUANTITY[:UNIT][*FACTOR], what a column is; repeatable, found if left out.",
          \.columns),
        .option("--time-zone", "ZONE", "Clock of the site; found if left out.", \.zone),
      ],
      examples: [
        ("wattif init house.csv -o house.yaml", "A scenario beside its data."),
        (
          "wattif init meter.csv --column 'Usage=load:kWh' --time-zone Europe/Paris",
          "A table whose headers do not say what they are."
        ),
      ])
  }

  var file = ""
  var output: String?
  var columns: [ColumnArgument] = []
  var zone: ZoneArgument?

  var outputs: [OutputPlace] { OutputPlace.files(output) }

  func run(_ context: CommandContext) throws -> ExitCode {
    var found = try DataFile(file, columns: columns.map { $0.mapping() })
    let isGuessed =
      columns.isEmpty && !found.columns.contains { $0.quantity == .load || $0.quantity == .net }
    if isGuessed { found = try guessed(found, context) }
    found.rateColumns(atKW: Self.usualPlantKW)
    let (zone, reason) = try clock(of: found, context)
    let source = CSVSource(
      path: file, format: found.format, timeColumn: found.timeColumn, zone: found.zone,
      label: found.label, columns: found.columns)
    let reader = HistoryReader([source], zone: zone, policy: .report)
    let own = try reader.extent()
    let grid = own.stepSeconds >= Self.finestStep ? own : try reader.extent(stepSeconds: 900)
    var starter = StarterScenario(
      file: Paths.relative(file, to: output.map { Paths.folder(of: $0) } ?? "."),
      format: found.format, timeColumn: found.timeColumn, label: found.label,
      stampZone: found.zone, columns: found.columns, zone: zone, zoneReason: reason,
      columnsAreGuessed: isGuessed, history: try reader.read(grid: grid).0)
    let place = SourcePosition(file: file)
    if let refusal = starter.refusal { throw InputError(refusal, at: place) }
    try settle(&starter, context)
    guard let output else {
      context.print(starter.text)
      return .done
    }
    try FileWriter.write(starter.text, to: output)
    context.note("wrote '\(output)'; try 'wattif check \(output)'")
    return .done
  }

  /// Finer steps are settled by quarter hours: a replay of a year of seconds takes hours. [s]
  private static let finestStep = 300

  /// Rating of a plant whose output is given per kW. [kW]
  private static let usualPlantKW = 5.0

  /// Takes the column that is most likely a load for one, where no header says what it is.
  private func guessed(_ found: DataFile, _ context: CommandContext) throws -> DataFile {
    let outline = try CSVOutline(path: file)
    let taken = found.columns.map(\.column)
    guard
      let column = outline.loadColumn(besides: taken)
        ?? outline.valueColumn(of: .load, time: found.timeColumn), !taken.contains(column)
    else {
      throw InputError("no column looks like a load", at: SourcePosition(file: file))
    }
    context.report([
      .warning(
        "no column is named after a load and its unit; '\(column)' is taken for it"
          + (CSVOutline.carriesUnit(column, of: .load) ? "" : ", in kW"),
        at: SourcePosition(file: file),
        notes: [
          "'--column' says what columns are; they are "
            + found.names.map { "'\($0)'" }.joined(separator: ", ")
        ])
    ])
    let unit = CSVOutline.carriesUnit(column, of: .load) ? nil : "kW"
    return try DataFile(
      file,
      columns: [ColumnMapping(column: column, quantity: .load, unit: unit)] + found.columns)
  }

  /// The site's clock, and how it was found.
  private func clock(of found: DataFile, _ context: CommandContext) throws -> (Zone, String) {
    if let zone { return (zone.zone, "as given") }
    if let zone = found.zone { return (zone, "that of such exports") }
    if found.format == nil {
      let offsets = try StampOffsets(path: file, column: found.timeColumn)
      if let zone = offsets.zone {
        return offsets.minutes.count > 1
          ? (zone, "guessed from the offsets of the stamps; put your own zone of that clock")
          : (zone, "stamps have this offset only; put your zone where clocks change")
      }
    }
    context.report([
      .warning(
        "stamps say nothing of their clock, which is taken for UTC; '--time-zone' says it",
        at: SourcePosition(file: file))
    ])
    return (.utc, "guessed: stamps say nothing of their clock; put your zone")
  }

  /// Reads the document as a run would, so that what is written can be run; what stands in for missing values is the
  /// first rule that has one for each.
  private func settle(_ starter: inout StarterScenario, _ context: CommandContext) throws {
    let path = output ?? "scenario.yaml"
    var refusal: InputError?
    for rule in [HistorySettings.MissingRule.previousDay, .hold, .leave] {
      starter.missingRule = rule
      let scenario = try Scenario.read(
        Array(starter.text.utf8), path: path, environment: context.environment)
      do {
        _ = try scenario.replayCase(try scenario.loadHistory().history)
        return
      } catch let error as InputError { refusal = refusal ?? error }
    }
    if let refusal { throw refusal }
  }
}
