import Planning
import TestSupport
import Testing

@Suite("Targets from trailing days") struct TrailingTargetTests {
  /// Days of four hours, of which energy costs nothing unless a price is given.
  private static func day(
    _ netKW: [Double], kind: Int = 0, buy: Double = 0, counts: [[Bool]]? = nil
  ) -> TrailingTarget.Day {
    TrailingTarget.Day(
      kind: kind, netKW: netKW, buyPerKWh: netKW.map { _ in buy },
      sellPerKWh: netKW.map { _ in 0 }, counts: counts ?? [netKW.map { _ in true }])
  }

  private static let battery = TrailingTarget.Battery(
    chargeKW: 2, dischargeKW: 2, capacityKWh: 2, chargeEfficiency: 1, dischargeEfficiency: 1)

  /// A workday with an hour of 4 kW, one with two hours of 6 kW, and a day of rest.
  private static let days = [
    day([1, 4, 1, 1]), day([1, 6, 6, 1]), day([1, 1, 1, 1], kind: 1),
  ]

  private static func target(
    workdays: Int, restDays: Int = 3, incurredKW: Double = 0, days: [TrailingTarget.Day] = days
  ) -> TrailingTarget? {
    TrailingTarget(
      charges: [.init(pricePerKW: 10, incurredKW: incurredKW)], days: days,
      daysLeft: [workdays, restDays], battery: battery, stepHours: 1)
  }

  // By hand. Levels go from 6 − 1.15 · 2 = 3.7 to 1.02 · 6 = 6.12 in steps of 2.42 / 29. Below 4 kW the
  // battery's 2 kW leave 4 of the short peak's 4 kW at the level, and of the long peak, which empties
  // the battery in its first hour, 6 kW in its second. From 4 to 5 kW the first hour takes 6 − D of
  // the 2 kWh and the second is left with 10 − D.
  // One workday left: half of 3.7 and half of 6 at the lowest level, 4.85, and 5 from 4 kW on.
  // Two left: both are short in a quarter of all cases, so a level of 4 to 5 kW costs
  // D / 4 + 3 / 4 · (10 − D), which falls to 5 at 5 kW; the sixteenth level is 3.7 + 15 · 2.42 / 29 =
  // 4.951724 with 5.024138, the next one 5.035172. The lowest level would come to 5.425.
  @Test(
    "the more days are left the less a target trusts the short peak",
    arguments: [(1, 3.7, 4.85), (2, 4.951_724, 5.024_138)])
  func daysLeft(workdays: Int, levelKW: Double, expectedKW: Double) throws {
    let target = try #require(Self.target(workdays: workdays))
    #expect(isClose(target.targetsKW[0], levelKW, absolute: 1e-6))
    #expect(isClose(target.expectedCost, 10 * expectedKW, absolute: 1e-4))
  }

  // One workday left and 5.8 kW paid for. Up to 4 kW the long day comes to 6 kW, half of the cases:
  // 5.9. From 4.2 to 5.8 kW it comes to no more than 5.8, and the highest of levels that cost the same
  // counts: 3.7 + 25 · 2.42 / 29 = 5.786207.
  @Test("a peak that is paid for already is not saved again") func incurred() throws {
    let target = try #require(Self.target(workdays: 1, incurredKW: 5.8))
    #expect(isClose(target.targetsKW[0], 5.786_207, absolute: 1e-6))
    #expect(isClose(target.expectedCost, 58, absolute: 1e-9))
  }

  // Only days of rest are left, 1 kW each whatever the level: 37 for the target of 3.7 kW, and twice the
  // day's 4 kWh at 0.5.
  @Test("days of the other kind do not count, energy does") func kinds() throws {
    let days = Self.days.map { day in
      Self.day(day.netKW, kind: day.kind, buy: 0.5)
    }
    let target = try #require(Self.target(workdays: 0, restDays: 2, days: days))
    #expect(isClose(target.expectedCost, 37 + 2 * 4 * 0.5, absolute: 1e-9))
  }

  // One day of which the third hour counts for the second charge as well, at 20 beside 10. Each kWh
  // saves more there, so the first level is the highest below the load, 3.7 + 14 · 2.42 / 15 = 5.958667:
  // the next one, 6.12, costs more than the 6 kW of the load. It takes 0.041333 kWh, and the rest brings the
  // third hour to 6 − 1.958667 = 4.041333: 59.586667 + 80.826667. Of the levels of the second charge that ask
  // for more than that, 3.7 + k · 2.42 / 11, the highest is 3.92.
  @Test("two charges are aimed at together") func twoCharges() throws {
    let target = try #require(
      TrailingTarget(
        charges: [
          .init(pricePerKW: 10, incurredKW: 0), .init(pricePerKW: 20, incurredKW: 0),
        ],
        days: [
          Self.day(
            [1, 6, 6, 1],
            counts: [[true, true, true, true], [false, false, true, false]])
        ], daysLeft: [1], battery: Self.battery, stepHours: 1))
    #expect(isClose(target.targetsKW[0], 5.958_667, absolute: 1e-6))
    #expect(isClose(target.targetsKW[1], 3.92, absolute: 1e-9))
    #expect(isClose(target.expectedCost, 140.413_333, absolute: 1e-5))
  }

  @Test("without a day of a kind that is left, or with too many charges, there is no target")
  func nothing() {
    #expect(Self.target(workdays: 1, days: [Self.days[2]]) == nil)
    #expect(Self.target(workdays: 0, restDays: 0) == nil)
    let charge = TrailingTarget.Charge(pricePerKW: 1, incurredKW: 0)
    let day = Self.day([1, 2], counts: [[true, true], [true, true], [true, true]])
    for count in [0, 3] {
      let target = TrailingTarget(
        charges: [TrailingTarget.Charge](repeating: charge, count: count), days: [day],
        daysLeft: [1], battery: Self.battery, stepHours: 1)
      #expect(target == nil)
    }
  }
}
