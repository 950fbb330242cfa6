import Studies
import TestSupport
import Testing

@Suite("Page of Studies") struct StudiesPageTests {
  @Test("the page shows this code")
  func example() throws {
    #expect(try PageExample(room: "Studies").isCode())

    // A battery for 9000 saves 1200 a year; its cells are replaced in year 10 for 3600.
    let flow = CashFlow(
      amounts: [-9000] + (1...15).map { $0 == 10 ? 1200 - 3600 : 1200 })
    print(flow.netPresentValue(discountRate: 0.05), flow.paybackYears() ?? .infinity)

    // Annuity factor of 15 years at 5 %: 10.379658; new cells 3600/1.05¹⁰ = 2210.09.
    #expect(
      isClose(
        flow.netPresentValue(discountRate: 0.05), 1200 * 10.379658 - 9000 - 2210.09,
        absolute: 0.01))
    // 1800 in hand after nine years, 600 short after the cells, made good half way through year 11.
    #expect(flow.paybackYears() == 10.5)
  }
}
