import Forecasting
import Planning
import Tariffs
import TimeSeries
import Twin

/// The share of the usable energy that stays in a case's battery for outages, interval by interval.
///
/// What an outage needs is expected from the seven days before it is known: at each time of day the mean load and the
/// mean production of those days, so that every run keeps the same. In the outage the battery holds what the rest of
/// it needs.
struct ReserveProfile {
  /// Share kept at the end of each interval without outages; empty where the same is kept at all times.
  private let shares: [Double]
  private let share: Double
  /// What each expected outage needs.
  let needs: [OutageNeed]
  /// The batteries when the grid is gone; empty where no outage is expected.
  let islands: [IslandedBattery]
  private let count: Int

  /// Lays the reserve of a case over its period; nothing where none is kept.
  ///
  /// - Parameter replay: The case.
  /// - Throws: `ImpossibleState` as the twin does.
  init?(_ replay: ReplayCase) throws {
    let reserve = replay.settings.reserve
    if reserve.isNone { return nil }
    count = replay.period.count
    share = reserve.fraction
    let base = reserve.fraction
    if reserve.windows.isEmpty {
      shares = []
    } else {
      // What is kept at the end of an interval is what the next one begins with.
      let grid = replay.period
      let next = TimeGrid(
        start: grid.start + grid.stepSeconds, stepSeconds: grid.stepSeconds, count: grid.count)
      shares = firstWindow(
        reserve.windows.map(\.time), over: next, zone: replay.history.zone,
        holidays: replay.site.holidays
      ).map { $0.map { reserve.windows[$0].fraction } ?? base }
    }
    guard let outages = reserve.outages else {
      needs = []
      islands = []
      return
    }
    let rated = try (0..<replay.batteryCount).map {
      try replay.alone($0).ratedEnvelope(slots: 1, stepSeconds: replay.period.stepSeconds)
    }
    islands = rated.enumerated().map { b, able in
      IslandedBattery(able, ratedKW: replay.alone(b).battery.converter.ratedKW)
    }
    needs = outages.needs(of: replay, rated: rated, islands: islands)
  }

  /// Returns the share of the usable energy that is kept at the end of each interval.
  ///
  /// - Parameters:
  ///   - slots: Intervals of the period.
  ///   - now: When it is asked for; outages that are not known yet are left out. [UTC epoch s]
  ///   - holdsAhead: Whether what an outage needs is held from when it is known, as far as it is there.
  /// - Returns: One share per interval.
  func keptShares(_ slots: Range<Int>, knownAt now: Int, holdsAhead: Bool = false) -> [Double] {
    var kept = slots.map { shares.isEmpty ? share : shares[$0] }
    for need in needs where need.knownFrom <= now {
      let first = max(
        slots.lowerBound, need.firstKnownSlot, holdsAhead ? 0 : need.slots.lowerBound - 1)
      let end = min(slots.upperBound, need.slots.upperBound - 1)
      guard first < end else { continue }
      for slot in first..<end {
        kept[slot - slots.lowerBound] = max(
          kept[slot - slots.lowerBound], need.share(before: slot + 1))
      }
    }
    return kept
  }

  /// Returns the share that a plan keeps at the end of each of its slots, the highest within it.
  ///
  /// - Parameters:
  ///   - slots: Slots on the planning grid; the plan is made when the first begins.
  ///   - replay: The case.
  /// - Returns: One share per slot.
  func plannedShares(_ slots: Range<Int>, of replay: ReplayCase) -> [Double] {
    let factor = replay.settings.planningStepSeconds / replay.period.stepSeconds
    let intervals = slots.lowerBound * factor..<min(count, slots.upperBound * factor)
    let kept = keptShares(intervals, knownAt: replay.period.instant(intervals.lowerBound))
    return stride(from: 0, to: kept.count, by: factor).map { first in
      kept[first..<min(kept.count, first + factor)].max() ?? 0
    }
  }

  /// Share of a reserve that cells lose at most as they age, and of an interval's discharge by which an inverter far from
  /// its best point may miss it.
  private static let ageing = 0.1
  private static let missed = 0.1

  /// Returns energy that no run of the case goes below but by rest and losses.
  ///
  /// Nothing that is kept is let out, so a run never holds less than the least that was kept so far, or than it began
  /// with.
  ///
  /// - Parameters:
  ///   - startKWh: Stored energy as the period begins. [kWh]
  ///   - window: Energy of the empty and the full battery.
  ///   - slotKWh: Energy let out in an interval at most. [kWh]
  /// - Returns: One value per interval. [kWh]
  func leastKWh(
    from startKWh: Double, window: (minimumKWh: Double, maximumKWh: Double), slotKWh: Double
  ) -> [Double] {
    var least = startKWh
    return keptShares().map { share in
      let kept = window.minimumKWh + share * (window.maximumKWh - window.minimumKWh)
      least = min(least, share > 0 ? kept : 0)
      return max(0, (1 - Self.ageing) * least - Self.missed * slotKWh)
    }
  }

  /// Returns the share kept at the end of each interval of the period.
  ///
  /// - Parameter holdsAhead: Whether what an outage needs is held from when it is known.
  /// - Returns: One share per interval.
  func keptShares(holdsAhead: Bool = false) -> [Double] {
    keptShares(0..<count, knownAt: .max, holdsAhead: holdsAhead)
  }
}

/// What an outage is expected to need.
struct OutageNeed {
  /// Intervals of the period that it touches.
  let slots: Range<Int>
  /// When it is known. [UTC epoch s]
  let knownFrom: Int
  /// First interval that begins when it is known.
  let firstKnownSlot: Int
  /// Share of the usable energy that the rest of the outage needs from the beginning of each of its intervals; above
  /// 1 where the battery cannot hold it.
  let restShares: [Double]

