import Forecasting
import TestSupport
import Testing
import TimeSeries

/// The classical versions computed the plain way: every value from the whole past, slot by slot.
private struct PlainVersions {
  let y: [Double]
  let perDay: Int
  let stepHours: Double
  /// Slot of the local day and whether the day is a weekend, per slot.
  let slot: [Int]
  /// Slots by local day and slot of it, for what goes by the clock; empty for the sun.
  let places: [[Int]: [Int]]
  /// Local day, per slot.
  let dayNumber: [Int]
  let isWeekend: [Bool]
  /// First unknown slot.
  let issue: Int
  /// Nominal power, or the largest known output.
  let cap: Double
  let statedCap: Double?

  private func day(_ days: Int, before v: Int) -> Double {
    var i = v - days * perDay
    if !places.isEmpty {
      let day = dayNumber[v] - days
      // The hour that a day lacks is taken from the hour after it; of one it has twice, the second, except
      // on the days on which the clock has not changed yet.
      let found = places[[day, slot[v]]] ?? places[[day, slot[v] + perDay / 24]] ?? []
      i = found.last ?? -1
    }
    return i >= 0 && i < issue ? y[i] : .nan
  }

  /// The first number of days back on which a slot is known.
  private func newest(_ v: Int) -> Int {
    places.isEmpty
      ? 1
      : (1...3).first { days in
        (places[[dayNumber[v] - days, slot[v]]] ?? places[[
          dayNumber[v] - days, slot[v] + perDay / 24,
        ]] ?? [])
        .allSatisfy { $0 < issue }
      } ?? 1
  }

  private func mean(_ values: [Double]) -> Double {
    let known = values.filter(\.isFinite)
    return known.isEmpty ? .nan : known.reduce(0, +) / Double(known.count)
  }

  func sevenDays(_ v: Int) -> Double {
    mean((newest(v)..<newest(v) + 7).map { day($0, before: v) })
  }

  func naive(_ days: Int, _ v: Int) -> Double {
    let value = day(max(days, newest(v)), before: v)
    return value.isFinite ? value : sevenDays(v)
  }

  func persistence() -> Double { y[..<issue].last(where: \.isFinite) ?? .nan }

  /// Largest value of a slot on the 14 days before, of those known at the issue.
  private func largest(_ v: Int) -> Double {
    (1...14).map { day($0, before: v) }.filter(\.isFinite).max() ?? .nan
  }

  private func envelope(_ v: Int) -> Double {
    let own = largest(v)
    let around = [largest(v - 1), own, largest(v + 1)].filter(\.isFinite).max() ?? .nan
    return 0.5 * own + 0.5 * min(around, 1.5 * own)
  }

  /// The envelope of a known slot as it stood a day before.
  private func clearness(_ count: Int) -> Double? {
    var output = 0.0
    var clear = 0.0
    for i in max(0, issue - count)..<issue {
      let envelope = envelope(i)
      guard y[i].isFinite, envelope.isFinite else { continue }
      output += y[i]
      clear += envelope
    }
    return clear * stepHours > 0.02 * cap ? output / clear : nil
  }

  /// `env·(κ_long + (κ_3h − κ_long)·exp(−lead / 3 h))` for every slot of a day.
  func clearSkyPersistence() -> [Double] {
    let week = clearness(7 * perDay) ?? 1
    let newest = clearness(perDay) ?? week
    let long = 0.5 * newest + 0.5 * week
    let now = clearness(perDay / 8) ?? long
    return (0..<perDay).map { k in
      let f =
        envelope(issue + k) * (long + (now - long) * decay(Double(k) * stepHours / 3))
      return guarded(f, issue + k)
    }
  }

  /// PV is zero where the envelope is under 0.1 % of the power, and within 0 and 1.05 of it.
  func guarded(_ f: Double, _ v: Int) -> Double {
    let isLit = envelope(v) > 0.001 * cap
    return isLit ? max(0, min(f, (statedCap ?? .infinity) * 1.05)) : 0
  }

  /// The smoothed mean of slot `v` from what was known a day before.
  private func smoothed(_ v: Int, typed: Bool, _ places: [Int: [Int]]) -> Double {
    var all = Double.nan
    var own = Double.nan
    for i in places[slot[v]] ?? [] where i <= v - perDay && i < issue && y[i].isFinite {
      all = all.isNaN ? y[i] : all + 0.15 * (y[i] - all)
      if isWeekend[i] == isWeekend[v] { own = own.isNaN ? y[i] : own + 0.15 * (y[i] - own) }
    }
    return typed && own.isFinite ? own : all
  }

