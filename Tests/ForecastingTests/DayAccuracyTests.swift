import Forecasting
import Numerics
import TestSupport
import Testing

@Suite("Accuracy of a day") struct DayAccuracyTests {
  // Errors −1, 0, −2, 1: MAE 1, RMSE √1.5, mean −0.5; around it −0.5, 0.5, −1.5, 1.5, a deviation of √(5 / 3).
  // Changes 1, 1, 1 against 0, 3, −2: errors 1, −2, 3, mean 2. The three highest actual hours, the earlier of the
  // equal ones, are missed by −2, 1 and −1. Of the six pairs of hours four are in order, one is not and one is
  // equal in the actual curve: (4 − 1) / √(6 · 5).
  @Test("measures of a day of four hours, by hand") func byHand() {
    let day = DayAccuracy(
      forecast: [1, 2, 3, 4], actual: [2, 2, 5, 3], slotsPerHour: 1, naiveError: 0.5,
      revision: 0.25)
    let expected: [DayAccuracy.Measure: Double] = [
      .mae: 1, .rmse: 1.224745, .bias: 0.5, .mase: 2, .dispersion: 1.290994, .ramp: 2,
      .peak: 0.666667, .tau: 0.547723, .dailyMean: 0.5, .revision: 0.25,
    ]
    for (measure, value) in expected {
      #expect(isClose(day[measure], value, absolute: 1e-6), "\(measure)")
    }
    #expect(day[.crps].isNaN && day[.pinball].isNaN && day[.energyScore].isNaN)
  }

  // Paths at −5, −3, −1, 1, 3 and 5 in both hours, 1 in truth. Mean distance to it 18 / 6 = 3; the fifteen
  // distances between paths sum to 70, so 3 − 70 / 36 = 1.055556. Over both hours every distance is √2 times as
  // long. Deciles −4, −3, −2, −1, 0, 1, 2, 3, 4 lose 0.5, 0.8, 0.9, 0.8, 0.5, 0, 0.3, 0.4, 0.3: 4.5 / 9.
  @Test("scores of paths, by hand") func paths() {
    let day = DayAccuracy(
      forecast: [0, 0], actual: [1, 1], slotsPerHour: 1,
      earlierErrors: [1, -5, 5, -1, 3, -3].map { [$0, $0] })
    #expect(isClose(day[.crps], 1.055556, absolute: 1e-6))
    #expect(isClose(day[.energyScore], 1.055556, absolute: 1e-6))
    #expect(isClose(day[.pinball], 0.5, absolute: 1e-12))
  }

  @Test("a gap leaves the measures of single slots") func gap() {
    let day = DayAccuracy(forecast: [1, 2, 3], actual: [2, .nan, 3], slotsPerHour: 1)
    #expect(day[.mae] == 0.5)
    #expect(day[.dispersion].isNaN && day[.tau].isNaN && day[.peak].isNaN)
  }

  @Test("a forecast that tells no hours apart has no order, a day without an order has no tau")
  func flat() {
    #expect(DayAccuracy(forecast: [1, 1, 1], actual: [2, 4, 3], slotsPerHour: 1)[.tau] == 0)
    #expect(DayAccuracy(forecast: [1, 2, 3], actual: [2, 2, 2], slotsPerHour: 1)[.tau].isNaN)
  }

  // Kendall (1945) for two rankings with ties; here worked out: of 10 pairs 7 in order, 1 not; one pair is tied in
  // a alone and one in b alone: 6 / √(9 · 9).
  @Test("tau-b counts ties on either side") func ties() {
    let tau = Statistics.kendallTau([1, 2, 2, 4, 5], [1, 3, 2, 5, 3])
    #expect(isClose(tau, 6.0 / 9, absolute: 1e-12))
    #expect(Statistics.kendallTau([1, 2, 3], [3, 2, 1]) == -1)
    #expect(Statistics.kendallTau([1, 1], [1, 2]).isNaN)
  }
}
