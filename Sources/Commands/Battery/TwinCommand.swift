import CommandLine
import Diagnostics
import Documents
import Replay
import Reports
import Scenarios
import Telemetry
import TimeSeries
import Twin

/// `wattif twin`: a battery under a power profile, or a cell fitted to telemetry.
struct TwinCommand: WorkingSubcommand {
  static let name = "twin"

  static var grammar: Grammar<TwinCommand> {
    Grammar(
      summary: "Simulates a battery cell by cell under a power profile.",
      discussion: """
        INPUT is a scenario, whose sections battery and inverter are simulated under the battery \
        power of --power; positive is discharge. The air is that of the scenario's history, or \
        --ambient; the sun on the enclosure is that of the history. The result says what was \
        given, what limited it and how warm and old the cells got; with --output the folder gets \
        twin.csv with every step. --cells writes every cell's string, module, group, charge, \
        voltage, temperature and current after every step, or every --cells-every; --save-state writes the battery as it is at the end, and \
        --state goes on from there to the last bit. With the list 'batteries' each battery has the same \
        power and they stand side by side; --battery takes one.

        INPUT may also be the word fit and a CSV file of measured time_s, current_a (positive in \
        discharge), voltage_v and temperature_c, optionally ambient_c and run. Voltage at rest, \
        series resistance, two RC pairs and heat are fitted by least squares; runs that --leave-out \
        or --predict name are predicted without having been seen. --write makes a document that \
        battery.cell of a scenario takes. What the runs cannot tell is said.

        The word list shows the batteries that a scenario may name, and list with a name all that \
        is known of one: datasheet, twin, sources and what is assumed.
        """,
      arguments: [
        .arguments(
          "INPUT", "The scenario; fit and a telemetry file; or list.", \.inputs,
          completion: .file(suffixes: ["yaml", "yml", "csv"]))
      ],
      options: [
        .option(
          "--power", "FILE", "CSV file of the battery power.", \.power,
          completion: .file(suffixes: ["csv"])),
        .option("--time", "COLUMN", "Column of stamps; the first if left out.", \.time),
        .option("--column", "COLUMN", "Column of the power; the second.", \.column),
        .option("--unit", "UNIT", "Unit of the power, such as kW.", \.unit),
        .option("--ambient", "CELSIUS", "Air temperature in place of the history.", \.ambientC),
        .option("--soc", "FRACTION", "State of charge at the start.", \.socFraction),
        .battery(\.battery),
        .option(
          "--cells", "FILE", "Write every cell after every step to this CSV file.", \.cells,
          completion: .file(suffixes: ["csv"])),
        .option(
          "--cells-every", "SECONDS", "Write cells no more often than this.", \.cellsEverySeconds),
        .option(
          "--state", "FILE", "Go on from a saved state.", \.state,
          completion: .file(suffixes: ["json"])),
        .option("--save-state", "FILE", "Save the state at the end.", \.savedState),
        .option("--capacity-ah", "AH", "fit: charge between full and empty.", \.capacityAh),
        .option("--chemistry", "NAME", "fit: lfp or nmc; nmc if left out.", \.chemistry),
        .option(
          "--write", "FILE", "fit: write the cell as a document of a scenario's battery.cell.",
          \.write),
        .option(
          "--ocv", "FILE", "fit: known voltage at rest, CSV of soc_fraction and voltage_v.",
          \.openCircuit, completion: .file(suffixes: ["csv"])),
        .option("--leave-out", "RUN", "fit: predict this run; repeatable.", \.leftOut),
        .option(
          "--predict", "FILE", "fit: predict the runs of this file.", \.predicted,
          completion: .file(suffixes: ["csv"])),
        .flag(
          "--diffusion",
          "fit: a lag of the surface's charge in place of the slow pair, and a resistance that falls with the current.",
          \.isDiffusive),
        .flag("--discharge-negative", "fit: the current is negative in discharge.", \.isNegative),
      ] + commonOptions,
      examples: [
        (
          "wattif twin scenarios/quickstart.yaml --power profile.csv --ambient 25",
          "what the battery makes of a profile"
        ),
        (
          "wattif twin site.yaml --power day2.csv --ambient 30 --state day1.json --cells cells.csv",
          "the next day of the same battery, cell by cell"
        ),
        (
          "wattif twin fit cell.csv --capacity-ah 2.6 --leave-out 2c --write cell.yaml",
          "a measured cell, judged by a run that it was not fitted to"
        ),
        ("wattif twin list byd-hvs-10.2", "a battery of the catalogue, with its sources"),
      ])
  }

