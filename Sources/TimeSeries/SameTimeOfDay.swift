/// Returns the place of the same local time on an earlier day, on an axis of equal steps.
///
/// Local time is place plus offset. The hour that an earlier day lacks, because clocks were set
/// forward, is taken from the hour after it. An hour that an earlier day has twice, because clocks
/// were set back, is taken where the offset is that of the place asked about or, failing that, where
/// it changes last: seen from later days, the second of the two.
///
/// - Parameters:
///   - place: Where to look back from.
///   - distance: Whole days back, as a distance on the axis.
///   - offset: Local time less place, at a place.
/// - Returns: The place, which lies as far back as the distance, less or more by the change of offset.
package func placeAtSameTime(
  as place: Int, back distance: Int, offset: (_ place: Int) -> Int
) -> Int {
  let straight = place - distance
  let own = offset(place)
  let guess = straight + own - offset(straight)
  if guess == straight || offset(guess) == offset(straight) { return guess }
  let second = straight + own - offset(guess)
  return offset(second) == offset(guess) ? second : max(guess, second)
}

extension Zone {
  /// Returns the instant of the same local time a number of days before; see
  /// `placeAtSameTime(as:back:offset:)`. [UTC epoch s]
  package func instant(_ instant: Int, daysBefore days: Int) -> Int {
    placeAtSameTime(as: instant, back: days * 86_400, offset: offsetSeconds)
  }
}

extension Quantity {
  /// True for what people and markets do by the clock; sun and weather know no change of clocks.
  package var followsClock: Bool {
    switch self {
    case .load, .price, .batteryPower, .stateOfCharge, .net, .importLimit, .exportLimit: true
    case .pv, .ambient, .irradiance, .cloudCover, .windSpeed: false
    }
  }
}
