import Numerics
import Synthesis
import TestSupport
import Testing
import TimeSeries

@Suite("Synthetic site") struct SyntheticSiteTests {
  /// 2024-01-01T00:00 in Berlin is 2023-12-31T23:00Z.
  static let start = 1_704_063_600
  static let year = TimeGrid(start: start, stepSeconds: 900, count: 366 * 96)
  static let berlin = GeographicPosition(latitudeDeg: 52.5, longitudeDeg: 13.4)

  static func site(_ kind: SyntheticLoad.Kind, annualKWh: Double) -> SyntheticSite {
    SyntheticSite(
      place: berlin, load: SyntheticLoad(kind: kind, annualKWh: annualKWh),
      pv: SyntheticPV(peakKW: 10))
  }

  static func zone() throws -> Zone { try Zone("Europe/Berlin") }

  @Test("the same seed gives the same bits, another seed another history") func reproducible()
    throws
  {
    let site = Self.site(.home, annualKWh: 4000)
    let grid = TimeGrid(start: Self.start, stepSeconds: 900, count: 96 * 7)
    let a = site.history(grid: grid, zone: try Self.zone(), seed: 7)
    let b = site.history(grid: grid, zone: try Self.zone(), seed: 7)
    let c = site.history(grid: grid, zone: try Self.zone(), seed: 8)
    for quantity in [Quantity.load, .pv, .ambient, .price, .irradiance, .cloudCover, .windSpeed] {
      let column = try #require(a[quantity])
      #expect(column.map(\.bitPattern) == b[quantity]?.map(\.bitPattern))
      #expect(column != c[quantity])
      #expect(!column.contains { $0.isNaN })
    }
  }

  @Test("a week cut from the year is the week asked for alone") func cut() throws {
    let site = Self.site(.business, annualKWh: 50_000)
    let whole = site.history(grid: Self.year, zone: try Self.zone(), seed: 3)
    let part = Self.year[96 * 200..<96 * 207]
    let week = site.history(grid: part, zone: try Self.zone(), seed: 3)
    for quantity in [Quantity.load, .pv, .price, .ambient] {
      #expect(week[quantity] == whole[quantity].map { Array($0[96 * 200..<96 * 207]) })
    }
  }

  @Test("changing one part moves no other") func independent() throws {
    var site = Self.site(.home, annualKWh: 4000)
    let grid = TimeGrid(start: Self.start + 180 * 86_400, stepSeconds: 900, count: 96 * 3)
    let before = site.history(grid: grid, zone: try Self.zone(), seed: 1)
    site.pv = SyntheticPV(peakKW: 3, tiltDeg: 60, azimuthDeg: 90)
    let otherPV = site.history(grid: grid, zone: try Self.zone(), seed: 1)
    #expect(otherPV[.pv] != before[.pv])
    #expect(otherPV[.load] == before[.load])
    #expect(otherPV[.price] == before[.price])
    site.price = SyntheticPrice(meanPerKWh: 0.2)
    site.load.annualKWh = 9000
    let otherRest = site.history(grid: grid, zone: try Self.zone(), seed: 1)
    #expect(otherRest[.pv] == otherPV[.pv])
    #expect(otherRest[.ambient] == before[.ambient])
    #expect(otherRest[.load] != before[.load])
  }

