import Planning
import Tariffs
import TimeSeries

/// The least that a period costs whose months end at a cap or at a minimum, or not.
///
/// A month costs the less of its capped and its uncapped demand charge, and no less than its minimum: neither
/// is convex in what is imported. So each month is planned by itself, in each way it may end, and the cheapest
/// counts. Months hang together by the energy between them, which each may take over and leave at one worth
/// (a Lagrangian relaxation), and by peaks that later months pay for. Every number is a lower bound, so the
/// sum is one.
struct MonthBound {
  /// A month and how it ends.
  struct Ending: Sendable, Hashable {
    /// Demand charges lie at their caps.
    var isCapped = false
    /// Share of its prices that a month pays for more, below one where it ends at its minimum.
    var share = 1.0
  }

  /// What the period costs at least, with the worth of the energy that it begins with. [currency]
  let cost: Double
  /// How each month ends in the cheapest way.
  let endings: [Ending]

  /// Bounds a period.
  ///
  /// - Parameters:
  ///   - request: The whole period with the prices of months that end at no cap.
  ///   - plan: A good plan of it, whose worths of energy between months count.
  ///   - context: What is metered and billed.
  ///   - canCap: Whether the tariff has caps.
  ///   - minimums: The least that each month comes to, or nothing. [currency]
  ///   - floor: Prices below the bill of the period with months at their caps, by label.
  init(
    _ request: PlanRequest, along plan: Plan, context: MeteringContext, canCap: Bool,
    minimums: [Double]?, floor: (Set<String>) -> BillFloor
  ) {
    let months = MonthPlans(
      request, along: plan, context: context, minimums: minimums, canCap: canCap, floor: floor)
    var table = MonthTable(months)
    let chosen = table.cheapest()
    cost = chosen.cost
    endings = chosen.isCapped.indices.map { month in
      Ending(
        isCapped: chosen.isCapped[month],
        share: table.share(month, isCapped: chosen.isCapped[month]))
    }
  }
}

/// The costs of months by the way they end and by the share of later months that pay for their peaks.
///
/// A month's cost is concave in that share, so costs at some shares bound those between from below.
private struct MonthTable {
  private let months: MonthPlans
  /// Costs at shares of later months, by month and by whether it ends at its cap.
  private var points: [[[(later: Double, cost: Double)]]]
  private var shares: [[Double]]

  /// Most months whose choices are tried in all mixtures where peaks tie them together; beyond, a peak is
  /// priced by its own month alone.
  private static let mostTied = 12

  init(_ months: MonthPlans) {
    self.months = months
    points = []
    shares = []
    for month in 0..<months.count {
      points.append([[], []])
      shares.append([1, 1])
      for isCapped in months.canCap ? [false, true] : [false] {
        enter(month, isCapped: isCapped, later: 1)
        if months.isTied(month) { enter(month, isCapped: isCapped, later: 0) }
      }
    }
  }

  /// Share of its prices that a month pays in a way to end.
  func share(_ month: Int, isCapped: Bool) -> Double { shares[month][isCapped ? 1 : 0] }

  private mutating func enter(_ month: Int, isCapped: Bool, later: Double) {
    let found = months.least(month, isCapped: isCapped, later: later)
    points[month][isCapped ? 1 : 0].append((later, found.cost))
    points[month][isCapped ? 1 : 0].sort { $0.later < $1.later }
    shares[month][isCapped ? 1 : 0] = found.share
  }

  /// Bound of a month's cost, the chord between the shares that were tried. [currency]
  private func bound(_ month: Int, isCapped: Bool, later: Double) -> Double {
    let known = points[month][isCapped ? 1 : 0]
    if known.count == 1 { return known[0].cost }
    let after = max(1, known.firstIndex { $0.later >= later } ?? known.count - 1)
    let (a, b) = (known[after - 1], known[after])
    return a.cost + (b.cost - a.cost) * (later - a.later) / (b.later - a.later)
  }

  /// Finds the cheapest mixture of months.
  mutating func cheapest() -> (cost: Double, isCapped: [Bool]) {
    let count = months.count
    let isTied = (0..<count).contains { months.isTied($0) } && months.canCap
    if !isTied || count > Self.mostTied || !months.sharesAgree {
      let later = isTied ? 0.0 : 1
      var cost = 0.0
      var capped: [Bool] = []
      for month in 0..<count {
        let open = bound(month, isCapped: false, later: later)
        let atCap = months.canCap ? bound(month, isCapped: true, later: later) : .infinity
        cost += min(open, atCap)
        capped.append(atCap < open)
      }
      return (cost, capped)
    }
    while true {
      var best = (cost: Double.infinity, mixture: 0)
      for mixture in 0..<(1 << count) {
        var cost = 0.0
        for month in 0..<count {
          cost += bound(
            month, isCapped: mixture >> month & 1 == 1, later: later(month, mixture))
        }
        if cost < best.cost { best = (cost, mixture) }
      }
      // What the cheapest mixture rests on is planned, until all of it is.
      var isKnown = true
      for month in 0..<count {
        let later = later(month, best.mixture)
        let isCapped = best.mixture >> month & 1 == 1
        let known = points[month][isCapped ? 1 : 0]
        if known.count > 1, !known.contains(where: { abs($0.later - later) < 1e-9 }) {
          enter(month, isCapped: isCapped, later: later)
          isKnown = false
        }
      }
      if isKnown { return (best.cost, (0..<count).map { best.mixture >> $0 & 1 == 1 }) }
    }
  }

  /// Share of the later months' price of a month's peaks that is paid in a mixture.
  private func later(_ month: Int, _ mixture: Int) -> Double {
    let weights = months.laterWeights[month]
    if weights.isEmpty { return 1 }
    var share = 0.0
    for later in weights.indices where mixture >> later & 1 == 0 { share += weights[later] }
    return min(1, share)
  }
}
