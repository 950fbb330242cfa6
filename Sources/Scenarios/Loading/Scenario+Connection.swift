import Diagnostics
package import Forecasting
package import Replay
import Tariffs
package import TimeSeries
import Twin

/// What a connection lets through over the period of a scenario.
package struct Connection: Sendable, Hashable {
  /// Highest import in each interval. [kW]
  package var importKW: PowerLimit
  /// Highest export in each interval. [kW]
  package var exportKW: PowerLimit
  /// What plans reckon with where limits are not known yet; nothing where they always are.
  package var usual: UsualLimits?
}

extension Scenario {
  /// Returns what the connection lets through: by the document, and lower where the history says so.
  ///
  /// - Parameters:
  ///   - history: Measurements on the scenario's grid.
  ///   - context: The site, whose plant may have grown.
  /// - Returns: Limits over the period.
  package func connection(_ history: SiteHistory, context: SiteContext) -> Connection {
    let range = periodSlots(of: history)
    let slots = history.grid[range]
    func stated(_ limit: ConnectionLimit) -> PowerLimit {
      limit.limits(over: slots, zone: site.zone, holidays: context.holidays)
    }
    let usualImport = stated(grid.importLimit)
    var usualExport = stated(grid.exportLimit)
    if let fraction = grid.exportLimitFraction, let peakKW = context.pvCapacityKW {
      usualExport = usualExport.lowered(to: PowerLimit(fraction * peakKW))
    }
    var connection = Connection(importKW: usualImport, exportKW: usualExport)
    func lower(_ limit: inout PowerLimit, _ quantity: Quantity) -> Bool {
      guard let column = history[quantity] else { return false }
      let known = column[range].map { $0.isFinite ? $0 : .infinity }
      limit = limit.lowered(to: PowerLimit(slotsKW: known))
      return true
    }
    let importMoves = lower(&connection.importKW, .importLimit)
    let exportMoves = lower(&connection.exportKW, .exportLimit)
    if importMoves || exportMoves {
      connection.usual = UsualLimits(
        importKW: usualImport, exportKW: usualExport,
        knownSeconds: Int(grid.limitsKnownHours * 3600))
    }
    return connection
  }

  /// The intervals of the period in the history's grid.
  private func periodSlots(of history: SiteHistory) -> Range<Int> {
    let step = history.grid.stepSeconds
    let first = (period.start - history.grid.start) / step
    return first..<first + (period.end - period.start) / step
  }

  /// Refuses a connection that cannot serve the load even with the inverter at full power, where one number
  /// limits it; limits of some times that the load does not keep to are counted.
  func checkGridLimit(_ loaded: inout LoadedHistory) throws {
    let history = loaded.history
    guard let load = history[.load] else { return }
    let limitKW = connection(history, context: site.context).importKW.lowered(
      to: PowerLimit(tariff.importLimitKW ?? .infinity))
    guard limitKW.isFinite else { return }
    let pv = history[.pv]
    let ratedKW =
      fleet.isEmpty
      ? battery.converter.ratedKW
      : fleet.reduce(0) { $0 + $1.variant.system.converter.ratedKW }
    let range = periodSlots(of: history)
    let short = range.filter {
      load[$0] - (pv?[$0] ?? 0) > limitKW[$0 - range.lowerBound] + ratedKW
    }
    guard let slot = short.first else { return }
    let text = Instant.localText(history.grid.instant(slot), zone: site.zone)
    let place = positions["grid.import_limit_kw"] ?? positions["tariff"]
    guard limitKW.isConstant else {
      loaded.warnings.append(
        .warning(
          "in \(short.count) of \(range.count) slots the load exceeds the import limit of the time by more "
            + "than the inverter gives, the first at \(text); the import above it is counted",
          at: place))
      return
    }
    throw InputError(
      "'import_limit_kw' of \(plain(limitKW.leastKW)) cannot be kept: in \(short.count) slots "
        + "the load exceeds it by more than the inverter gives, the first at \(text)", at: place)
  }
}
