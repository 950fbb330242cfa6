import CommandLine
import Diagnostics
import Documents
import Store
import Telemetry
import TimeSeries

/// `wattif export`: what a project database holds of a site, for other programs.
struct ExportCommand: Subcommand {
  static let name = "export"

  static var grammar: Grammar<ExportCommand> {
    Grammar(
      summary: "Writes the observations and forecasts of a project database for other programs.",
      discussion: """
        STORE is a project database, as --store of 'ingest' and 'forecast' writes it. Observations go to standard \
        output as CSV: one line per slot, its begin in UTC, one column per quantity with its unit in the name, then \
        the quality of each. 'wattif ingest' reads it back; columns of planes are for a scenario to bind. \
        --csv writes it into a file.

        With --darkstar they go into a learning database of Darkstar, which is made if it is not there: observations \
        of 15 min, and of every forecast version (or those of --version) the newest forecast of each slot, so that \
        Darkstar's planner finds a version by its forecast_version. Rows of other versions stay as they are.
        """,
      arguments: [
        .argument(
          "STORE", "Project database.", \.store, completion: .file(suffixes: ["sqlite"]))
      ],
      options: [
        .option("--site", "NAME", "The site; may be left out where there is one.", \.site),
        .option(
          "--step", "SECONDS", "Step of the observations; the usual one if left out.", \.step),
        .option("--csv", "FILE", "Write the observations into this file.", \.csv),
        .option("--darkstar", "FILE", "Write into this database of Darkstar.", \.darkstar),
        .option(
          "--version", "NAME", "--darkstar: only this forecast version; may be repeated.",
          \.versions),
      ],
      examples: [
        ("wattif export home.sqlite > home.csv", "All observations as CSV."),
        (
          "wattif export home.sqlite --darkstar planner_learning.db --version ridge",
          "Lets Darkstar plan by a version of its own."
        ),
      ])
  }

  var store = ""
  var site: String?
  var step: Int?
  var csv: String?
  var darkstar: String?
  var versions: [String] = []

  var outputs: [OutputPlace] { OutputPlace.files(csv, darkstar) }

  func validate() throws(UsageError) {
    if darkstar == nil, !versions.isEmpty { throw UsageError("'--version' goes with '--darkstar'") }
  }

  func run(_ context: CommandContext) throws -> ExitCode {
    if let problem = TextFile.problem(of: store) {
      throw InputError(problem, at: SourcePosition(file: store))
    }
    do {
      let project = try ProjectStore(path: store)
      let site = try chosenSite(among: try project.sites())
      let grid = try project.observedGrid(site: site, stepSeconds: step)
      if let darkstar {
        try write(project, site, grid, to: darkstar, context)
        if csv == nil { return .done }
      }
      guard let grid else {
        throw InputError(
          "the store holds no observations of '\(site)'\(step.map { " at a step of \($0) s" } ?? "")",
          at: SourcePosition(file: store))
      }
      let history = try project.history(site: site, grid: grid)
      let quality = try project.qualities(site: site, grid: grid)
      let text = try HistoryText(
        MarkedHistory(history, quality: quality), planes: history
      ).csv(hasQuality: true)
      if let csv { try FileWriter.write(text, to: csv) } else { context.printDocument(text) }
    } catch let error as StoreError {
      throw RunFailure("\(error)")
    }
    return .done
  }

  private func chosenSite(among sites: [String]) throws -> String {
    guard let site else {
      guard let only = sites.first else {
        throw InputError("the store holds no site", at: SourcePosition(file: store))
      }
      if sites.count > 1 {
        throw UsageError("the store holds several sites; give '--site' with \(listed(sites, "or"))")
      }
      return only
    }
    guard sites.contains(site) else {
      let near = suggestion(for: site, among: sites).map { "; did you mean '\($0)'?" } ?? ""
      throw UsageError("the store holds no site '\(site)'\(near)")
    }
    return site
  }

  private func write(
    _ project: ProjectStore, _ site: String, _ grid: TimeGrid?, to path: String,
    _ context: CommandContext
  ) throws {
    var observed = 0
    if let grid {
      observed = try DarkstarDatabase.write(
        try project.history(site: site, grid: grid), path: path,
        quality: try project.qualities(site: site, grid: grid))
    }
    let rows = try forecasts(project, site)
    let zone = try project.zone(of: site)
    let slots = rows.isEmpty ? 0 : try DarkstarDatabase.write(rows, path: path, zone: zone)
    let names = Set(rows.map(\.version)).sorted()
    context.note(
      "wrote \(observed) slots of observations and \(slots) of forecasts"
        + (names.isEmpty ? "" : " by \(listed(names.map { "'\($0)'" }, "and"))") + " into '\(path)'"
    )
  }

  /// The newest forecast of each slot, on slots of 15 min.
  private func forecasts(_ project: ProjectStore, _ site: String) throws -> [DarkstarForecast] {
    let issues = try project.forecastIssues(site: site).filter {
      versions.isEmpty || versions.contains($0.issue.version)
    }
    for version in versions where !issues.contains(where: { $0.issue.version == version }) {
      let known = Set(try project.forecastIssues(site: site).map(\.issue.version)).sorted()
      throw UsageError(
        "the store holds no forecast version '\(version)' of '\(site)'; it holds "
          + (known.isEmpty ? "none" : listed(known, "and")))
    }
    struct Place: Hashable {
      let version: String
      let quantity: Quantity
      let start: Int
      let quantile: Double?
    }
    // Issues come in order of time, so that a later one replaces what an earlier said of a slot.
    var rows: [Place: DarkstarForecast] = [:]
    for (issue, values) in issues {
      let starts = Set(values.map(\.slotStart)).sorted()
      let length = zip(starts.dropFirst(), starts).map { $0 - $1 }.min() ?? 900
      for value in values {
        for start in stride(from: value.slotStart, to: value.slotStart + max(900, length), by: 900)
        {
          let place = Place(
            version: issue.version, quantity: issue.quantity, start: start,
            quantile: value.quantile)
          rows[place] = DarkstarForecast(
            slotStart: start, version: issue.version, quantity: issue.quantity,
            quantile: value.quantile, powerKW: value.value, createdAt: issue.issuedAt)
        }
      }
    }
    return Array(rows.values)
  }
}
