import Diagnostics
import Documents
import TimeSeries

/// Weather of Open-Meteo, as JSON or CSV.
///
/// Irradiance is the mean of the hour before its stamp, so its label is the end of the interval; the
/// `_instant` variants and temperature, clouds and wind hold at the stamp, and a slot takes the mean of
/// the line between stamps. Stamps are local time of the zone that the file names; its single
/// offset is wrong for half of the year where clocks change and is used only when no zone is named.
struct OpenMeteo {
  let source: LogSource
  let window: Range<Int>

  /// True for variables that are means of the interval before the stamp.
  static func isPrecedingMean(_ variable: String) -> Bool {
    let means = [
      "_radiation", "irradiance", "precipitation", "rain", "snowfall", "sunshine_duration",
    ]
    return !variable.contains("_instant") && means.contains { variable.contains($0) }
  }

  func jsonInputs(
    _ tree: (root: JSONNode, index: LineIndex), zone: Zone
  ) throws(InputError) -> [GridInput] {
    let (root, index) = tree
    // Several places give a list; the first is the site.
    let answer = root.list?.first ?? root
    if let reason = answer["reason"]?.text, answer["hourly"] == nil {
      throw InputError("Open-Meteo answered: \(reason)", at: index.position(answer.offset))
    }
    let clock = try replyZone(
      name: answer["timezone"]?.text, offset: answer["utc_offset_seconds"]?.number, zone: zone)
    var inputs: [GridInput] = []
    for channel in source.channels {
      var found: [String] = []
      var input: GridInput?
      for section in ["minutely_15", "hourly", "daily"] where input == nil {
        guard let block = answer[section], let times = block["time"]?.list else { continue }
        found += (block.members ?? []).map(\.name).filter { $0 != "time" }
        guard let values = block[channel.column]?.list else { continue }
        let unit = answer["\(section)_units"]?[channel.column]?.text
        var builder = try ChannelBuilder(
          file: source.path, mapping: channel, carried: unit, window: window)
        if times.count != values.count {
          throw InputError(
            "'\(channel.column)' has \(values.count) values for \(times.count) times",
            at: index.position(block.offset))
        }
        for (time, value) in zip(times, values) {
          let place = index.position(value.offset)
          guard let stamp = instant(time, zone: clock) else {
            builder.reject(.badStamp, "a time stamp cannot be read", at: place)
            continue
          }
          builder.add(value, at: stamp, position: place)
        }
        input = finished(builder, variable: channel.column)
      }
      guard let input else { throw source.missing(channel.column, among: found) }
      inputs.append(input)
    }
    return inputs
  }

  /// Reads the line of details, and below it one block of rows per section of the reply.
  func csvInputs(_ document: TextFile, zone: Zone) throws(InputError) -> [GridInput] {
    var rows = try CSVRows(document, delimiter: ",", findsHeader: false)
    let values = rows.next() ? rows.texts : []
    func detail(_ name: String) -> String? {
      rows.names.firstIndex(of: name).flatMap { $0 < values.count ? values[$0] : nil }
    }
    let clock = try replyZone(
      name: detail("timezone"),
      offset: detail("utc_offset_seconds").flatMap { NumberScanner().number($0) }, zone: zone)
    var inputs: [GridInput?] = Array(repeating: nil, count: source.channels.count)
    var blocks: [CSVBlock] = []
    var found: [String] = []
    var header: [String] = []
    func close() {
      for block in blocks {
        inputs[block.channel] = finished(
          block.builder, variable: source.channels[block.channel].column)
      }
      blocks = []
    }
    while rows.next() {
      let cells = rows.texts
      if cells.contains("time") {
        close()
        header = cells
        let names = cells.map { CSVHeader.split($0).name }
        found += names
        for (k, channel) in source.channels.enumerated() where inputs[k] == nil {
          guard let cell = names.firstIndex(of: channel.column) else { continue }
          let builder = try ChannelBuilder(
            file: source.path, mapping: channel, carried: CSVHeader.split(cells[cell]).unit,
            window: window)
          blocks.append(CSVBlock(channel: k, cell: cell, builder: builder))
        }
        continue
      }
      let time = header.firstIndex(of: "time") ?? 0
      let stamp = stamp(rows.text(time), zone: clock)
      for k in blocks.indices {
        blocks[k].add(rows, header: header, time: time, stamp: stamp)
      }
    }
    close()
    var result: [GridInput] = []
    for (k, channel) in source.channels.enumerated() {
      guard let input = inputs[k] else { throw source.missing(channel.column, among: found) }
      result.append(input)
    }
    return result
  }

  /// One channel of a block of rows.
  private struct CSVBlock {
    let channel: Int
    let cell: Int
    var builder: ChannelBuilder

    mutating func add(_ rows: CSVRows, header: [String], time: Int, stamp: Int?) {
      let place = rows.position(cell)
      if let surplus = rows.surplus(over: header.count) {
        builder.reject(.raggedRow, surplus.message, at: surplus.position ?? place)
      } else if let stamp {
        guard cell < rows.count else {
          return builder.addShortRow(rows.count, of: header.count, at: stamp, position: place)
        }
        let text = rows.text(cell)
        builder.add(state: text == "NaN" ? "" : text, at: stamp, position: place)
      } else {
        builder.reject(
          .badStamp, "'\(rows.text(time))' is not a time stamp", at: rows.position(time))
      }
    }
  }

  private func finished(_ builder: ChannelBuilder, variable: String) -> GridInput {
    let isMean = OpenMeteo.isPrecedingMean(variable)
    return builder.input(label: isMean ? .end : .start, sampling: isMean ? .interval : .instant)
  }

  /// Zone of the reply: the user's, the one it names, or its fixed offset.
  private func replyZone(name: String?, offset: Double?, zone: Zone) throws(InputError) -> Zone {
    if let own = source.zone { return own }
    guard let name, !name.isEmpty else { return zone }
    if name == "GMT" || name == "UTC" { return .utc }
    do throws(UnknownZone) {
      return try Zone(name)
    } catch {
      if let offset, offset == 0 { return .utc }
      throw InputError("unknown time zone '\(name)'", at: SourcePosition(file: source.path))
    }
  }

  private func instant(_ node: JSONNode, zone: Zone) -> Int? {
    if let seconds = node.number { return instantMS(seconds: seconds) }
    return node.text.flatMap { stamp($0, zone: zone) }
  }
}
