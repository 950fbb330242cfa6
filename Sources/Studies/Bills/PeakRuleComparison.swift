import Planning
package import Tariffs

/// The three rules for pricing a month's peak inside a short horizon, side by side.
///
/// A battery with a fixed envelope is planned over 36 h with the load known in advance, again every
/// six hours, and the metered result is billed exactly. What differs is only the rule.
package struct PeakRuleComparison: Sendable {
  /// One rule over the whole series.
  package struct Row: Sendable {
    /// The rule.
    package let rule: PeakPricing
    /// The exact bill.
    package let bill: Bill
    /// Exact bill less cost at planning prices, one per month.
    package let gaps: [SurrogateGap]
    /// Share of the peak without a battery that each month aimed at, for the monthly target.
    package let shares: [Double]
  }

  /// The rules that need no past: a target from trailing days has none within a bill.
  package static let rules: [PeakPricing] = [.fullPrice, .daysLeft, .monthlyTarget]

  /// The site without a battery, under the same rule for throwing production away.
  package let withoutBattery: CurtailedBill
  /// The battery.
  package let battery: FixedBattery
  /// The rules, in their order.
  package let rows: [Row]
  /// Currency of the tariff.
  package let currency: String

  /// Plans and bills the battery under every rule.
  ///
  /// - Parameters:
  ///   - schedule: The tariff on the site's intervals.
  ///   - site: What was metered.
  ///   - battery: The battery.
  ///   - threads: Largest number of threads; results do not depend on it.
  ///   - advanced: Told of each month under each rule that is done.
  package init(
    schedule: BillingSchedule, site: MeteredSite, battery: FixedBattery, threads: Int,
    advanced: @escaping @Sendable () -> Void = {}
  ) {
    let planning = FixedBatteryPlanning(battery, schedule: schedule, site: site)
    self.battery = battery
    withoutBattery = planning.withoutBattery()
    currency = schedule.tariff.currency
    rows = parallelMap(Self.rules, threads: threads) { rule in
      PeakRuleComparison.row(rule, RollingBattery(planning), advanced)
    }
  }

  private static func row(
    _ rule: PeakPricing, _ battery: RollingBattery, _ advanced: () -> Void
  ) -> Row {
    var state = battery.start()
    var shares: [Double] = []
    let schedule = battery.planning.schedule
    for month in schedule.monthSlots.indices {
      var share = 0.0
      if rule == .monthlyTarget {
        let begin = state
        share = PeakTargetSearch { battery.cost(ofMonth: month, from: begin, share: $0) }.share
        shares.append(share)
      }
      battery.run(month: month, rule: rule, share: share, state: &state)
      advanced()
    }
    let found = battery.planning.metered(batteryKW: state.batteryKW)
    return Row(
      rule: rule, bill: found.bill, gaps: battery.planning.gaps(found), shares: shares)
  }
}