  /// Share that is kept at the beginning of an interval.
  func share(before slot: Int) -> Double {
    min(1, restShares[max(0, slot - slots.lowerBound)])
  }
}

extension ExpectedOutages {
  /// Days that are looked back over.
  private static let days = 7

  /// Works out what every outage within a period needs, as one share of the usable energy of each battery.
  fileprivate func needs(
    of replay: ReplayCase, rated: [PowerEnvelope], islands: [IslandedBattery]
  ) -> [OutageNeed] {
    let grid = replay.period
    let step = grid.stepSeconds
    let outages = outages(in: grid, seed: replay.settings.seed)
    return outages.compactMap { outage -> OutageNeed? in
      let first = (outage.lowerBound - grid.start).quotient(step)
      let last = (outage.upperBound - grid.start + step - 1).quotient(step)
      let slots = max(0, first)..<max(0, first, min(grid.count, last))
      guard !slots.isEmpty else { return nil }
      let knownFrom = outage.lowerBound - knownSeconds
      let expected = DailyMeans(replay, before: min(knownFrom, grid.instant(slots.lowerBound)))
      let netKW = slots.map { slot in
        let mean = expected.mean(at: grid.instant(slot))
        return (criticalKW ?? criticalShare * mean.loadKW) - mean.pvKW
      }
      let there = islands.indices.filter {
        !replay.hasSeveralBatteries || replay.firstSlot(of: $0) <= slots.lowerBound
      }
      let rest =
        there.count == 1
        ? Self.restShares(netKW, hours: grid.stepHours, of: rated[there[0]])
        : Self.restShares(
          netKW, hours: grid.stepHours, of: IslandedFleet(there.map { islands[$0] }))
      return OutageNeed(
        slots: slots, knownFrom: knownFrom,
        firstKnownSlot: max(0, (knownFrom - grid.start + step - 1).quotient(step)), restShares: rest
      )
    }
  }

  /// Shares of the usable energy that a battery needs from the beginning of each interval of an outage on.
  private static func restShares(
    _ netKW: [Double], hours: Double, of rated: PowerEnvelope
  ) -> [Double] {
    let usableKWh = max(1e-9, rated.energyMaxKWh[0] - rated.energyMinKWh[0])
    var needed = 0.0
    let shares = netKW.reversed().map { net -> Double in
      needed +=
        net > 0
        ? min(net, rated.dischargeKW[0]) * hours / rated.dischargeEfficiency
        : max(net, -rated.chargeKW[0]) * hours * rated.chargeEfficiency
      needed = max(0, needed)
      return needed / usableKWh
    }
    return shares.reversed()
  }

  /// The same of several batteries, each of which holds the same share of its own energy.
  ///
  /// The least share with which they serve what they could serve full, by halving.
  private static func restShares(
    _ netKW: [Double], hours: Double, of fleet: IslandedFleet
  ) -> [Double] {
    // What is beyond the power of all is served at no share.
    let able = netKW.map { min($0, fleet.powerKW) }
    return able.indices.map { first in
      func missing(_ share: Double) -> Double {
        var stored = fleet.storedKWh(share: share)
        return able[first...].reduce(0) {
          $0 + fleet.serve(netKW: $1, hours: hours, storedKWh: &stored)
        }
      }
      if missing(0) <= servedKWh { return 0 }
      let least = missing(1)
      if least > servedKWh { return beyondShare }
      var (low, high) = (0.0, 1.0)
      for _ in 0..<halvings {
        let middle = 0.5 * (low + high)
        if missing(middle) <= servedKWh { high = middle } else { low = middle }
      }
      return high
    }
  }

  /// What is not served and counts as served all the same. [kWh]
  private static let servedKWh = 1e-6
  /// Share that stands for more than full batteries hold.
  private static let beyondShare = 2.0
  private static let halvings = 30

  /// Load and production of the days before an instant, at their times of day.
  private struct DailyMeans {
    private let replay: ReplayCase
    private let end: Int
    private let columns: (load: [Double]?, pv: [Double]?)

    init(_ replay: ReplayCase, before instant: Int) {
      self.replay = replay
      let grid = replay.history.grid
      end = max(0, min(grid.count, (instant - grid.start).quotient(grid.stepSeconds)))
      columns = (replay.history[.load], replay.history[.pv])
    }

    /// The mean at the time of day of an instant; over all that is known before where those days have nothing.
    func mean(at instant: Int) -> (loadKW: Double, pvKW: Double) {
      let grid = replay.history.grid
      let perDay = 86_400 / grid.stepSeconds
      let slot = (instant - grid.start).quotient(grid.stepSeconds)
      let back = max(1, (slot - end) / max(1, perDay) + 1)
      func mean(_ column: [Double]?) -> Double? {
        guard let column else { return 0 }
        let places = (back..<back + ExpectedOutages.days).map { slot - $0 * perDay }
        let values = places.filter { $0 >= 0 && $0 < end }.map { column[$0] }.filter(\.isFinite)
        if !values.isEmpty { return values.reduce(0, +) / Double(values.count) }
        let all = column[..<end].filter(\.isFinite)
        return all.isEmpty ? nil : all.reduce(0, +) / Double(all.count)
      }
      let pv = mean(columns.pv) ?? 0
      return (mean(columns.load) ?? 0, replay.acProduction([max(0, pv)])[0])
    }
  }
}

extension Int {
  /// The quotient rounded down.
  fileprivate func quotient(_ divisor: Int) -> Int {
    let (q, r) = quotientAndRemainder(dividingBy: divisor)
    return r < 0 ? q - 1 : q
  }
}
