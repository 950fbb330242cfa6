import Diagnostics
import Documents
package import TimeSeries

/// A file in the format of a known logger or service.
package enum LogFormat: String, Sendable, Hashable, CaseIterable, Codable {
  /// Home Assistant's history panel: `entity_id,state,last_changed`.
  case homeAssistantHistoryCSV = "ha_history_csv"
  /// Home Assistant's history API: lists of states.
  case homeAssistantHistoryJSON = "ha_history_json"
  /// Home Assistant's statistics: per entity a list of periods.
  case homeAssistantStatisticsJSON = "ha_statistics_json"
  /// Home Assistant's recorder database.
  case homeAssistantRecorder = "ha_recorder"
  /// Home Assistant's energy dashboard: one row per entity, one column per hour.
  case homeAssistantEnergyCSV = "ha_energy_csv"
  /// Victron VRM's log: three header rows.
  case victronCSV = "victron_csv"
  /// Open-Meteo's JSON answer.
  case openMeteoJSON = "open_meteo_json"
  /// Open-Meteo's CSV answer.
  case openMeteoCSV = "open_meteo_csv"
  /// Darkstar's learning database.
  case darkstar
  /// Green Button's XML.
  case greenButtonXML = "green_button_xml"
  /// Meter data of the Australian market.
  case nem12
}

/// A file of a known format, and which of its channels become which quantities.
package struct LogSource: Sendable {
  /// Path of the file.
  package var path: String
  /// Format of the file.
  package var format: LogFormat
  /// Clock of stamps without offset, when the file names none; the site's zone when absent.
  package var zone: Zone?
  /// How long a state holds without a new one, for formats that write changes only. [s]
  package var maxAgeSeconds: Int
  /// What each channel is: an entity, a variable, or `block/name` in a Victron log.
  package var channels: [ColumnMapping]

  /// Creates a file.
  package init(
    path: String, format: LogFormat, zone: Zone? = nil, maxAgeSeconds: Int = 3600,
    channels: [ColumnMapping]
  ) {
    self.path = path
    self.format = format
    self.zone = zone
    self.maxAgeSeconds = maxAgeSeconds
    self.channels = channels
  }

  func inputs(zone site: Zone, window: Range<Int>) throws(InputError) -> [GridInput] {
    let clock = zone ?? site
    let states = HomeAssistantHistory(source: self, window: window)
    let statistics = HomeAssistantStatistics(source: self, window: window)
    let weather = OpenMeteo(source: self, window: window)
    var warnings: [Diagnostic] = []
    func table() throws(InputError) -> TextFile {
      let document = try TextFile(path)
      warnings = document.warnings
      return document
    }
    func tree() throws(InputError) -> (JSONNode, LineIndex) {
      let bytes = try TextFile(path, isUnicode: true).bytes
      return (try JSONReader(file: path).read(bytes), LineIndex(bytes, file: path))
    }
    var inputs: [GridInput]
    switch format {
    case .homeAssistantHistoryCSV: inputs = try states.csvInputs(try table(), zone: clock)
    case .homeAssistantHistoryJSON: inputs = try states.jsonInputs(try tree(), zone: clock)
    case .homeAssistantStatisticsJSON: inputs = try statistics.jsonInputs(try tree())
    case .homeAssistantRecorder: inputs = try statistics.recorderInputs()
    case .homeAssistantEnergyCSV:
      inputs = try statistics.dashboardInputs(try table(), zone: clock)
    case .victronCSV:
      inputs = try VictronLog(source: self, window: window).inputs(try table(), zone: clock)
    case .openMeteoJSON: inputs = try weather.jsonInputs(try tree(), zone: clock)
    case .openMeteoCSV: inputs = try weather.csvInputs(try table(), zone: clock)
    case .greenButtonXML:
      let root = try XMLReader(file: path).read(try TextFile(path, isXML: true).bytes)
      inputs = try GreenButton(source: self, window: window).inputs(root)
    case .nem12: inputs = try NEM12(source: self, window: window).inputs(try table())
    case .darkstar: inputs = try DarkstarObservations(source: self, window: window).inputs()
    }
    if !inputs.isEmpty { inputs[0].table.log.add(.encoding, warnings) }
    return inputs
  }

  /// The finding for a channel that the file does not hold.
  func missing(_ channel: String, among known: [String]) -> InputError {
    let hint = suggestion(for: channel, among: known).map { "; did you mean '\($0)'?" } ?? ""
    let list = known.prefix(40).map { "'\($0)'" }.joined(separator: ", ")
    return InputError([
      .error(
        "there is no channel '\(channel)'\(hint)", at: SourcePosition(file: path),
        notes: ["the channels are \(list)"])
    ])
  }
}

/// Collects the samples of one channel.
struct ChannelBuilder {
  var table: SampleTable
  let mapping: ColumnMapping
  let unit: MeasurementUnit?
  private let scale: UnitScale
  private let window: Range<Int>
  private var previous = Int.min

