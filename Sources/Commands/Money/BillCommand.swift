import CommandLine
import Diagnostics
import Documents
import Foundation
import Numerics
import Replay
import Reports
import Scenarios
import Studies
import Tariffs
import Telemetry
import TimeSeries

/// `wattif bill`: the exact bill of a metered series, or a ranking of tariffs.
struct BillCommand: WorkingSubcommand {
  static let name = "bill"

  static var grammar: Grammar<BillCommand> {
    Grammar(
      summary: "Bills a metered load exactly, line by line and month by month.",
      discussion: """
        TARIFF is a tariff document (YAML), a rate record of the Utility Rate Database (JSON, or \
        the CSV of all rates) or a table of billing periods (CSV of DER-VET). LOAD is CSV with the consumption of the site at any step, as power or as energy \
        per interval, or with --net the reading of a signed meter, which is positive when \
        importing; production and spot prices are further columns (--pv, --price) or files \
        of their own (--generation, --spot). Units come from headers such as load_kw, or from \
        --unit. Intervals without a value are an error, because a bill with holes is not a bill.

        With --compare, TARIFF is a folder: all its tariffs are billed and ranked, each with \
        the battery planned anew for it if --battery-kwh and --battery-kw are given. With a \
        battery and one tariff, the three rules for pricing the month's peak inside a plan of \
        36 h are billed side by side.

        With --output the folder gets bill.csv, whose lines add up to the bill, ledger.csv with \
        energy, price and amount of every interval, which add up to the lines on energy, and \
        report.html.
        """,
      arguments: [
        .argument("TARIFF", "Tariff document, or folder with --compare.", \.tariff),
        .argument(
          "LOAD", "CSV file of the load.", \.load, completion: .file(suffixes: ["csv"])),
      ],
      options: [
        .option("--time-zone", "ZONE", "The site's clock; UTC if left out.", \.zone),
        .option("--time", "COLUMN", "Column of stamps; found if left out.", \.time),
        .option("--time-format", "FORMAT", "How time stamps are written.", \.timeFormat),
        .option(
          "--decimal-mark", "MARK", "Mark of fractions, '.' or ','; found if left out.",
          \.decimalMark),
        .option(
          "--column", "COLUMN",
          "Column of the load, or some of its rows as 'Volume[Register=Afname*]'; the first with a "
            + "unit of power or energy if left out.", \.column),
        .option(
          "--net", "COLUMN", "Column of LOAD with the power at the meter, import positive.",
          \.netColumn),
        .option("--unit", "UNIT", "Unit of load and production, such as kWh.", \.unit),
        .option("--pv", "COLUMN", "Column of LOAD with the production.", \.pvColumn),
        .option("--generation", "FILE", "CSV file with the production.", \.generation),
        .option("--price", "COLUMN", "Column of LOAD with the spot price.", \.priceColumn),
        .option("--spot", "FILE", "CSV file with the spot price.", \.spot),
        .option("--price-unit", "UNIT", "Unit of the spot price, such as EUR/MWh.", \.priceUnit),
        .option("--label", "END", "Which end of its interval a stamp names.", \.label),
        .flag("--compare", "Rank all tariffs of a folder.", \.isComparing),
        .option("--battery-kwh", "KWH", "Battery to plan for each tariff.", \.batteryKWh),
        .option("--battery-kw", "KW", "Power of that battery.", \.batteryKW),
        .option(
          "--curtailment", "SETTING",
          "When production may be thrown away, with that battery and without.", \.curtailment),
        .option(
          "--power-factor", "NUMBER",
          "Power factor of the site, in place of those that charges assume.", \.powerFactor),
        .option(
          "--tier-convention", "NAME", "How tiers and periods combine, in place of the tariff's.",
          \.tierConvention),
        .option(
          "--record", "LABEL", "Label or name of the rate record, where TARIFF has several.",
          \.record),
        .option("--explain", "DATE", "Show which rule priced which time of a day.", \.explain),
        .page(\.html),
      ] + commonOptions,
      examples: [
        ("wattif bill tariffs/flat.yaml load.csv", "the bill of a load"),
        (
          "wattif bill --compare tariffs load.csv --time-zone Europe/Berlin",
          "tariffs by cost"
        ),
      ])
  }

  var tariff = ""
  var load = ""
  var generation: String?
  var spot: String?
  /// Which end of its interval a stamp names.
  enum Label: String, ArgumentChoice {
    case start, end
  }

