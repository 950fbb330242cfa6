import Diagnostics
import TimeSeries

/// The learning database of Darkstar, both ages of its schema.
///
/// Slots are 15 min; stamps are local time with offset as text, so that text order is not time order and
/// early rows may lie off the slots. Energies are kWh per slot, prices SEK per kWh, state of charge percent.
/// Rows that only carry a price have energies of exactly zero in every column; they count as missing.
struct DarkstarObservations {
  let source: LogSource
  let window: Range<Int>

  /// Channels that stand for columns of the table.
  static let energies = [
    "import_kwh", "export_kwh", "pv_kwh", "load_kwh", "water_kwh", "batt_charge_kwh",
    "batt_discharge_kwh",
  ]
  static let prices = ["import_price_sek_kwh", "export_price_sek_kwh"]

  func inputs() throws(InputError) -> [GridInput] {
    let database = try SQLiteReader(path: source.path)
    let known = try database.columns(of: "slot_observations")
    guard known.contains("slot_start") else {
      throw InputError(
        "there is no table 'slot_observations' with 'slot_start'",
        at: SourcePosition(file: source.path))
    }
    let usable = (Self.energies + Self.prices).filter(known.contains)
    let present = Self.energies.filter(known.contains)
    var inputs: [GridInput] = []
    for channel in source.channels {
      guard usable.contains(channel.column) else {
        throw source.missing(channel.column, among: usable)
      }
      let isPrice = Self.prices.contains(channel.column)
      var builder = try ChannelBuilder(
        file: source.path, mapping: channel, carried: isPrice ? "SEK/kWh" : "kWh", window: window)
      let energySum = present.map { "ifnull(\($0), 0)" }.joined(separator: " + ")
      var flagged = 0
      var offGrid = 0
      let flags = known.contains("quality_flags") ? "quality_flags" : "NULL"
      try database.query(
        "SELECT slot_start, \(channel.column), \(energySum), \(flags) FROM slot_observations"
      ) { row throws(InputError) in
        let place = SourcePosition(file: source.path)
        let text = row.text(0) ?? ""
        guard let time = stamp(text, zone: source.zone ?? .utc) else {
          builder.reject(.badStamp, "'\(text)' is not a time stamp", at: place)
          return
        }
        if time % 900_000 != 0 { offGrid += 1 }
        let pv = try row.real(2)
        let isGhost = !isPrice && pv == 0
        if let note = row.text(3), note.contains("\"gaps\"") || note.contains("\"resets\"") {
          flagged += 1
        }
        builder.add(
          isGhost ? .nan : try row.real(1), at: time / 900_000 * 900_000, position: place)
      }
      // Text order is not time order in the hour that is repeated in autumn; the table has no order.
      builder.sort()
      if offGrid > 0 {
        builder.table.log.add(
          .offGrid, .warning,
          "\(offGrid) rows of '\(channel.column)' lie off the slots and are "
            + "moved to the slot that contains them", at: SourcePosition(file: source.path))
      }
      if flagged > 0 {
        builder.table.log.add(
          .gate, .warning, "\(flagged) rows carry the logger's own flags of gaps or resets",
          at: SourcePosition(file: source.path))
      }
      inputs.append(builder.input(sampling: .interval, stepSeconds: 900))
    }
    return inputs
  }
}

extension ChannelBuilder {
  /// Puts the samples in order of time, where the order of a file means nothing.
  mutating func sort() {
    let order = table.stamps.indices.sorted { (table.stamps[$0], $0) < (table.stamps[$1], $1) }
    table.stamps = order.map { table.stamps[$0] }
    table.values = order.map { table.values[$0] }
    table.outOfOrder = 0
  }
}
