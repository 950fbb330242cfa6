import Diagnostics
public import Forecasting
import Store
public import Telemetry
public import TimeSeries

/// A file with forecasts made elsewhere: one entry of `forecasts.external`.
public struct ExternalForecastFile: Sendable {
  /// How the file is laid out.
  public enum Layout: Sendable {
    /// One row per version, quantity, issue, valid time and quantile.
    case rows(path: String)
    /// The issues of a site in a project database.
    case store(path: String, site: String)
    /// One column per quantity and no issue times, which a rule supplies.
    case columns(CSVSource, version: String, issue: IssueRule)
  }

  /// When the values of a file without issue times were known.
  public enum IssueRule: Sendable, Hashable {
    /// All of them at one local time.
    case at(CivilTime)
    /// Each at the newest such local time of day that is not after its slot. [min]
    case daily(minuteOfDay: Int)
    /// Each so long before its slot. [s]
    case lead(seconds: Int)
  }

  /// How the file is laid out.
  public var layout: Layout

  /// Reads the file.
  ///
  /// - Parameters:
  ///   - zone: The site's clock.
  ///   - stepSeconds: Step of the plans; a file with columns is brought to it. [s]
  /// - Returns: The rows, sorted into versions.
  /// - Throws: `InputError` with everything wrong in the file.
  public func read(zone: Zone, stepSeconds: Int) throws -> ExternalForecasts {
    switch layout {
    case .rows(let path):
      return try ExternalForecasts(csv: try fileBytes(path), file: path)
    case .store(let path, let site): return try stored(path: path, site: site)
    case .columns(let source, let version, let issue):
      let reader = HistoryReader([source], zone: zone)
      let (history, _) = try reader.read(grid: try reader.extent(stepSeconds: stepSeconds))
      var rows: [ExternalForecasts.Row] = []
      for quantity in Quantity.allCases {
        guard let values = history[quantity] else { continue }
        for (slot, value) in values.enumerated() where value.isFinite {
          let validAt = history.grid.instant(slot)
          let issuedAt = try issue.instant(before: validAt, zone: zone, file: source.path)
          guard issuedAt <= validAt else { continue }
          rows.append(
            ExternalForecasts.Row(
              version: version, quantity: quantity, issuedAt: issuedAt, validAt: validAt,
              value: value))
        }
      }
      return ExternalForecasts(rows: rows)
    }
  }
}

extension ExternalForecastFile {
  /// Reads all issues of a site.
  private func stored(path: String, site: String) throws -> ExternalForecasts {
    do {
      let issues = try ProjectStore(path: path).forecastIssues(site: site)
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

extension ExternalForecastFile.IssueRule {
  /// The issue time of a slot. [UTC epoch s]
  package func instant(before validAt: Int, zone: Zone, file: String) throws -> Int {
    switch self {
    case .lead(let seconds): return validAt - seconds
    case .at(let time):
      switch zone.instant(of: time) {
      case .unique(let instant), .ambiguous(let instant, _): return instant
      case .nonexistent:
        throw InputError(
          "\(time) does not exist in \(zone.identifier)", at: SourcePosition(file: file))
      }
    case .daily(let minute):
      let day = zone.civil(at: validAt).dayNumber
      // Clock changes may move the hour, never the order of days.
      for candidate in [day, day - 1] {
        let instant = zone.startOfDay(candidate) + minute * 60
        if instant <= validAt { return instant }
      }
      return validAt
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
    let lead = reader.optionalNumber("issued_before_h", .zeroOrMore)
    guard let source = CSVSource(reader) else { return nil }
    let rules =
      [
        at.map(IssueRule.at), daily.map(IssueRule.daily),
        lead.map { IssueRule.lead(seconds: Int($0 * 3600)) },
      ].compactMap { $0 }
    guard rules.count == 1, let issue = rules.first else {
      reader.context.error(
        "a file with columns takes exactly one of 'issued_at', 'issued_daily_at' and "
          + "'issued_before_h'", at: reader.position,
        notes: ["without an issue time nobody can tell what was known when"])
      return nil
    }
    layout = .columns(source, version: version, issue: issue)
  }
}
