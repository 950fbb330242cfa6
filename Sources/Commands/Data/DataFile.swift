import Diagnostics
import Telemetry
import TimeSeries

/// A data file as its looks say it is to be read.
struct DataFile {
  let path: String
  /// Format of a logger; nothing for a plain table.
  let format: LogFormat?
  /// Header of the stamps.
  let timeColumn: String
  /// Clock of the stamps, where the kind of file has one of its own.
  let zone: Zone?
  /// Which end of its interval a stamp names.
  let label: SlotLabel
  /// What its columns or channels are.
  private(set) var columns: [ColumnMapping]
  /// Names of the columns of a table.
  let names: [String]
  /// Name of the service that exports such files; nothing for others.
  let service: String?
  /// What was taken by a word of its name alone, for people.
  let remarks: [String]

  /// Looks at a file.
  ///
  /// - Parameters:
  ///   - path: Path of the file.
  ///   - format: Format of a logger, where it is known.
  ///   - timeColumn: Header of the stamps, where it is known.
  ///   - label: Which end of its interval a stamp names, where the kind of file does not say.
  ///   - columns: What the columns are; found where this is empty.
  /// - Throws: `InputError` when it cannot be read.
  init(
    _ path: String, format: LogFormat? = nil, timeColumn: String? = nil, label: SlotLabel = .start,
    columns: [ColumnMapping]
  ) throws {
    self.path = path
    if let format = format ?? LogFormat.recognised(path) {
      self.format = format
      self.columns = columns.isEmpty ? try format.usualChannels(path) : columns
      self.timeColumn = timeColumn ?? "time"
      self.label = label
      (zone, names, service, remarks) = (nil, [], nil, [])
      return
    }
    let outline = try CSVOutline(path: path)
    let known = outline.known
    self.format = nil
    self.timeColumn = timeColumn ?? known?.timeColumn ?? outline.timeColumn ?? "time"
    self.label = columns.isEmpty && label == .start ? known?.label ?? label : label
    self.columns = columns.isEmpty ? outline.mappings : columns
    zone = known?.zone
    names = outline.names
    service = known?.name
    remarks = columns.isEmpty ? outline.remarks : []
  }

  /// Gives columns in a unit per rated power a rating.
  mutating func rateColumns(atKW rating: Double) {
    for k in columns.indices where columns[k].factor == 1 && columns[k].unit == nil {
      if CSVOutline.isPerRatedPower(columns[k].column) { columns[k].factor = rating }
    }
  }
}
