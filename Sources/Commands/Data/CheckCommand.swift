import CommandLine
import Diagnostics
import Documents
import Forecasting
import Planning
import Replay
import Reports
import Scenarios
import Tariffs
import Telemetry
import TimeSeries
import Twin

/// `wattif check`: reads everything a scenario names, and says what a run would work with.
struct CheckCommand: WorkingSubcommand {
  static let name = "check"

  static var grammar: Grammar<CheckCommand> {
    Grammar(
      summary: "Checks a scenario and the files it names, without running it.",
      discussion: """
        Reads the scenario document, the tariff, every data file and every file with forecasts,
        and reports all mistakes at once, each with file, line and column. When nothing is wrong
        it prints what a run would work with: period, battery, versions, how many slots of each
        quantity were measured, filled or missing, and what each external version covers.
        """,
      arguments: [.scenario(\.scenario)],
      options: [
        .flag("--strict", "Treat warnings as errors.", \.isStrict)
      ] + commonOptions,
      examples: [("wattif check scenarios/quickstart.yaml", "Checks the example of the README.")])
  }

  var scenario = ""
  var isStrict = false
  var common = CommonOptions()

  func run(_ context: CommandContext) throws -> ExitCode {
    let scenario = try Scenario.read(self.scenario, common, context)
    let loaded = try scenario.loadHistory()
    let replay = try scenario.replayCase(loaded.history)
    let meterBills = try scenario.meterBills(loaded.history)
    let versions = try scenario.forecastVersions(history: loaded.history)
    let summary = HistorySummary(scenario: scenario, loaded: loaded)
    let external = versions.first?.external
    let findings = summary.findings + (external?.warnings ?? [])
    context.report(findings)
    let planning = scenario.period.grid.withStep(scenario.settings.planningStepSeconds)
    let coverage = CoverageSummary(
      coverage: external?.coverage(of: planning) ?? [], zone: scenario.site.zone)
    if common.isJSON {
      let json = summary.json(schema: "wattif.check/1")
      context.print(
        json.adding("forecasts", coverage.json)
          .adding("warnings", .array((external?.warnings ?? []).map { .string($0.message) })))
    } else {
      context.print(
        text(scenario, replay, summary, versions, coverage, loaded, meterBills))
    }
    return isStrict && !findings.isEmpty ? .badInput : .done
  }

  private func text(
    _ scenario: Scenario, _ replay: ReplayCase, _ summary: HistorySummary,
    _ versions: [ForecastVersion], _ coverage: CoverageSummary, _ loaded: LoadedHistory,
    _ meterBills: [MeterBill]
  ) -> String {
    let zone = scenario.site.zone
    let period = scenario.period
    func date(_ instant: Int) -> String { zone.civil(at: instant).dateText }
    let settings = scenario.settings
    let source =
      switch scenario.history.source {
      case .synthetic(_, let seed): "synthetic, seed \(seed)"
      case .files(let files): files.map(\.path).joined(separator: ", ")
      case .store(let path, let site): "\(path), site \(site)"
      }
    var lines = [
      ("scenario", scenario.name),
      (
        "period",
        "\(date(period.start)) to \(date(period.end)) in \(zone.identifier), "
          + "step \(period.stepSeconds) s, \(period.warmUpDays) days of warm-up"
      ),
      ("history", source),
    ]
    lines += (loaded.report?.layouts ?? []).map { ("layout", $0.text) }
    if scenario.fleet.count < 2 {
      lines += [
        ("battery", battery(scenario.battery, product: scenario.product)),
        ("cell data", scenario.battery.cell.sources.joined(separator: "; ")),
      ]
    } else {
      lines += fleet(scenario)
    }
    for variant in scenario.batteries {
      lines.append(
        ("of batteries", "\(variant.name): \(battery(variant.system, product: variant.product))"))
    }
    if !scenario.batteries.isEmpty {
      lines.append(
        (
          "",
          "compare and twin take all of 'batteries'; replay, size, stress and plan take 'battery'; "
            + "--battery takes one"
        ))
    }
    if scenario.fleet.count < 2, let match = scenario.datasheetMatch {
      lines.append(("datasheet", match.terms))
    }
    if scenario.fleet.count < 2, let warranty = scenario.warranty {
      lines.append(("warranty", warranty.terms))
    }
    lines += scenario.planeWords(loaded.history, versions.first?.external).map { ("PV", $0) }
    if let clipped = loaded.pvClippedKWh {
      lines.append(("", "\(number(clipped)) kWh of the period are clipped by the inverters"))
    }
    lines.append(("connection", replay.connectionWords))
    lines += replay.loads.map { ("load that waits", "\($0.name): \($0.words)") }
    lines += [
      ("tariff", "\(scenario.tariff.name), \(scenario.tariff.currency)")
    ]
    lines += scenario.tariff.words.map { ("", "\($0.rule): \($0.text)") }
    lines += meterBills.map { meter in
      (
        "meter",
        "\(meter.name): a load of its own on '\(meter.tariff)', \(number(meter.importKWh)) kWh for "
          + "\(number(meter.bill.total)) \(scenario.tariff.currency) in every run"
          + (meter.unmeasuredSlots > 0 ? ", \(meter.unmeasuredSlots) slots not measured" : "")
      )
    }
    lines += [
      (
        "planner",
        "\(settings.engine.rawValue), horizon \(number(settings.horizonHours)) h, "
          + "a plan every \(number(Double(settings.replanSeconds) / 3600)) h, "
          + "recourse \(settings.recourse.rawValue)"
      ),
      ("versions", versions.map(\.name).joined(separator: ", ")),
    ]
    lines += summary.lines + coverage.lines
    return HistorySummary.columns(lines)
  }

  /// Several batteries, each with what is known of it.
  private func fleet(_ scenario: Scenario) -> [(String, String)] {
    let zone = scenario.site.zone
    return scenario.fleet.flatMap { own -> [(String, String)] in
      let variant = own.variant
      let later =
        own.since.map { $0 > scenario.period.start ? zone.civil(at: $0).dateText : nil } ?? nil
      var lines = [
        (
          "battery",
          "\(variant.name): \(battery(variant.system, product: variant.product))"
            + (later.map { ", there from \($0) on" } ?? "")
        ),
        ("cell data", variant.system.cell.sources.joined(separator: "; ")),
      ]
      if let match = variant.datasheetMatch { lines.append(("datasheet", match.terms)) }
      if let warranty = variant.warranty { lines.append(("warranty", warranty.terms)) }
      return lines
    } + [
      (
        "",
        "planned together by linear programs; 'plan', 'replay' and 'compare' take all of 'fleet', "
          + "--battery takes one alone"
      )
    ]
  }

  /// A battery in words.
  private func battery(_ system: BatterySystemSpecification, product: String?) -> String {
    (product.map { "\($0): " } ?? "")
      + "\(number(system.nominalKWh)) kWh, \(system.arrangementText), "
      + "\(number(system.converter.ratedKW)) kW"
  }

  private func number(_ value: Double) -> String {
    NumberText.rounded(value, decimals: 2)
  }
}

extension Scenario {
  /// Reads a scenario document with the seed of the command line, if one was given.
  static func read(
    _ path: String, _ options: CommonOptions, _ context: CommandContext
  ) throws -> Scenario {
    let scenario = try Scenario.read(path: path, environment: context.environment)
    return options.seed.map { scenario.with(seed: $0) } ?? scenario
  }
}
