import CommandLine
import Diagnostics
import Documents
import Forecasting
import Scenarios
import TimeSeries

/// `wattif forecast`: fits, issues, tests, lists and imports forecast versions.
struct ForecastCommand: WorkingSubcommand {
  static let name = "forecast"

  /// What is done.
  enum Action: String, ArgumentChoice {
    case train, predict, backtest, versions
    case importing = "import"
  }

  static var grammar: Grammar<ForecastCommand> {
    Grammar(
      summary: "Fits, issues, tests, lists and imports forecast versions.",
      discussion: """
        ACTION is one of train, predict, backtest, versions and import. The first four read a \
        scenario; its versions and, with --kind, built-in kinds take part.

        backtest issues forecasts over the history at hours of the local day, each from the \
        history cut at its issue time, and prints the errors; with --output the folder gets backtest.json, \
        daily_losses.csv and report.html. predict issues one forecast. train \
        fits one version up to an instant and prints what it was fitted on; with --store the \
        forecast and the record of the model are kept. versions lists versions, and with --store \
        the models kept. import reads rows of version, quantity, \
        issued_at, valid_at, quantile and value from CSV, a frame with one column per level as \
        Chronos, Nixtla and Solcast write it, or the forecasts of a Darkstar database, checks them, \
        and keeps them with --store.
        """,
      arguments: [
        .argument("ACTION", "train, predict, backtest, versions or import.", \.action),
        .argument(
          "FILE", "The scenario, or the file to import.", \.file,
          completion: .file(suffixes: ["yaml", "yml", "csv", "db", "sqlite"])),
      ],
      options: [
        .option("--version", "NAME", "Version of the scenario; repeatable.", \.versions),
        .option("--kind", "KIND", "Built-in kind under its own name; repeatable.", \.kinds),
        .option(
          "--quantity", "QUANTITY", "load, pv, price or battery_power; load if left out.",
          \.quantityArgument),
        .option("--issue", "INSTANT", "Issue time, such as 2025-03-01T00:00Z.", \.issue),
        .option("--horizon", "HOURS", "Length of a forecast; 24 if left out.", \.horizonHours),
        .option(
          "--issue-hour", "HOUR", "Hour of the local day; repeatable, 0, 6, 12 and 18 if left out.",
          \.issueHours),
        .option("--first-day", "DAYS", "History before the first issue; 56.", \.firstDay),
        .option("--gap", "SLOTS", "Newest slots withheld at each issue.", \.gapSlots),
        .option(
          "--windows", "COUNT", "Also score so many disjoint windows of the days; 1.",
          \.windowCount),
        .flag("--quantiles", "Also give the nine deciles.", \.hasQuantiles),
        .flag(
          "--oracle-weather", "Hand over observed weather as if it had been forecast.",
          \.hasOracleWeather),
        .flag(
          "--ablate",
          "backtest: also withhold each column, meter less often, know data later: what is lost.",
          \.hasAblation),
        .flag("--allow-exec", "Let versions start programs.", \.allowsPrograms),
        .option(
          "--store", "FILE",
          "Keep forecasts and models in this project database; versions lists its models.", \.store),
        .option("--site", "NAME", "Name of the site in the database.", \.site),
        .option("--time-zone", "ZONE", "The site's clock, for import.", \.zone),
        .option(
          "--column", "MAP",
          "import: COLUMN=ROLE, one of version, quantity, issued_at, valid_at, valid_to, value and "
            + "levels such as 0.1; repeatable.", \.roles),
        .option("--unit", "UNIT", "import: unit of a frame's values, such as W.", \.unit),
        .option(
          "--canary", "FILE",
          "import: the same issues asked again after later data were altered; must be equal.",
          \.canary),
        .flag("--hindcasts", "Import rows made after their slot began.", \.takesHindcasts),
        .page(\.html),
      ] + commonOptions,
      examples: [
        (
          "wattif forecast backtest scenarios/quickstart.yaml --kind ridge --kind blend",
          "errors of two versions"
        ),
        (
          "wattif forecast import vendor.csv --store home.sqlite --site home",
          "keeps a vendor's forecasts"
        ),
      ])
  }

  var action = Action.versions
  var file = ""
  var versions: [String] = []
  var kinds: [String] = []
  var quantityArgument: QuantityArgument?
  var quantity: QuantityArgument { quantityArgument ?? QuantityArgument(quantity: .load) }
  var issue: String?
  var horizonHours = 24
  var issueHours: [UInt64] = []
  var firstDay = 56
  var gapSlots: UInt64 = 0
  var windowCount = 1
  var hasQuantiles = false
  var hasOracleWeather = false
  var hasAblation = false
  var allowsPrograms = false
  var store: String?
  var site = "site"
  var zone: String?
  var roles: [RoleArgument] = []
  var unit: String?
  var canary: String?
  var takesHindcasts = false
  var html: String?
  var common = CommonOptions()

  var outputs: [OutputPlace] {
    resultFolder + OutputPlace.files(html) + (action == .versions ? [] : OutputPlace.store(store))
  }

  func validate() throws(UsageError) {
    for kind in kinds where ForecastRecipe.Kind(rawValue: kind) == nil {
      let names = ForecastRecipe.Kind.allCases.map(\.rawValue)
      let near = suggestion(for: kind, among: names)
      throw UsageError(
        "there is no kind '\(kind)'" + (near.map { "; did you mean '\($0)'?" } ?? ""))
    }
    if issueHours.contains(where: { $0 > 23 }) {
      throw UsageError("'--issue-hour' must lie between 0 and 23")
    }
    if html != nil, action != .backtest { throw UsageError("'--html' needs the action 'backtest'") }
    for (name, value, most) in [
      ("--horizon", horizonHours, 24 * 366), ("--first-day", firstDay, 36_600),
      ("--windows", windowCount, 10_000),
    ] where value > most {
      throw UsageError("'\(name)' must be \(most) at most, found '\(value)'")
    }
    if gapSlots > 1_000_000 {
      throw UsageError("'--gap' must be 1000000 at most, found '\(gapSlots)'")
    }
    if let zone, (try? Zone(zone)) == nil {
      throw UsageError("'--time-zone' must be a zone such as Europe/Berlin, found '\(zone)'")
    }
  }

  func run(_ context: CommandContext) throws -> ExitCode {
    switch action {
    case .backtest: return try runBacktest(context)
    case .predict, .train: return try runSingle(context)
    case .versions: return try runVersions(context)
    case .importing: return try runImport(context)
    }
  }
}

/// A quantity on the command line.
struct QuantityArgument: ArgumentValue {
  var quantity: Quantity

  init(quantity: Quantity) { self.quantity = quantity }

  init?(argument: String) {
    guard let quantity = Quantity(rawValue: argument) else { return nil }
    self.quantity = quantity
  }

  static var phrase: String { "a quantity such as load, pv, price or battery_power" }
}

/// `COLUMN=ROLE` of a frame of forecasts on the command line.
struct RoleArgument: ArgumentValue, Sendable {
  var column: String
  var role: String

  init?(argument: String) {
    guard let equals = argument.lastIndex(of: "=") else { return nil }
    column = String(argument[..<equals])
    role = String(argument[argument.index(after: equals)...])
    let level = NumberScanner().number(role) ?? 0
    guard !column.isEmpty, RoleArgument.names.contains(role) || level > 0 && level < 1 else {
      return nil
    }
  }

  private static let names = [
    "version", "quantity", "issued_at", "valid_at", "valid_to", "value", "item",
  ]

  static var phrase: String {
    "COLUMN=ROLE, with a role of \(names.joined(separator: ", ")) or a level such as 0.1"
  }
}
