import TimeSeries

/// A demand charge for which a floor is laid: the series, what can be metered, and the rows found so far.
struct DemandFloorContext {
  let schedule: BillingSchedule
  /// Position of the charge.
  let charge: Int
  /// Mean import of each metering interval: of the series that the floor is laid at, and the most. [kW]
  let meansKW: [Double]
  let mostKW: [Double]
  /// Labels of months in which the charge lies at its cap, if it has one.
  let cappedMonths: Set<String>
  /// Whether months are planned by themselves, so that no row may count slots of several.
  let splitsMonths: Bool
  let reach: MeterReach
  /// What each month comes to beside the rows. [currency]
  private(set) var monthly: [Double]
  /// Rows with the month of their peak.
  private(set) var rows: [(month: Int, row: DemandPrice)] = []

  init(
    _ schedule: BillingSchedule, charge: Int, meansKW: [Double], cappedMonths: Set<String>,
    splitsMonths: Bool, reach: MeterReach
  ) {
    self.schedule = schedule
    self.charge = charge
    self.meansKW = meansKW
    mostKW = schedule.maps[schedule.demand[charge].map].means(of: reach.mostKW)
    self.cappedMonths = cappedMonths
    self.splitsMonths = splitsMonths
    self.reach = reach
    monthly = schedule.calendar.months.map { _ in 0 }
  }

  var cells: DemandCells { schedule.demand[charge] }
  var rule: DemandCharge { cells.charge }
  /// Factor of the site's power factor on demand.
  var factor: Double { rule.powerFactor?.factor ?? 1 }
  private var map: IntervalMap { schedule.maps[cells.map] }
  private var months: [BillingMonth] { schedule.calendar.months }

  /// Months that are billed by demand.
  var openMonths: [Int] {
    months.indices.filter { rule.capPerKWh == nil || !cappedMonths.contains(months[$0].label) }
  }

  /// A month may end at the cap of the charge, and months are planned by themselves.
  var mayBeCapped: Bool { rule.capPerKWh != nil && splitsMonths }

  /// Periods with at least one metering interval in a month, in order.
  func occurringPeriods(_ month: Int) -> [Int] {
    DemandMonth(
      cells: cells, meansKW: meansKW, intervals: map.ofMonth[month], month: month
    ).occurringPeriods
  }

  /// Local days of a month with intervals that count, in order.
  func days(_ month: Int) -> [Int32] {
    var result: [Int32] = []
    for i in counting(month) where result.last != cells.dayOfInterval[i] {
      result.append(cells.dayOfInterval[i])
    }
    return result
  }

  /// Intervals of a month in any period.
  func counting(_ month: Int) -> [Int] {
    map.ofMonth[month].filter { cells.periodOfInterval[$0] != PeriodTable.none }
  }

  /// Returns the peak of a period in a month.
  func peak(_ month: Int, period: Int) -> FlooredPeak {
    let name =
      rule.periods.count > 1 ? "\(rule.name): \(rule.periods[period].name)" : rule.name
    return peak(
      month, "\(name) \(months[month].label)",
      map.ofMonth[month].filter { Int(cells.periodOfInterval[$0]) == period },
      weight: cells.weights[period])
  }

  /// Returns the peak of all periods in a month, or on one of its days.
  ///
  /// Where periods have weights of their own, those count whose weight is at least that of the highest
  /// interval: a peak that is never above that of all.
  func peak(_ month: Int, day: Int32? = nil) -> FlooredPeak {
    var intervals = counting(month)
    var label = "\(rule.name) \(months[month].label)"
    if let day {
      intervals = intervals.filter { cells.dayOfInterval[$0] == day }
      label += " \(dateText(Int(day)))"
    }
    func weight(_ i: Int) -> Double { cells.weights[Int(cells.periodOfInterval[i])] }
    let highest = intervals.max { weight($0) * meansKW[$0] < weight($1) * meansKW[$1] }
    let least = highest.map(weight) ?? 0
    return peak(month, label, intervals.filter { weight($0) >= least }, weight: least)
  }

  private func peak(
    _ month: Int, _ label: String, _ intervals: [Int], weight: Double
  ) -> FlooredPeak {
    FlooredPeak(
      month: month, label: label, intervals: intervals, coefficient: weight * factor,
      referenceKW: weight * factor * max(0, intervals.map { meansKW[$0] }.max() ?? 0))
  }

  /// Returns the peak of all intervals of a month, those outside of every period too, at the weight of a period.
  func peakOfAll(_ month: Int, period: Int) -> FlooredPeak {
    peak(
      month, "\(rule.name) \(months[month].label)", Array(map.ofMonth[month]),
      weight: cells.weights[period])
  }

  /// The most that the highest of all intervals of a month may be, power factor included. [kW]
  func mostOfAllKW(_ month: Int) -> Double {
    factor * (map.ofMonth[month].map { mostKW[$0] }.max() ?? 0)
  }

  /// The least that the highest interval of a period may be in a month, power factor included. [kW]
  func leastKW(_ month: Int, period: Int) -> Double {
    let peak = peak(month, period: period)
    guard !peak.intervals.isEmpty else { return 0 }
    let slots = months[month].slots
    let applies = schedule.plannedSlots(of: peak.intervals, map: cells.map, splitsMonths: true)
    return factor * reach.leastKW(slots, Array(applies[slots]), meteringSlots: meteringSlots)
  }

