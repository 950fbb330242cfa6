package import Planning
package import TimeSeries

/// A site whose batteries are planned once for a whole period and act at full power or rest.
package struct Contest: Sendable {
  /// Name shown in results.
  package var name: String
  /// Currency of prices.
  package var currency: String
  /// The slots.
  package var grid: TimeGrid
  /// Load less production as it came, without the activities. [kW]
  package var netKW: [Double]
  /// What planned activities add to the load. [kW]
  package var activityKW: [Double]
  /// Price of energy in each slot. [currency/kWh]
  package var pricePerKWh: [Double]
  /// Slots without a price, whose energy costs nothing.
  package var unpricedSlots: Int
  /// Load less production as it was forecast before the period, by name. [kW]
  package var forecasts: [(name: String, netKW: [Double])]
  /// The batteries.
  package var batteries: [SteppedBattery]
  /// Price of the square of the highest power. [currency/kW²]
  package var peakPerKW2: Double

  /// Collects the parts of a contest.
  package init(
    name: String, currency: String, grid: TimeGrid, netKW: [Double], activityKW: [Double],
    pricePerKWh: [Double], unpricedSlots: Int, forecasts: [(name: String, netKW: [Double])],
    batteries: [SteppedBattery], peakPerKW2: Double
  ) {
    self.name = name
    self.currency = currency
    self.grid = grid
    self.netKW = netKW
    self.activityKW = activityKW
    self.pricePerKWh = pricePerKWh
    self.unpricedSlots = unpricedSlots
    self.forecasts = forecasts
    self.batteries = batteries
    self.peakPerKW2 = peakPerKW2
  }
}

/// One plan of a contest and what it scores on what came.
package struct ContestScore: Sendable {
  /// `no battery`, `truth`, or the name of a forecast.
  package var name: String
  /// What the plan expected to cost; nothing without one. [currency]
  package var expectedCost: Double?
  /// What no plan could expect to go below. [currency]
  package var expectedBound: Double?
  /// The plan on what came.
  package var scored: SteppedPlan
}

extension Contest {
  /// Plans with the truth and with each forecast, and scores every plan on what came.
  ///
  /// - Parameter isCancelled: Asked between plans whether to stop.
  /// - Returns: No battery, the truth, then the forecasts in their order.
  /// - Throws: `CancellationError` when asked to stop.
  package func scores(isCancelled: () -> Bool = { false }) throws -> [ContestScore] {
    let actual = planner(netKW)
    let rest = [BatteryAction](repeating: .rest, count: grid.count)
    var scores = [
      ContestScore(name: "no battery", scored: actual.scored(batteries.map { _ in rest }))
    ]
    for (name, netKW) in [("truth", netKW)] + forecasts {
      if isCancelled() { throw CancellationError() }
      var planner = planner(netKW)
      let plan = planner.plan()
      scores.append(
        ContestScore(
          name: name, expectedCost: plan.cost, expectedBound: plan.lowerBound,
          scored: actual.scored(plan.actions)))
    }
    return scores
  }

  private func planner(_ netKW: [Double]) -> SteppedPlanner {
    SteppedPlanner(
      netKW: zip(netKW, activityKW).map { $0 + $1 }, pricePerKWh: pricePerKWh,
      stepHours: grid.stepHours, batteries: batteries, peakPerKW2: peakPerKW2)
  }
}