  /// - Parameters:
  ///   - file: Path of the file.
  ///   - mapping: What the channel becomes.
  ///   - carried: Unit that the file itself gives, empty or nothing when it gives none.
  ///   - window: Stamps to keep. [ms]
  /// - Throws: `InputError` for a unit that is missing, unknown or measures something else.
  init(
    file: String, mapping: ColumnMapping, carried: String?, window: Range<Int>
  ) throws(InputError) {
    let name = carried.map { $0.isEmpty ? mapping.column : "\(mapping.column) [\($0)]" }
    unit = try mapping.resolvedUnit(
      header: name ?? mapping.column, at: SourcePosition(file: file))
    guard let unit else {
      throw InputError(
        "channel '\(mapping.column)' carries no unit; give one of \(mapping.quantity.unitExamples)",
        at: SourcePosition(file: file))
    }
    table = SampleTable(file: file)
    table.isPerInterval = [mapping.isPerInterval(unit)]
    scale = UnitScale(unit, factor: mapping.factor)
    self.mapping = mapping
    self.window = window
  }

  /// Adds a value at a stamp. [ms]
  mutating func add(_ value: Double, at stamp: Int, position: SourcePosition) {
    table.rowsIn += 1
    append(scale.kept(value), stamp, position)
    if value.isNaN { table.cellsMissing += 1 }
  }

  /// Adds a value at a stamp with the end of its interval, where the file says it. [ms]
  mutating func add(_ value: Double, at stamp: Int, until end: Int?, position: SourcePosition) {
    let before = table.stamps.count
    add(value, at: stamp, position: position)
    guard table.stamps.count > before, let end else { return }
    if table.ends.isEmpty { table.ends += repeatElement(Int.min, count: before + 1) }
    table.ends[before] = end
  }

  /// Adds a state as text: a number, a word for "no value", or a mistake.
  mutating func add(state: String, at stamp: Int, position: SourcePosition) {
    let trimmed = trimmedText(state)
    if let number = NumberScanner().number(trimmed) {
      add(number, at: stamp, position: position)
    } else if trimmed.isEmpty || CSVSource.usualMissingWords.contains(trimmed) {
      add(.nan, at: stamp, position: position)
    } else {
      fail(
        "'\(trimmed)' is not a number for '\(mapping.quantity.rawValue)'", at: stamp,
        position: position)
    }
  }

  /// Adds a value that could not be read; it is missing.
  mutating func fail(_ message: String, at stamp: Int, position: SourcePosition) {
    table.rowsIn += 1
    append(.nan, stamp, position)
    table.cellsFailed += 1
    table.log.add(.badNumber, .error, message, at: position)
  }

  /// Adds a JSON value: a number, a text that holds one, nothing, or a mistake.
  mutating func add(_ node: JSONNode?, at stamp: Int, position: SourcePosition) {
    switch node?.content {
    case .number(let number): add(number, at: stamp, position: position)
    case .text(let text): add(state: text, at: stamp, position: position)
    case nil, .null: add(state: "", at: stamp, position: position)
    case .boolean(let flag): add(state: "\(flag)", at: stamp, position: position)
    case .list, .members:
      fail(
        "a number for '\(mapping.quantity.rawValue)' was expected, found \(node?.found ?? "")",
        at: stamp, position: position)
    }
  }

  /// Notes a cell that is not there.
  mutating func addShortRow(_ cells: Int, of width: Int, at stamp: Int, position: SourcePosition) {
    add(state: "", at: stamp, position: position)
    table.log.add(
      .raggedRow, .warning, "the row has \(cells) cells, the header has \(width)", at: position)
  }

  /// Notes a row that could not be used.
  mutating func reject(_ kind: FindingKind, _ message: String, at position: SourcePosition) {
    table.rowsIn += 1
    table.rowsReported += 1
    table.log.add(kind, .error, message, at: position)
  }

  private mutating func append(_ value: Double, _ stamp: Int, _ position: SourcePosition) {
    guard window.contains(stamp) else {
      table.rowsOutside += 1
      return
    }
    if stamp < previous { table.outOfOrder += 1 }
    previous = stamp
    table.stamps.append(stamp)
    if !table.ends.isEmpty { table.ends.append(Int.min) }
    table.values.append(value)
    table.lines.append(UInt32(truncatingIfNeeded: position.line))
    table.places.append(UInt32(truncatingIfNeeded: position.column))
  }

  /// The finished table with its reading rules.
  func input(
    label: SlotLabel = .start, sampling: Sampling, stepSeconds: Int? = nil,
    reading: Reading? = nil
  ) -> GridInput {
    var mapping = mapping
    if let reading { mapping.reading = reading }
    return GridInput(
      table: table, mappings: [mapping], label: label, sampling: sampling,
      stepSeconds: stepSeconds)
  }
}

/// Reads a stamp that stands in a text.
func stamp(_ text: String, zone: Zone) -> Int? {
  var scanner = StampScanner(zone: zone)
  switch scanner.scan(text) {
  case .instant(let stamp), .repeated(let stamp): return stamp
  case .nonexistent, .malformed: return nil
  }
}
