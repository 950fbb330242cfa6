import TestSupport
import Testing

@testable import Studies

@Suite("Shapley shares") struct ShapleySharesTests {
  /// The mean of what each cause changes over all orders, written out.
  private func overOrders(_ count: Int, _ cost: (Int) -> Double) -> [Double] {
    var sums = [Double](repeating: 0, count: count)
    var orders = 0.0
    func follow(_ order: [Int]) {
      guard order.count == count else {
        for next in 0..<count where !order.contains(next) { follow(order + [next]) }
        return
      }
      orders += 1
      var removed = 0
      for cause in order {
        sums[cause] += cost(removed) - cost(removed | 1 << cause)
        removed |= 1 << cause
      }
    }
    follow([])
    return sums.map { $0 / orders }
  }

  // By hand: with the first cause gone the cost is 6, with the second 9, with both 2; alone they save 4
  // and 1, after the other 7 and 4: (4 + 7)/2 and (1 + 4)/2.
  @Test("two causes share what both save by the mean of both orders") func two() {
    let costs = [10.0, 6, 9, 2]
    #expect(ShapleyShares.shares(2) { costs[$0] } == [5.5, 2.5])
  }

  @Test("shares are the mean over all orders and sum to the difference", arguments: 0...3)
  func orders(count: Int) {
    let costs = [100.0, 71, 88.5, 60, 93, 70, 80, 41.25]
    let shares = ShapleyShares.shares(count) { costs[$0] }
    #expect(shares.count == count)
    for (share, expected) in zip(shares, overOrders(count) { costs[$0] }) {
      #expect(isClose(share, expected, absolute: 1e-12))
    }
    #expect(isClose(shares.reduce(0, +), costs[0] - costs[(1 << count) - 1], absolute: 1e-12))
  }

  @Test("a cause that changes nothing beside any others has exactly no share") func dummy() {
    let shares = ShapleyShares.shares(3) { [10.1, 6.3, 10.1, 6.3, 7.7, 2.9, 7.7, 2.9][$0] }
    #expect(shares[1] == 0)
  }
}
