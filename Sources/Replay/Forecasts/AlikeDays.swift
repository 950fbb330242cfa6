import Forecasting
import Planning
import TimeSeries

/// Lays past days over a horizon, workdays over workdays and days of rest over days of rest.
///
/// Path number `k` takes for each local day of the horizon the `k`-th last day of its kind that was whole
/// at the issue time. Days with a gap are passed over.
struct AlikeDays {
  private static let daySeconds = 86_400
  private let site: SiteContext
  private var holidays: HolidayLookup

  init(_ site: SiteContext) {
    self.site = site
    holidays = HolidayLookup(site.holidays)
  }

  /// Returns as many paths as the past holds, at most those wanted.
  mutating func paths(_ count: Int, over horizon: TimeGrid, past: PastHistory) -> [ForecastPath] {
    guard let load = past[.load], Self.daySeconds % horizon.stepSeconds == 0 else { return [] }
    let pv = past[.pv]
    let spans = spans(of: horizon)
    // The days that each local day of the horizon may take, newest first.
    let sources = spans.map { span in
      days(count, alike: span, from: horizon, past: past.grid, load: load, pv: pv)
    }
    let found = sources.map(\.count).min() ?? 0
    return (0..<found).map { k in
      var path = ForecastPath(loadKW: [], pvKW: [])
      path.loadKW.reserveCapacity(horizon.count)
      path.pvKW.reserveCapacity(horizon.count)
      for (span, days) in zip(spans, sources) {
        let first = Self.place(of: span, daysBack: days[k], horizon, past.grid)
        let range = first..<first + span.slots.count
        append(load, range, atLeast: site.lowestLoadKW, to: &path.loadKW)
        if let pv {
          append(pv, range, atLeast: 0, to: &path.pvKW)
        } else {
          path.pvKW.append(contentsOf: repeatElement(0, count: range.count))
        }
      }
      return path
    }
  }

  /// Appends some values of a column, none below a floor.
  private func append(
    _ column: ArraySlice<Double>, _ range: Range<Int>, atLeast floor: Double,
    to values: inout [Double]
  ) {
    let span = column.span
    for i in range {
      let value = span[i]
      values.append(value > floor ? value : floor)
    }
  }

  /// The part of a horizon that lies in one local day.
  private struct Span {
    var day: Int
    var isRest: Bool
    var slots: Range<Int>
  }

  private mutating func spans(of horizon: TimeGrid) -> [Span] {
    var spans: [Span] = []
    var first = 0
    while first < horizon.count {
      let day = site.zone.civil(at: horizon.instant(first)).dayNumber
      let next = site.zone.startOfDay(day + 1)
      let step = horizon.stepSeconds
      let end = min(horizon.count, max(first + 1, (next - horizon.start + step - 1) / step))
      spans.append(Span(day: day, isRest: holidays.isRest(day), slots: first..<end))
      first = end
    }
    return spans
  }

  /// Returns how many days back the newest whole days of a kind lie.
  ///
  /// The search goes back four times as far as paths are wanted, and twice that for days of rest.
  private mutating func days(
    _ count: Int, alike span: Span, from horizon: TimeGrid, past: TimeGrid,
    load: ArraySlice<Double>, pv: ArraySlice<Double>?
  ) -> [Int] {
    let today = site.zone.civil(at: horizon.start).dayNumber
    var found: [Int] = []
    for day in stride(from: today - 1, to: today - 8 * count, by: -1) where found.count < count {
      guard holidays.isRest(day) == span.isRest else { continue }
      let back = span.day - day
      let first = Self.place(of: span, daysBack: back, horizon, past)
      if first < 0 { break }
      let range = first..<first + span.slots.count
      guard range.upperBound <= past.count,
        Self.isWhole(load, range), pv.map({ Self.isWhole($0, range) }) ?? true
      else { continue }
      found.append(back)
    }
    return found
  }

  private static func isWhole(_ column: ArraySlice<Double>, _ range: Range<Int>) -> Bool {
    let span = column.span
    for i in range where !span[i].isFinite { return false }
    return true
  }

  private static func place(
    of span: Span, daysBack: Int, _ horizon: TimeGrid, _ past: TimeGrid
  ) -> Int {
    (horizon.start - past.start) / horizon.stepSeconds + span.slots.lowerBound
      - daysBack * (daySeconds / horizon.stepSeconds)
  }
}
