import Diagnostics
import Reports
import Scenarios
import Tariffs
import Telemetry
import TimeSeries

/// `wattif bill`: what a metered series costs under a tariff, to the cent.
struct BillCommand: Subcommand {
  static let name = "bill"

  static var grammar: Grammar<BillCommand> {
    Grammar(
      summary: "Bills a metered series under a tariff, month by month and line by line.",
      discussion: """
        The file holds the consumption of the site at any step, as power or as energy per
        interval; with --pv also its production. Import and export are the two signs of their
        difference. A tariff that follows the spot market needs --price. Slots without a value
        are an error, because a bill with holes is not a bill.
        """,
      arguments: [
        .argument(
          "TARIFF", "Tariff document (YAML).", \.tariff,
          completion: .file(suffixes: ["yaml", "yml", "json"])),
        .argument(
          "LOAD", "CSV file with the metered series.", \.load,
          completion: .file(suffixes: ["csv"])),
      ],
      options: [
        .option("--time-zone", "ZONE", "The site's clock; UTC if left out.", \.zone),
        .option(
          "--time", "COLUMN", "Column with the time stamps; 'time' if left out.", \.timeColumn),
        .option(
          "--column", "COLUMN", "Column with the load; 'load_kw' if left out.", \.loadColumn),
        .option("--unit", "UNIT", "Unit of load and production, such as kWh.", \.unit),
        .option("--pv", "COLUMN", "Column with the production.", \.pvColumn),
        .option("--price", "COLUMN", "Column with the spot price.", \.priceColumn),
        .option("--price-unit", "UNIT", "Unit of the spot price, such as EUR/MWh.", \.priceUnit),
        .option("--label", "END", "Which end of its interval a stamp names.", \.label),
        .flag("--lines", "Also print every line of every month.", \.showsLines),
        .flag("--json", "Print one JSON object on standard output.", \.isJSON),
      ],
      examples: [
        (
          "wattif bill tariffs/flat.yaml load.csv --time-zone Europe/Berlin --lines",
          "The bill of a column 'load_kw'."
        )
      ])
  }

  enum Label: String, ArgumentChoice {
    case start, end
  }

  var tariff = ""
  var load = ""
  var zone = "UTC"
  var timeColumn = "time"
  var loadColumn = "load_kw"
  var unit: String?
  var pvColumn: String?
  var priceColumn: String?
  var priceUnit: String?
  var label = Label.start
  var showsLines = false
  var isJSON = false

  func validate() throws(UsageError) {
    do {
      _ = try Zone(zone)
    } catch {
      throw UsageError("'--time-zone' must be a zone such as Europe/Berlin, found '\(zone)'")
    }
    if priceUnit != nil, priceColumn == nil {
      throw UsageError("'--price-unit' needs '--price'")
    }
  }

  func run(_ session: Session) throws -> ExitCode {
    let tariff = try TariffDocument.read(self.tariff)
    let zone = try Zone(self.zone)
    let (history, report) = try series(zone: zone)
    session.report(report.diagnostics)
    let grid = history.grid
    let load = history[.load] ?? []
    let pv = history[.pv] ?? [Double](repeating: 0, count: grid.count)
    let net = zip(load, pv).map { $0 - $1 }
    let missing = net.indices.filter { !net[$0].isFinite }
    if let first = missing.first {
      throw InputError(
        "\(missing.count) of \(grid.count) intervals have no value, the first at "
          + Instant.localText(grid.instant(first), zone: zone),
        at: SourcePosition(file: self.load))
    }
    let schedule = try BillingSchedule(
      tariff, grid: grid, zone: zone, spotPerKWh: tariff.usesSpot ? history[.price] : nil)
    session.report(schedule.notes)
    let bill = schedule.bill(
      importKW: net.map { max(0, $0) }, exportKW: net.map { max(0, -$0) })
    if isJSON {
      session.print(json(bill, currency: tariff.currency))
    } else {
      session.print(text(bill, tariff: tariff))
    }
    return .done
  }

  private func series(zone: Zone) throws -> (SiteHistory, IngestReport) {
    var columns = [ColumnMapping(column: loadColumn, quantity: .load, unit: unit)]
    if let pvColumn {
      columns.append(ColumnMapping(column: pvColumn, quantity: .pv, unit: unit))
    }
    if let priceColumn {
      columns.append(ColumnMapping(column: priceColumn, quantity: .price, unit: priceUnit))
    }
    let source = CSVSource(
      path: load, timeColumn: timeColumn, label: label == .end ? .end : .start, columns: columns)
    let reader = HistoryReader([source], zone: zone)
    return try reader.read(grid: try reader.extent())
  }

  private func json(_ bill: Bill, currency: String) -> JSONValue {
    [
      "currency": .string(currency),
      "months": .array(
        bill.months.map { month in
          [
            "demand": .number(month.demand), "energy": .number(month.energy),
            "export": .number(month.export), "export_kwh": .number(month.exportKWh),
            "fixed": .number(month.fixed), "import_kwh": .number(month.importKWh),
            "lines": .array(
              month.lines.map { line in
                [
                  "amount": .number(line.amount), "price": .number(line.price),
                  "quantity": .number(line.quantity), "rule": .string(line.rule),
                  "unit": .string(line.unit),
                ]
              }),
            "minimum_adjustment": .number(month.minimumAdjustment),
            "month": .string(month.month), "peak_kw": .number(month.peakKW),
            "total": .number(month.total),
          ]
        }), "schema": "wattif.bill/1", "total": .number(bill.total),
    ]
  }

  private func text(_ bill: Bill, tariff: Tariff) -> String {
    func money(_ value: Double) -> String { NumberText.fixed(value, decimals: 2) }
    var table = TextTable([
      ("month", .left), ("import kWh", .right), ("export kWh", .right), ("peak kW", .right),
      ("energy", .right), ("demand", .right), ("fixed", .right), ("export", .right),
      ("minimum", .right), ("total \(tariff.currency)", .right),
    ])
    for month in bill.months {
      table.add([
        month.month, NumberText.fixed(month.importKWh, decimals: 1),
        NumberText.fixed(month.exportKWh, decimals: 1),
        NumberText.fixed(month.peakKW, decimals: 2), money(month.energy), money(month.demand),
        money(month.fixed), money(month.export), money(month.minimumAdjustment),
        money(month.total),
      ])
    }
    table.addRule()
    func sum(_ value: (MonthBill) -> Double) -> Double {
      bill.months.reduce(0) { $0 + value($1) }
    }
    table.add([
      "all", NumberText.fixed(sum(\.importKWh), decimals: 1),
      NumberText.fixed(sum(\.exportKWh), decimals: 1),
      NumberText.fixed(bill.months.map(\.peakKW).max(), decimals: 2), money(sum(\.energy)),
      money(sum(\.demand)), money(sum(\.fixed)), money(sum(\.export)),
      money(sum(\.minimumAdjustment)), money(bill.total),
    ])
    var result = "\(tariff.name)\n" + table.text
    guard showsLines else { return result }
    var lines = TextTable([
      ("month", .left), ("line", .left), ("quantity", .right), ("unit", .left),
      ("price", .right), ("amount", .right),
    ])
    for month in bill.months {
      for line in month.lines {
        lines.add([
          month.month, line.rule, NumberText.fixed(line.quantity, decimals: 2), line.unit,
          NumberText.fixed(line.price, decimals: 5), money(line.amount),
        ])
      }
    }
    result += "\n" + lines.text
    return result
  }
}
