package import Diagnostics
import Documents
package import Planning
package import Studies
package import Telemetry
package import TimeSeries

/// A contest as a document: files of load, production and price, forecasts, batteries and the price of the peak.
package struct ContestDocument: Sendable {
  /// Name shown in results.
  package var name: String
  package var currency: String
  package var zone: Zone
  package var period: PeriodSettings
  package var files: [CSVSource]
  package var forecasts: [(name: String, files: [CSVSource])]
  package var batteries: [SteppedBattery]
  package var peakPerKW2: Double
  /// File of activities; none without.
  package var activities: String?

  /// Reads a document.
  ///
  /// - Parameters:
  ///   - path: Path of the document; files it names are relative to its folder.
  ///   - environment: Variables that `${NAME}` in a path may name.
  /// - Returns: The document.
  /// - Throws: `InputError` with every mistake.
  package static func read(path: String, environment: [String: String]) throws -> ContestDocument {
    let root = try YAMLParser.parse(try TextFile(path, isUnicode: true).bytes, file: path)
    let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? ""
    let context = DecodingContext(folder: folder, environment: environment)
    let reader = MappingReader(root, context: context)
    let document = ContestDocument(reader)
    reader.finish()
    try context.throwIfErrors()
    guard let document else { throw InputError("the document could not be read") }
    return document
  }

  private init?(_ reader: MappingReader) {
    name = reader.text("name")
    currency = reader.text("currency")
    zone = reader.optionalZone("time_zone") ?? .utc
    let zone = zone
    let period = reader.section("period") { PeriodSettings($0, zone: zone) }
    files = reader.list("files") { CSVSource($0) }
    forecasts =
      reader.optionalList("forecasts") { entry in
        (entry.text("name"), entry.list("files") { CSVSource($0) })
      } ?? []
    batteries = reader.list("batteries") { SteppedBattery($0) }
    peakPerKW2 = reader.number("peak_per_kw2", .zeroOrMore)
    activities = reader.has("activities") ? reader.existingPath("activities") : nil
    let names = ["no battery", "truth"] + forecasts.map(\.name)
    reader.require(
      Set(names).count == names.count, "forecasts",
      "forecasts need names that differ, other than 'no battery' and 'truth'")
    guard let period, reader.isSound else { return nil }
    self.period = period
    let hours = period.grid.stepHours
    reader.require(
      SteppedPlanner.stateCount(batteries, stepHours: hours) <= SteppedPlanner.mostStates,
      "batteries",
      "the batteries hold more than \(SteppedPlanner.mostStates) mixtures of steps of "
        + "\(plain(hours)) h at full power, too many to plan together")
    reader.require(
      batteries.allSatisfy { $0.capacityKWh >= $0.powerKW * hours }, "batteries",
      "a battery holds at least one step of \(plain(hours)) h at full power")
    reader.require(batteries.count <= 4, "batteries", "at most four batteries are planned together")
  }

  /// Reads the files.
  ///
  /// - Returns: The contest and what is worth knowing of its data.
  /// - Throws: `InputError` with everything wrong in the files.
  package func contest() throws -> (contest: Contest, warnings: [Diagnostic]) {
    let grid = period.grid
    var warnings: [Diagnostic] = []
    func read(_ sources: [CSVSource]) throws -> SiteHistory {
      let (history, report) = try HistoryReader(sources, zone: zone).read(grid: grid)
      warnings += report.diagnostics
      return history
    }
    // Each column by itself, so that what stands in for a gap of one building stands in for that building alone.
    func net(_ sources: [CSVSource], of what: String) throws -> [Double] {
      var net = [Double](repeating: 0, count: grid.count)
      var hasLoad = false
      for source in sources {
        for column in source.columns where column.quantity == .load || column.quantity == .pv {
          let values = try read([source.with(column)])[column.quantity] ?? []
          hasLoad = hasLoad || column.quantity == .load
          for t in values.indices { net[t] += column.quantity == .load ? values[t] : -values[t] }
        }
      }
      guard hasLoad else {
        throw InputError("the files of \(what) need a column of quantity 'load'")
      }
      if let gap = net.firstIndex(where: { !$0.isFinite }) {
        throw InputError(
          "\(what) is missing in \(net.count { !$0.isFinite }) of \(grid.count) slots, the first "
            + "\(Instant.utcText(grid.instant(gap))); 'fill' of a column says what stands in")
      }
      return net
    }
    let actual = try net(files, of: "what came")
    let priced = files.filter { $0.columns.contains { $0.quantity == .price } }
    guard let price = priced.isEmpty ? nil : try read(priced)[.price] else {
      throw InputError("the files need a column of quantity 'price'")
    }
    let unpriced = price.count { !$0.isFinite }
    if unpriced == grid.count { throw InputError("no slot of the period has a price") }
    if let first = price.firstIndex(where: { !$0.isFinite }) {
      warnings.append(
        .warning(
          "\(unpriced) slots have no price, the first \(Instant.utcText(grid.instant(first))); "
            + "their energy costs nothing"))
    }
    let told = try forecasts.map { forecast in
      (
        name: forecast.name,
        netKW: try net(forecast.files, of: "the forecast '\(forecast.name)'")
      )
    }
    return (
      Contest(
        name: name, currency: currency, grid: grid, netKW: actual,
        activityKW: try activityKW(), pricePerKWh: price.map { $0.isFinite ? $0 : 0 },
        unpricedSlots: unpriced, forecasts: told, batteries: batteries, peakPerKW2: peakPerKW2),
      warnings
    )
  }

  /// Reads the activities: rows of a building, a slot and a power that comes on top of its load.
  private func activityKW() throws -> [Double] {
    let grid = period.grid
    var sum = [Double](repeating: 0, count: grid.count)
    guard let activities else { return sum }
    var cells = try CSVRows(try TextFile(activities))
    var findings = Findings()
    let columns = ["building", "slot", "kw"].map { name in
      cells.names.firstIndex { $0.lowercased() == name }
    }
    for (name, column) in zip(["building", "slot", "kw"], columns) where column == nil {
      findings.error(
        "a file of activities has a column '\(name)'", at: cells.headerPosition())
    }
    try findings.throwIfErrors()
    guard let slotColumn = columns[1], let powerColumn = columns[2] else { return sum }
    var stamps = StampScanner(zone: zone)
    while cells.next() {
      let text = cells.text(slotColumn)
      let slot =
        Int(text)
        ?? stamps.instant(text).flatMap { instant in
          (instant - grid.start) % grid.stepSeconds == 0
            ? (instant - grid.start) / grid.stepSeconds : nil
        }
      guard let slot, grid.indices.contains(slot) else {
        findings.error(
          "'slot' must be the begin of a slot of the period or its number from 0 to "
            + "\(grid.count - 1), found '\(text)'", at: cells.position(slotColumn))
        continue
      }
      guard let power = cells.number(powerColumn), abs(power) <= 1e9 else {
        findings.error(
          "'kw' must be a number, found '\(cells.text(powerColumn))'",
          at: cells.position(powerColumn))
        continue
      }
      sum[slot] += power
    }
    if let finding = cells.openQuote { findings.append(contentsOf: [finding]) }
    try findings.throwIfErrors()
    return sum
  }
}

extension CSVSource {
  /// Returns the file with one of its columns.
  fileprivate func with(_ column: ColumnMapping) -> CSVSource {
    var alone = self
    alone.columns = [column]
    return alone
  }
}

extension SteppedBattery {
  /// Reads one battery.
  init?(_ reader: MappingReader) {
    self.init(
      name: reader.text("name"), capacityKWh: reader.number("energy_kwh", .positive),
      powerKW: reader.number("power_kw", .positive),
      roundTripEfficiency: reader.number("round_trip_efficiency", .efficiency))
  }
}
