import TimeSeries

/// The state of the current billing month, fed slot by slot in order.
///
/// A plan needs it: peaks already incurred are paid for, and energy already bought decides which
/// block comes next.
package struct BillingMeter: Sendable {
  /// The schedule whose rules are metered.
  package let schedule: BillingSchedule
  /// Position of the month that the last slot lies in.
  private(set) var month: Int
  private var peaks: [[Double]]
  private var lastPeaks: [[Double]]
  private var dailyPeaks: [[DayPeak]]
  private var histories: [PeakHistory]
  private var floors: [[Double]]
  private var sitePeaks: [Double]
  /// Highest import of the calendar year so far over each of the schedule's metering intervals. [kW]
  private var yearSitePeaks: [Double]
  /// Energy imported in the calendar year so far. [kWh]
  private(set) var yearImportKWh = 0.0
  /// Time metered in the calendar year so far. [h]
  private(set) var yearHours = 0.0
  private var partial: [PartialInterval]
  private var energyOfPeriod: [[Double]]
  private var contractedPeaks: [[ContractedPeak]]

  /// What a period of a subscription has seen: peaks of the month and the year, and squared excess of the month.
  private struct ContractedPeak {
    var peak = 0.0
    var yearPeak = 0.0
    var squares = 0.0
    /// What the running interval adds to the squares.
    var running = 0.0
  }

  /// A day and the highest power metered on it.
  private struct DayPeak {
    let day: Int32
    var kW: Double
  }

  /// A metering interval that is still running.
  private struct PartialInterval {
    var interval = 0
    var sumKW = 0.0
    var slots = 0
  }

  /// Starts before the first slot of a schedule.
  package init(_ schedule: BillingSchedule) {
    self.schedule = schedule
    month = 0
    peaks = schedule.demand.map { [Double](repeating: 0, count: $0.charge.periods.count) }
    dailyPeaks = schedule.demand.map { _ in [] }
    histories = schedule.demand.map { PeakHistory($0.charge, calendar: schedule.calendar) }
    lastPeaks = peaks
    floors = peaks
    sitePeaks = [Double](repeating: 0, count: schedule.maps.count)
    yearSitePeaks = sitePeaks
    partial = [PartialInterval](repeating: PartialInterval(), count: schedule.maps.count)
    energyOfPeriod = schedule.energy.map {
      [Double](repeating: 0, count: $0.charge.periods.count)
    }
    contractedPeaks = schedule.contracted.map {
      [ContractedPeak](repeating: ContractedPeak(), count: $0.charge.periods.count)
    }
    updateFloors()
  }

  /// Label of the current billing month, for example `2024-01`.
  package var monthLabel: String {
    schedule.calendar.months.isEmpty ? "" : schedule.calendar.months[month].label
  }

  /// Calendar year of the current billing month.
  var year: Int { schedule.calendar.months.isEmpty ? 0 : schedule.calendar.months[month].year }

  /// Highest metered power of the month so far by demand charge and period, in the order of the
  /// tariff; a running interval counts as if nothing more flowed in it. [kW]
  package var incurredPeaksKW: [[Double]] { peaks }

  /// Energy imported in the month so far by energy charge and period, in the order of the tariff.
  /// [kWh]
  package var importKWhByPeriod: [[Double]] { energyOfPeriod }

  /// Meters one slot; slots must come in order, and a missing value counts as zero.
  ///
  /// - Parameters:
  ///   - slot: Position on the schedule's grid.
  ///   - importKW: Mean import. [kW]
  ///   - exportKW: Mean export. [kW]
  package mutating func record(slot: Int, importKW: Double, exportKW: Double) {
    while slot >= schedule.calendar.months[month].slots.upperBound { beginNextMonth() }
    let power = importKW.isFinite ? importKW : 0
    for map in schedule.maps.indices { record(power, slot: slot, map: map) }
    yearImportKWh += power * schedule.grid.stepHours
    yearHours += schedule.grid.stepHours
    let unit = schedule.units.isIdentity ? slot : schedule.units.interval(ofSlot: slot)
    for charge in schedule.energy.indices {
      let cell = Int(schedule.energy[charge].ofUnit[unit])
      if cell < 0 { continue }
      energyOfPeriod[charge][schedule.energy[charge].cells[cell].period] +=
        power * schedule.grid.stepHours
    }
  }

  private mutating func record(_ power: Double, slot: Int, map: Int) {
    let intervals = schedule.maps[map]
    let interval = intervals.isIdentity ? slot : intervals.interval(ofSlot: slot)
    if interval != partial[map].interval { partial[map] = PartialInterval(interval: interval) }
    partial[map].sumKW += power
    partial[map].slots += 1
    let length = intervals.bounds[interval + 1] - intervals.bounds[interval]
    let mean = partial[map].sumKW / Double(length)
    sitePeaks[map] = max(sitePeaks[map], mean)
    yearSitePeaks[map] = max(yearSitePeaks[map], mean)
    for (position, cells) in schedule.contracted.enumerated() where cells.map == map {
      let period = Int(cells.periodOfInterval[interval])
      if period == Int(PeriodTable.none) { continue }
      let power = mean * cells.factor
      let excess = max(0, power - cells.charge.periods[period].contractedKW)
      var seen = contractedPeaks[position][period]
      if partial[map].slots == 1 { seen.running = 0 }
      seen.squares += excess * excess - seen.running
      seen.running = excess * excess
      seen.peak = max(seen.peak, power)
      seen.yearPeak = max(seen.yearPeak, power)
      contractedPeaks[position][period] = seen
    }
    for charge in schedule.demand.indices where schedule.demand[charge].map == map {
      let cells = schedule.demand[charge]
      let period = Int(cells.periodOfInterval[interval])
      if period == Int(PeriodTable.none) { continue }
      let weighted = mean * cells.weights[period]
      if weighted > peaks[charge][period] { peaks[charge][period] = weighted }
      let day = cells.dayOfInterval[interval]
      if let last = dailyPeaks[charge].last, last.day == day {
        dailyPeaks[charge][dailyPeaks[charge].count - 1].kW = max(last.kW, weighted)
      } else {
        dailyPeaks[charge].append(DayPeak(day: day, kW: weighted))
      }
    }
  }

  /// Ends the months before the one that a slot lies in, so that a plan for it starts clean.
  package mutating func begin(slot: Int) {
    while slot >= schedule.calendar.months[month].slots.upperBound { beginNextMonth() }
  }

  /// Ends the months before the given one, as the first slot of it would.
  mutating func begin(month index: Int) {
    while month < index { beginNextMonth() }
  }

  private mutating func beginNextMonth() {
    for charge in schedule.demand.indices {
      let factor = schedule.demand[charge].charge.powerFactor?.factor ?? 1
      _ = histories[charge].ratcheted(peaks[charge].map { $0 * factor }, month: month)
      lastPeaks[charge] = peaks[charge]
      for period in peaks[charge].indices { peaks[charge][period] = 0 }
      dailyPeaks[charge].removeAll(keepingCapacity: true)
    }
    for map in sitePeaks.indices { sitePeaks[map] = 0 }
    for position in contractedPeaks.indices {
      for period in contractedPeaks[position].indices {
        contractedPeaks[position][period].peak = 0
        contractedPeaks[position][period].squares = 0
        contractedPeaks[position][period].running = 0
      }
    }
    for charge in energyOfPeriod.indices {
      for period in energyOfPeriod[charge].indices { energyOfPeriod[charge][period] = 0 }
    }
    month += 1
    if schedule.calendar.months[month].year != schedule.calendar.months[month - 1].year {
      for map in yearSitePeaks.indices { yearSitePeaks[map] = 0 }
      for position in contractedPeaks.indices {
        for period in contractedPeaks[position].indices {
          contractedPeaks[position][period].yearPeak = 0
        }
      }
      (yearImportKWh, yearHours) = (0, 0)
    }
    updateFloors()
  }

  private mutating func updateFloors() {
    guard !schedule.calendar.months.isEmpty else { return }
    for charge in schedule.demand.indices {
      floors[charge] = histories[charge].floors(month: month, own: peaks[charge])
    }
  }

  /// Demand of a period that is already paid for: incurred, ratcheted or the minimum. [kW]
  func paidKW(charge: Int, period: Int) -> Double {
    let rule = schedule.demand[charge].charge
    let factor = rule.powerFactor?.factor ?? 1
    let own = peaks[charge][period] * factor
    let floor: Double
    switch rule.ratchet?.scope {
    case .period: floor = floors[charge][period]
    case .floor: floor = floors[charge].max() ?? 0
    case .site: floor = max(floors[charge].max() ?? 0, (peaks[charge].max() ?? 0) * factor)
    case nil: floor = 0
    }
    return max(own, floor, rule.minimumKW) / factor
  }

  /// Demand of a period that the calendar year so far has paid for, this month included. [kW]
  func yearPaidKW(charge: Int, period: Int) -> Double {
    let earlier = histories[charge].yearSoFar(month: month).peaks[period]
    let factor = schedule.demand[charge].charge.powerFactor?.factor ?? 1
    return max(paidKW(charge: charge, period: period), earlier / factor)
  }

  /// Highest metered power of a period in the month before this one. [kW]
  func lastPeakKW(charge: Int, period: Int) -> Double { lastPeaks[charge][period] }

  /// Up to `count` highest daily peaks of the month so far, days other than the given one. [kW]
  func highest(_ count: Int, charge: Int, without day: Int32) -> [Double] {
    Array(dailyPeaks[charge].filter { $0.day != day }.map(\.kW).sorted(by: >).prefix(count))
  }

  /// Highest power metered on a day so far. [kW]
  func peak(ofDay day: Int32, charge: Int) -> Double {
    dailyPeaks[charge].last { $0.day == day }?.kW ?? 0
  }

  /// Slots of the running metering interval that are metered, and their mean import. [kW]
  func running(map: Int) -> (slots: Int, meanKW: Double) {
    let running = partial[map]
    let intervals = schedule.maps[map]
    let length = intervals.bounds[running.interval + 1] - intervals.bounds[running.interval]
    if running.slots == 0 || running.slots >= length { return (0, 0) }
    return (running.slots, running.sumKW / Double(running.slots))
  }

  /// Returns the highest power of a period of a subscription in the month or the year so far, and the squared
  /// excess of the month. [kW, kW²; kVA, kVA²]
  func contracted(
    _ position: Int, period: Int, ofYear: Bool
  ) -> (peak: Double, squares: Double) {
    let seen = contractedPeaks[position][period]
    return (ofYear ? seen.yearPeak : seen.peak, seen.squares)
  }

  /// Highest import of the month so far over one of the schedule's metering intervals. [kW]
  func sitePeakKW(map: Int) -> Double { sitePeaks[map] }

  /// Highest import of the calendar year so far over one of the schedule's metering intervals. [kW]
  func yearSitePeakKW(map: Int) -> Double { yearSitePeaks[map] }
}
