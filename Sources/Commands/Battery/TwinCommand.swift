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
      summary: "Simulates a battery cell by cell under a profile or a test protocol.",
      discussion: """
        INPUT is a scenario, whose sections battery and inverter are simulated under the power of \
        the inverter (power_kw) or the current of the pack (current_a) of --power, positive in \
        discharge, with photovoltaics on the DC side (pv_kw); or under the test protocol of \
        --protocol: rests, charges and discharges up to a voltage, which may be held until the \
        current has fallen, in cycles. The air is that of the scenario's history, or \
        --ambient; the sun on the enclosure is that of the history. Faults of the scenario's \
        stress.faults act when --fault names them, its weather acts in 'stress' alone. The result says what was \
        given, what limited it and how warm and old the cells got; with --output the folder gets \
        twin.csv with every step and report.html, a page with charts that --html writes alone. --cells writes every cell's string, module, group, charge, \
        voltage, temperature and current after every step, or every --cells-every; --save-state writes the battery as it is at the end, and \
        --state goes on from there to the last bit. With the list 'batteries' each battery has the same \
        power and they stand side by side; --battery takes one.

        INPUT may also be the word fit and a CSV file of measured time_s, current_a (positive in \
        discharge), voltage_v and temperature_c, optionally ambient_c and run. Voltage at rest, \
        series resistance, two RC pairs and heat are fitted by least squares; runs that --leave-out \
        or --predict name are predicted without having been seen. --write makes a document that \
        battery.cell of a scenario takes. What the runs cannot tell is said, and the library's \
        number stands there.

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
          "--power", "FILE", "CSV file of the battery's power or current.", \.power,
          completion: .file(suffixes: ["csv"])),
        .option(
          "--protocol", "FILE", "Test protocol in place of --power.", \.protocolFile,
          completion: .file(suffixes: ["yaml", "yml"])),
        .option("--time", "COLUMN", "Column of stamps; the first if left out.", \.time),
        .option("--column", "COLUMN", "Column of the power or current; the second.", \.column),
        .option("--unit", "UNIT", "Its unit, such as kW or A.", \.unit),
        .option("--ambient", "CELSIUS", "Air temperature in place of the history.", \.ambientC),
        .option("--soc", "FRACTION", "State of charge at the start.", \.socFraction),
        .option(
          "--start-temperature", "CELSIUS", "Temperature of all cells at the start.",
          \.startTemperatureC),
        .option(
          "--fault", "NAME", "A fault of stress.faults; repeatable.", \.faults),
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
        .page(\.html),
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
          "wattif twin pack.yaml --protocol capacity.yaml --ambient 25 --output capacity",
          "a laboratory's test, with charge and energy of every step"
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
  var protocolFile: String?
  var time: String?
  var column: String?
  var unit: String?
  var ambientC: Double?
  var socFraction: Double?
  var startTemperatureC: Double?
  var faults: [String] = []
  var battery: String?
  var cells: String?
  var cellsEverySeconds: Double?
  var state: String?
  var savedState: String?
  var html: String?
  var capacityAh: Double?
  var chemistry = Chemistry.nmc
  var write: String?
  var openCircuit: String?
  var leftOut: [String] = []
  var predicted: String?
  var isDiffusive = false
  var isNegative = false
  var common = CommonOptions()

  var outputs: [OutputPlace] {
    resultFolder + OutputPlace.files(cells, savedState, html, write)
  }

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
      guard power != nil || protocolFile != nil else {
        throw UsageError("'twin' needs '--power' or '--protocol'")
      }
      guard power == nil || protocolFile == nil else {
        throw UsageError("'--power' and '--protocol' exclude each other")
      }
      if power == nil,
        let name = [("--time", time), ("--column", column), ("--unit", unit)].first(where: {
          $0.1 != nil
        })?.0
      {
        throw UsageError("'\(name)' needs '--power'")
      }
      if state != nil, socFraction != nil {
        throw UsageError("'--soc' and '--state' exclude each other")
      }
      if state != nil, startTemperatureC != nil {
        throw UsageError("'--start-temperature' and '--state' exclude each other")
      }
      if let name = Dictionary(grouping: faults, by: { $0 }).first(where: { $1.count > 1 })?.key {
        throw UsageError("'--fault \(name)' is given twice")
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
    if let startTemperatureC, !(startTemperatureC > -60 && startTemperatureC < 100) {
      throw UsageError(
        "'--start-temperature' must be a temperature in °C, found '\(startTemperatureC)'")
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
    let fleet = scenario.fleet.count > 1 ? scenario.fleet.map(\.variant) : []
    let several = battery == nil ? scenario.batteries + fleet : []
    if !several.isEmpty,
      cells != nil || state != nil || savedState != nil || html != nil
    {
      throw UsageError(
        "'--cells', '--state', '--save-state' and '--html' need '--battery', as the scenario has 'batteries'"
      )
    }
    let scenarios = several.isEmpty ? [scenario] : several.map { scenario.with($0) }
    let faults = try namedFaults(scenario)
    let specifications = try scenarios.map {
      try $0.battery.twin(
        faults: faults,
        substepSeconds: min(
          Double($0.settings.twinStepSeconds), TwinSpecification.usualStepSeconds))
    }
    let isSunny = specifications.contains(where: \.isSunlit)
    let drive: Drive
    let around: TwinSurroundings
    var seconds: Double?
    if let protocolFile {
      let test = try TestProtocolDocument.read(protocolFile)
      reportIdleStart(test, protocolFile, context)
      drive = .test(test)
      around = try TwinSurroundings(
        protocolFile, ambientC: ambientC ?? test.ambientC, isSunny: isSunny, scenario: scenario,
        context: context)
    } else {
      let profile = try BatteryProfile(
        power ?? "", files: MeterFiles(timeColumn: time, label: .start),
        columns: BatteryProfile.Columns(
          value: column, unit: unit, ratedKW: specifications.map(\.converter.ratedKW).max() ?? 0,
          highestA: specifications.map(\.highestA).max() ?? 0,
          hasDCCoupling: specifications.contains { $0.converter.pvCoupling == .dc }),
        zone: scenario.site.zone, context: context)
      drive = .profile(profile)
      seconds = Double(profile.grid.end - profile.grid.start)
      around = try TwinSurroundings(
        profile, ambientC: ambientC, isSunny: isSunny, scenario: scenario)
    }
    reportIdleKeys(scenario, specifications, drive, seconds: seconds, context)
    let reports = try scenarios.indices.map { i in
      try simulated(
        specifications[i], of: scenarios[i], drive, around,
        title: several.isEmpty ? scenario.name : "\(scenario.name): \(several[i].name)",
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
