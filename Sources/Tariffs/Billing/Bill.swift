/// What a metered series costs, month by month and line by line.
package struct Bill: Sendable, Hashable {
  /// Sum of the months. [currency]
  package var total: Double
  /// Carbon dioxide of the months; nothing where the tariff names no factor. [kg]
  package var carbonKg: Double?
  /// Billing months in order.
  package var months: [MonthBill]

  /// Adds months up.
  package init(months: [MonthBill]) {
    self.months = months
    total = months.reduce(0) { $0 + $1.total }
    let carbon = months.compactMap(\.carbonKg)
    carbonKg = carbon.isEmpty ? nil : carbon.reduce(0, +)
  }
}

/// What a calendar month costs; a partly covered one is billed for what it covers.
package struct MonthBill: Sendable, Hashable {
  /// For example `2024-01`, on the local calendar.
  package var month: String
  /// Charges on energy, taxes included. [currency]
  package var energy: Double
  /// Charges on power. [currency]
  package var demand: Double
  /// Amounts that do not depend on use. [currency]
  package var fixed: Double
  /// Credit for export, negative. [currency]
  package var export: Double
  /// What minimum charges add. [currency]
  package var minimumAdjustment: Double
  /// Sum of the five. [currency]
  package var total: Double
  /// The part of `demand` and `minimumAdjustment` that this month alone decides. [currency]
  package var monthlyDemand: Double
  /// The part of the total that other months decide as well: ratchets, means and peaks over months,
  /// yearly minimums and true-ups. [currency]
  package var overMonths: Double
  /// Energy imported at the meter. [kWh]
  package var importKWh: Double
  /// Energy exported at the meter. [kWh]
  package var exportKWh: Double
  /// Highest import over the shortest metering interval of the tariff. [kW]
  package var peakKW: Double
  /// Share of the calendar month that the data cover; fixed charges are billed by it.
  package var coveredFraction: Double
  /// Slots without a value, billed as zero.
  package var missingSlots: Int
  /// Credit in money left at the end of the month. [currency]
  package var creditBalance: Double
  /// Credit in energy left at the end of the month. [kWh]
  package var creditBalanceKWh: Double
  /// Carbon dioxide of the energy imported; nothing where the tariff names no factor. [kg]
  package var carbonKg: Double?
  /// Credit in money that expired at the end of the month, paid back or not. [currency]
  package var expiredCredit: Double
  /// Credit in energy that expired at the end of the month. [kWh]
  package var expiredCreditKWh: Double
  /// The part of the expired credit that is paid back. [currency]
  var refund = 0.0
  /// Energy imported above the tariff's import limit. [kWh]
  package var overImportLimitKWh: Double
  /// Energy exported above the tariff's export limit. [kWh]
  package var overExportLimitKWh: Double
  /// The parts of the bill.
  package var lines: [BillLine]

  /// Starts a month with nothing billed.
  init(month: String) {
    self.month = month
    energy = 0
    demand = 0
    fixed = 0
    export = 0
    minimumAdjustment = 0
    total = 0
    monthlyDemand = 0
    overMonths = 0
    importKWh = 0
    exportKWh = 0
    peakKW = 0
    coveredFraction = 1
    missingSlots = 0
    creditBalance = 0
    creditBalanceKWh = 0
    expiredCredit = 0
    expiredCreditKWh = 0
    overImportLimitKWh = 0
    overExportLimitKWh = 0
    lines = []
  }
}

/// One part of a month's bill.
package struct BillLine: Sendable, Hashable {
  /// The sum of a month that a line is part of.
  package enum Part: String, Sendable {
    case energy, demand, fixed, export, minimum
  }

  /// The sum of the month that it is part of.
  package var part: Part
  /// Name of the charge, with period and block.
  package var rule: String
  /// What is billed, in `unit`.
  package var quantity: Double
  /// For example `kWh` or `kW`.
  package var unit: String
  /// Amount for one unit. [currency per unit]
  package var price: Double
  /// Negative for a credit. [currency]
  package var amount: Double

  /// Creates a part of a bill.
  package init(
    _ part: Part, rule: String, quantity: Double, unit: String, price: Double, amount: Double
  ) {
    self.part = part
    self.rule = rule
    self.quantity = quantity
    self.unit = unit
    self.price = price
    self.amount = amount
  }
}
