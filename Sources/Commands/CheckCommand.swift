import Diagnostics
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
        it prints what a run would work with: period, battery, versions, and how many slots of
        each quantity were measured, filled or missing.
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

  func run(_ session: Session) throws -> ExitCode {
    let scenario = try Scenario.read(self.scenario, common, session)
    let loaded = try scenario.loadHistory()
    _ = try scenario.replayCase(loaded.history)
    let versions = try scenario.forecastVersions()
    let findings = scenario.warnings + (loaded.report?.diagnostics ?? [])
    session.report(findings)
    if common.isJSON {
      session.print(json(scenario, loaded, findings))
    } else {
      session.print(text(scenario, loaded, versions))
    }
    return isStrict && !findings.isEmpty ? .badInput : .done
  }

  private func counts(_ quantity: Quantity, _ loaded: LoadedHistory) -> SlotCounts {
    if let counts = loaded.report?.slots[quantity] { return counts }
    var counts = SlotCounts()
    for value in loaded.history[quantity] ?? [] {
      if value.isFinite { counts.ok += 1 } else { counts.gap += 1 }
    }
    return counts
  }

  private func json(
    _ scenario: Scenario, _ loaded: LoadedHistory, _ findings: [Diagnostic]
  ) -> JSONValue {
    var slots: [String: JSONValue] = [:]
    for quantity in Quantity.allCases where loaded.history[quantity] != nil {
      let counts = counts(quantity, loaded)
      slots[quantity.rawValue] = [
        "clamped": .integer(counts.clamped), "filled": .integer(counts.filled),
        "gap": .integer(counts.gap), "ok": .integer(counts.ok), "reset": .integer(counts.reset),
        "spike": .integer(counts.spike),
        "stand_in": .integer(loaded.filledSlots[quantity] ?? 0),
      ]
    }
    let kinds = loaded.report?.findings.map(\.kind.rawValue) ?? []
    let padding = [String](repeating: "document", count: scenario.warnings.count)
    return [
      "findings": .array(
        zip(findings, padding + kinds).map { finding, kind in
          [
            "column": finding.position.map { .integer($0.column) } ?? nil,
            "file": .optional(finding.position?.file), "kind": .string(kind),
            "line": finding.position.map { .integer($0.line) } ?? nil,
            "text": .string(finding.message),
          ]
        }),
      "rows_in": .integer(loaded.report?.rowsIn ?? 0),
      "rows_kept": .integer(loaded.report?.rowsKept ?? 0),
      "rows_reported": .integer(loaded.report?.rowsReported ?? 0),
      "schema": "wattif.check/1", "slots": .object(slots),
    ]
  }

  private func text(
    _ scenario: Scenario, _ loaded: LoadedHistory, _ versions: [ForecastVersion]
  ) -> String {
    let zone = scenario.site.zone
    let period = scenario.period
    func date(_ instant: Int) -> String {
      String(zone.civil(at: instant).description.prefix(10))
    }
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
      (
        "battery",
        "\(number(scenario.battery.nominalKWh)) kWh, \(scenario.battery.arrangementText), "
          + "\(number(scenario.battery.converter.ratedKW)) kW"
      ),
      ("tariff", "\(scenario.tariff.name), \(scenario.tariff.currency)"),
      (
        "planner",
        "\(settings.engine.rawValue), horizon \(number(settings.horizonHours)) h, "
          + "a plan every \(number(Double(settings.replanSeconds) / 3600)) h, "
          + "recourse \(settings.recourse.rawValue)"
      ),
      ("versions", versions.map(\.name).joined(separator: ", ")),
    ]
    for quantity in Quantity.allCases where loaded.history[quantity] != nil {
      let counts = counts(quantity, loaded)
      let parts = [
        ("measured", counts.ok), ("filled", counts.filled), ("missing", counts.gap),
        ("reset", counts.reset), ("spikes", counts.spike), ("clamped", counts.clamped),
        ("stand-ins", loaded.filledSlots[quantity] ?? 0),
      ].filter { $0.1 > 0 }.map { "\($0.1) \($0.0)" }
      lines.append((quantity.rawValue, parts.joined(separator: ", ") + " slots"))
    }
    return lines.map { label, value in
      label + String(repeating: " ", count: max(1, 14 - label.count)) + value
    }.joined(separator: "\n")
  }

  private func number(_ value: Double) -> String {
    JSONValue.text(of: (value * 100).rounded() / 100)
  }
}

extension Parameter {
  /// The argument of every subcommand that works on a scenario.
  static func scenario(_ place: WritableKeyPath<Command, String>) -> Parameter {
    .argument(
      "SCENARIO", "Scenario document (YAML).", place,
      completion: .file(suffixes: ["yaml", "yml"]))
  }
}

extension Scenario {
  /// Reads a scenario document with the seed of the command line, if one was given.
  static func read(
    _ path: String, _ options: CommonOptions, _ session: Session
  ) throws -> Scenario {
    let scenario = try Scenario.read(path: path, environment: session.environment)
    return options.seed.map { scenario.with(seed: $0) } ?? scenario
  }
}
