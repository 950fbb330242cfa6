/// What a metered series costs, month by month and line by line.
public struct Bill: Sendable, Hashable {
  /// Sum of the months. [currency]
  public var total: Double
  /// Billing months in order.
  public var months: [MonthBill]

  /// Adds months up.
  public init(months: [MonthBill]) {
    self.months = months
    total = months.reduce(0) { $0 + $1.total }
  }
}

/// What a calendar month costs; a partly covered one is billed for what it covers.
public struct MonthBill: Sendable, Hashable {
  /// For example `2024-01`, on the local calendar.
  public var month: String
  /// Charges on energy, taxes included. [currency]
  public var energy: Double
  /// Charges on power. [currency]
  public var demand: Double
  /// Amounts that do not depend on use. [currency]
  public var fixed: Double
  /// Credit for export, negative. [currency]
  public var export: Double
  /// What minimum charges add. [currency]
  public var minimumAdjustment: Double
  /// Sum of the five. [currency]
  public var total: Double
  /// Energy imported at the meter. [kWh]
  public var importKWh: Double
  /// Energy exported at the meter. [kWh]
  public var exportKWh: Double
  /// Highest import over the shortest metering interval of the tariff. [kW]
  public var peakKW: Double
  /// Share of the calendar month that the data cover; fixed charges are billed by it.
  public var coveredFraction: Double
  /// Slots without a value, billed as zero.
  public var missingSlots: Int
  /// Credit in money left at the end of the month. [currency]
  public var creditBalance: Double
  /// Credit in energy left at the end of the month. [kWh]
  public var creditBalanceKWh: Double
  /// Energy imported above the tariff's import limit. [kWh]
  public var overImportLimitKWh: Double
  /// Energy exported above the tariff's export limit. [kWh]
  public var overExportLimitKWh: Double
  /// The parts of the bill.
  public var lines: [BillLine]

  /// Starts a month with nothing billed.
  init(month: String) {
    self.month = month
    energy = 0
    demand = 0
    fixed = 0
    export = 0
    minimumAdjustment = 0
    total = 0
    importKWh = 0
    exportKWh = 0
    peakKW = 0
    coveredFraction = 1
    missingSlots = 0
    creditBalance = 0
    creditBalanceKWh = 0
    overImportLimitKWh = 0
    overExportLimitKWh = 0
    lines = []
  }
}

/// One part of a month's bill.
public struct BillLine: Sendable, Hashable {
  /// Name of the charge, with period and block.
  public var rule: String
  /// What is billed, in `unit`.
  public var quantity: Double
  /// For example `kWh` or `kW`.
  public var unit: String
  /// Amount for one unit. [currency per unit]
  public var price: Double
  /// Negative for a credit. [currency]
  public var amount: Double

  /// States a part of a bill.
  public init(rule: String, quantity: Double, unit: String, price: Double, amount: Double) {
    self.rule = rule
    self.quantity = quantity
    self.unit = unit
    self.price = price
    self.amount = amount
  }
}
