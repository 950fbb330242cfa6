import Documents
import Tariffs

/// The columns of a ledger by which a bill is checked: energy, price and amount of every slot.
package enum BilledColumns {
  /// One of the columns of numbers.
  package struct Column: Sendable {
    /// Name in files.
    package let key: String
    /// Unit.
    package let unit: MeasureUnit
    /// What it means, in a sentence.
    package let meaning: String
    let values: @Sendable (SlotBill) -> [Double]
  }

  /// Name of the first column: the month of the bill that the slot is billed in.
  package static let month = "month"

  /// The columns of numbers, in their order.
  package static let numbers: [Column] = [
    Column(
      key: "import_kwh", unit: .kWh,
      meaning: "Imported energy that is billed, after netting within a settlement interval."
    ) { $0.importKWh },
    Column(
      key: "export_kwh", unit: .kWh,
      meaning: "Exported energy that is billed, after netting within a settlement interval."
    ) { $0.exportKWh },
    Column(
      key: "buy_per_kwh", unit: .currencyPerKWh,
      meaning:
        "Amount per imported kWh; where nothing is imported, the price of one more in the first block."
    ) { $0.buyPerKWh },
    Column(
      key: "sell_per_kwh", unit: .currencyPerKWh,
      meaning:
        "What an exported kWh earns; where nothing is exported, what one would by the export prices."
    ) { $0.sellPerKWh },
    Column(
      key: "energy_amount", unit: .currency,
      meaning: "What the slot adds to the lines of the part `energy`; a month's slots sum to them."
    ) { $0.energyAmount },
    Column(
      key: "export_amount", unit: .currency,
      meaning:
        "What the slot's export earns, negative; a month's slots sum to the lines of the part `export` "
        + "without true-ups and credits carried over."
    ) { $0.exportAmount },
  ]

  /// The names of all columns.
  static var header: [String] { [month] + numbers.map(\.key) }

  /// Returns the columns of a bill, to be asked cell by cell.
  ///
  /// Rounded to a billionth, which no bill can see: sums of parts end in digits that mean nothing.
  static func values(_ bill: SlotBill) -> [[Double]] {
    numbers.map { column in column.values(bill).map { ($0 * 1e9).rounded() / 1e9 } }
  }
}
