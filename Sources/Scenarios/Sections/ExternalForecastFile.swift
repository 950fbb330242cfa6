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

  /// Reads the file.
  ///
  /// - Parameters:
  ///   - zone: The site's clock.
  ///   - stepSeconds: Step of the plans; a file with columns is brought to it. [s]
  /// - Returns: The rows, sorted into versions.
  /// - Throws: `InputError` with everything wrong in the file.
  package func read(zone: Zone, stepSeconds: Int) throws -> ExternalForecasts {
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
      for quantity in Quantity.allCases {
        guard let values = history[quantity] else { continue }
        forecasts.merge(
          ExternalForecasts(
            version: version, quantity: quantity,
            series: Series(grid: history.grid, values: values), issued: rule, zone: zone))
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
  /// Reads one entry.
  init?(_ reader: MappingReader) {
    enum Kind: String, CaseIterable { case rows, columns, store }
    switch reader.choice("layout", default: Kind.rows) {
    case .rows:
      layout = .rows(path: reader.existingPath("file"))
      return
    case .store:
      layout = .store(path: reader.existingPath("file"), site: reader.text("site"))
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
    guard let source = CSVSource(reader) else { return nil }
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
