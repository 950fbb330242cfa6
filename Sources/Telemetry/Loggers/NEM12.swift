import Diagnostics
import Documents
import TimeSeries

/// Interval meter data of the Australian market in the form NEM12 (AEMO, Meter Data File Format).
///
/// A record 200 names the meter, the channel, its unit and the length of the intervals; each record 300 below it is a
/// day with all its values. Days are those of Australian Eastern Standard Time, the whole year and in every state.
/// Channels are the suffixes (`E1`, `B1`), or `import` for all of E and `export` for all of B.
struct NEM12 {
  let source: LogSource
  let window: Range<Int>

  /// Market time is 10 h before UTC, without daylight saving. [s]
  private static let offsetSeconds = 36_000

  private struct Day {
    var channel: String
    var meter: String
    var unit: String
    var minutes: Int
    var cells: [String]
    var line: Int
  }

  func inputs(_ document: TextFile) throws(InputError) -> [GridInput] {
    let days = try days(of: document)
    let known = Set(days.map(\.channel)).sorted()
    var inputs: [GridInput] = []
    for channel in source.channels {
      let own = days.filter { day in
        switch channel.column {
        case "import": day.channel.hasPrefix("E")
        case "export": day.channel.hasPrefix("B")
        default: day.channel == channel.column
        }
      }
      guard let first = own.first else {
        throw source.missing(channel.column, among: known + ["import", "export"])
      }
      var builder = try ChannelBuilder(
        file: source.path, mapping: channel, carried: first.unit, window: window)
      var kinds: [Int] = []
      var numbers: [String: Int] = [:]
      for day in own {
        let name = "\(day.meter) \(day.channel)"
        let number = numbers[name] ?? numbers.count
        numbers[name] = number
        let before = builder.table.stamps.count
        add(day, unit: first.unit, to: &builder)
        kinds += repeatElement(number, count: builder.table.stamps.count - before)
      }
      if numbers.count > 1 { builder.table.joinRows(kinds: kinds) }
      builder.table.layout.append(
        "NEM12 in market time (UTC+10), '\(channel.column)' of \(numbers.keys.sorted().joined(separator: ", "))"
      )
      inputs.append(builder.input(sampling: .interval))
    }
    return inputs
  }

  private func add(_ day: Day, unit: String, to builder: inout ChannelBuilder) {
    let place = SourcePosition(file: source.path, line: day.line, column: 1)
    guard day.unit == unit else {
      return builder.reject(
        .badUnit, "the unit '\(day.unit)' differs from '\(unit)' above", at: place)
    }
    guard let midnight = stamp(day.cells[1], zone: .utc), day.cells[1].utf8.count == 8 else {
      return builder.reject(.badStamp, "'\(day.cells[1])' is not a date", at: place)
    }
    let count = 1440 / day.minutes
    guard day.cells.count >= count + 2 else {
      return builder.reject(
        .raggedRow, "the day has \(day.cells.count - 2) cells, \(count) values are needed",
        at: place)
    }
    // A quality of N says that there are no values.
    let isEmpty = day.cells.count > count + 2 && day.cells[count + 2].hasPrefix("N")
    for k in 0..<count {
      let start = midnight - NEM12.offsetSeconds * 1000 + k * day.minutes * 60_000
      builder.add(state: isEmpty ? "" : day.cells[k + 2], at: start, position: place)
    }
  }

  private func days(of document: TextFile) throws(InputError) -> [Day] {
    var rows = try CSVRows(document, delimiter: ",", findsHeader: false)
    guard rows.names.count > 1, rows.names[0] == "100", rows.names[1] == "NEM12" else {
      throw InputError("a NEM12 file begins with '100,NEM12'", at: rows.headerPosition())
    }
    var days: [Day] = []
    var head: (channel: String, meter: String, unit: String, minutes: Int)?
    while rows.next() {
      let cells = rows.texts
      switch cells.first {
      case "200":
        guard cells.count > 8, let minutes = Int(cells[8]),
          [1, 5, 10, 15, 30, 60].contains(minutes)
        else {
          throw InputError(
            "a record 200 names channel, unit and minutes of the interval", at: rows.position)
        }
        let units = ["KWH": "kWh", "WH": "Wh", "MWH": "MWh", "KW": "kW", "W": "W"]
        head = (cells[4], cells[1], units[cells[7].uppercased()] ?? cells[7], minutes)
      case "300":
        guard let head, cells.count > 1 else {
          throw InputError("a record 300 without a record 200 above it", at: rows.position)
        }
        days.append(
          Day(
            channel: head.channel, meter: head.meter, unit: head.unit, minutes: head.minutes,
            cells: cells, line: rows.position.line))
      default: break
      }
    }
    guard !days.isEmpty else {
      throw InputError("the file holds no day of values", at: rows.headerPosition())
    }
    return days
  }
}
