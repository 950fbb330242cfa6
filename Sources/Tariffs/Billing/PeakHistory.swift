/// The peaks of past months that a demand charge looks back on.
struct PeakHistory {
  private let charge: DemandCharge
  /// Calendar month and peak of each period, oldest first.
  private var months: [(month: Int, peaks: [Double])] = []
  private var monthlyPeaks: [Double]
  private let calendarMonths: [Int]
  private let calendarYears: [Int]

  init(_ charge: DemandCharge, calendar: SlotCalendar) {
    self.charge = charge
    calendarMonths = calendar.months.map(\.month)
    calendarYears = calendar.months.map(\.year)
    let first = calendarMonths.first ?? 1
    let earlier = charge.ratchet?.earlierPeaksKW ?? []
    for (position, peak) in earlier.enumerated() {
      let monthsBack = earlier.count - position
      let month = ((first - 1 - monthsBack) % 12 + 12) % 12 + 1
      months.append((month, [Double](repeating: peak, count: charge.periods.count)))
    }
    monthlyPeaks = charge.measure.rule.earlierPeaksKW
  }

  /// Returns the billed demand of every period and remembers the month's peaks. [kW]
  mutating func ratcheted(_ peaks: [Double], month: Int) -> [Double] {
    defer { months.append((calendarMonths[month], peaks)) }
    guard let ratchet = charge.ratchet else { return peaks }
    let floors = floors(month: month, own: peaks)
    let fraction = ratchet.fractionByMonth[calendarMonths[month] - 1]
    let site = peaks.max() ?? 0
    switch ratchet.scope {
    case .site:
      let demand = max(ratchet.usesActualPeak ? site : fraction * site, floors.max() ?? 0)
      return [Double](repeating: demand, count: peaks.count)
    case .floor:
      let floor = floors.max() ?? 0
      return peaks.map { max(ratchet.usesActualPeak ? $0 : fraction * $0, floor) }
    case .period:
      return zip(peaks, floors).map {
        max(ratchet.usesActualPeak ? $0 : fraction * $0, $1)
      }
    }
  }

  /// Returns the demand of every period that earlier months hold up. [kW]
  func floors(month: Int, own peaks: [Double]) -> [Double] {
    var floors = [Double](repeating: 0, count: charge.periods.count)
    guard let ratchet = charge.ratchet else { return floors }
    let fraction = ratchet.fractionByMonth[calendarMonths[month] - 1]
    let looked: [[Double]] =
      switch ratchet.lookback {
      case .range(let count): months.suffix(count).map(\.peaks)
      case .months(let flagged):
        months.suffix(11).filter { flagged.contains($0.month) }.map(\.peaks)
      }
    for past in looked {
      for period in floors.indices {
        floors[period] = max(floors[period], fraction * past[period])
      }
    }
    return floors
  }

  /// Returns the highest peak of every period (and of what else was remembered with them) in the months of the
  /// same year before a month, and how many months these are. [kW]
  func yearSoFar(month: Int) -> (peaks: [Double], count: Int) {
    let count = calendarYears[..<month].count { $0 == calendarYears[month] }
    let width = max(charge.periods.count, months.last?.peaks.count ?? 0)
    var peaks = [Double](repeating: 0, count: width)
    for past in months.suffix(count) {
      for period in peaks.indices { peaks[period] = max(peaks[period], past.peaks[period]) }
    }
    return (peaks, count)
  }

  /// Returns the mean of a monthly peak and those before it, and remembers it. [kW]
  mutating func mean(with peak: Double, months count: Int) -> Double {
    monthlyPeaks.append(peak)
    let counted = monthlyPeaks.suffix(count)
    return counted.reduce(0, +) / Double(counted.count)
  }
}
