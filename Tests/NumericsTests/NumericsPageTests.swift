import Numerics
import TestSupport
import Testing

@Suite("Page of Numerics") struct NumericsPageTests {
  @Test("the page shows this code")
  func example() throws {
    #expect(try PageExample(room: "Numerics").isCode())

    // A week of gains and a week of losses decide nothing.
    let days = [Double](repeating: 0.4, count: 7) + [Double](repeating: -0.2, count: 7)
    let interval = BlockBootstrap(seed: 1).meanInterval(days)
    print(interval.mean, interval.low, interval.high)

    // A table is straight between its nodes and flat outside of them.
    let share = LinearTable(x: [40, 50], y: [1, 0])
    print(share(45), share(60))

    #expect(isClose(interval.mean, 0.1, absolute: 1e-12))
    #expect(interval.low < 0 && interval.high > 0)
    #expect(share(45) == 0.5)
    #expect(share(60) == 0)
  }
}