  var inputs: [String] = []
  var power: String?
  var time: String?
  var column: String?
  var unit: String?
  var ambientC: Double?
  var socFraction: Double?
  var battery: String?
  var cells: String?
  var cellsEverySeconds: Double?
  var state: String?
  var savedState: String?
  var capacityAh: Double?
  var chemistry = Chemistry.nmc
  var write: String?
  var openCircuit: String?
  var leftOut: [String] = []
  var predicted: String?
  var isDiffusive = false
  var isNegative = false
  var common = CommonOptions()

  private var isFit: Bool { inputs.first == "fit" }
  private var isList: Bool { inputs.first == "list" }

  func validate() throws(UsageError) {
    if isFit {
      guard inputs.count == 2 else { throw UsageError("'twin fit' needs one telemetry file") }
      guard let capacityAh, capacityAh > 0 else {
        throw UsageError("'twin fit' needs a positive '--capacity-ah'")
      }
    } else if isList {
      guard inputs.count <= 2 else { throw UsageError("'twin list' takes one name at most") }
    } else {
      guard inputs.count == 1 else { throw UsageError("'twin' needs one scenario") }
      guard power != nil else { throw UsageError("'twin' needs '--power'") }
      if state != nil, socFraction != nil {
        throw UsageError("'--soc' and '--state' exclude each other")
      }
    }
    if let socFraction, !(socFraction >= 0 && socFraction <= 1) {
      throw UsageError("'--soc' must be within 0…1, found '\(socFraction)'")
    }
    if let cellsEverySeconds {
      guard cells != nil else { throw UsageError("'--cells-every' needs '--cells'") }
      guard cellsEverySeconds > 0, cellsEverySeconds.isFinite else {
        throw UsageError("'--cells-every' must be positive, found '\(cellsEverySeconds)'")
      }
    }
    if let ambientC, !(ambientC > -60 && ambientC < 80) {
      throw UsageError("'--ambient' must be a temperature in °C, found '\(ambientC)'")
    }
  }

  func run(_ context: CommandContext) throws -> ExitCode {
    if isFit { return try runFit(context) }
    if isList { return try runList(context) }
    var scenario = try Scenario.read(path: inputs[0], environment: context.environment)
    context.report(scenario.warnings)
    if let seed = common.seed { scenario = scenario.with(seed: seed) }
    if let battery { scenario = scenario.with(try scenario.battery(named: battery)) }
    let several = battery == nil ? scenario.batteries : []
    if !several.isEmpty, cells != nil || state != nil || savedState != nil {
      throw UsageError(
        "'--cells', '--state' and '--save-state' need '--battery', as the scenario has 'batteries'")
    }
    let scenarios = several.isEmpty ? [scenario] : several.map { scenario.with($0) }
    let specifications = try scenarios.map { try $0.battery.twin() }
    let profile = try PowerProfile(
      power ?? "", files: MeterFiles(timeColumn: time, label: .start), column: column, unit: unit,
      zone: scenario.site.zone, ratedKW: specifications.map(\.converter.ratedKW).max() ?? 0,
      context: context)
    let isSunny = specifications.contains { $0.enclosure.solarApertureM2 > 0 }
    let history = ambientC == nil || isSunny ? try scenario.loadHistory().history : nil
    let air = try airTemperature(history, profile: profile)
    let sun =
      isSunny
      ? HorizontalIrradiance(on: profile.grid, from: history, place: scenario.site.place) : nil
    let reports = try scenarios.indices.map { i in
      try simulated(
        specifications[i], of: scenarios[i], profile, air, sun,
        folder: several.isEmpty
          ? common.output : common.output.map { "\($0)/\(fileName(several[i].name))" },
        context)
    }
    guard !several.isEmpty else {
      common.isJSON ? context.print(reports[0].json) : context.print(reports[0].text)
      return .done
    }
    let report = TwinsReport(zip(several, reports).map { (name: $0.name, report: $1) })
    if let folder = common.output {
      try context.write(report.json.text() + "\n", to: "twins.json", in: folder)
    }
    common.isJSON ? context.print(report.json) : context.print(report.text)
    return .done
  }
}
