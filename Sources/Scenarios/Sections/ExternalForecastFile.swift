import Diagnostics
import Documents
package import Forecasting
import Store
package import Telemetry
package import TimeSeries

/// A file with forecasts made elsewhere: one entry of `forecasts.external`.
package struct ExternalForecastFile: Sendable {
  /// How the file is laid out.
  package enum Layout: Sendable {
    /// One row per version, quantity, issue, valid time and quantile.
    /// Those of one site only where a column `site` tells them apart.
    case rows(path: String, site: String? = nil)
    /// The issues of a site in a project database.
    case store(path: String, site: String)
    /// One column per quantity and no issue times, which are all one local time or follow a rule.
    case columns(CSVSource, version: String, at: CivilTime?, rule: ExternalForecasts.IssueRule)
  }

  /// How the file is laid out.
  package var layout: Layout
  /// Name of the plane of modules that its production is of; nothing for that of the site.
  package var plane: String?
  /// Name of the version that rows of a plane count as; that in the file when absent.
  var planeVersion: String?

  /// Reads the file.
  ///
  /// - Parameters:
  ///   - zone: The site's clock.
  ///   - stepSeconds: Step of the plans; a file with columns is brought to it. [s]
  /// - Returns: The rows, sorted into versions.
  /// - Throws: `InputError` with everything wrong in the file.
  package func read(zone: Zone, stepSeconds: Int) throws -> ExternalForecasts {
    let read = try content(zone: zone, stepSeconds: stepSeconds)
    guard let plane else { return read }
    let place = SourcePosition(file: path)
    if planeVersion != nil, read.versions.count > 1 {
      throw InputError(
        "rows that 'version' renames must be of one, found "
          + listed(read.versions.map { "'\($0)'" }, "and"), at: place)
    }
    guard let bound = read.bound(to: plane, version: planeVersion) else {
      throw InputError("there is no forecast of 'pv' for plane '\(plane)'", at: place)
    }
    return bound
  }

  /// Path of the file.
  private var path: String {
    switch layout {
    case .rows(let path, _), .store(let path, _): path
    case .columns(let source, _, _, _): source.path
    }
  }

  private func content(zone: Zone, stepSeconds: Int) throws -> ExternalForecasts {
    switch layout {
    case .rows(let path, let site):
      return try ExternalForecasts(
        csv: try TextFile(path), notes: ForecastFrameNotes(zone: zone), site: site)
    case .store(let path, let site): return try stored(path: path, site: site)
    case .columns(let source, let version, let time, let stated):
      let reader = HistoryReader([source], zone: zone)
      let (history, report) = try reader.read(
        grid: try reader.extent(stepSeconds: stepSeconds))
      let rule = try time.map { try instant(of: $0, zone, source.path) } ?? stated
      var forecasts = ExternalForecasts(rows: [])
      forecasts.warnings = report.diagnostics
      func issued(_ quantity: Quantity, _ values: [Double]) -> ExternalForecasts {
        ExternalForecasts(
          version: version, quantity: quantity,
          series: Series(grid: history.grid, values: values), issued: rule, zone: zone)
      }
      for quantity in Quantity.allCases where quantity != .pv || history.planeNames.isEmpty {
        guard let values = history[quantity] else { continue }
        forecasts.merge(issued(quantity, values))
      }
      for name in history.planeNames {
        guard let values = history[plane: name] else { continue }
        if let own = issued(.pv, values).bound(to: name) { forecasts.merge(own) }
      }
      return forecasts
    }
  }

  private func instant(
    of time: CivilTime, _ zone: Zone, _ file: String
  ) throws -> ExternalForecasts.IssueRule {
    switch zone.instant(of: time) {
    case .unique(let instant), .ambiguous(let instant, _): return .at(instant)
    case .nonexistent:
      throw InputError(
        "\(time) does not exist in \(zone.identifier)", at: SourcePosition(file: file))
    }
  }
}

extension ExternalForecastFile {
  /// Reads all issues of a site.
  private func stored(path: String, site: String) throws -> ExternalForecasts {
    do {
      let issues = try ProjectStore(path: path, creates: false).forecastIssues(site: site)
      guard !issues.isEmpty else {
        throw InputError(
          "the store holds no forecasts of site '\(site)'", at: SourcePosition(file: path))
      }
      var findings = Findings()
      for (issue, values) in issues {
        guard let made = issue.createdAt, let late = values.first(where: { $0.slotStart < made })
        else { continue }
        findings.error(
          "'\(issue.version)' of \(issue.quantity.rawValue) issued"
            + " \(Instant.utcText(issue.issuedAt)) was made \(Instant.utcText(made)), after its"
            + " slot \(Instant.utcText(late.slotStart)) had begun: a hindcast is no forecast",
          at: SourcePosition(file: path))
      }
      try findings.throwIfErrors()
      return ExternalForecasts(
        rows: issues.flatMap { issue, values in
          values.map {
            ExternalForecasts.Row(
              version: issue.version, quantity: issue.quantity, issuedAt: issue.issuedAt,
              validAt: $0.slotStart, quantile: $0.quantile, value: $0.value)
          }
        })
    } catch let error as StoreError {
      throw InputError(error.description, at: SourcePosition(file: path))
    }
  }
}

extension ExternalForecastFile {
  /// Reads one entry, of which a plane of modules may be named.
  init?(_ reader: MappingReader, planes: [RoofPlane]?) {
    plane = reader.plane(among: planes)
    enum Kind: String, CaseIterable { case rows, columns, store }
    switch reader.choice("layout", default: Kind.rows) {
    case .rows:
      layout = .rows(path: reader.existingPath("file"))
      if plane != nil { planeVersion = reader.optionalText("version") }
      return
    case .store:
      layout = .store(path: reader.existingPath("file"), site: reader.text("site"))
      if plane != nil { planeVersion = reader.optionalText("version") }
      return
    case .columns: break
    }
    let version = reader.text("version")
    let at = reader.optionalTime("issued_at")
    let daily = reader.optionalMinuteOfDay("issued_daily_at")
    let daysBefore = reader.optionalInteger("issued_days_before", 0...366)
    reader.require(
      daysBefore == nil || daily != nil, "issued_days_before",
      "'issued_days_before' goes with 'issued_daily_at'")
    let lead = reader.optionalNumber("issued_before_h", .within(0...8784))
    guard let source = CSVSource(reader, planes: planes) else { return nil }
    let isOfPlane = source.columns.contains { $0.plane != nil }
    reader.require(
      plane == nil || !isOfPlane, "plane", "columns that say their planes need no 'plane' here")
    reader.require(
      !isOfPlane || !source.columns.contains { $0.quantity == .pv && $0.plane == nil }, "columns",
      "columns of quantity 'pv' are of planes or of the site, not some of each")
    let rules: [ExternalForecasts.IssueRule] = [
      at.map { _ in .at(0) }, daily.map { .daily(minuteOfDay: $0, daysBefore: daysBefore) },
      lead.map { .beforeSlot(Int($0 * 3600)) },
    ].compactMap { $0 }
    guard rules.count == 1, let rule = rules.first else {
      reader.context.error(
        "a file with columns takes exactly one of 'issued_at', 'issued_daily_at' and "
          + "'issued_before_h'", at: reader.position,
        notes: ["without an issue time nobody can tell what was known when"])
      return nil
    }
    layout = .columns(source, version: version, at: at, rule: rule)
  }
}
