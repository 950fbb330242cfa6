import Numerics
import TestSupport
import Testing

@Suite("Signed ranks") struct SignedRankTests {
  // All of n signs alike: 2 of 2ⁿ choices are as one-sided.
  @Test("signs that are all alike", arguments: [(5, 0.0625), (6, 0.03125), (8, 0.0078125)])
  func alike(count: Int, expected: Double) {
    let differences = (1...count).map { Double($0) }
    #expect(isClose(SignedRankTest.probability(differences), expected, absolute: 1e-12))
    #expect(isClose(SignedRankTest.probability(differences.map { -$0 }), expected, absolute: 1e-12))
  }

  // Ranks of 1, 2, −3, 4, 5: 12 against 3. Sums of at most 3 out of {1, 2, 3, 4, 5}: none, 1, 2, 3, 1 + 2, five
  // of 32 choices, on either side: 10 / 32.
  @Test("one sign against the others, by hand") func byHand() {
    #expect(isClose(SignedRankTest.probability([1, 2, -3, 4, 5]), 0.3125, absolute: 1e-12))
  }

  // Wilcoxon's own example of eight pairs of wheat plots has differences whose lesser rank sum is 3; sums of at
  // most 3 out of {1 … 8} are again five, of 256, on either side: 0.039.
  @Test("eight pairs with a lesser sum of three") func eight() {
    let p = SignedRankTest.probability([4, -1, -2, 8, 5, 6, 7, 3])
    #expect(isClose(p, 10 / 256.0, absolute: 1e-12))
  }

  // 1, 1 and −1 share rank 2: 4 against 2. Twice the ranks are 4, 4, 4: sums of at most 4 are none or one of
  // them, 4 of 8, on either side: 1.
  @Test("shared ranks") func shared() {
    #expect(SignedRankTest.probability([1, 1, -1]) == 1)
  }

  // Of three zeros one is left out and two share rank 1.5; 1.5 counts to either side. 2, 3 have ranks 3 and 4:
  // 8.5 against 1.5. Sums of at most 1.5 of {1.5, 1.5, 3, 4}: none, 1.5, 1.5: 3 of 16, on either side: 0.375.
  @Test("differences of nothing count to both sides") func zeros() {
    #expect(isClose(SignedRankTest.probability([0, 2, 0, 3, 0]), 0.375, absolute: 1e-12))
    #expect(SignedRankTest.probability([0, 0, 0]) == 1)
    #expect(SignedRankTest.probability([]) == 1)
  }
}
