import Tariffs
import TimeSeries
import Twin

/// What each local day of a replay had cost by the time it ended, from nothing that was known later.
///
/// A day costs what the exact bill of all that was metered grew by in it, a new peak of the month included, and
/// wear, less what the energy gained by the battery is worth: as much as the cheapest quarter of the purchase
/// prices of the newest seven days can replace. What is owed without metering anything, such as fixed fees,
/// falls on no day.
package struct RealisedCosts: Sendable, Hashable {
  /// Name of the replay.
  package let name: String
  /// Local day of the first value. [days since 1970-01-01]
  package let firstDay: Int
  /// One value per local day of the period. [currency]
  package let byDay: [Double]
  /// Numbers of days after which a month of the bill is closed, in order; empty where nothing is billed that a
  /// month's peaks decide.
  package let monthEnds: [Int]

  /// Days whose prices say what stored energy is worth.
  private static let priceDays = 7

  /// States costs.
  package init(name: String, firstDay: Int, byDay: [Double], monthEnds: [Int] = []) {
    self.name = name
    self.firstDay = firstDay
    self.byDay = byDay
    self.monthEnds = monthEnds
  }

  /// Takes the costs of a finished replay of a case.
  ///
  /// - Throws: What the tariff throws where it cannot bill the period.
  package init(_ outcome: ReplayOutcome, of replay: ReplayCase) throws {
    let context = try MeteringContext(replay)
    let slots = LocalSlots(grid: context.grid, zone: replay.history.zone)
    let trace = outcome.trace
    var imported = [Double](repeating: 0, count: context.grid.count)
    var exported = imported
    let buy = context.schedule.buyPerKWh
    var owed = context.schedule.bill(importKW: imported, exportKW: exported).total
    var stored = replay.startingTwin(ambientC: context.ambientC.first ?? 20).storedEnergyKWh
    var costs: [Double] = []
    for day in slots.days {
      var wear = 0.0
      for i in day {
        imported[i] = trace.gridKW[i] > 0 ? trace.gridKW[i] : 0
        exported[i] = trace.gridKW[i] < 0 ? -trace.gridKW[i] : 0
        let discharged = trace.batteryKW[i] > 0 ? trace.batteryKW[i] : 0
        wear += discharged * context.grid.stepHours * replay.settings.wearPerKWh
      }
      let total = context.schedule.bill(importKW: imported, exportKW: exported).total
      let left = trace.storedKWh[day].last(where: \.isFinite) ?? stored
      let newest =
        max(0, day.upperBound - Self.priceDays * 86_400 / context.grid.stepSeconds)..<day.upperBound
      let worth = try MeteringContext.replacementPrice(
        buy[newest], efficiency: replay.dischargeEfficiency)
      costs.append(total - owed + wear - (left - stored) * worth)
      owed = total
      stored = left
    }
    name = outcome.name
    firstDay = slots.dayNumber.first ?? 0
    byDay = costs
    let days = slots.days
    monthEnds =
      replay.tariff.demand.isEmpty
      ? []
      : days.indices.dropFirst().filter {
        slots.month[days[$0].lowerBound] != slots.month[days[$0 - 1].lowerBound]
      }
  }
}