  var zone: String?
  var time: String?
  var timeFormat = StampFormat.automatic
  var decimalMark: DecimalMark?
  var column: String?
  var netColumn: String?
  var unit: String?
  var pvColumn: String?
  var priceColumn: String?
  var priceUnit: String?
  var label = Label.start
  var isComparing = false
  var batteryKWh: Double?
  var batteryKW: Double?
  var curtailment: Curtailment?
  var powerFactor: Double?
  var tierConvention: TierChoice?
  var record: String?
  var explain: String?
  var html: String?
  var common = CommonOptions()

  var outputs: [OutputPlace] { resultFolder + OutputPlace.files(html) }

  func validate() throws(UsageError) {
    if let zone, (try? Zone(zone)) == nil {
      throw UsageError("'--time-zone' must be a zone such as Europe/Berlin, found '\(zone)'")
    }
    if netColumn != nil, column != nil {
      throw UsageError("give '--column' or '--net', not both")
    }
    if priceUnit != nil, priceColumn == nil, spot == nil {
      throw UsageError("'--price-unit' needs '--price' or '--spot'")
    }
    if pvColumn != nil, generation != nil {
      throw UsageError("give '--pv' or '--generation', not both")
    }
    if priceColumn != nil, spot != nil {
      throw UsageError("give '--price' or '--spot', not both")
    }
    if (batteryKWh == nil) != (batteryKW == nil) {
      throw UsageError("'--battery-kwh' and '--battery-kw' belong together")
    }
    if let batteryKWh, let batteryKW, !(batteryKWh > 0 && batteryKW > 0) {
      throw UsageError("'--battery-kwh' and '--battery-kw' must be positive")
    }
    if curtailment != nil, batteryKWh == nil {
      throw UsageError("'--curtailment' needs '--battery-kwh' and '--battery-kw'")
    }
    if let powerFactor { try TariffCommand.check(powerFactor: powerFactor) }
    if isComparing, explain != nil {
      throw UsageError("'--explain' needs one tariff, not '--compare'")
    }
  }

  func run(_ context: CommandContext) throws -> ExitCode {
    let site = try readSite(context)
    if isComparing {
      let comparison = TariffComparison(
        try candidates(folder: tariff), site: site, battery: battery,
        threads: context.workers(common))
      context.report(comparison.warnings)
      let report = TariffComparisonReport(comparison)
      try write(report.page(title: "Tariffs"), of: site, context)
      common.isJSON ? context.print(report.json) : context.print(report.text)
      return .done
    }
    let tariff = try TariffDocument.read(self.tariff, options: recordOptions)
    if netColumn != nil, pvColumn == nil, generation == nil,
      tariff.export.arrangement == .buyAllSellAll
    {
      throw InputError(
        "a tariff that buys all and sells all needs the production beside '--net'",
        at: SourcePosition(file: self.tariff))
    }
    let schedule = try BillingSchedule(
      tariff, grid: site.grid, zone: site.zone, spotPerKWh: site.spotPerKWh)
    let (importKW, exportKW) = schedule.meters(
      loadKW: site.loadKW, generationKW: site.generationKW)
    let bill = schedule.bill(importKW: importKW, exportKW: exportKW)
    let warnings =
      tariff.warnings + schedule.notes + schedule.applicabilityWarnings(of: bill)
    context.report(warnings)
    if battery != nil, tariff.export.arrangement == .buyAllSellAll {
      throw InputError(
        "a battery has nothing to do under a tariff that buys all and sells all: leave out '--battery-kwh'",
        at: SourcePosition(file: self.tariff))
    }
    let peakRules = battery.map { battery in
      let progress = context.progress(
        "bill", total: PeakRuleComparison.rules.count * schedule.monthSlots.count, options: common)
      defer { progress.finish() }
      return PeakRuleComparison(
        schedule: schedule, site: site, battery: battery, threads: context.workers(common)
      ) { progress.advance() }
    }
    let report = BillReport(
      bill: bill, tariff: tariff, warnings: warnings, explanation: try explanation(schedule),
      peakRules: peakRules)
    common.isJSON ? context.print(report.json) : context.print(report.text(zone: site.zone))
    if let folder = common.output {
      try context.write(report.csv, to: "bill.csv", in: folder)
      try context.write(
        MeterCSV.text(site, schedule.slotBill(importKW: importKW, exportKW: exportKW)),
        to: "ledger.csv", in: folder)
    }
    try write(report.page(title: tariff.name, zone: site.zone), of: site, context)
    return .done
  }

