import Numerics
import Replay
import Studies
import TestSupport
import Testing

@Suite("Paired intervals") struct PairedIntervalTests {
  /// Costs of months of 30 days from January on, each day of a month alike.
  private func costs(
    _ name: String, energy: [Double], demand: [Double]? = nil, peaks: [Double]? = nil,
    days: Int = 30
  ) -> VersionCosts {
    VersionCosts(
      name: name,
      months: energy.enumerated().map { index, sum in
        MonthCosts(
          label: "2025-\(index < 9 ? "0" : "")\(index + 1)", month: index % 12 + 1,
          energyByDay: [Double](repeating: sum / Double(days), count: days),
          demand: demand?[index] ?? 0, peakKW: peaks?[index] ?? 0,
          peakStart: peaks.map { _ in index * 2_592_000 })
      })
  }

  private func words(_ amount: Double) -> String { "\(Int(amount.rounded()))" }

  @Test("a year with a demand charge by hand: parts, interval and the months that made it")
  func byHand() throws {
    // Energy: 1 less every month, without spread. Demand: −12, −12, −12 in January to March; mean −3,
    // Σy² = 3·81 + 9·9 = 324, and 81 more: √(12·405/11), t(11) = 2.201.
    let a = costs(
      "a", energy: [Double](repeating: 9, count: 12),
      demand: [88, 88, 88] + [Double](repeating: 100, count: 9),
      peaks: [22, 22, 22] + [Double](repeating: 25, count: 9))
    let b = costs(
      "b", energy: [Double](repeating: 10, count: 12),
      demand: [Double](repeating: 100, count: 12), peaks: [Double](repeating: 25, count: 12))
    let found = PairedInterval(a, b)
    #expect(isClose(found.total.difference, -48, relative: 1e-12))
    #expect(isClose(found.energy.difference, -12, relative: 1e-12))
    #expect(isClose(try #require(found.energy.halfWidth), 0, absolute: 1e-9))
    let demand = try #require(found.demand)
    #expect(isClose(demand.difference, -36, relative: 1e-12))
    let half = 2.201 * (12 * 405 / 11.0).squareRoot()
    #expect(isClose(try #require(demand.halfWidth), half, relative: 1e-4))
    #expect(isClose(try #require(found.total.halfWidth), half, relative: 1e-4))
    #expect(found.peakMonths.map(\.label) == ["2025-01", "2025-02", "2025-03"])
    #expect(found.peakMonths[1].peaksKW == [22, 25])
    #expect(found.peakMonths[1].peakStarts == [2_592_000, 2_592_000])
    #expect(found.verdict == .cheaper)
    #expect(try #require(found.probability) < 0.05)
    #expect(found.monthsText(words) == "2025-01 -12, 2025-02 -12, 2025-03 -12")
    #expect(found.limits == [] && found.energySentence == nil && found.undecidedReason == nil)
    let turned = PairedInterval(b, a)
    #expect(turned.verdict == .moreExpensive)
    #expect(turned.total.difference == -found.total.difference)
  }

