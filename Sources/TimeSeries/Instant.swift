/// Instants as text.
package enum Instant {
  /// Returns an instant as ISO 8601 in UTC, for example `2024-03-31T01:00:00Z`.
  package static func utcText(_ instant: Int) -> String {
    let civil = CivilTime(localSeconds: instant)
    return "\(civil.dateText)T\(civil.clockText):\(twoDigits(civil.second))Z"
  }

  /// Returns an instant as ISO 8601 on the site's clock with its offset.
  package static func localText(_ instant: Int, zone: Zone) -> String {
    let offset = zone.offsetSeconds(at: instant)
    let civil = CivilTime(localSeconds: instant + offset)
    let minutes = abs(offset) / 60
    let sign = offset < 0 ? "-" : "+"
    return "\(civil.dateText)T\(civil.clockText)"
      + "\(sign)\(twoDigits(minutes / 60)):\(twoDigits(minutes % 60))"
  }
}
