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

  @Test("a payback within the last year is found")
  func lastYear() throws {
    let short = CashFlow(amounts: [-1000, 400, 400, 400])
    #expect(isClose(try #require(short.paybackYears()), 2.5, absolute: 1e-12))
  }

  @Test("what never pays back says so")
  func never() {
    let poor = CashFlow(amounts: [-1000, 10, 10])
    #expect(poor.paybackYears() == nil)
    #expect(CashFlow(amounts: [-1000, -10]).internalRateOfReturn == nil)
    #expect(CashFlow(amounts: [-1000, 3000, -2500]).internalRateOfReturn == nil)
  }
}
