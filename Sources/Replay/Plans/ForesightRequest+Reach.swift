import Planning
import Tariffs
import TimeSeries

extension ForesightRequest {
  /// What the site can meter at least and at most, whoever controls its battery.
  ///
  /// At most a slot imports the whole load, what the system draws and the highest charging power, which takes no import
  /// above the limit of the connection. The least of a
  /// month is that of a plan that may begin it with a full battery and end it empty.
  func reach(_ replay: ReplayCase, _ context: MeteringContext) -> MeterReach {
    let own = replay.ownDrawKW.upperBound
    let chargeKW = plan.joined().envelope.chargeKW
    let mostKW = plan.grid.indices.map {
      isMeasured[$0]
        ? min(
          max(0, context.loadKW[$0]) + mostWaitingKW($0) + chargeKW[$0],
          max(replay.importLimitKW[$0], max(0, context.loadKW[$0]) + mostWaitingKW($0))) + own
        : 0
    }
    func mostWaitingKW(_ t: Int) -> Double {
      plan.waitingLoads.reduce(0) { $0 + $1.powerKW[t] }
    }
    return MeterReach(
      mostKW: mostKW,
      leastKWh: { slots, applies in
        self.least(
          slots,
          PlanningPrices(
            buyPerKWh: applies.map { $0 ? 1 : 0 }, sellPerKWh: applies.map { _ in 0 }))
      },
      leastKW: { slots, applies, meteringSlots in
        self.least(
          slots,
          PlanningPrices(
            buyPerKWh: applies.map { _ in 0 }, sellPerKWh: applies.map { _ in 0 },
            demands: [
              DemandPrice(
                label: "least", pricePerKW: 1, applies: applies, meteringSlots: meteringSlots)
            ]))
      })
  }

  /// Returns what a month comes to at least at prices of its own.
  private func least(_ slots: Range<Int>, _ prices: PlanningPrices) -> Double {
    // Of several batteries one that is no worse than they are together.
    var month = plan.part(slots, prices: prices).joinedBound()
    month.initialEnergyKWh = month.envelope.energyMaxKWh.first ?? 0
    month.terminal = .none
    // Without loads that can wait it is less.
    month.waitingLoads = []
    month.wearPerKWh = 0
    month.importLimitKW = .infinity
    month.exportLimitKW = .infinity
    let found = foresightPlan(month)
    let least = found.lowerBound ?? found.objective
    return least - 1e-9 * max(1, least)
  }
}
