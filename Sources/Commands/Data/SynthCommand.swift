import CommandLine
import Documents
import Scenarios
import Store
import Synthesis
import Telemetry
import TimeSeries

/// `wattif synth`: a made-up history from a seed.
struct SynthCommand: WorkingSubcommand {
  static let name = "synth"

  static var grammar: Grammar<SynthCommand> {
    Grammar(
      summary: "Makes a synthetic history from a seed, or writes a scenario's history.",
      discussion: """
        Makes load, production, weather and hourly spot prices of a home or a business. The same \
        seed gives the same bytes; a value does not depend on the period asked for. Prints CSV \
        that 'wattif ingest' reads, or a summary with --json or --output.

        With a scenario document, its site, period and history count in place of the options; of
        measured data it writes the cleaned history with stand-ins for missing values put in.
        """,
      arguments: [scenarioArgument],
      options: [
        .option("--kind", "KIND", "Kind of site.", \.kind),
        .option("--annual-kwh", "KWH", "Energy of a calendar year.", \.annualKWh),
        .option("--pv-kwp", "KW", "Rated power of the modules; 0 for none.", \.pvKWp),
        .option("--place", "LAT,LON", "Where the site is.", \.place),
        .option("--time-zone", "ZONE", "Clock of the site.", \.zone),
        .option("--from", "DATE", "First day.", \.from),
        .option("--days", "N", "Number of days; a year if left out.", \.days),
        .option("--step", "SECONDS", "Length of a slot.", \.step),
        .option("--gaps", "N", "Gaps of 1 to 12 h in load and PV per month.", \.gaps),
        .option("--stuck", "N", "Stuck sensors of 2 to 24 h per month.", \.stuck),
        .option("--spikes", "N", "Absurd single values per month.", \.spikes),
        .option("--heat-wave", "K", "Ten days in July this much hotter.", \.heatWaveK),
        .option("--store", "FILE", "Also write into this project database.", \.store),
        .option("--site", "NAME", "Name of the site in the database.", \.site),
      ] + commonOptions,
      examples: [
        ("wattif synth --kind business --annual-kwh 120000 --pv-kwp 80 > shop.csv", "A business."),
        ("wattif synth --days 30 --gaps 4 --spikes 2 --seed 7", "A home with a bad logger."),
      ])
  }

  private static var scenarioArgument: Parameter<SynthCommand> {
    var argument = Parameter<SynthCommand>.scenario(\.scenario)
    argument.isOptional = true
    return argument
  }

  var scenario = ""
  var kind = SyntheticLoad.Kind.home
  var annualKWh: Double?
  var pvKWp: Double?
  var place: PlaceArgument?
  var zone: ZoneArgument?
  var from: DateArgument?
  var days: Int?
  var step = 900
  var gaps: Double?
  var stuck: Double?
  var spikes: Double?
  var heatWaveK: Double?
  var store: String?
  var site = "site"
  var common = CommonOptions()

  var outputs: [OutputPlace] { resultFolder + OutputPlace.store(store) }

  func validate() throws(UsageError) {
    guard 86_400 % step == 0 else {
      throw UsageError("'--step' must divide a day, found '\(step)'")
    }
    let slots = (days ?? 366) * (86_400 / step)
    guard slots <= Self.mostSlots else {
      throw UsageError(
        "'--days' and '--step' must give \(Self.mostSlots) slots at most, found \(slots)")
    }
    guard (1900...2200).contains(from?.year ?? 2024), (days ?? 0) <= 36_600 else {
      throw UsageError("'--from' and '--days' must lie in the years 1900 to 2200")
    }
    for (name, value) in [("--gaps", gaps), ("--stuck", stuck), ("--spikes", spikes)] {
      if let value, value > Self.mostFaults {
        throw UsageError(
          "'\(name)' must be \(Int(Self.mostFaults)) a month at most, found '\(NumberText.shortest(value))'"
        )
      }
    }
    for (name, value) in [
      ("--annual-kwh", annualKWh), ("--pv-kwp", pvKWp), ("--gaps", gaps), ("--stuck", stuck),
      ("--spikes", spikes),
    ] {
      if let value, value < 0 || (name == "--annual-kwh" && value < 1e-9) {
        throw UsageError("'\(name)' must not be negative, found '\(NumberText.shortest(value))'")
      }
    }
  }

  /// A year of 10 s; more would not fit the memory of a usual machine in all its columns.
  private static let mostSlots = 4_000_000
  /// One fault in every slot of 15 min.
  private static let mostFaults = 3000.0

  func run(_ context: CommandContext) throws -> ExitCode {
    let history = try scenario.isEmpty ? made() : read(context)
    let text = try HistoryText(MarkedHistory(history))
    if let store {
      try context.keep(in: store) { try $0.write(history, site: site) }
    }
    if let folder = common.output {
      try context.write(to: "history.csv", in: folder) { file in
        try text.writeCSV(hasQuality: false) { try file.write($0) }
      }
    }
    if common.isJSON {
      context.print([
        "columns": try text.columns(), "period": text.period, "schema": "wattif.synth/1",
        "start": .string(Instant.utcText(history.grid.start)),
        "step_s": .integer(history.grid.stepSeconds), "summary": text.summary,
        "time_zone": .string(history.zone.identifier),
      ])
    } else {
      common.output == nil && store == nil
        ? context.printDocument(try text.csv()) : context.print(text.table)
    }
    return .done
  }

  private func read(_ context: CommandContext) throws -> SiteHistory {
    let scenario = try Scenario.read(self.scenario, common, context)
    return try scenario.loadHistory().history
  }

  private func made() -> SiteHistory {
    let clock = zone?.zone ?? (try? Zone("Europe/Berlin")) ?? .utc
    let position = place?.place ?? GeographicPosition(latitudeDeg: 52.5, longitudeDeg: 13.4)
    let first = from?.dayNumber ?? CivilCalendar.days(year: 2024, month: 1, day: 1)
    let year = CivilCalendar.date(fromDays: first).year
    let start = clock.startOfDay(first)
    let end = clock.startOfDay(first + (days ?? (CivilCalendar.isLeap(year) ? 366 : 365)))
    let peakKW = pvKWp ?? (kind == .home ? 8 : 60)
    var disturbances: [Disturbance] = []
    if let heatWaveK {
      let july = CivilCalendar.days(year: year, month: position.latitudeDeg < 0 ? 1 : 7, day: 10)
      disturbances.append(
        .heatWave(
          from: clock.startOfDay(july), to: clock.startOfDay(july + 10), peakK: heatWaveK))
    }
    if gaps != nil || stuck != nil || spikes != nil {
      for quantity in peakKW > 0 ? [Quantity.load, .pv] : [.load] {
        disturbances.append(
          .randomFaults(
            quantity: quantity, gapsPerMonth: gaps ?? 0, stuckPerMonth: stuck ?? 0,
            spikesPerMonth: spikes ?? 0))
      }
    }
    let site = SyntheticSite(
      place: position,
      load: SyntheticLoad(kind: kind, annualKWh: annualKWh ?? (kind == .home ? 4000 : 100_000)),
      pv: peakKW > 0
        ? SyntheticPV(peakKW: peakKW, azimuthDeg: position.latitudeDeg < 0 ? 0 : 180) : nil,
      disturbances: disturbances)
    return site.history(
      grid: TimeGrid(from: start, to: end, stepSeconds: step), zone: clock,
      seed: common.seed ?? 1)
  }
}

extension SyntheticLoad.Kind: ArgumentChoice {}
