import TimeSeries

/// Net metering credits of one energy charge, carried in kilowatt-hours from month to month.
///
/// A credit belongs to the period that exported it. At the end of a month it moves to the period
/// that covers the same hour of the next month, so that a season's credit is not lost to the next
/// season: of the hours 0, 6, 12 and 18 of a weekday the first that the period covers decides, then
/// any other time of it. Credits of periods with a named bank stay in the bank.
///
/// Source: the rollover of net metering in SAM, whose `UtilityRate5` matches periods by these hours.
struct EnergyBanks {
  /// Who owns a credit.
  private enum Owner: Hashable {
    case bank(String)
    case period(Int)
  }

  private let charge: EnergyCharge
  private var table: PeriodTable
  private var creditsKWh: [Owner: CreditBank] = [:]

  /// Starts without credits.
  init(_ charge: EnergyCharge) {
    self.charge = charge
    table = PeriodTable(charge.periods.map(\.windows))
  }

  /// Sum of all credits. [kWh]
  var totalKWh: Double { creditsKWh.values.map(\.total).sorted().reduce(0, +) }

  /// Moves surplus into the banks of its periods and covers need from them.
  ///
  /// - Parameters:
  ///   - netKWh: Import less export of each part of the month; afterwards what is left to pay for.
  ///     [kWh]
  ///   - periods: Period of each part.
  ///   - month: Position of the month.
  /// - Returns: Energy taken out of the banks. [kWh]
  mutating func settle(_ netKWh: inout [Double], periods: [Int], month: Int) -> Double {
    var used = 0.0
    for part in netKWh.indices where netKWh[part] < 0 {
      creditsKWh[owner(periods[part]), default: CreditBank()].add(-netKWh[part], month: month)
      netKWh[part] = 0
    }
    for part in netKWh.indices where netKWh[part] > 0 {
      let owner = owner(periods[part])
      let drawn = min(netKWh[part], creditsKWh[owner]?.total ?? 0)
      if drawn > 0 {
        creditsKWh[owner]?.use(drawn)
        netKWh[part] -= drawn
        used += drawn
      }
    }
    return used
  }

  /// Hands the credits of a month's periods to those that cover the same hours of the next month.
  mutating func carry(from month: BillingMonth, to next: BillingMonth) {
    var carried: [Owner: CreditBank] = [:]
    // In order, because sums of several credits must not depend on the order of a dictionary.
    for period in charge.periods.indices {
      guard let credit = creditsKWh[.period(period)], credit.total > 0 else { continue }
      let target = successor(of: period, from: month, to: next)
      carried[owner(target), default: CreditBank()].take(credit)
    }
    for (owner, credit) in creditsKWh {
      if case .bank = owner { carried[owner, default: CreditBank()].take(credit) }
    }
    creditsKWh = carried
  }

  /// Takes out what may be used through the end of a month and no longer. [kWh]
  mutating func expire(month: Int, after months: Int) -> Double {
    var expired: [Double] = []
    for owner in creditsKWh.keys {
      expired += creditsKWh[owner]?.expire(month: month, after: months).map(\.left) ?? []
    }
    // In order of size, because a sum must not depend on the order of a dictionary.
    return expired.sorted().reduce(0, +)
  }

  /// Forgets all credits.
  mutating func clear() { creditsKWh = [:] }

  private func owner(_ period: Int) -> Owner {
    charge.periods[period].bank.map { .bank($0) } ?? .period(period)
  }

  mutating func successor(
    of period: Int, from month: BillingMonth, to next: BillingMonth
  ) -> Int {
    for type in [DayTypes.weekday, .saturday, .sunday, .holiday] {
      for day in (1...month.days).reversed() {
        let minutes = table.minutes(of: MonthDay(month: month.month, day: day), type: type)
        let covered = { (minute: Int) in Int(minutes[minute]) == period }
        guard
          let minute = [0, 360, 720, 1080].first(where: covered) ?? (0..<1440).first(where: covered)
        else { continue }
        let target = table.minutes(of: MonthDay(month: next.month, day: 1), type: type)[minute]
        return target == PeriodTable.none ? period : Int(target)
      }
    }
    return period
  }
}
