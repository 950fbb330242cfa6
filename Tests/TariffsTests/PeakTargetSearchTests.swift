import Testing
import TestSupport

@testable import Tariffs

@Suite("Search for a month's peak target") struct PeakTargetSearchTests {
  @Test(
    "the lowest of a cost with a kink is found to a twentieth", arguments: [0.0, 0.33, 0.5, 0.8, 1])
  func kink(best: Double) {
    let search = PeakTargetSearch(gridCount: 6, rounds: 4) { abs($0 - best) * 100 }
    #expect(isClose(search.share, best, absolute: 0.05))
    #expect(search.evaluations <= 12)
  }

  @Test("of equal costs the whole peak is kept") func flat() {
    #expect(PeakTargetSearch { _ in 5 }.share == 1)
  }
}
