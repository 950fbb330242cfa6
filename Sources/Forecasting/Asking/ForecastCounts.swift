/// How many slots of forecasts hold something else than what the version said, by what was done.
///
/// A count is declared in this file once, as a property and in `counters`; sums, JSON, sentences and
/// documentation are made from there.
package struct ForecastCounts: Sendable, Hashable {
  /// Slots whose point value came from the stated fallback instead of the version itself.
  package var filled = 0
  /// Slots raised to the floor of zero (load and PV).
  package var floored = 0
  /// Slots cut to the cap (PV capacity).
  package var capped = 0
  /// Slots of PV set to zero because the sun is down or never shone on the plant then.
  package var night = 0
  /// Slots for which a column of the weather lay beyond what the fit has seen and was held at the edge
  /// of it.
  package var bounded = 0
  /// Slots where quantiles crossed and were put in order.
  package var crossed = 0
  /// Slots in the dark that were left alone because the plant reports output in the dark.
  package var doubtedSun = 0
  /// Slots forecast that lie within the history.
  package var inHistory = 0
  /// Of these, slots that nobody measured.
  package var unscored = 0

  /// Slots of which the guards changed the point value.
  package var clamped: Int { floored + capped + night }

  /// Share of the slots forecast that the fallback filled; 0 without any.
  package var filledShare: Double { inHistory > 0 ? Double(filled) / Double(inHistory) : 0 }
  /// Share of the slots forecast that nobody measured; 0 without any.
  package var unscoredShare: Double { inHistory > 0 ? Double(unscored) / Double(inHistory) : 0 }

  /// Takes in what was measured of the slots of a forecast, NaN where nothing was.
  package mutating func note(actual: ArraySlice<Double>) {
    inHistory += actual.count
    unscored += actual.count { !$0.isFinite }
  }

  /// Begins at zero.
  package init() {}

  /// Every count, in the order in which they are told.
  package static let counters: [ForecastCounter] = [
    ForecastCounter(
      "filled_slots", [\.filled], header: "filled", "forecast slots filled by the stated fallback",
      in: [.issue, .replay, .leaderboard, .backtest, .sentences]),
    ForecastCounter(
      "clamped_slots", [\.floored, \.capped, \.night], header: "clamped",
      "slots clamped (floor, cap, night)",
      in: [.issue, .replay, .backtest, .sentences]),
    ForecastCounter("floor_slots", [\.floored], "slots raised to the floor of zero", in: .guards),
    ForecastCounter("cap_slots", [\.capped], "slots cut to the plant's power", in: .guards),
    ForecastCounter("night_slots", [\.night], "slots of PV set to zero in the dark", in: .guards),
    ForecastCounter(
      "bounded_slots", [\.bounded],
      "slots with weather beyond what the fit had seen, held at its edge",
      in: [.replay, .guards, .sentences, .backtestSentences]),
    ForecastCounter(
      "crossed_slots", [\.crossed], "slots whose quantiles crossed and were put in order",
      in: .backtest),
    ForecastCounter(
      "doubted_sun_slots", [\.doubtedSun],
      "slots in the dark not set to zero, because the plant reports output in the dark (check its "
        + "meter, clock and place)",
      in: [.backtest, .sentences, .backtestSentences]),
    ForecastCounter(
      "forecast_slots", [\.inHistory], "slots forecast within the history",
      in: [.replay, .backtest]),
    ForecastCounter(
      "unscored_slots", [\.unscored], header: "unscored",
      "slots forecast that nobody measured (filled, or after the end of the data), left out of the "
        + "errors",
      in: [.replay, .leaderboard, .backtest, .sentences, .backtestSentences]),
  ]

  /// Returns the counts that a result shows.
  package static func counters(in places: ForecastCounter.Places) -> [ForecastCounter] {
    counters.filter { $0.places.contains(places) }
  }

  /// Returns the counts above zero in words.
  package func remarks(in places: ForecastCounter.Places = .sentences) -> [String] {
    Self.counters(in: places).filter { $0.count(self) > 0 }.map { "\($0.count(self)) \($0.words)" }
  }

  /// Adds the counts of another forecast.
  package static func += (counts: inout ForecastCounts, other: ForecastCounts) {
    // Most forecasts need nothing done to them.
    guard other != ForecastCounts() else { return }
    counts = counts.combined(with: other, +)
  }

  /// Raises each count to that of another forecast of the same slots.
  package mutating func raise(to other: ForecastCounts) {
    guard other != self else { return }
    self = combined(with: other, max)
  }

  /// Returns the counts, each combined with the other's; counts that are sums follow from their parts.
  func combined(
    with other: ForecastCounts, _ operation: (Int, Int) -> Int
  ) -> ForecastCounts {
    var counts = self
    for counter in Self.counters where counter.parts.count == 1 {
      let part = counter.parts[0]
      counts[keyPath: part] = operation(self[keyPath: part], other[keyPath: part])
    }
    return counts
  }
}
