package import Documents
package import TimeSeries

/// A file that holds columns of a history: a CSV file, or one of a known logger.
package struct CSVSource: Sendable {
  /// Path of the file.
  package var path: String
  /// Format of a known logger, which knows its own stamps and steps; nothing for a plain CSV file.
  package var format: LogFormat?
  /// Header of the column with the stamps.
  package var timeColumn: String
  /// How stamps are written.
  package var stampFormat: StampFormat
  /// Clock of stamps that carry no offset; the site's zone when absent.
  package var zone: Zone?
  /// Which end of its interval a stamp names.
  package var label: SlotLabel
  /// Length of the file's intervals; the most frequent distance of stamps when absent. [s]
  package var stepSeconds: Int?
  /// Whether values are means over an interval or states that hold until they change.
  package var sampling: Sampling
  /// Separator of cells; recognised when absent.
  package var delimiter: Character?
  /// `.` or `,`; recognised when absent.
  package var decimalMark: Character?
  /// Cells that mean "no value", besides the empty one.
  package var missingWords: [String]
  /// Only rows that pass all filters count.
  package var filters: [RowFilter]
  /// True to leave out local times that do not exist, with a warning, instead of refusing the file.
  package var skipsNonexistentTimes: Bool
  /// The columns to read.
  package var columns: [ColumnMapping]

  /// Words that loggers write for "no value".
  package static let usualMissingWords = [
    "unknown", "unavailable", "null", "None", "NA", "N/A", "n/a", "-", "--", "?",
  ]

  /// Creates a file with the defaults of a plain CSV of interval means.
  package init(
    path: String, format: LogFormat? = nil, timeColumn: String = "time",
    stampFormat: StampFormat = .automatic, zone: Zone? = nil,
    label: SlotLabel = .start, stepSeconds: Int? = nil, sampling: Sampling = .interval,
    delimiter: Character? = nil, decimalMark: Character? = nil,
    missingWords: [String] = CSVSource.usualMissingWords, filters: [RowFilter] = [],
    skipsNonexistentTimes: Bool = false, columns: [ColumnMapping]
  ) {
    self.path = path
    self.format = format
    self.timeColumn = timeColumn
    self.stampFormat = stampFormat
    self.zone = zone
    self.label = label
    self.stepSeconds = stepSeconds
    self.sampling = sampling
    self.delimiter = delimiter
    self.decimalMark = decimalMark
    self.missingWords = missingWords
    self.filters = filters
    self.skipsNonexistentTimes = skipsNonexistentTimes
    self.columns = columns
  }
}

/// What a row says about the time around its stamp.
package enum Sampling: Sendable, Hashable {
  /// The mean over one step.
  case interval
  /// The value at the stamp; between stamps a straight line, across at most one and a half steps.
  case instant
  /// A state that holds until the next row, for at most so long. [s]
  case held(maxAgeSeconds: Int)
}

/// Keeps the rows whose cell in a column reads exactly so.
package struct RowFilter: Sendable, Hashable {
  /// Header of the column.
  package var column: String
  /// Text of the cell, without quotes and blanks around it.
  package var equals: String

  /// Creates a filter.
  package init(column: String, equals: String) {
    self.column = column
    self.equals = equals
  }
}

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

/// What the numbers of a column are.
package enum Reading: Sendable, Hashable {
  /// A mean power, a price, a temperature, or an energy per interval.
  case value
  /// A total that grows; energy is the difference of readings.
  case counter(CounterRule)
}

/// How columns for one quantity combine.
package enum Combination: String, Sendable, Hashable, CaseIterable, Codable {
  /// The first column that has a value for a slot supplies it.
  case join
  /// Values add up; the sum is missing where one is.
  case sum
}

/// What to put into slots without a value; every slot so filled is counted.
package enum FillRule: Sendable, Hashable {
  /// Leave them missing.
  case none
  /// Zero.
  case zero
  /// Zero where the sun is not higher than an angle above the horizon. [deg]
  case zeroAtNight(maxElevationDeg: Double)
  /// The last value, for at most so long after its slot. [s]
  case hold(maxAgeSeconds: Int)
  /// A straight line across gaps that are at most so long. [s]
  case interpolate(maxGapSeconds: Int)
}

/// How a counter is read.
package struct CounterRule: Sendable, Hashable {
  /// A drop to less than this share of the reading before is a restart from zero; a smaller drop is noise.
  package var resetFraction: Double
  /// Spread the energy of a gap evenly over it (true), or leave the gap missing (false).
  package var spreadsGaps: Bool
  /// More energy than this power could deliver since the last reading is a spike. [kW]
  package var maximumKW: Double?
  /// Time from the stamp to the reading: the step for statistics whose stamp is the start of the interval
  /// and whose total is that of its end. [s]
  package var delaySeconds: Int
  /// How long a total must stay exactly the same to count as not read. [s]
  ///
  /// What it then catches up is spread over that time as over a gap. For loads, which never rest; not for
  /// production, which rests at night.
  package var staleSeconds: Int?

  /// The rule of Home Assistant's statistics: a restart below 0.9 of the reading before.
  package init(
    resetFraction: Double = 0.9, spreadsGaps: Bool = true, maximumKW: Double? = nil,
    delaySeconds: Int = 0, staleSeconds: Int? = nil
  ) {
    self.resetFraction = resetFraction
    self.spreadsGaps = spreadsGaps
    self.maximumKW = maximumKW
    self.delaySeconds = delaySeconds
    self.staleSeconds = staleSeconds
  }
}
