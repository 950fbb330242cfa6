import Foundation
import Testing
import TimeSeries

@testable import Store

@Suite("Labels of days") struct DayLabelTests {
  /// Four days of hours in Berlin from 2024-01-01, 19723 days after 1970-01-01.
  private let grid = TimeGrid(start: 1_704_063_600, stepSeconds: 3600, count: 96)

  private func quality(bad: [Int: Int]) -> [SlotQuality] {
    grid.indices.map { k in (bad[k / 24] ?? 0) > k % 24 ? .gap : .ok }
  }

  @Test("a quarter of a day masks a channel; a day without its load is excluded") func verdicts()
    throws
  {
    // Six of 24 hours are a quarter.
    let ones = [Double](repeating: 1, count: 96)
    let history = SiteHistory(
      grid: grid, zone: try Zone("Europe/Berlin"), columns: [.load: ones, .pv: ones, .price: ones])
    let labels = try DayLabel.labels(
      of: MarkedHistory(
        history,
        quality: [
          .load: quality(bad: [2: 6]), .pv: quality(bad: [0: 5, 1: 6, 2: 24]),
          .price: quality(bad: [1: 24]),
        ]))
    #expect(
      labels == [
        DayLabel(day: 19_723, verdict: .clean),
        DayLabel(day: 19_724, verdict: .masked, quantity: .pv),
        DayLabel(day: 19_724, verdict: .masked, quantity: .price),
        DayLabel(day: 19_725, verdict: .excluded),
        DayLabel(day: 19_726, verdict: .clean),
      ])
  }

  @Test("labels are kept, replaced by day, and take out what they withhold") func kept() throws {
    let store = try ProjectStore(path: ":memory:")
    let zone = try Zone("Europe/Berlin")
    let ones = [Double](repeating: 1, count: 96)
    var history = SiteHistory(
      grid: grid, zone: zone, columns: [.load: ones, .pv: ones, .price: ones])
    try store.write(history, site: "home")
    try store.write([DayLabel(day: 19_724, verdict: .excluded)], site: "home")
    try store.write(
      [
        DayLabel(day: 19_724, verdict: .masked, quantity: .pv),
        DayLabel(day: 19_725, verdict: .excluded),
        DayLabel(day: 19_726, verdict: .clean),
      ], site: "home")
    let labels = try store.dayLabels(site: "home")
    #expect(labels.map(\.day) == [19_724, 19_725, 19_726])
    #expect(labels.map(\.verdict) == [.masked, .excluded, .clean])
    #expect(history.withhold(labels) == [.pv: 48, .load: 24])
    #expect(
      history[.pv]?[23..<73].map { $0.isNaN ? 0 : 1 } == [1] + [Double](repeating: 0, count: 48) + [
        1
      ])
    #expect(history[.load]?.filter(\.isNaN).count == 24 && history[.price] == ones)
    #expect(throws: StoreError.self) { try store.write(labels, site: "elsewhere") }
  }
}
