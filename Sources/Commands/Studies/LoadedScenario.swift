import Reports
import CommandLine
import Diagnostics
import Documents
import Forecasting
import Numerics
import Planning
import Replay
import Scenarios
import Store
import Studies
import Tariffs
import Telemetry
import TimeSeries
import Twin

/// A scenario that has been read, with its history and its forecast versions: what every study
/// starts from.
struct LoadedScenario {
  private(set) var scenario: Scenario
  let input: LoadedHistory
  private(set) var replay: ReplayCase
  /// What loads with meters of their own came to.
  let meterBills: [MeterBill]
  /// Path of the document as it was given.
  let path: String
  /// Everything that was read besides the document.
  let sources: [RunInput]
  /// The same as one number, with what else makes a run another one.
  private(set) var inputs: Fingerprint
  /// The document alone as one number.
  var document: Fingerprint { Fingerprint(scenario.text) }
  /// What is worth knowing of the document, the tariff and the site under it.
  let warnings: [Diagnostic]
  private(set) var versions: [ForecastVersion]
  /// Which of several batteries this site has; nil where the scenario has one only, or all are compared.
  private var choice: BatteryChoice?

  /// Which battery a study of one takes of a scenario with several.
  private enum BatteryChoice {
    case document
    case named(String)
  }

  /// Reads everything a scenario names; warnings go to standard error.
  ///
  /// - Parameters:
  ///   - path: Path of the document.
  ///   - common: Options of the command line.
  ///   - context: Where warnings go, and the environment.
  ///   - tells: Whether warnings are told at once.
  ///   - change: What else is to be replayed than the document says.
  /// - Throws: `InputError` with everything wrong in the document or what it names.
  init(
    path: String, common: CommonOptions, context: CommandContext, tells: Bool = true,
    changing change: (inout Scenario) throws -> Void = { _ in }
  ) throws {
    let scenario =
      try context.documents[path].map {
        try Scenario.read($0, path: path, environment: context.environment)
      } ?? Scenario.read(path: path, environment: context.environment)
    try self.init(
      scenario, path: path, common: common, context: context, tells: tells, changing: change)
  }

  /// Reads everything that a scenario names which was read from a path.
  init(
    _ read: Scenario, path: String, common: CommonOptions, context: CommandContext,
    tells: Bool = true, changing change: (inout Scenario) throws -> Void = { _ in }
  ) throws {
    func tell(_ diagnostics: [Diagnostic]) { if tells { context.report(diagnostics) } }
    self.path = path
    var scenario = read
    tell(scenario.warnings)
    if let seed = common.seed { scenario = scenario.with(seed: seed) }
    try change(&scenario)
    input = try scenario.loadHistory()
    tell(input.warnings)
    if let report = input.report {
      tell(report.diagnostics.filter { $0.severity == .warning })
    }
    replay = try scenario.replayCase(input.history)
    meterBills = try scenario.meterBills(input.history)
    let tariffWarnings = try replay.tariffWarnings()
    tell(tariffWarnings)
    versions = try scenario.forecastVersions(history: input.history)
    let forecastWarnings = versions.first?.external?.warnings ?? []
    tell(forecastWarnings)
    warnings = input.warnings + scenario.warnings + tariffWarnings + forecastWarnings
    // Taken before the work, which may outlast a file.
    sources = try scenario.inputs(
      history: input.history, forecasts: versions.first?.external)
    inputs = scenario.fingerprint(of: sources)
    self.scenario = scenario
  }

  /// Returns the same site with one of the scenario's batteries.
  ///
  /// - Throws: `InputError` as the battery does on this site.
  func with(_ battery: BatteryVariant) throws -> LoadedScenario {
    var copy = self
    copy.scenario = scenario.with(battery)
    copy.replay = try copy.scenario.replayCase(input.history)
    copy.inputs.combine(battery.name)
    copy.choice = .named(battery.name)
    return copy
  }

