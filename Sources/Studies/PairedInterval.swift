import Numerics
import Replay

/// The difference in cost between two versions with its interval, its parts and what it allows to say.
///
/// Whole calendar months are paired. The energy part and the demand part have spreads of their own
/// (``MonthlyPairs``); a verdict on the total needs peaks that differ in at least three of at least six
/// months, because a month holds one observation of a peak. Without a charge on peaks four weeks are
/// enough.
package struct PairedInterval: Sendable {
  /// One part of the difference.
  package struct Part: Sendable, Hashable {
    /// Cost of the first version less that of the second. [currency]
    package let difference: Double
    /// Half-width of the interval; nothing where the data do not allow one. [currency]
    package let halfWidth: Double?

    /// True when the interval leaves zero out.
    package var isSignificant: Bool { halfWidth.map { abs(difference) > $0 } ?? false }
  }

  /// A month whose peaks cost the two versions differently.
  package struct PeakMonth: Sendable, Hashable {
    /// For example `2024-03`.
    package let label: String
    /// Cost of the first version's peaks less those of the second. [currency]
    package let difference: Double
    /// Highest import of each version. [kW]
    package let peaksKW: [Double]
    /// First instant of each version's peak. [UTC epoch s]
    package let peakStarts: [Int?]
  }

  /// What the interval allows to say about the total.
  package enum Verdict: Sendable, Hashable {
    /// The first version is cheaper.
    case cheaper
    /// The first version is more expensive.
    case moreExpensive
    /// The difference may be luck.
    case noDifference
    /// Nothing can be said.
    case undecided(Reason)
  }

  /// Why nothing can be said about the total.
  package enum Reason: Sendable, Hashable {
    /// Fewer than 28 days, without a charge on peaks.
    case tooFewDays(Int)
    /// Fewer than six whole months with a charge on peaks.
    case tooFewMonths(Int)
    /// The peaks differ in fewer than three months.
    case peaksRarelyDiffer(months: Int, of: Int)
  }

  /// Name of the version whose cost comes first.
  package let a: String
  /// Name of the version whose cost is taken off.
  package let b: String
  /// Coverage of a single interval, and of all verdicts together where several versions are compared, 0…1.
  package let level: Double
  /// Cost of the first version less that of the second over all of the period: the total, lines that
  /// look over months and months left out. [currency]
  package let difference: Double
  /// Days that were paired.
  package let days: Int
  /// Months that were paired, whole or not.
  package let months: Int
  /// Whole months that were paired.
  package let wholeMonths: Int
  /// Both parts together; its half-width is nothing where no interval may be shown.
  package private(set) var total: Part
  /// What adds up over intervals, with wear and stored energy.
  package private(set) var energy: Part
  /// What monthly peaks decide; nothing where neither version pays for peaks.
  package private(set) var demand: Part?
  /// The months that made the demand part, in order of time.
  package let peakMonths: [PeakMonth]
  /// Lines that look over months, outside the interval; nothing where there are none.
  ///
  /// Its own half-width is Student's over years and needs three of them.
  package let lookingBack: Part?
  /// Months left out because the period or the metering does not hold all of their days.
  ///
  /// Only where a charge on peaks has an interval: bare numbers hold every month.
  package let leftOut: [String]
  /// Difference of the months left out. [currency]
  package let leftOutDifference: Double
  /// Probability of a difference this large when both versions cost the same, corrected where
  /// several versions are compared; nothing where no verdict is given.
  package private(set) var probability: Double?
  /// What the interval of the total allows to say.
  package private(set) var verdict: Verdict
  /// How many comparisons the verdict and the intervals of the parts are corrected for.
  package private(set) var comparisons = 1
  private let spread: Spread

  /// Differences below this are none. [currency]
  package static let cent = 0.005
  /// Days from which an interval is shown where peaks cost nothing.
  static let leastDays = 28
  /// Whole months from which an interval is shown where peaks cost something.
  static let leastMonths = 6
  /// Months with different peaks from which an interval of the total is shown, and a verdict given.
  static let leastPeakMonths = (interval: 2, verdict: 3)

  /// Pairs two versions over the same months.
  ///
  /// - Parameters:
  ///   - a: The first version.
  ///   - b: The version it is compared with: of the same months and days.
  ///   - level: Coverage of the intervals, 0…1.
  package init(_ a: VersionCosts, _ b: VersionCosts, level: Double = 0.95) {
    precondition(a.months.map(\.label) == b.months.map(\.label), "the same months")
    self.a = a.name
    self.b = b.name
    self.level = level
    let tolerance = MonthlyPairs.demandTolerance
    let hasPeaks = (a.months + b.months).contains { abs($0.demand) > tolerance }
    var pairs: [MonthlyPairs.Month] = []
    var labels: [Int] = []
    func isPaired(_ index: Int) -> Bool {
      a.months[index].energyByDay.count == b.months[index].energyByDay.count
    }
    func isWhole(_ index: Int) -> Bool {
      a.months[index].isWhole && b.months[index].isWhole && isPaired(index)
    }
    let hasMonths = a.months.indices.count(where: isWhole) >= PairedInterval.leastMonths
    var leftOut: [String] = []
    var leftOutDifference = 0.0
    for (index, (one, other)) in zip(a.months, b.months).enumerated() {
      guard isWhole(index) || (isPaired(index) && !(hasPeaks && hasMonths)) else {
        leftOut.append(one.label)
        leftOutDifference +=
          one.energyByDay.reduce(0, +) - other.energyByDay.reduce(0, +) + one.demand - other.demand
        continue
      }
      labels.append(index)
      pairs.append(
        MonthlyPairs.Month(
          month: one.month, isWhole: isWhole(index),
          energyByDay: zip(one.energyByDay, other.energyByDay).map { $0 - $1 },
          demand: one.demand - other.demand))
    }
    let paired = MonthlyPairs(pairs)
    self.leftOut = leftOut
    self.leftOutDifference = leftOutDifference
    days = paired.days
    months = pairs.count
    wholeMonths = pairs.count { $0.isWhole }
    peakMonths = paired.differingMonths.map { position in
      let sides = [a.months[labels[position]], b.months[labels[position]]]
      return PeakMonth(
        label: sides[0].label, difference: pairs[position].demand, peaksKW: sides.map(\.peakKW),
        peakStarts: sides.map(\.peakStart))
    }
    lookingBack = PairedInterval.lookingBack(a, b, level: level)

    let hasEnergyInterval = paired.days >= PairedInterval.leastDays
    let least = PairedInterval.leastPeakMonths
    let spread = Spread(
      pairs: paired, hasPeaks: hasPeaks, hasEnergyInterval: hasEnergyInterval,
      hasInterval: hasPeaks ? hasMonths && peakMonths.count >= least.interval : hasEnergyInterval)
    self.spread = spread
    (total, energy, demand) = spread.parts(level: level)
    difference = total.difference + leftOutDifference + (lookingBack?.difference ?? 0)

    let reason: Reason? =
      if !hasPeaks {
        hasEnergyInterval && total.halfWidth != nil ? nil : .tooFewDays(paired.days)
      } else if !hasMonths {
        .tooFewMonths(wholeMonths)
      } else if peakMonths.count < least.verdict {
        .peaksRarelyDiffer(months: peakMonths.count, of: wholeMonths)
      } else {
        nil
      }
    if let reason {
      verdict = .undecided(reason)
      probability = nil
    } else {
      let probability = MonthlyPairs.probability(of: total.difference) {
        spread.halfWidth(level: $0) ?? .infinity
      }
      self.probability = probability
      verdict = .noDifference
      judge(probability, level: level)
    }
  }

  /// What the half-widths of the parts are made from.
  private struct Spread: Sendable {
    let pairs: MonthlyPairs
    let hasPeaks: Bool
    let hasEnergyInterval: Bool
    let hasInterval: Bool

    /// Half-width of the total at a level. [currency]
    func halfWidth(level: Double) -> Double? {
      hasPeaks ? pairs.halfWidth(level: level) : pairs.energyHalfWidth(level: level)
    }

    func parts(level: Double) -> (total: Part, energy: Part, demand: Part?) {
      let demand = Part(
        difference: pairs.demand,
        halfWidth: hasInterval ? pairs.demandHalfWidth(level: level) : nil)
      return (
        total: Part(
          difference: pairs.energy + (hasPeaks ? pairs.demand : 0),
          halfWidth: hasInterval ? halfWidth(level: level) : nil),
        energy: Part(
          difference: pairs.energy,
          halfWidth: hasEnergyInterval ? pairs.energyHalfWidth(level: level) : nil),
        demand: hasPeaks ? demand : nil
      )
    }
  }

  /// Compares each of several versions with one of them, with Holm's correction over verdicts and intervals.
  ///
  /// - Parameters:
  ///   - reference: The version that the others are compared with; its cost comes first.
  ///   - others: The other versions.
  ///   - level: Coverage of all verdicts together, 0…1.
  /// - Returns: One interval per other version, in their order.
  package static func comparing(
    _ reference: VersionCosts, with others: [VersionCosts], level: Double = 0.95
  ) -> [PairedInterval] {
    corrected(others.map { PairedInterval(reference, $0, level: level) })
  }

  /// Returns comparisons with Holm's correction over those that have a verdict.
  ///
  /// Their intervals get the level at which each verdict was given, so that the interval of the total
  /// leaves zero out exactly where one of the two is cheaper.
  package static func corrected(_ intervals: [PairedInterval]) -> [PairedInterval] {
    var intervals = intervals
    let judged = intervals.indices.filter { intervals[$0].probability != nil }
    guard let level = judged.first.map({ intervals[$0].level }) else { return intervals }
    let alone = judged.compactMap { intervals[$0].probability }
    let corrected = HolmCorrection.adjusted(alone)
    let levels = HolmCorrection.levels(alone, level: level)
    for (position, index) in judged.enumerated() {
      intervals[index].comparisons = judged.count
      intervals[index].judge(corrected[position], level: level)
      (intervals[index].total, intervals[index].energy, intervals[index].demand) =
        intervals[index].spread.parts(level: levels[position])
    }
    return intervals
  }

  /// True when the verdict is that one of the versions is cheaper.
  package var isSignificant: Bool { verdict == .cheaper || verdict == .moreExpensive }

  private mutating func judge(_ probability: Double, level: Double) {
    self.probability = probability
    verdict =
      probability > 1 - level
      ? .noDifference : total.difference < 0 ? .cheaper : .moreExpensive
  }

  private static func lookingBack(
    _ a: VersionCosts, _ b: VersionCosts, level: Double
  ) -> Part? {
    precondition(a.lookingBackByYear.count == b.lookingBackByYear.count, "the same years")
    let differences = zip(a.lookingBackByYear, b.lookingBackByYear).map { $0 - $1 }
    if (a.lookingBackByYear + b.lookingBackByYear).allSatisfy({ $0 == 0 }) { return nil }
    let count = Double(differences.count)
    let spread = StudentSpread(
      scale: Statistics.standardDeviation(differences) * count.squareRoot(),
      degreesOfFreedom: differences.count - 1)
    return Part(
      difference: differences.reduce(0, +),
      halfWidth: differences.count >= 3 ? spread.halfWidth(level: level) : nil)
  }
}
