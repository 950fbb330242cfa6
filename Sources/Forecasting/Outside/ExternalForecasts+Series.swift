package import TimeSeries

extension ExternalForecasts {
  /// When the values of a published series had been issued.
  package enum IssueRule: Sendable, Hashable {
    /// All at one instant. [UTC epoch s]
    case at(Int)
    /// Each a fixed time before its slot begins. [s]
    case beforeSlot(Int)
    /// Each at a time of the local day that lies a number of days before the slot's local day; without a
    /// number, at the newest such time that is not after the slot. [min]
    case daily(minuteOfDay: Int, daysBefore: Int?)

    /// The issue time of a slot, nothing when it would be after the slot. [UTC epoch s]
    package func instant(before validAt: Int, zone: Zone) -> Int? {
      switch self {
      case .at(let instant): return instant <= validAt ? instant : nil
      case .beforeSlot(let seconds): return validAt - seconds
      case .daily(let minute, let daysBefore):
        let day = zone.civil(at: validAt).dayNumber
        // Clock changes may move the hour, never the order of days.
        let candidates = (daysBefore.map { [$0] } ?? [0, 1]).map {
          zone.startOfDay(day - $0) + minute * 60
        }
        return candidates.first { $0 <= validAt }
      }
    }
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
  package init(
    version: String, quantity: Quantity, series: Series, issued: IssueRule, zone: Zone
  ) {
    let rows = series.grid.indices.compactMap { i -> Row? in
      let valid = series.grid.instant(i)
      guard series.values[i].isFinite, let issue = issued.instant(before: valid, zone: zone)
      else { return nil }
      return Row(
        version: version, quantity: quantity, issuedAt: issue, validAt: valid,
        value: series.values[i])
    }
    self.init(rows: rows)
  }
}
