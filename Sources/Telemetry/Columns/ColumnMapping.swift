package import TimeSeries

/// Which column becomes which quantity, and how.
package struct ColumnMapping: Sendable, Hashable {
  /// Header of the column, with or without the unit it carries.
  package var column: String
  /// What it measures.
  package var quantity: Quantity
  /// Unit of the cells; taken from the header (`Power [kW]`) or the cells when absent.
  package var unit: String?
  /// Multiplies the converted value: a rated power for `W/kW`, −1 to turn a sign.
  package var factor: Double
  /// Whether cells are values of the interval or readings of a counter.
  package var reading: Reading
  /// Smallest physical value, in the unit of the quantity.
  package var minimum: Double?
  /// Largest physical value, in the unit of the quantity.
  package var maximum: Double?
  /// What to do with missing slots.
  package var fill: FillRule
  /// How this column combines with others for the same quantity.
  package var combination: Combination
  /// True for a battery power that is given as the current of the pack, kept in A: it has the slots, means and
  /// gaps of a power.
  package var isCurrent = false
  /// Name of the plane of modules whose production it measures; nothing for that of all, and for other quantities.
  package var plane: String?

  /// Maps a column without fill rule or range.
  package init(
    column: String, quantity: Quantity, unit: String? = nil, factor: Double = 1,
    reading: Reading = .value, minimum: Double? = nil, maximum: Double? = nil,
    fill: FillRule = .none, combination: Combination = .join
  ) {
    self.column = column
    self.quantity = quantity
    self.unit = unit
    self.factor = factor
    self.reading = reading
    self.minimum = minimum
    self.maximum = maximum
    self.fill = fill
    self.combination = combination
  }
}

/// What columns are put together to.
struct ColumnTarget: Hashable {
  var quantity: Quantity
  var plane: String?
}

extension ColumnMapping {
  /// What the column is put together to with others.
  var target: ColumnTarget { ColumnTarget(quantity: quantity, plane: plane) }
}