  /// Slot EWMA with the level of the last two hours, day types told apart or not.
  func slotEWMA() -> [Double] {
    var places: [Int: [Int]] = [:]
    for i in 0..<issue { places[slot[i], default: []].append(i) }
    var errors = [0.0, 0.0]
    for i in 0..<issue {
      let e = [false, true].map { abs(y[i] - smoothed(i, typed: $0, places)) }
      if e[0].isFinite { errors[0] += e[0] }
      if e[1].isFinite { errors[1] += e[1] }
    }
    let typed = errors[1] < errors[0]
    let window = max(1, Int((2 / stepHours).rounded()))
    let residuals = ((issue - window)..<issue).map { y[$0] - smoothed($0, typed: typed, places) }
    let level = mean(residuals)
    return (0..<perDay).map { k in
      let m = smoothed(issue + k, typed: typed, places)
      return max(0, m + (level.isFinite ? level : 0) * decay(Double(k) * stepHours / 2))
    }
  }

  /// exp(−x) as one over the nested series of exp(x).
  private func decay(_ x: Double) -> Double {
    1 / (1...200).reversed().reduce(1.0) { 1 + x * $0 / Double($1) }
  }
}

@Suite("Classical versions on measured series", .enabled(if: RealData.folder != nil))
struct MeasuredDefinitionTests {
  @Test(
    "are their definitions to 1e-9", arguments: MeasuredSeries.all, [Quantity.load, .pv])
  func definitions(_ series: MeasuredSeries, _ quantity: Quantity) throws {
    let history = series.history
    let y = try #require(history[quantity])
    let perDay = 86_400 / history.grid.stepSeconds
    let local = LocalSlots(grid: history.grid, zone: history.zone)
    let slotOfDay = local.minuteOfDay.map { $0 * perDay / 1440 }
    let places = Dictionary(grouping: history.grid.indices) {
      [local.dayNumber[$0], slotOfDay[$0]]
    }
    // Without coordinates the guard of the dark is the plant's own envelope.
    let site = SiteContext(zone: series.site.zone, pvCapacityKW: series.site.pvCapacityKW)
    var kinds: [ForecastRecipe.Kind] = [.persistence, .naiveDay, .naiveWeek, .sevenDayAverage]
    kinds.append(quantity == .pv ? .clearSkyPersistence : .slotEWMA)
    var versions = try kinds.map { try ForecastRecipe($0).forecaster(site: site, seed: 1) }
    let issues = series.backtest(quantity).issues
    var compared = 0
    for position in stride(from: 0, to: issues.count, by: issues.count / 7) {
      let issue = try #require(history.grid.index(containing: issues[position]))
      let largest = y[..<issue].filter(\.isFinite).max() ?? 0
      let plain = PlainVersions(
        y: y, perDay: perDay, stepHours: 24 / Double(perDay),
        slot: slotOfDay, places: quantity == .pv ? [:] : places, dayNumber: local.dayNumber,
        isWeekend: local.weekday.map { $0 >= 6 }, issue: issue,
        cap: series.site.pvCapacityKW ?? largest, statedCap: series.site.pvCapacityKW)
      let slots = issue..<(issue + perDay)
      var expected = [
        slots.map { _ in plain.persistence() }, slots.map { plain.naive(1, $0) },
        slots.map { plain.naive(7, $0) }, slots.map { plain.sevenDays($0) },
      ]
      if quantity == .pv {
        for i in expected.indices {
          expected[i] = zip(expected[i], slots).map { plain.guarded($0, $1) }
        }
        expected.append(plain.clearSkyPersistence())
      } else {
        expected.append(plain.slotEWMA())
      }
      for i in versions.indices {
        let found = try versions[i].forecast(
          ForecastFixture.request(history, at: issue, count: perDay, quantity: quantity))
        for k in found.values.indices where expected[i][k].isFinite {
          compared += 1
          #expect(
            isClose(found.values[k], expected[i][k], absolute: 1e-12, relative: 1e-9),
            "\(kinds[i].rawValue), issue \(position), step \(k)")
        }
      }
    }
    #expect(compared > 30 * perDay)
  }
}
