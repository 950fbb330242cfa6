import TimeSeries

/// Until when spot prices are known at an instant.
///
/// A day-ahead market publishes the prices of the next local day at a fixed hour; the rest of the
/// current day is always known. In a real-time market nothing ahead is known.
struct PublishedPrices {
  let zone: Zone
  let publicationMinute: Int?

  /// Returns the first instant whose price is not known yet. [UTC epoch s]
  func knownUntil(at instant: Int) -> Int {
    guard let publicationMinute else { return instant }
    let local = zone.civil(at: instant)
    let minute = local.hour * 60 + local.minute
    return zone.startOfDay(local.dayNumber + (minute >= publicationMinute ? 2 : 1))
  }
}
