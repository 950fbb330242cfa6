/// Instants as text.
package enum Instant {
  /// Returns an instant as ISO 8601 in UTC, for example `2024-03-31T01:00:00Z`.
  package static func utcText(_ instant: Int) -> String {
    let civil = CivilTime(localSeconds: instant)
    return "\(civil.year)-\(twoDigits(civil.month))-\(twoDigits(civil.day))T"
      + "\(twoDigits(civil.hour)):\(twoDigits(civil.minute)):\(twoDigits(civil.second))Z"
  }

  /// Returns an instant as ISO 8601 on the site's clock with its offset.
  package static func localText(_ instant: Int, zone: Zone) -> String {
    let offset = zone.offsetSeconds(at: instant)
    let civil = CivilTime(localSeconds: instant + offset)
    let minutes = abs(offset) / 60
    let sign = offset < 0 ? "-" : "+"
    return "\(civil.year)-\(twoDigits(civil.month))-\(twoDigits(civil.day))T"
      + "\(twoDigits(civil.hour)):\(twoDigits(civil.minute))"
      + "\(sign)\(twoDigits(minutes / 60)):\(twoDigits(minutes % 60))"
  }
}
