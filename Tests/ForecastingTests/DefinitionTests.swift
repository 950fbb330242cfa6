import Forecasting
import TestSupport
import Testing
import TimeSeries

/// The definitions, computed the plain way from the whole past at each issue.
private struct PlainDefinitions {
  let y: [Double]
  let known: Int
  let perDay: Int

  func lag(_ days: Int, _ v: Int) -> Double {
    var n = days
    while v - n * perDay >= known { n += 1 }
    let i = v - n * perDay
    return i >= 0 ? y[i] : .nan
  }

  func mean(_ values: [Double]) -> Double {
    let finite = values.filter(\.isFinite)
    return finite.isEmpty ? .nan : finite.reduce(0, +) / Double(finite.count)
  }

  func persistence() -> Double { y[..<known].last(where: \.isFinite) ?? .nan }

  func sevenDays(_ v: Int) -> Double {
    var n = 1
    while v - n * perDay >= known { n += 1 }
    return mean((n..<(n + 7)).map { v - $0 * perDay >= 0 ? y[v - $0 * perDay] : .nan })
  }

  /// Slot EWMA without day types, α .15, level of the last two hours dying away.
  func ewma(_ v: Int, issue: Int, stepHours: Double) -> Double {
    var state: [Int: Double] = [:]
    var residuals: [Double] = []
    for i in 0..<known {
      let slot = i % perDay
      let before = state[slot]
      residuals.append(before.map { y[i] - $0 } ?? .nan)
      guard y[i].isFinite else { continue }
      state[slot] = before.map { $0 + 0.15 * (y[i] - $0) } ?? y[i]
    }
    let window = Int((2 / stepHours).rounded())
    let level = mean(Array(residuals.suffix(window)))
    let lead = Double(v - issue) * stepHours
    return (state[v % perDay] ?? .nan) + (level.isFinite ? level : 0) * exponential(-lead / 2)
  }

  private func exponential(_ x: Double) -> Double {
    // Σ xⁿ/n!, enough terms for |x| ≤ 20.
    var term = 1.0
    var sum = 1.0
    for n in 1..<120 {
      term *= -x / Double(n)
      sum += term
    }
    return 1 / sum
  }
}

@Suite("Definitions of the classical versions") struct DefinitionTests {
  @Test("equal to a plain computation to 1e-9", arguments: [3600, 1800, 900], [0, 2])
  func plain(step: Int, gap: Int) throws {
    let history = ForecastFixture.history(days: 40, stepSeconds: step)
    let perDay = 86_400 / step
    let y = try #require(history[.load])
    let site = SiteContext(zone: .utc)
    var persistence = try ForecastRecipe(.persistence).forecaster(site: site, seed: 1)
    var day = try ForecastRecipe(.naiveDay).forecaster(site: site, seed: 1)
    var week = try ForecastRecipe(.naiveWeek).forecaster(site: site, seed: 1)
    var average = try ForecastRecipe(.sevenDayAverage).forecaster(site: site, seed: 1)
    for issue in stride(from: 15 * perDay, to: 38 * perDay, by: 5 * perDay / 4 + 1) {
      let plain = PlainDefinitions(y: y, known: issue - gap, perDay: perDay)
      let request = ForecastFixture.request(
        history, at: issue, count: 36 * 3600 / step, quantity: .load, gap: gap)
      let found = try [
        persistence.forecast(request), day.forecast(request), week.forecast(request),
        average.forecast(request),
      ]
      for k in request.grid.indices {
        let v = issue + k
        // A missing lag falls back on the mean of the newest seven known days.
        func filled(_ value: Double) -> Double { value.isFinite ? value : plain.sevenDays(v) }
        let expected = [
          plain.persistence(), filled(plain.lag(1, v)), filled(plain.lag(7, v)),
          plain.sevenDays(v),
        ]
        for (f, e) in zip(found, expected) {
          #expect(isClose(f.values[k], e, relative: 1e-9), "issue \(issue) step \(k)")
        }
      }
    }
  }

  @Test("slot EWMA is its recursion; with one day type both variants agree")
  func ewma() throws {
    // Weekend and working days alike, so the variant without day types must win or tie.
    var history = ForecastFixture.history(days: 30)
    var column = try #require(history[.load])
    for i in column.indices where (i / 24) % 7 >= 5 { column[i] -= 0.6 }
    history[.load] = column
    var forecaster = try ForecastRecipe(.slotEWMA)
      .forecaster(site: SiteContext(zone: .utc), seed: 1)
    for issue in [20 * 24, 25 * 24 + 7] {
      let plain = PlainDefinitions(y: column, known: issue, perDay: 24)
      let found = try forecaster.forecast(
        ForecastFixture.request(history, at: issue, count: 30, quantity: .load))
      for k in 0..<30 {
        let expected = plain.ewma(issue + k, issue: issue, stepHours: 1)
        #expect(isClose(found.values[k], expected, relative: 1e-9), "step \(k)")
      }
    }
  }

  @Test("the 7-day average by hand")
  func byHand() throws {
    // Day d has the value d all day; on day 10 the newest seven are 3…9, mean 6.
    let grid = TimeGrid(start: ForecastFixture.start, stepSeconds: 3600, count: 240)
    let history = SiteHistory(
      grid: grid, zone: .utc, columns: [.load: grid.indices.map { Double($0 / 24) }])
    var forecaster = try ForecastRecipe(.sevenDayAverage)
      .forecaster(site: SiteContext(zone: .utc), seed: 1)
    let found = try forecaster.forecast(
      ForecastFixture.request(history, at: 240, count: 36, quantity: .load))
    #expect(found.values == Array(repeating: 6, count: 36))
    #expect(found.counts.filled == 0)
  }
}
