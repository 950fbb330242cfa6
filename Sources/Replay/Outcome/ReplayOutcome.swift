package import Forecasting
package import Planning
package import Tariffs
package import TimeSeries
package import Twin

/// What one controller did with a case, and what it cost.
package struct ReplayOutcome: Sendable {
  /// Name of the controller.
  package var name: String
  /// Whether any forecast was made from the truth.
  package var isOracle: Bool
  /// Whether any forecast was given the weather that came true.
  package var hasOracleWeather = false
  /// What happened, interval by interval.
  package var trace: ReplayTrace
  /// The exact bill of the metered series.
  package var bill: Bill
  /// Price of the wear of all energy discharged. [currency]
  package var wearCost: Double
  /// Value of the energy that is stored at the end beyond what was stored at the start. [currency]
  package var endEnergyValue: Double
  /// What each of several batteries did; empty for one.
  package var batteries: [BatteryOutcome] = []
  /// What each load that can wait came to.
  package var waiting: [WaitingOutcome] = []
  /// The twin's ledger; nothing without a battery.
  package var ledger: TwinLedger?
  /// How far the cells have aged by the end; nothing without a battery, or where they do not age.
  package var ageing: AgeingSummary?
  /// How often the plans were made and by whom.
  package var planning: PlanCounts
  /// Mistakes of the forecasts that were planned with.
  package var accuracy: [Quantity: ErrorStatistics]
  /// How well each way of expecting battery power met what was executed; empty without plans.
  package var batteryPowerScores: [BatteryPowerMethodScore] = []
  /// Plans for which self-consumption stood in for the way chosen to expect battery power.
  package var batteryPowerStandIns = 0
  /// What the forecast version was fitted on, one record per quantity and refit.
  package var models: [ModelRecord] = []
  /// What had to be done to the values of the forecasts that were planned with.
  package var forecastCounts = ForecastCounts()
  /// Intervals whose air temperature was held from an earlier one.
  package var heldAmbientSlots: Int
  /// Energy by which something outside the plan changed the battery's or the plant's power,
  /// by cause. [kWh]
  package var interventionsKWh: [String: Double]
  /// Bill with all production fed in less this bill; known without a battery, where throwing production away is
  /// all that the site can do. [currency]
  package var curtailmentValue: Double?
  /// Cost of each local day of the period; they sum to `cost`. [currency]
  package var dailyCosts: [Double]
  /// The same by calendar months, what peaks decide apart from what adds up over days.
  package var monthCosts: [MonthCosts]
  /// What adds up over intervals: energy at the interval's price and wear, less the value of what the stored
  /// energy gained; without peaks and without what only a whole month decides.
  /// [currency, one per interval]
  package var slotCosts: [Double]
  /// Price of a kWh bought. [currency/kWh, one per interval]
  package var buyPerKWh: [Double]
  /// Price of a kWh sold. [currency/kWh, one per interval]
  package var sellPerKWh: [Double]
  /// What was forecast of each day, where the settings ask to keep it.
  package var dayAhead: DayAheadLog?
  /// How the version followed the costs of others; nothing for one that follows none.
  package var followed: FollowedMoney?
  /// What the plans in force expected; nothing without plans.
  package var expected: ExpectedTrace?
  /// What the plans took of the budget of energy let out; nothing without one.
  package var budget: BudgetUse?
  /// How far the run was ready for expected outages; nothing where none was.
  package var outages: OutageReadiness?
  /// How far the executed battery power was from the plans, by lead.
  package var fidelity: PlanFidelity

  /// What no forecaster could have known: `oracle`, `oracle weather`, or nothing.
  package var label: String {
    isOracle ? "oracle" : hasOracleWeather ? "oracle weather" : ""
  }

  /// What the period cost: bill and wear, less the value of energy left, and what loads that can wait lack.
  /// [currency]
  package var cost: Double {
    bill.total + wearCost - endEnergyValue + unmetCost - waitingEndValue
  }

  /// Price of what loads that can wait left unmet. [currency]
  package var unmetCost: Double { waiting.reduce(0) { $0 + $1.unmetCost } }

  /// Worth of what their stores hold at the end beyond what they held at the start. [currency]
  package var waitingEndValue: Double { waiting.reduce(0) { $0 + $1.endValue } }

  /// Production that was thrown away. [kWh]
  package var curtailedKWh: Double {
    trace.curtailedKW.reduce(0) { $0 + ($1.isFinite ? $1 : 0) } * trace.grid.stepHours
  }

  /// Time in which the derating policy left less than the rated power, asked for or not. [min]
  package var derateMinutes: Double { (ledger?.derateSeconds ?? 0) / 60 }
}

/// Mean distance between planned and executed battery power, by lead. [kW]
package struct PlanFidelity: Sendable, Equatable {
  /// Upper ends of the lead buckets. [h]
  package static let bucketEndHours = [1.0, 3, 6, 12, 24, 48]
  private var sums = [Double](repeating: 0, count: bucketEndHours.count)
  private var counts = [Int](repeating: 0, count: bucketEndHours.count)

  /// Starts without pairs.
  package init() {}

  /// Books one pair of planned and executed power.
  package mutating func add(plannedKW: Double, executedKW: Double, leadHours: Double) {
    guard let bucket = PlanFidelity.bucketEndHours.firstIndex(where: { leadHours < $0 }) else {
      return
    }
    sums[bucket] += abs(plannedKW - executedKW)
    counts[bucket] += 1
  }

  /// Mean absolute distance in each bucket, NaN where no plan reached. [kW]
  package var meanAbsoluteKW: [Double] { zip(sums, counts).map { $0 / Double($1) } }
}