  @Test("finer steps average to coarser ones") func steps() throws {
    let site = Self.site(.home, annualKWh: 4000)
    let fine = TimeGrid(start: Self.start, stepSeconds: 300, count: 288 * 2)
    let a = site.history(grid: fine, zone: try Self.zone(), seed: 5).resampled(stepSeconds: 3600)
    let b = site.history(grid: fine.withStep(3600), zone: try Self.zone(), seed: 5)
    let pairs = zip(try #require(a[.load]), try #require(b[.load]))
    for (x, y) in pairs { #expect(isClose(x, y, relative: 1e-12)) }
    // Day-ahead prices are constant within each hour.
    let prices = try #require(site.history(grid: fine, zone: try Self.zone(), seed: 5)[.price])
    for k in prices.indices { #expect(prices[k] == prices[k - k % 12]) }
  }

  @Test("energy of the year is what was asked for", arguments: SyntheticLoad.Kind.allCases)
  func annualEnergy(kind: SyntheticLoad.Kind) throws {
    let history = Self.site(kind, annualKWh: 12_345).history(
      grid: Self.year, zone: try Self.zone(), seed: 11)
    let load = try #require(history[.load])
    #expect(isClose(load.reduce(0, +) * 0.25, 12_345, relative: 1e-9))
    #expect((load.min() ?? -1) > 0)
    // A household's load factor lies between 5 and 30 %, a business's above 15 %.
    let factor = 12_345 / 8784 / (load.max() ?? 1)
    #expect(kind == .home ? (0.05...0.3).contains(factor) : (0.15...0.6).contains(factor))
  }

  @Test("a business is quiet on Sundays and a home is not") func weekdays() throws {
    let slots = LocalSlots(grid: Self.year, zone: try Self.zone())
    func noon(_ kind: SyntheticLoad.Kind, _ days: ClosedRange<Int>) throws -> Double {
      let load = try #require(
        Self.site(kind, annualKWh: 10_000).history(
          grid: Self.year, zone: try Self.zone(), seed: 2)[.load])
      return Statistics.mean(
        Self.year.indices.filter {
          days.contains(slots.weekday[$0]) && (600..<960).contains(slots.minuteOfDay[$0])
        }.map { load[$0] })
    }
    #expect(try noon(.business, 7...7) < 0.4 * noon(.business, 1...5))
    #expect(try noon(.home, 6...7) > 1.1 * noon(.home, 1...5))
  }

  // Fixed roofs in Germany yield 850 to 1150 kWh a year per kW (Fraunhofer ISE, "Aktuelle Fakten zur
  // Photovoltaik in Deutschland", specific yield about 970 kWh/kW).
  @Test("PV is dark at night, clipped, and yields what roofs yield", arguments: [1, 2, 3, 4])
  func photovoltaics(seed: UInt64) throws {
    let history = Self.site(.home, annualKWh: 4000).history(
      grid: Self.year, zone: try Self.zone(), seed: seed)
    let pv = try #require(history[.pv])
    let yield = pv.reduce(0, +) * 0.25 / 10
    #expect((850...1150).contains(yield), "yield \(yield), seed \(seed)")
    #expect((pv.max() ?? 0) <= 9)
    for i in stride(from: 0, to: pv.count, by: 7) {
      let from = SunPosition(at: Self.year.instant(i), place: Self.berlin)
      let to = SunPosition(at: Self.year.instant(i + 1), place: Self.berlin)
      if max(from.elevationDeg, to.elevationDeg) < 0 { #expect(pv[i] == 0) }
    }
  }

  // The clear-sky index of German stations has a day-to-day memory: overcast follows overcast.
  @Test("weather lasts: daily irradiance sums correlate from day to day") func persistence() throws
  {
    let history = Self.site(.home, annualKWh: 4000).history(
      grid: Self.year, zone: try Self.zone(), seed: 9)
    let irradiance = try #require(history[.irradiance])
    let ambient = try #require(history[.ambient])
    // June to August only, so that the season does not make the correlation.
    let days = (152..<244).map { day in
      Statistics.mean(irradiance[day * 96..<(day + 1) * 96])
    }
    let correlation = Statistics.correlation(Array(days.dropLast()), Array(days.dropFirst()))
    #expect(correlation > 0.15, "\(correlation)")
    #expect(Statistics.mean(ambient[152 * 96..<244 * 96]) > 15)
    #expect(Statistics.mean(ambient[0..<59 * 96]) < 5)
    #expect((-30 ... -5).contains(ambient.min() ?? 0))
    #expect((28...42).contains(ambient.max() ?? 0))
  }

  // DE_LU 2025 (prices_dayahead): mean 0.0893, standard deviation 0.0514, 6.5 % negative hours; SE4: 4.3 %.
  @Test("the price has the marks of a market with sun and wind", arguments: [1, 2, 3, 4, 5])
  func price(seed: UInt64) throws {
    let grid = Self.year.withStep(3600)
    let history = Self.site(.home, annualKWh: 4000).history(
      grid: grid, zone: try Self.zone(), seed: seed)
    let price = try #require(history[.price])
    let slots = LocalSlots(grid: grid, zone: try Self.zone())
    let negative = Double(price.count { $0 < 0 }) / Double(price.count)
    #expect((0.02...0.12).contains(negative), "negative share \(negative), seed \(seed)")
    #expect(isClose(Statistics.mean(price), 0.085, absolute: 1e-5))
    let deviation = Statistics.standardDeviation(price)
    #expect((0.03...0.08).contains(deviation), "standard deviation \(deviation), seed \(seed)")
    func mean(hour: Int, months: ClosedRange<Int>) -> Double {
      Statistics.mean(
        grid.indices.filter {
          slots.minuteOfDay[$0] == hour * 60 && months.contains(slots.month[$0])
        }.map { price[$0] })
    }
    #expect(mean(hour: 13, months: 5...8) < 0.5 * mean(hour: 20, months: 5...8))
    #expect(mean(hour: 19, months: 11...12) > mean(hour: 3, months: 11...12))
    #expect((price.max() ?? 0) > 0.2 && (price.max() ?? 9) < 1.5)
    #expect((price.min() ?? 0) < -0.005 && (price.min() ?? -9) > -0.3)
    let irradiance = try #require(history[.irradiance])
    #expect(Statistics.correlation(price, irradiance) < -0.25)
  }

  @Test("days of 23 and 25 hours, and the southern hemisphere") func calendar() throws {
    let melbourne = try Zone("Australia/Melbourne")
    let site = SyntheticSite(
      place: GeographicPosition(latitudeDeg: -37.9, longitudeDeg: 145.1),
      load: SyntheticLoad(kind: .business, annualKWh: 100_000),
      pv: SyntheticPV(peakKW: 50, tiltDeg: 20, azimuthDeg: 0))
    // 2020-10-04 has 23 hours there; two years touch.
    let grid = TimeGrid(start: 1_601_640_000, stepSeconds: 1800, count: 48 * 120)
    let history = site.history(grid: grid, zone: melbourne, seed: 4)
    #expect(!(history[.load] ?? [.nan]).contains { $0.isNaN })
    let ambient = try #require(history[.ambient])
    #expect(
      Statistics.mean(ambient.suffix(48 * 20)) > Statistics.mean(ambient.prefix(48 * 20)) + 3)
  }
}
