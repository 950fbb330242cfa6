public import TimeSeries

extension ExternalForecasts {
  /// When the values of a published series had been issued.
  public enum IssueRule: Sendable, Hashable {
    /// All at one instant. [UTC epoch s]
    case at(Int)
    /// Each a fixed time before its slot begins. [s]
    case beforeSlot(Int)
    /// Each at an hour of the local day that lies a number of days before the slot's local day.
    case daily(hour: Int, daysBefore: Int)
  }

  /// Turns a published series, one value per slot, into a version.
  ///
  /// A series without issue times of its own is only worth as much as the rule stated for it.
  ///
  /// - Parameters:
  ///   - version: Name of the version.
  ///   - quantity: What is forecast.
  ///   - series: Values in the unit of the quantity; NaN where none was published.
  ///   - issued: When each had been issued.
  ///   - zone: The zone of `daily` rules.
  public init(
    version: String, quantity: Quantity, series: Series, issued: IssueRule, zone: Zone
  ) {
    let rows = series.grid.indices.compactMap { i -> Row? in
      guard series.values[i].isFinite else { return nil }
      let valid = series.grid.instant(i)
      let issue: Int
      switch issued {
      case .at(let instant): issue = instant
      case .beforeSlot(let seconds): issue = valid - seconds
      case .daily(let hour, let daysBefore):
        let day = zone.civil(at: valid).dayNumber - daysBefore
        issue = zone.startOfDay(day) + hour * 3600
      }
      guard issue <= valid else { return nil }
      return Row(
        version: version, quantity: quantity, issuedAt: issue, validAt: valid,
        value: series.values[i])
    }
    self.init(rows: rows)
  }
}