  /// Writes a page with what was billed, where one is wanted.
  private func write(_ page: Page, of site: MeteredSite, _ context: CommandContext) throws {
    guard html != nil || common.output != nil else { return }
    var page = page
    page.run += [
      PageFact(
        "Data",
        "\(Instant.localText(site.grid.start, zone: site.zone)) to "
          + "\(Instant.localText(site.grid.end, zone: site.zone)), every \(site.grid.stepSeconds) s"
      )
    ]
    page.run += try [load, generation, spot].compactMap(\.self).map(PageFact.file) + [.program]
    if let html { context.keep { try FileWriter.write(page.html, to: html) } }
    if let folder = common.output { try context.write(page.html, to: "report.html", in: folder) }
  }

  private var recordOptions: URDBImport.Options {
    TariffCommand.options(
      convention: tierConvention, powerFactor: powerFactor, record: record)
  }

  private var battery: FixedBattery? {
    guard let batteryKWh, let batteryKW else { return nil }
    return FixedBattery(
      capacityKWh: batteryKWh, powerKW: batteryKW, curtailment: curtailment ?? .free)
  }

  /// The tariffs of a folder, by name of the file.
  ///
  /// - Throws: `InputError` when the folder holds none.
  private func candidates(folder: String) throws -> [TariffComparison.Candidate] {
    let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [])
      .filter { $0.hasSuffix(".yaml") || $0.hasSuffix(".yml") || $0.hasSuffix(".json") }
      .filter { !$0.hasSuffix(".schema.json") }.sorted()
    guard !names.isEmpty else {
      throw InputError("the folder holds no tariff", at: SourcePosition(file: folder))
    }
    return names.map { name in
      let file = "\(folder)/\(name)"
      return TariffComparison.Candidate(
        file: file, tariff: Result { try TariffDocument.read(file, options: recordOptions) })
    }
  }

  private func explanation(_ schedule: BillingSchedule) throws -> [PriceExplanation]? {
    guard let explain else { return nil }
    guard case .time(let day) = CivilText.date(explain) else {
      throw UsageError("'--explain' must be a date such as 2024-03-31, found '\(explain)'")
    }
    let found = schedule.explanation(ofDay: day.dayNumber)
    guard !found.isEmpty else { throw InputError("the load has no data on \(explain)") }
    return found
  }

  /// Reads the files onto the grid of the load.
  private func readSite(_ context: CommandContext) throws -> MeteredSite {
    let clock = try zone.map { try Zone($0) } ?? .utc
    if zone == nil {
      context.note("note: times are billed in UTC; give '--time-zone' for local time")
    }
    let files = MeterFiles(
      timeColumn: time, timeFormat: timeFormat, label: label == .end ? .end : .start,
      decimalMark: decimalMark?.character)
    var source = try files.source(
      load, quantity: netColumn == nil ? .load : .net, column: netColumn ?? column, unit: unit)
    if let pvColumn {
      source.columns.append(ColumnMapping(column: pvColumn, quantity: .pv, unit: unit))
    }
    if let priceColumn {
      source.columns.append(
        ColumnMapping(column: priceColumn, quantity: .price, unit: priceUnit))
    }
    let grid = try HistoryReader([source], zone: clock).extent()
    var sources = [source]
    if let generation {
      sources.append(
        try files.source(generation, quantity: .pv, column: nil, unit: unit))
    }
    if let spot {
      sources.append(
        try files.source(spot, quantity: .price, column: nil, unit: priceUnit))
    }
    let (history, report) = try readHistory(sources, grid: grid, zone: clock)
    context.report(report.diagnostics)
    let empty = [Double](repeating: 0, count: grid.count)
    let generation = history[.pv] ?? empty
    // What comes in and what is produced is what is consumed.
    let load = history[.net].map { zip($0, generation).map(+) } ?? history[.load] ?? empty
    let site = MeteredSite(
      grid: grid, zone: clock, loadKW: load, generationKW: generation,
      spotPerKWh: history[.price])
    try site.refuseHoles(file: self.load)
    return site
  }
}

extension Curtailment: ArgumentChoice {}
