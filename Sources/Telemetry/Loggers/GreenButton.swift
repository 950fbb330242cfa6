import Diagnostics
import Documents
import TimeSeries

/// Energy in the XML of Green Button (ESPI, NAESB REQ.21).
///
/// Readings begin at seconds since 1970 in UTC and last for so long; values are times a power of ten, in Wh or W. The
/// direction 1 is from the grid to the site, 19 from the site to the grid. Channels are `import`, `export` and `net`.
/// Blocks are joined to the type of their readings by links, or to the type that stands before them.
struct GreenButton {
  let source: LogSource
  let window: Range<Int>

  /// Names of the channels by direction of flow.
  private static let channels = [0: "import", 1: "import", 4: "net", 19: "export"]
  /// Units by their numbers, others are no electric energy.
  private static let units = [72: "Wh", 38: "W"]

  private struct ReadingType {
    var channel: String?
    var unit: String?
    var power = 0
  }

  private struct Block {
    var type: ReadingType
    var number: Int
    var readings: [XMLNode]
  }

  func inputs(_ root: XMLNode) throws(InputError) -> [GridInput] {
    let blocks = blocks(of: root)
    let known = Set(blocks.compactMap { $0.type.unit == nil ? nil : $0.type.channel }).sorted()
    guard !known.isEmpty else {
      throw InputError(
        "the file holds no intervals of electric energy in the form of Green Button",
        at: SourcePosition(file: source.path, line: root.line))
    }
    var inputs: [GridInput] = []
    for channel in source.channels {
      let own = blocks.filter { $0.type.channel == channel.column && $0.type.unit != nil }
      guard let first = own.first else { throw source.missing(channel.column, among: known) }
      var builder = try ChannelBuilder(
        file: source.path, mapping: channel, carried: first.type.unit, window: window)
      // The same energy may be there by hours and by days: the finest counts.
      let finest = own.flatMap(\.readings).compactMap(seconds).min()
      var kinds: [Int] = []
      for block in own where block.type.unit == first.type.unit {
        for reading in block.readings {
          if let finest, let length = seconds(reading), length > 2 * finest { continue }
          let before = builder.table.stamps.count
          add(reading, block.type, to: &builder)
          if builder.table.stamps.count > before { kinds.append(block.number) }
        }
      }
      if Set(kinds).count > 1 { builder.table.joinRows(kinds: kinds) }
      builder.table.layout.append("Green Button, '\(channel.column)'")
      inputs.append(builder.input(sampling: .interval))
    }
    return inputs
  }

  private func seconds(_ reading: XMLNode) -> Int? {
    reading["timePeriod"]?["duration"].flatMap { Int($0.text) }
      .flatMap { (1...31_622_400).contains($0) ? $0 : nil }
  }

  private func add(_ reading: XMLNode, _ type: ReadingType, to builder: inout ChannelBuilder) {
    let place = SourcePosition(file: source.path, line: reading.line, column: 1)
    guard let begin = reading["timePeriod"]?["start"].flatMap({ Double($0.text) }),
      let start = instantMS(seconds: begin)
    else { return builder.reject(.badStamp, "the reading has no readable 'start'", at: place) }
    let text = reading["value"]?.text ?? ""
    guard let number = NumberScanner().number(text) else {
      return builder.fail(
        "'\(text)' is not a number for '\(builder.mapping.quantity.rawValue)'", at: start,
        position: place)
    }
    var value = number
    for _ in 0..<min(12, abs(type.power)) { value = type.power > 0 ? value * 10 : value / 10 }
    builder.add(
      value, at: start, until: seconds(reading).map { start + $0 * 1000 }, position: place)
  }

  /// Blocks of readings with the types they are of.
  private func blocks(of root: XMLNode) -> [Block] {
    let entries = root.name == "entry" ? [root] : root.children.filter { $0.name == "entry" }
    var types: [String: ReadingType] = [:]
    var typeOfMeter: [(link: String, type: String)] = []
    var latest = ReadingType()
    for entry in entries {
      let link = href(entry, "self")
      if let node = entry["content"]?["ReadingType"] { types[link] = type(node) }
      if entry["content"]?["MeterReading"] != nil {
        let related = entry.children.first {
          $0.attributes["rel"] == "related"
            && $0.attributes["href"]?.contains("ReadingType") == true
        }
        if let related = related?.attributes["href"] { typeOfMeter.append((link, related)) }
      }
    }
    var blocks: [Block] = []
    var numbers: [String: Int] = [:]
    for entry in entries {
      if let node = entry["content"]?["ReadingType"] { latest = type(node) }
      for node in entry["content"]?.children ?? [] where node.name == "IntervalBlock" {
        let up = href(entry, "up")
        let meter = typeOfMeter.first { !$0.link.isEmpty && up.hasPrefix($0.link) }
        let own = meter.flatMap { types[$0.type] } ?? latest
        let name = meter?.link ?? "\(own)"
        let number = numbers[name] ?? numbers.count
        numbers[name] = number
        blocks.append(
          Block(
            type: own, number: number,
            readings: node.children.filter { $0.name == "IntervalReading" }))
      }
    }
    return blocks
  }

  private func href(_ entry: XMLNode, _ relation: String) -> String {
    entry.children.first { $0.name == "link" && $0.attributes["rel"] == relation }?
      .attributes["href"] ?? ""
  }

  private func type(_ node: XMLNode) -> ReadingType {
    let direction = node["flowDirection"].flatMap { Int($0.text) } ?? 0
    let unit = node["uom"].flatMap { Int($0.text) } ?? 72
    return ReadingType(
      channel: GreenButton.channels[direction], unit: GreenButton.units[unit],
      power: node["powerOfTenMultiplier"].flatMap { Int($0.text) } ?? 0)
  }
}