  @Test("fewer than three months with different peaks give no verdict") func rarePeaks() throws {
    let b = costs(
      "b", energy: [Double](repeating: 10, count: 12),
      demand: [Double](repeating: 100, count: 12))
    func compared(_ lower: Int, months: Int = 12) -> PairedInterval {
      var a = costs(
        "a", energy: (0..<months).map { 7 + Double($0 % 2) },
        demand: (0..<months).map { $0 < lower ? 60 : 100 })
      var other = b
      a.months.removeLast(a.months.count - months)
      other.months.removeLast(other.months.count - months)
      return PairedInterval(a, other)
    }
    let two = compared(2)
    #expect(two.verdict == .undecided(.peaksRarelyDiffer(months: 2, of: 12)))
    #expect(two.total.halfWidth != nil && two.probability == nil)
    let one = compared(1)
    #expect(one.verdict == .undecided(.peaksRarelyDiffer(months: 1, of: 12)))
    #expect(one.total.halfWidth == nil && one.demand?.halfWidth == nil)
    #expect(one.energy.halfWidth != nil)
    let none = compared(0)
    // Energy differs by −3 and −2 in turn: residuals ±½, √(12·3/9) = 2, t(9) = 2.262.
    #expect(isClose(none.energy.difference, -30, relative: 1e-12))
    #expect(isClose(try #require(none.energy.halfWidth), 2 * 2.262, relative: 1e-3))
    #expect(none.monthsText(words) == "equal in every month")
    #expect(none.energySentence == "the energy part alone is cheaper")
    #expect(
      none.undecidedReason
        == "the peaks differ in 0 of 12 months, too few to say how it is in the long run")
    let short = compared(3, months: 5)
    #expect(short.verdict == .undecided(.tooFewMonths(5)))
    #expect(short.total.halfWidth == nil)
    #expect(short.undecidedReason == "5 whole months hold too few peaks for an interval")
    // Five months of 7 or 8 against 10, three of 60 against 100: −13 − 120.
    #expect(isClose(short.total.difference, -133, relative: 1e-12))
    #expect(compared(3, months: 6).verdict != .undecided(.tooFewMonths(6)))
  }

  @Test("without a charge on peaks four weeks are enough, 27 days are not") func energyOnly() {
    func compared(_ days: Int) -> PairedInterval {
      func month(_ low: Double) -> MonthCosts {
        MonthCosts(
          label: "2025-03", month: 3, isWhole: false,
          energyByDay: (0..<days).map { low + Double($0 % 2) * 0.1 })
      }
      return PairedInterval(
        VersionCosts(name: "a", months: [month(5)]), VersionCosts(name: "b", months: [month(6)]))
    }
    #expect(compared(27).verdict == .undecided(.tooFewDays(27)))
    #expect(compared(27).energy.halfWidth == nil)
    #expect(compared(28).verdict == .cheaper)
    #expect(compared(28).total == compared(28).energy)
    #expect(compared(28).demand == nil)
    #expect(
      compared(28).limits == [
        "holds for these months; not scaled to a year",
        "the interval assumes that spells of weather last a week at most",
      ])
  }

  @Test("months that are not whole are left out and named where peaks have an interval")
  func leftOut() {
    func versions(_ months: Int) -> [VersionCosts] {
      var a = costs(
        "a", energy: [Double](repeating: 9, count: months),
        demand: [Double](repeating: 5, count: months))
      var b = costs(
        "b", energy: [Double](repeating: 10, count: months),
        demand: [6, 5, 7] + [Double](repeating: 5, count: months - 3))
      a.months[2].isWhole = false
      a.months[2].energyByDay.removeLast(10)
      b.months[2].energyByDay.removeLast(10)
      return [a, b]
    }
    let seven = versions(7)
    let found = PairedInterval(seven[0], seven[1])
    #expect(found.wholeMonths == 6 && found.days == 180)
    #expect(found.leftOut == ["2025-03"])
    // 20 days at a 30th of 9 against 10, and 5 against 7.
    #expect(isClose(found.leftOutDifference, -20 / 30.0 - 2, absolute: 1e-12))
    #expect(isClose(found.total.difference, -6 - 1, absolute: 1e-12))
    #expect(isClose(found.difference, -7 - 20 / 30.0 - 2, absolute: 1e-12))
    // Bare numbers hold every month.
    let three = versions(3)
    let short = PairedInterval(three[0], three[1])
    #expect(short.wholeMonths == 2 && short.months == 3 && short.days == 80)
    #expect(short.leftOut.isEmpty)
    #expect(short.verdict == .undecided(.tooFewMonths(2)))
    #expect(isClose(short.total.difference, -2 - 20 / 30.0 - 3, absolute: 1e-12))
    #expect(short.peakMonths.map(\.label) == ["2025-01", "2025-03"])
  }

  @Test("lines that look over months stay outside; three years give them an interval")
  func lookingBack() throws {
    var a = costs("a", energy: [10])
    var b = a
    b.name = "b"
    a.lookingBackByYear = [100]
    b.lookingBackByYear = [130]
    let year = PairedInterval(a, b)
    #expect(year.total.difference == 0)
    #expect(year.lookingBack == PairedInterval(a, b).lookingBack)
    #expect(year.lookingBack?.difference == -30 && year.lookingBack?.halfWidth == nil)
    a.lookingBackByYear = [1, 2, 3]
    b.lookingBackByYear = [0, 0, 0]
    // Standard deviation 1, √3, t(2) = 4.3027.
    let years = try #require(PairedInterval(a, b).lookingBack)
    #expect(isClose(try #require(years.halfWidth), 4.3027 * 3.0.squareRoot(), relative: 1e-4))
  }

  @Test("two identical versions: nothing plus or minus nothing, and no verdict") func identical() {
    let a = costs("a", energy: [9, 8, 7, 9, 8, 7], demand: [5, 5, 5, 5, 5, 5])
    let found = PairedInterval(a, a)
    #expect(found.total.difference == 0 && found.energy.halfWidth == 0)
    #expect(found.verdict == .undecided(.peaksRarelyDiffer(months: 0, of: 6)))
    let flat = costs("b", energy: [9, 8, 7, 9, 8, 7])
    #expect(PairedInterval(flat, flat).verdict == .noDifference)
  }

  @Test(
    "several versions against one: an interval leaves zero out exactly where there is a verdict")
  func holm() throws {
    var random = SeededGenerator(seed: 8)
    let base = (0..<12).map { _ in 100 + random.normal() }
    let reference = costs("best", energy: base)
    // Shifts from none to clear, in a series of versions that differ by chance.
    let others = (0..<8).map { version in
      costs(
        "v\(version)",
        energy: base.map { $0 + 0.35 * Double(version) + random.normal() })
    }
    let alone = others.map { PairedInterval(reference, $0) }
    let together = PairedInterval.comparing(reference, with: others)
    #expect(together.count == 8 && together.allSatisfy { $0.comparisons == 8 })
    #expect(
      together.map { $0.probability ?? 0 }
        == HolmCorrection.adjusted(alone.map { $0.probability ?? 1 }))
    for (single, corrected) in zip(alone, together) {
      #expect(corrected.total.isSignificant == corrected.isSignificant, "\(corrected.b)")
      #expect(corrected.total.difference == single.total.difference)
      #expect(
        try #require(corrected.total.halfWidth) >= #require(single.total.halfWidth),
        "\(corrected.b)")
    }
    // Some are sure by themselves and not among eight, some are sure in any company.
    #expect(zip(alone, together).contains { $0.isSignificant && !$1.isSignificant })
    #expect(together.contains { $0.isSignificant })
  }

  // Months are 1.9 below and 0.1 above in turn: residuals ±1 about a mean of −0.9, the wave apart:
  // √(12·12/9) = 4 and t(9). Alone 2.262: −10.8 ± 9.05 is sure. Of two with the same costs the first step
  // asks for 97.5 %: t(9) = 2.685, ± 10.74, still sure, and the second for 95 % again. Of three it is 98.33 %:
  // t(9) = 2.933, ± 11.73: not sure, and the others stop with it at the same level.
  @Test(
    "the interval of one among several by hand", arguments: [(1, 9.05), (2, 10.74), (3, 11.73)])
  func amongSeveral(count: Int, halfWidth: Double) throws {
    let a = costs("a", energy: (0..<12).map { $0 % 2 == 0 ? 8.1 : 10.1 })
    let others = (0..<count).map { costs("b\($0)", energy: [Double](repeating: 10, count: 12)) }
    let found = PairedInterval.comparing(a, with: others)
    #expect(isClose(found[0].total.difference, -10.8, relative: 1e-12))
    #expect(isClose(try #require(found[0].total.halfWidth), halfWidth, relative: 1e-3))
    #expect(found.allSatisfy { $0.verdict == (count == 3 ? .noDifference : .cheaper) })
    let last = try #require(found.last?.total.halfWidth)
    #expect(isClose(last, count == 3 ? 11.73 : 9.05, relative: 1e-3))
    #expect(found.allSatisfy { $0.energy.halfWidth == $0.total.halfWidth })
  }

  /// Sites with and without a charge on peaks and a ratchet, each with its own price and spreads.
  private func sites(
    missChances: [Double], bias: Double, seed: UInt64, count: Int
  ) -> [(interval: PairedInterval, truth: Double)] {
    var random = SeededGenerator(seed: seed)
    let means = [false, true].map {
      bias == 0
        ? 0
        : MadeYears.meanPeakDifference(
          missChances: missChances, hasRatchet: $0, years: 3000, seed: seed + 100)
    }
    return (0..<count).map { index in
      let hasPeaks = index % 3 != 0
      let hasRatchet = index % 3 == 2
      let spread = random.uniform(0.5, 2)
      var site = MadeYears(
        pricePerKW: hasPeaks ? random.uniform(4, 12) : 0, missChances: missChances,
        hasRatchet: hasRatchet, meanPerDay: 0, spreadPerDay: spread)
      // Versions of equal cost have equal costs on the mean of the year, not of every day.
      site.meanPerDay = bias == 0 ? -site.meanEnergy / 365 : bias * random.normal()
      let year = site.year(&random)
      let truth = site.meanEnergy + site.pricePerKW * means[hasRatchet ? 1 : 0]
      return (PairedInterval(year[0], year[1]), truth)
    }
  }

  @Test(
    "a nominal 95 % covers at least 92 % of 200 sites",
    arguments: [[0.05, 0.12], [0.2, 0.3], [0.01, 0.03]])
  func coverage(missChances: [Double]) {
    let found = sites(missChances: missChances, bias: 0.3, seed: 5, count: 201)
    let shown = found.filter { $0.interval.total.halfWidth != nil }
    let covered = shown.count { site in
      abs(site.interval.total.difference - site.truth) <= site.interval.total.halfWidth ?? 0
    }
    let share = Double(covered) / Double(shown.count)
    #expect(shown.count >= 150, "\(shown.count) of \(found.count) shown")
    #expect(share >= 0.92, "\(share) of \(shown.count)")
    // Sites with a charge on peaks by themselves, where resampled days cover 39 to 76 %.
    let peaks = shown.filter { $0.interval.demand != nil }
    let held = peaks.count { site in
      abs(site.interval.total.difference - site.truth) <= site.interval.total.halfWidth ?? 0
    }
    #expect(Double(held) / Double(peaks.count) >= 0.92, "\(held) of \(peaks.count)")
  }

  @Test(
    "versions of equal cost get a verdict in at most 5 % of those judged",
    arguments: [0.01, 0.1, 0.3])
  func falseVerdicts(missChance: Double) {
    let found = sites(missChances: [missChance, missChance], bias: 0, seed: 6, count: 201)
    let judged = found.filter { $0.interval.probability != nil }
    let wrong = judged.count { $0.interval.verdict != .noDifference }
    #expect(judged.count >= 90, "\(judged.count) judged")
    #expect(Double(wrong) / Double(judged.count) <= 0.05, "\(wrong) of \(judged.count)")
  }

  @Test("a true difference of a bill's 2 % is found where peaks cost nothing") func power() {
    var random = SeededGenerator(seed: 9)
    let site = MadeYears(
      pricePerKW: 0, missChances: [0, 0], hasRatchet: false, meanPerDay: -0.4, spreadPerDay: 1)
    let verdicts = (0..<50).map { _ in
      let year = site.year(&random)
      return PairedInterval(year[0], year[1]).verdict
    }
    #expect(verdicts.count { $0 == .cheaper } == 50)
  }

  @Test("parts add up, and the same costs give the same interval") func sums() {
    var random = SeededGenerator(seed: 10)
    let site = MadeYears(
      pricePerKW: 8, missChances: [0.1, 0.2], hasRatchet: true, meanPerDay: 0.1, spreadPerDay: 1)
    let year = site.year(&random)
    let found = PairedInterval(year[0], year[1])
    let bills = year.map { version in
      version.months.reduce(0) { $0 + $1.energyByDay.reduce(0, +) + $1.demand }
    }
    #expect(isClose(found.total.difference, bills[0] - bills[1], absolute: 1e-9 * bills[0]))
    #expect(
      isClose(
        found.total.difference, found.energy.difference + (found.demand?.difference ?? 0),
        absolute: 1e-9))
    let again = PairedInterval(year[0], year[1])
    #expect(found.total == again.total && found.probability == again.probability)
  }
}