  /// Returns the peaks of a period on each day of a month.
  func peaksOfDays(_ month: Int, period: Int) -> [(day: Int32, peak: FlooredPeak)] {
    let whole = peak(month, period: period)
    var result: [(day: Int32, intervals: [Int])] = []
    for i in whole.intervals {
      if let last = result.last, last.day == cells.dayOfInterval[i] {
        result[result.count - 1].intervals.append(i)
      } else {
        result.append((cells.dayOfInterval[i], [i]))
      }
    }
    return result.map { day, intervals in
      (
        day,
        peak(
          month, "\(whole.label) \(dateText(Int(day)))", intervals, weight: cells.weights[period])
      )
    }
  }

  /// The most that a month may be billed for, power factor included: in any of some periods, on any or on one
  /// day. [kW]
  func mostKW(_ month: Int, periods: [Int]? = nil, day: Int32? = nil) -> Double {
    var most = 0.0
    for i in counting(month) {
      let period = Int(cells.periodOfInterval[i])
      if let day, cells.dayOfInterval[i] != day { continue }
      if let periods, !periods.contains(period) { continue }
      most = max(most, mostKW[i] * cells.weights[period] * factor)
    }
    return most
  }

  /// Returns the convex floor of what a demand costs in a month and period.
  ///
  /// - Parameters:
  ///   - month: Position of the month.
  ///   - period: Position of the period.
  ///   - least: Demand that is billed at least, whatever is metered. [kW]
  ///   - most: Demand that is billed at most. [kW]
  ///   - peak: A peak that the demand is never below; where prices fall, the least it can be counts.
  /// - Returns: The floor, nowhere falling. [currency over kW]
  func cost(
    _ month: Int, period: Int, least: Double, most: Double, above peak: FlooredPeak?
  ) -> ConvexFloor {
    let cells = cells
    let square = cells.squares[month][period]
    if square > 0 {
      return ConvexFloor(
        square: square, over: least...max(least, most),
        at: max(least, self.peak(month, period: period).referenceKW))
    }
    func floor(_ from: Double) -> ConvexFloor {
      ConvexFloor(breaks: cells.limits[period], over: from...max(from, most)) {
        cells.cost(ofKW: $0, month: month, period: period)
      }
    }
    let whole = floor(least)
    guard !whole.isExact, let peak, peak.coefficient > 0 else { return whole.rising }
    let slots = months[peak.month].slots
    let applies = schedule.plannedSlots(of: peak.intervals, map: cells.map, splitsMonths: true)
    let metered = reach.leastKW(slots, Array(applies[slots]), meteringSlots: meteringSlots)
    return floor(max(least, peak.coefficient * metered)).rising
  }

  private var meteringSlots: Int { max(1, map.seconds / schedule.grid.stepSeconds) }

  private func applies(_ peak: FlooredPeak) -> [Bool] {
    schedule.plannedSlots(of: peak.intervals, map: cells.map, splitsMonths: splitsMonths)
  }

  /// Adds an amount to a month. [currency]
  mutating func add(_ amount: Double, month: Int) { monthly[month] += amount }

  /// Adds what a billed demand costs that is a share of a peak, at least.
  ///
  /// - Parameters:
  ///   - floor: The floor of the cost of billed demand.
  ///   - peak: The peak.
  ///   - month: Position of the month that is billed.
  ///   - times: Factor on the cost.
  ///   - share: Billed demand per kW of the peak as it is billed.
  mutating func add(
    _ floor: ConvexFloor, of peak: FlooredPeak, month: Int, times: Double = 1, share: Double = 1
  ) {
    add(times * floor.base, month: month)
    for (k, bend) in floor.bends.enumerated() where share > 0 {
      add(
        times * bend.slope * share, of: peak, aboveKW: bend.from / share,
        label: k == 0 ? peak.label : "\(peak.label), part \(k + 1)")
    }
  }

  /// Adds what a billed demand costs that is a sum of shares of peaks, at least, by the line that meets the cost
  /// at a demand.
  ///
  /// - Parameters:
  ///   - floor: The floor of the cost of billed demand.
  ///   - peaks: Peaks with the billed demand per kW of each.
  ///   - month: Position of the month that is billed.
  ///   - demandKW: Billed demand where the line meets the floor. [kW]
  ///   - fixedKW: Billed demand that no peak decides. [kW]
  ///   - aboveKW: What each peak counts for at least; part of the fixed demand. [kW]
  mutating func add(
    _ floor: ConvexFloor, along peaks: [(peak: FlooredPeak, share: Double)], month: Int,
    at demandKW: Double, fixedKW: Double = 0, aboveKW: Double = 0
  ) {
    let slope = floor.slope(at: demandKW)
    add(floor.value(at: demandKW) + slope * (fixedKW - demandKW), month: month)
    for (peak, share) in peaks { add(slope * share, of: peak, aboveKW: aboveKW) }
  }

  /// Adds a price of a peak above a demand. [currency/kW, kW billed]
  mutating func add(
    _ price: Double, of peak: FlooredPeak, aboveKW: Double, label: String? = nil
  ) {
    guard price > 0, peak.coefficient > 0 else { return }
    let label = label ?? peak.label
    let above = aboveKW / peak.coefficient
    let same = rows.firstIndex { $0.row.label == label && $0.row.incurredKW == above }
    if let same {
      rows[same].row.pricePerKW += price * peak.coefficient
      return
    }
    let applies = applies(peak)
    guard applies.contains(true) else { return }
    rows.append(
      (
        peak.month,
        DemandPrice(
          label: label, pricePerKW: price * peak.coefficient, applies: applies,
          meteringSlots: meteringSlots, incurredKW: above)
      ))
  }
}
