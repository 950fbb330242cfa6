import Documents
package import TimeSeries

/// An export that many people have, told by its headers: which column is what, and what nobody would guess.
package struct KnownLayout: Sendable {
  /// Name of the export, for people.
  package let name: String
  /// Header of the stamps.
  package let timeColumn: String
  /// Which end of its interval a stamp names.
  package var label = SlotLabel.start
  /// Clock of the stamps, where the export has one of its own.
  package var zone: Zone?
  /// What the columns are.
  package let columns: [ColumnMapping]
  /// What was taken of several, for people.
  private(set) var remarks: [String] = []

  /// Recognises an export, or returns nothing.
  ///
  /// - Parameters:
  ///   - names: Headers.
  ///   - rows: Cells of the first rows.
  init?(_ names: [String], rows: [[String]]) {
    for recognise in [
      KnownLayout.fluvius, KnownLayout.datadis, KnownLayout.enedis, KnownLayout.smard,
      KnownLayout.entsoe, KnownLayout.homeWizard, KnownLayout.greenButton, KnownLayout.octopus,
      KnownLayout.enphase, KnownLayout.solarEdge, KnownLayout.fronius, KnownLayout.tesla,
      KnownLayout.dwd,
    ] {
      guard let found = recognise(names, rows), !found.columns.isEmpty else { continue }
      self = found
      return
    }
    return nil
  }

  /// The columns of one quantity, for a load those of a net as well; nothing when there are none.
  package func columns(of quantity: Quantity) -> [ColumnMapping]? {
    let own = columns.filter { $0.quantity == quantity || quantity == .load && $0.quantity == .net }
    return own.isEmpty ? nil : own
  }

  private init(
    _ name: String, time: String, label: SlotLabel = .start, zone: Zone? = nil,
    _ columns: [ColumnMapping]
  ) {
    self.name = name
    timeColumn = time
    self.label = label
    self.zone = zone
    self.columns = columns
    if let zone { remarks = ["stamps are on the clock of \(zone.identifier)"] }
  }

  /// A column of one quantity.
  private static func column(
    _ header: String?, _ quantity: Quantity, unit: String? = nil, factor: Double = 1,
    reading: Reading = .value
  ) -> ColumnMapping? {
    header.map {
      ColumnMapping(column: $0, quantity: quantity, unit: unit, factor: factor, reading: reading)
    }
  }

  /// What a meter counts: a load where it only counts one way, else a net of both.
  private static func meter(
    imported: [String], exported: [String], unit: String? = nil, reading: Reading = .value
  ) -> [ColumnMapping] {
    let quantity = exported.isEmpty ? Quantity.load : .net
    let parts = imported.map { ($0, 1.0) } + exported.map { ($0, -1.0) }
    return parts.map { header, sign in
      ColumnMapping(
        column: header, quantity: quantity, unit: unit, factor: sign, reading: reading,
        combination: parts.count > 1 ? .sumInFile : .join)
    }
  }

  private static func first(_ names: [String], _ test: (String) -> Bool) -> String? {
    names.first { test($0.lowercased()) }
  }

  private static func fluvius(_ names: [String], _ rows: [[String]]) -> KnownLayout? {
    guard let time = names.first(where: { $0 == "Van (datum)" || $0 == "Van Datum" }),
      let kind = names.firstIndex(of: "Register"), names.contains("Volume")
    else { return nil }
    let kinds = Set(rows.compactMap { kind < $0.count ? $0[kind] : nil })
    func selector(_ word: String) -> [String] {
      kinds.contains { $0.hasPrefix(word) } ? ["Volume[Register=\(word)*]"] : []
    }
    return KnownLayout(
      "Fluvius", time: time,
      meter(imported: selector("Afname"), exported: selector("Injectie"), unit: "kWh"))
  }

  private static func datadis(_ names: [String], _ rows: [[String]]) -> KnownLayout? {
    guard first(names, { $0 == "cups" }) != nil,
      let time = first(names, { $0 == "fecha" || $0 == "date" }),
      first(names, { $0 == "hora" || $0 == "time" }) != nil
    else { return nil }
    let imported = first(
      names, { $0 == "ae_kwh" || $0.hasPrefix("consumo") || $0 == "consumptionkwh" })
    let exported = first(names, { $0 == "as_kwh" || $0.hasPrefix("surplus") })
    return KnownLayout(
      "Datadis", time: time,
      meter(
        imported: imported.map { [$0] } ?? [], exported: exported.map { [$0] } ?? [], unit: "kWh"))
  }

  private static func enedis(_ names: [String], _ rows: [[String]]) -> KnownLayout? {
    guard names.contains("Horodate"), names.contains("Valeur") else { return nil }
    let unit = names.contains { $0.lowercased().hasPrefix("unit") } ? nil : "W"
    return KnownLayout(
      "Enedis", time: "Horodate", label: .end,
      [column("Valeur", .load, unit: unit)].compactMap { $0 })
  }

  private static func smard(_ names: [String], _ rows: [[String]]) -> KnownLayout? {
    guard
      let time = names.first(where: { $0 == "Datum von" || $0 == "Start date" || $0 == "Datum" }),
      names.contains(where: { ["Datum bis", "End date", "Anfang"].contains($0) }),
      let price = names.first(where: {
        ($0.hasPrefix("Deutschland") || $0.hasPrefix("Germany")) && $0.contains("/MWh")
      })
    else { return nil }
    return KnownLayout(
      "SMARD", time: time, zone: try? Zone("Europe/Berlin"),
      [column(price, .price)].compactMap { $0 })
  }

  private static func entsoe(_ names: [String], _ rows: [[String]]) -> KnownLayout? {
    guard let time = names.first(where: { $0.hasPrefix("MTU") }),
      let price = names.first(where: { $0.lowercased().hasPrefix("day-ahead price") })
    else { return nil }
    guard let place = names.firstIndex(of: "Sequence") else {
      return KnownLayout("ENTSO-E", time: time, [column(price, .price)].compactMap { $0 })
    }
    // Several auctions of a zone share the file; the first one is the coupled market's.
    let kinds = Set(rows.compactMap { place < $0.count ? $0[place] : nil }).sorted()
    guard let kind = kinds.first else { return nil }
    var layout = KnownLayout(
      "ENTSO-E", time: time, [column("\(price)[Sequence=\(kind)]", .price)].compactMap { $0 })
    if kinds.count > 1 {
      let others = kinds.dropFirst().map { "'\($0)'" }.joined(separator: ", ")
      layout.remarks = ["rows of '\(kind)' are taken, not of \(others)"]
    }
    return layout
  }

  private static func homeWizard(_ names: [String], _ rows: [[String]]) -> KnownLayout? {
    let imported = names.filter { $0.hasPrefix("Import T") && $0.hasSuffix("kWh") }
    let exported = names.filter { $0.hasPrefix("Export T") && $0.hasSuffix("kWh") }
    guard !imported.isEmpty, names.contains("time") else { return nil }
    return KnownLayout(
      "HomeWizard P1", time: "time",
      meter(imported: imported, exported: exported, unit: "kWh", reading: .counter(CounterRule())))
  }

  private static func greenButton(_ names: [String], _ rows: [[String]]) -> KnownLayout? {
    guard names.first?.uppercased() == "TYPE",
      let time = names.first(where: { $0.uppercased() == "DATE" }),
      names.contains(where: { $0.uppercased() == "START TIME" })
    else { return nil }
    let used = first(names, { $0.hasPrefix("usage") || $0.hasPrefix("import") })
    let exported = first(names, { $0.hasPrefix("export") })
    let unit = used.flatMap { HeaderUnit.unit(of: $0, for: .load) } == nil ? "kWh" : nil
    let units = names.contains { $0.uppercased() == "UNITS" || $0.uppercased() == "UNIT" }
    return KnownLayout(
      "Green Button", time: time,
      meter(
        imported: used.map { [$0] } ?? [], exported: exported.map { [$0] } ?? [],
        unit: units ? nil : unit))
  }

  private static func octopus(_ names: [String], _ rows: [[String]]) -> KnownLayout? {
    guard let used = first(names, { $0.hasPrefix("consumption (kwh)") }), names.contains("Start"),
      names.contains("End")
    else { return nil }
    return KnownLayout("Octopus", time: "Start", [column(used, .load)].compactMap { $0 })
  }

  private static func enphase(_ names: [String], _ rows: [[String]]) -> KnownLayout? {
    guard let time = names.first(where: { $0 == "Date/Time" }),
      names.contains(where: { $0.hasPrefix("Energy Produced") })
    else { return nil }
    return KnownLayout(
      "Enphase", time: time,
      [
        column(names.first { $0.hasPrefix("Energy Consumed") }, .load),
        column(names.first { $0.hasPrefix("Energy Produced") }, .pv),
      ].compactMap { $0 })
  }

  private static func solarEdge(_ names: [String], _ rows: [[String]]) -> KnownLayout? {
    guard names.first == "Time",
      let pv = names.first(where: { $0.hasPrefix("System Production (") })
    else { return nil }
    return KnownLayout(
      "SolarEdge", time: "Time",
      [column(names.first { $0.hasPrefix("Consumption (") }, .load), column(pv, .pv)]
        .compactMap { $0 })
  }

  private static func fronius(_ names: [String], _ rows: [[String]]) -> KnownLayout? {
    let bare = names.map { CSVHeader.split($0).name }
    guard let time = bare.first(where: { $0 == "Datum und Uhrzeit" || $0 == "Date and time" }),
      let pv = bare.first(where: {
        $0.lowercased().hasPrefix("pv produ") || $0 == "Gesamt Erzeugung"
      })
    else { return nil }
    return KnownLayout(
      "Fronius Solar.web", time: time,
      [column(bare.first { ["Verbrauch", "Consumption"].contains($0) }, .load), column(pv, .pv)]
        .compactMap { $0 })
  }

  private static func tesla(_ names: [String], _ rows: [[String]]) -> KnownLayout? {
    guard let time = names.first(where: { $0.lowercased() == "date time" }),
      let home = names.first(where: { $0.hasPrefix("Home (") })
    else { return nil }
    return KnownLayout(
      "Tesla", time: time,
      [
        column(home, .load), column(names.first { $0.hasPrefix("Solar (") }, .pv),
        column(names.first { $0.hasPrefix("Powerwall (kW)") }, .batteryPower),
      ].compactMap { $0 })
  }

  private static func dwd(_ names: [String], _ rows: [[String]]) -> KnownLayout? {
    guard names.contains("STATIONS_ID"), names.contains("MESS_DATUM") else { return nil }
    // Sums of radiation are stamped at the end of their hour, as the column of true solar time shows.
    let sums = names.contains("MESS_DATUM_WOZ")
    return KnownLayout(
      "DWD", time: "MESS_DATUM", label: sums ? .end : .start, zone: .utc,
      [
        column(names.first { $0 == "TT_TU" || $0 == "TT_10" }, .ambient, unit: "°C"),
        column(names.first { $0 == "FG_LBERG" }, .irradiance, unit: "J/cm²"),
      ].compactMap { $0 })
  }
}