  /// Returns the same site as a study of one battery takes it: with the battery of a name, or without a name with
  /// the section `battery`, whatever else the scenario has.
  ///
  /// - Throws: `UsageError` when the scenario has none of that name, `InputError` as the battery does on this site.
  func taking(battery name: String?) throws -> LoadedScenario {
    if let name { return try with(try scenario.battery(named: name)) }
    var copy = self
    if !scenario.batteries.isEmpty { copy.choice = .document }
    return copy
  }

  /// The option by which a run takes the battery that this site has; nothing where that needs none.
  var batteryOption: String? {
    guard case .named(let battery) = choice else { return nil }
    return "--battery=\(battery)"
  }

  /// What pages are headed with: the name, and that of the battery where one of several was taken.
  var title: String {
    guard case .named(let battery) = choice else { return scenario.name }
    return "\(scenario.name): \(battery)"
  }

  /// Notes which versions a run explains, for its result is not that of one that explains others.
  mutating func tell(explained names: [String]) {
    for name in names { inputs.combine("explain \(name)") }
  }

  /// Notes a policy of the command line, for its result is not that of the scenario's.
  ///
  /// - Throws: `InputError` when its document can no longer be read.
  mutating func tell(policy name: String, path: String?, as policy: DeratingPolicy) throws {
    inputs.combine("policy \(name)")
    for warning in [policy.warning, policy.inverter.warning] {
      if let model = warning?.model { inputs.combine("model \(model.fingerprint)") }
    }
    if let path { inputs.combine(String(decoding: try TextFile(path).bytes, as: UTF8.self)) }
  }

  /// Notes ways of foreseeing heat of the command line.
  mutating func tell(heats names: [String]) {
    for name in names { inputs.combine("heat \(name)") }
  }

  /// Notes a campaign of random days.
  mutating func tell(campaign count: Int) { inputs.combine("campaign \(count)") }

  /// Keeps what is forecast of each day, for an audit of measures of accuracy.
  mutating func keepDayAhead() {
    replay.settings.keepsDayAhead = true
    scenario.settings.keepsDayAhead = true
    inputs.combine("audit")
  }

  /// Says whether forecast versions may start programs.
  mutating func allowPrograms(_ isAllowed: Bool) {
    for i in versions.indices { versions[i].allowPrograms(isAllowed) }
  }

  /// What stands above a result for people: the name, and what is wrong with the history as a whole.
  var heading: String {
    var lines = [title]
    if case .document = choice {
      let names = listed(scenario.batteries.map { "'\($0.name)'" }, "or")
      lines.append("The battery is that of the section 'battery'; --battery takes \(names).")
    }
    return (lines + input.warnings.map { "Warning: \($0.message)." }).joined(separator: "\n") + "\n"
  }

  /// The version of a name; without one the active version, else the first.
  ///
  /// - Throws: `UsageError` when the scenario has no such version.
  func version(named name: String?) throws -> ForecastVersion {
    guard let name = name ?? scenario.forecasts.active else {
      guard let first = versions.first else {
        throw InputError("the scenario has no forecast version")
      }
      return first
    }
    guard let found = versions.first(where: { $0.name == name }) else {
      let near = suggestion(for: name, among: versions.map(\.name))
      throw UsageError(
        "the scenario has no forecast version '\(name)'"
          + (near.map { "; did you mean '\($0)'?" } ?? ""))
    }
    return found
  }

  /// The case as a planner variant of the scenario plans it; without a name, as the scenario does.
  ///
  /// - Throws: `UsageError` when the scenario has no such variant.
  func replay(plannedBy name: String?) throws -> ReplayCase {
    guard let name else { return replay }
    guard let planner = scenario.planners.first(where: { $0.name == name }) else {
      let near = suggestion(for: name, among: scenario.planners.map(\.name))
      throw UsageError(
        "the scenario has no planner variant '\(name)'"
          + (near.map { "; did you mean '\($0)'?" } ?? ""))
    }
    return replay.with(planner)
  }

