import Testing

@testable import Forecasting

@Suite("Counts of forecast slots") struct ForecastCountsTests {
  @Test("every stored count is declared as a counter of its own")
  func everyCountIsDeclared() {
    let stored = Mirror(reflecting: ForecastCounts()).children.count
    #expect(ForecastCounts.counters.count { $0.parts.count == 1 } == stored)
    #expect(Set(ForecastCounts.counters.map(\.key)).count == ForecastCounts.counters.count)
  }

  @Test("adding sums each count, and what is clamped is floor, cap and night together")
  func adding() {
    var counts = ForecastCounts()
    counts.filled = 2
    counts.floored = 3
    counts.bounded = 5
    var other = ForecastCounts()
    other.filled = 10
    other.capped = 20
    other.night = 40
    other.crossed = 7
    other.doubtedSun = 1
    counts += other
    let found = Dictionary(
      uniqueKeysWithValues: ForecastCounts.counters.map { ($0.key, $0.count(counts)) })
    #expect(
      found == [
        "filled_slots": 12, "clamped_slots": 63, "floor_slots": 3, "cap_slots": 20,
        "night_slots": 40, "bounded_slots": 5, "crossed_slots": 7, "doubted_sun_slots": 1,
        "forecast_slots": 0, "unscored_slots": 0,
      ])
  }

  @Test("models of the same slots are told by the larger count")
  func larger() {
    var a = ForecastCounts()
    a.bounded = 4
    a.filled = 1
    var b = ForecastCounts()
    b.bounded = 3
    b.filled = 6
    let both = a.combined(with: b, max)
    #expect(both.bounded == 4 && both.filled == 6)
  }

  @Test("counts of zero are not told")
  func remarks() {
    var counts = ForecastCounts()
    #expect(counts.remarks().isEmpty)
    counts.night = 9
    counts.bounded = 2
    #expect(
      counts.remarks() == [
        "9 slots clamped (floor, cap, night)",
        "2 slots with weather beyond what the fit had seen, held at its edge",
      ])
    #expect(
      counts.remarks(in: .backtestSentences) == [
        "2 slots with weather beyond what the fit had seen, held at its edge"
      ])
  }
}
