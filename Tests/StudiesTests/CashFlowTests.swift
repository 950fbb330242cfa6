import Studies
import TestSupport
import Testing

@Suite("Cash flow") struct CashFlowTests {
  // −1000, then ten years of 300. Annuity factor at 5 %: (1 − 1.05⁻¹⁰)/0.05 = 7.721735, so
  // NPV = 2316.52 − 1000; payback 1000/300; the rate solves 300·a(r) = 1000. The figures agree
  // with those of SAM's cash loan model for the same flow.
  let flow = CashFlow(amounts: [-1000] + [Double](repeating: 300, count: 10))

  @Test("value, rate and payback of an even flow")
  func evenFlow() throws {
    #expect(isClose(flow.netPresentValue(discountRate: 0.05), 1316.52, absolute: 0.005))
    #expect(isClose(try #require(flow.internalRateOfReturn), 0.2732, absolute: 5e-5))
    #expect(isClose(try #require(flow.paybackYears()), 10.0 / 3, absolute: 1e-12))
    #expect(isClose(try #require(flow.paybackYears(discountRate: 0.05)), 3.7416, absolute: 5e-5))
  }

  @Test("without a discount the value is the sum, and the rate makes the value zero")
  func limits() throws {
    #expect(flow.netPresentValue(discountRate: 0) == 2000)
    let rate = try #require(flow.internalRateOfReturn)
    #expect(isClose(flow.netPresentValue(discountRate: rate), 0, absolute: 1e-9))
  }

  @Test("a payback within the last year, at its very end or at once is found")
  func edges() throws {
    let short = CashFlow(amounts: [-1000, 400, 400, 400])
    #expect(isClose(try #require(short.paybackYears()), 2.5, absolute: 1e-12))
    #expect(CashFlow(amounts: [-1000, 500, 500]).paybackYears() == 2)
    #expect(CashFlow(amounts: [0, 5]).paybackYears() == 0)
  }

  @Test("a payback that a later expense undoes comes when it is made good again")
  func undone() throws {
    // Sums: −1000, 200, −300, 100; the third year starts 300 short and brings 400.
    let cells = CashFlow(amounts: [-1000, 1200, -500, 400])
    #expect(cells.paybackYears() == 2.75)
    // At 10 %: −1000, +1090.91 − 1000 = 90.91, −413.22 → −322.31, +300.53 → −21.79.
    #expect(cells.paybackYears(discountRate: 0.1) == nil)
    #expect(CashFlow(amounts: [0, -5, 2]).paybackYears() == nil)
  }

  @Test("what never pays back says so")
  func never() throws {
    let poor = CashFlow(amounts: [-1000, 10, 10])
    #expect(poor.paybackYears() == nil)
    // 10x + 10x² = 1000 with x = 1/(1 + r): x = (√401 − 1)/2 = 9.51249, r = −0.894875.
    #expect(isClose(try #require(poor.internalRateOfReturn), -0.894875, absolute: 5e-7))
    #expect(CashFlow(amounts: [-1000]).paybackYears() == nil)
    #expect(CashFlow(amounts: [-1000]).internalRateOfReturn == nil)
    #expect(CashFlow(amounts: [-1000, -10]).internalRateOfReturn == nil)
    #expect(CashFlow(amounts: [-1000, 3000, -2500]).internalRateOfReturn == nil)
  }
}
