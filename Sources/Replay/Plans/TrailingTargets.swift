import Forecasting
import Numerics
import Planning
import Tariffs
import TimeSeries

/// The targets of the running month, chosen anew each day from what was metered on the days before it.
///
/// With fewer than two weeks behind it, or with more charges than a target is chosen for, a month has no
/// targets and is planned at the full price.
struct TrailingTargets {
  /// Days that a target is chosen by.
  private static let pastDays = 28
  /// Days without a gap among them without which none is chosen.
  private static let leastDays = 14

  /// Targets by the label of their charge without the month. [kW]
  private(set) var targetsKW: [String: Double] = [:]

  private let replay: ReplayCase
  private let history: SiteHistory
  private let prices: PlanningTariff
  private let slots: LocalSlots
  private var holidays: HolidayLookup
  /// Days that have passed, by local day number; nothing for one with a gap.
  private var passed: [Int: PastDay?] = [:]
  private var chosenOn: Int?

  /// What is kept of a day that has passed.
  private struct PastDay {
    var minuteOfDay: [Int]
    var netKW: [Double]
    var buyPerKWh: [Double]
    var sellPerKWh: [Double]
  }

  init(_ replay: ReplayCase) {
    self.replay = replay
    history = replay.planningHistory
    prices = PlanningTariff(replay.tariff, grid: history.grid, zone: history.zone)
    slots = LocalSlots(grid: history.grid, zone: history.zone)
    holidays = HolidayLookup(replay.site.holidays)
  }

  /// Chooses the targets of a day with its first plan.
  ///
  /// - Parameters:
  ///   - now: Beginning of the plan. [UTC epoch s]
  ///   - peaks: Returns what is left of the month and its charges.
  ///   - battery: What the battery can do.
  mutating func choose(
    at now: Int, peaks: () -> (slots: Range<Int>, rows: [(charge: String, price: DemandPrice)]),
    battery: TrailingTarget.Battery
  ) {
    let today = history.zone.civil(at: now).dayNumber
    if chosenOn == today { return }
    chosenOn = today
    targetsKW = [:]
    passed = passed.filter { $0.key >= today - Self.pastDays }
    let known = history.known(before: history.zone.startOfDay(today))
    let days = (today - Self.pastDays..<today).compactMap { day -> (day: Int, past: PastDay)? in
      if passed[day] == nil { passed[day] = .some(past(day, known)) }
      return (passed[day] ?? nil).map { (day, $0) }
    }
    let peaks = peaks()
    guard !peaks.rows.isEmpty, peaks.rows.count <= TrailingTarget.mostCharges,
      days.count >= Self.leastDays
    else { return }
    let left = left(peaks.slots, from: history.grid.index(containing: now) ?? 0)
    let metered = peaks.rows[0].price.meteringSlots
    let target = TrailingTarget(
      charges: peaks.rows.map {
        TrailingTarget.Charge(pricePerKW: $0.price.pricePerKW, incurredKW: $0.price.incurredKW)
      },
      days: days.compactMap { day, past in
        trailing(past, isRest: holidays.isRest(day), left, peaks.rows, meteringSlots: metered)
      },
      daysLeft: [left.workdays.count, left.restDays.count], battery: battery,
      stepHours: history.grid.stepHours * Double(metered))
    for (row, level) in zip(peaks.rows, target?.targetsKW ?? []) { targetsKW[row.charge] = level }
  }

  /// What is left of a month.
  private struct Left {
    var workdays: Set<Int> = []
    var restDays: Set<Int> = []
    /// Position of each slot left among the rows, by the minute of its day; apart for the kinds of day.
    var places: [[Int: [Int]]] = [[:], [:]]
  }

  /// Sorts the slots that are left of a month by kind of day and minute.
  private mutating func left(_ range: Range<Int>, from first: Int) -> Left {
    var left = Left()
    for place in 0..<range.count where first + place < slots.grid.count {
      let day = slots.dayNumber[first + place]
      let isRest =
        left.restDays.contains(day) || !left.workdays.contains(day) && holidays.isRest(day)
      if isRest { left.restDays.insert(day) } else { left.workdays.insert(day) }
      left.places[isRest ? 1 : 0][slots.minuteOfDay[first + place], default: []].append(place)
    }
    return left
  }

  /// A past day as it would count on the days left, on the metering interval of the charges.
  private func trailing(
    _ past: PastDay, isRest: Bool, _ left: Left,
    _ rows: [(charge: String, price: DemandPrice)], meteringSlots: Int
  ) -> TrailingTarget.Day? {
    let count = past.netKW.count
    guard count % meteringSlots == 0 else { return nil }
    let kind = isRest ? 1 : 0
    return TrailingTarget.Day(
      kind: kind, netKW: past.netKW.blockMeans(of: meteringSlots),
      buyPerKWh: past.buyPerKWh.blockMeans(of: meteringSlots),
      sellPerKWh: past.sellPerKWh.blockMeans(of: meteringSlots),
      counts: rows.map { row in
        stride(from: 0, to: count, by: meteringSlots).map { slot in
          left.places[kind][past.minuteOfDay[slot]]?.contains { row.price.applies[$0] } ?? false
        }
      })
  }

  /// What is kept of a day; nothing where a value of it is missing.
  private func past(_ day: Int, _ known: PastHistory) -> PastDay? {
    let step = known.grid.stepSeconds
    let begin = history.zone.startOfDay(day) - known.grid.start
    let end = history.zone.startOfDay(day + 1) - known.grid.start
    guard begin >= 0, end <= known.grid.count * step, let load = known[.load] else { return nil }
    let range = begin / step..<end / step
    let pv = known[.pv].map { Array($0[range]) }
    let spot = replay.tariff.usesSpot ? known[.price].map { $0[range] } : nil
    let columns = [Array(load[range]), pv ?? [], spot.map { Array($0) } ?? []]
    guard !range.isEmpty, columns.allSatisfy({ $0.allSatisfy(\.isFinite) }) else { return nil }
    let produced =
      pv.map { replay.acProduction($0) } ?? [Double](repeating: 0, count: range.count)
    let told = prices.prices(
      over: range, spotPerKWh: spot, meter: nil, peakPricing: .fullPrice)
    return PastDay(
      minuteOfDay: Array(slots.minuteOfDay[range]),
      netKW: zip(columns[0], produced).map { $0 - $1 }, buyPerKWh: told.buyPerKWh,
      sellPerKWh: told.sellPerKWh)
  }
}
