import Foundation
import Numerics
import Replay
import Studies

/// Years of two made versions at a site whose true mean difference is known.
///
/// Daily peaks have season, weekday and heavy tails; a battery takes 10 kW off them unless the forecast
/// misses, by a chance common to both versions or of its own; with a ratchet it lets peaks rise to the
/// one already paid for in the month. Energy differences have season, weekday and heavy tails.
struct MadeYears {
  /// Price of a month's peak; 0 for a tariff without. [currency/kW]
  var pricePerKW: Double
  /// Chance a day that a version misses on its own, for the two versions.
  var missChances: [Double]
  /// True when peaks rise to the one already paid for.
  var hasRatchet: Bool
  /// Mean of the energy difference. [currency/day]
  var meanPerDay: Double
  /// Spread of the energy difference. [currency/day]
  var spreadPerDay: Double

  private static let lengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

  /// Draws a year of the costs of both versions.
  func year(_ random: inout SeededGenerator) -> [VersionCosts] {
    var versions = ["a", "b"].map { VersionCosts(name: $0, months: []) }
    var last = 0.0
    var day = 0
    for month in 1...12 {
      var energy: [[Double]] = [[], []]
      var paid = [0.0, 0.0]
      for _ in 0..<MadeYears.lengths[month - 1] {
        let isWeekend = day % 7 >= 5
        last = spreadPerDay * heavy(&random) - 0.15 * last
        let weekday = spreadPerDay * (isWeekend ? 0.5 : -0.2)
        let base = 20 + 5 * random.normal()
        energy[0].append(base + meanPerDay + last + season(month) + weekday)
        energy[1].append(base)
        let peak =
          30 + (month < 4 || month > 10 ? 4.0 : 0) - (isWeekend ? 8.0 : 0) + 3 * heavy(&random)
        let isCommonMiss = random.uniform() < 0.03
        let commonDepth = random.uniform()
        for version in 0..<2 {
          let isMiss = random.uniform() < missChances[version]
          let depth = random.uniform()
          let held = peak - 10 * (1 - (isCommonMiss ? commonDepth : isMiss ? depth : 0))
          let reached = hasRatchet ? min(peak, max(held, paid[version])) : held
          paid[version] = max(paid[version], reached)
        }
        day += 1
      }
      for version in 0..<2 {
        versions[version].months.append(
          MonthCosts(
            label: "2025-\(month < 10 ? "0" : "")\(month)", month: month,
            energyByDay: energy[version], demand: pricePerKW * paid[version],
            peakKW: paid[version]))
      }
    }
    return versions
  }

  /// Mean difference of a year's demand part per unit of price, from many years. [kW]
  static func meanPeakDifference(
    missChances: [Double], hasRatchet: Bool, years: Int, seed: UInt64
  ) -> Double {
    var random = SeededGenerator(seed: seed)
    let site = MadeYears(
      pricePerKW: 1, missChances: missChances, hasRatchet: hasRatchet, meanPerDay: 0,
      spreadPerDay: 0)
    var sum = 0.0
    for _ in 0..<years {
      let year = site.year(&random)
      for month in 0..<12 { sum += year[0].months[month].demand - year[1].months[month].demand }
    }
    return sum / Double(years)
  }

  /// Mean of a year's energy difference. [currency]
  var meanEnergy: Double {
    var sum = 0.0
    var day = 0
    for month in 1...12 {
      for _ in 0..<MadeYears.lengths[month - 1] {
        sum += meanPerDay + spreadPerDay * (day % 7 >= 5 ? 0.5 : -0.2)
        sum += season(month)
        day += 1
      }
    }
    return sum
  }

  /// Yearly wave of the energy difference. [currency/day]
  private func season(_ month: Int) -> Double {
    0.5 * spreadPerDay * cos(2 * Double.pi * Double(month - 1) / 12)
  }

  /// Student's t with five degrees of freedom, scaled to a variance of one.
  private func heavy(_ random: inout SeededGenerator) -> Double {
    var squares = 0.0
    for _ in 0..<5 {
      let value = random.normal()
      squares += value * value
    }
    return random.normal() / (squares / 5).squareRoot() * 0.6.squareRoot()
  }
}
