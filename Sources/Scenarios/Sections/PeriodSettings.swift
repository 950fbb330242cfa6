package import TimeSeries

/// What is replayed, and on which step it is settled: the section `period`.
package struct PeriodSettings: Sendable, Hashable {
  /// First instant, a local midnight. [UTC epoch s]
  package var start: Int
  /// End, a local midnight; not part of the period. [UTC epoch s]
  package var end: Int
  /// Step of the history and of settlement. [s]
  package var stepSeconds: Int
  /// Local days of history before the period, which forecasters may learn from.
  package var warmUpDays: Int
  /// First instant of the warm-up. [UTC epoch s]
  package var historyStart: Int

  /// The slots of the period.
  package var grid: TimeGrid { TimeGrid(from: start, to: end, stepSeconds: stepSeconds) }

  /// The slots of warm-up and period.
  package var historyGrid: TimeGrid {
    TimeGrid(from: historyStart, to: end, stepSeconds: stepSeconds)
  }
}

extension PeriodSettings {
  /// Six years of 10 s: more would not fit the memory of a usual machine in all its columns.
  private static let mostSlots = 20_000_000

  /// Reads the section for a site's clock.
  init?(_ reader: MappingReader, zone: Zone) {
    let from = reader.date("from")
    let to = reader.date("to")
    let step = reader.integer("step_s", 1...86_400, default: 900)
    warmUpDays = reader.integer("warm_up_days", 0...3660, default: 28)
    reader.require(
      86_400 % step == 0 && (step % 60 == 0 || 60 % step == 0), "step_s",
      "'step_s' must divide a day and be whole minutes or divide one, found '\(step)'")
    guard let from, let to else { return nil }
    reader.require(
      from < to, "to", "'to' is the day after the last one, so it must be later than 'from'")
    for (key, day) in [("from", from), ("to", to)] {
      reader.require(
        (1971...2100).contains(day.year), key,
        "'\(key)' must lie in the years 1971 to 2100, for which clock changes are known")
    }
    let slots = (to.dayNumber - from.dayNumber + warmUpDays) * (86_400 / step)
    reader.require(
      slots <= Self.mostSlots, "step_s",
      "a period has at most \(Self.mostSlots) steps, found \(slots)")
    guard reader.isSound else { return nil }
    start = zone.startOfDay(from.dayNumber)
    end = zone.startOfDay(to.dayNumber)
    historyStart = zone.startOfDay(from.dayNumber - warmUpDays)
    stepSeconds = step
    for (key, instant) in [("from", start), ("to", end), ("from", historyStart)]
    where (instant - start) % step != 0 {
      reader.error(
        key, "a step of \(step) s does not meet local midnight on every day of the period")
      return nil
    }
  }
}