  /// What was done to get the history, one line per finding, for the foot of a table.
  var historyNotes: String {
    var lines: [String] = []
    for quantity in Quantity.allCases {
      var parts: [String] = []
      if let counts = input.report?.slots[quantity] {
        for (count, words) in [
          (counts.gap, "missing"), (counts.filled, "filled by rule"),
          (counts.spike, "out of range, taken as missing"), (counts.clamped, "clamped"),
          (counts.reset, "with a counter reset"),
        ] where count > 0 {
          parts.append("\(count) \(words)")
        }
      }
      if let filled = input.filledSlots[quantity], filled > 0 {
        parts.append(
          "\(filled) of the period filled by 'missing: \(scenario.history.missing.rawValue)'")
      }
      if let standIns = input.standIns[quantity] {
        parts.append("\(NumberText.percent(standIns.share)) of the period not measured")
      }
      if !parts.isEmpty {
        lines.append("History of \(quantity.rawValue), slots: \(parts.joined(separator: ", ")).")
      }
    }
    if let clipped = input.pvClippedKWh {
      lines.append(
        "Inverters of the planes clip \(NumberText.fixed(clipped, decimals: 1)) kWh of the period.")
    }
    return lines.map { $0 + "\n" }.joined() + SunSummary(replay.sunSlots).notes
  }

  /// The same as JSON: slot counts by quantity.
  var historyJSON: JSONValue {
    var members: [String: JSONValue] = [:]
    for quantity in Quantity.allCases {
      var counts: [String: JSONValue] = [:]
      if let slots = input.report?.slots[quantity] {
        counts = [
          "ok": .integer(slots.ok), "gap": .integer(slots.gap), "reset": .integer(slots.reset),
          "spike": .integer(slots.spike), "clamped": .integer(slots.clamped),
          "filled": .integer(slots.filled),
        ]
      }
      if let filled = input.filledSlots[quantity] { counts["stand_in"] = .integer(filled) }
      if let standIns = input.standIns[quantity] {
        counts["filled_share"] = .number(standIns.share)
        counts["beyond_data"] = .integer(standIns.beyondEnd)
      }
      if !counts.isEmpty { members[quantity.rawValue] = .object(counts) }
    }
    if let clipped = input.pvClippedKWh { members["pv_clipped_kwh"] = .number(clipped) }
    members["sun"] = SunSummary(replay.sunSlots).json
    return .object(members)
  }

  /// Adds to a result what it was made from: scenario, history and warnings.
  func described(_ result: JSONValue) -> JSONValue {
    let whole = named(result.adding("history", historyJSON))
    return meters.json.map { whole.adding("meters", $0) } ?? whole
  }

  /// The loads with meters of their own, for people and for programs.
  var meters: MeterReport { MeterReport(meterBills, currency: replay.tariff.currency) }

  /// Adds to a result the scenario's name, which of several batteries it is of, and its warnings if there are any.
  func named(_ result: JSONValue) -> JSONValue {
    var named = result.adding("scenario", .string(scenario.name))
    switch choice {
    case nil: break
    case .document: named = named.adding("battery", .null)
    case .named(let battery): named = named.adding("battery", .string(battery))
    }
    var own: [JSONValue] = []
    if case .object(let members) = result, case .array(let found)? = members["warnings"] {
      own = found
    }
    let all = own + warnings.map { .string($0.message) }
    return all.isEmpty ? named : named.adding("warnings", .array(all))
  }

  /// A monitor that moves a progress bar and listens to the wish to stop.
  func monitor(_ progress: Progress, context: CommandContext) -> ReplayMonitor {
    ReplayMonitor(
      advanced: { progress.advance(by: $0) }, isCancelled: { context.isInterrupted() })
  }
}
