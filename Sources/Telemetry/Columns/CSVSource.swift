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
  /// What was found out about the file before it is read, for people.
  package var remarks: [String] = []

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
