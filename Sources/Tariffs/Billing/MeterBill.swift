/// What a meter of its own came to over the period, the same in every run.
package struct MeterBill: Sendable {
  /// Name of the meter.
  package var name: String
  /// Name of its tariff.
  package var tariff: String
  /// Its exact bill.
  package var bill: Bill
  /// Intervals of the period without a value, which nobody is billed for.
  package var unmeasuredSlots: Int

  /// Energy of the period. [kWh]
  package var importKWh: Double { bill.months.reduce(0) { $0 + $1.importKWh } }

  /// States what a meter came to.
  package init(name: String, tariff: String, bill: Bill, unmeasuredSlots: Int) {
    self.name = name
    self.tariff = tariff
    self.bill = bill
    self.unmeasuredSlots = unmeasuredSlots
  }
}
