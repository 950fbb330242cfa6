import Diagnostics

extension URDBImport {
  /// Reads demand charges of all kinds.
  mutating func demandCharges() -> [DemandCharge] {
    let metering = demandWindow()
    let ratchet = self.ratchet()
    var charges: [DemandCharge] = []
    let usesTimes = record["demandratestructure"] != nil
    if usesTimes, let tiers = demandTiers("demandratestructure", unit: "demandrateunit"),
      let windows = scheduledWindows(
        "demandweekdayschedule", "demandweekendschedule", periods: tiers.tiers.count,
        structure: "demandratestructure")
    {
      note("demandratestructure", .honoured, "one peak per month and period")
      add("time-of-use demand", tiers, windows, metering, ratchet, to: &charges)
    }
    if record["flatdemandstructure"] != nil,
      let tiers = demandTiers("flatdemandstructure", unit: "flatdemandunit"),
      let windows = flatWindows(periods: tiers.tiers.count)
    {
      note("flatdemandstructure", .honoured, "the month's peak at any time")
      add("demand", tiers, windows, metering, ratchet, to: &charges)
    }
    if record["coincidentratestructure"] != nil,
      let tiers = demandTiers("coincidentratestructure", unit: "coincidentrateunit"),
      let windows = coincidentWindows(periods: tiers.tiers.count)
    {
      note(
        "coincidentratestructure", .assumed,
        "the system's peak time is not in the record; the site's own peak within the window is billed"
      )
      warn(
        "'\(record.spelled("coincidentratestructure"))' is billed on the site's own peak: the record"
          + " does not say when the system peaks", at: record["coincidentratestructure"])
      add("coincident demand", tiers, windows, metering, nil, to: &charges)
    }
    return charges
  }

  /// Power of a mechanical horsepower. [kW]
  static let kWPerHorsepower = 0.7457

  private struct DemandTiers {
    var tiers: [[DemandTier]]
    /// Where each period stands.
    var positions: [SourcePosition]
    var isDaily: Bool
  }

  private mutating func add(
    _ name: String, _ tiers: DemandTiers, _ windows: [[CalendarWindow]], _ metering: Int,
    _ ratchet: DemandRatchet?, to charges: inout [DemandCharge]
  ) {
    let used = tiers.tiers.indices.filter { index in
      !windows[index].isEmpty
        && (ratchet != nil || tiers.tiers[index].contains { $0.pricePerKW.highest != 0 })
    }
    guard !used.isEmpty else { return }
    if tiers.isDaily, ratchet != nil {
      refuse("demandrateunit", "a ratchet on daily demand cannot be billed")
      return
    }
    charges.append(
      DemandCharge(
        name,
        periods: used.map { index in
          var period = DemandPeriod(
            "period \(index)", tiers: tiers.tiers[index], position: tiers.positions[index])
          period.windows = windows[index]
          return period
        }, measure: tiers.isDaily ? .dailyPeak : .monthlyPeak, meteringSeconds: metering,
        unit: tiers.isDaily ? .day : .month, ratchet: ratchet, position: tiers.positions[0]))
  }

  private mutating func demandTiers(_ name: String, unit unitName: String) -> DemandTiers? {
    guard let structure = record[name]?.list else {
      refuse(name, "'\(name)' must be a list with at least one period", at: record[name])
      return nil
    }
    var periods: [[(tier: URDBTier, item: URDBValue)]] = []
    for value in structure {
      guard let items = value.tiers, !items.isEmpty else {
        refuse(name, "'\(value.path)' must have at least one tier", at: value)
        return nil
      }
      var tiers: [(tier: URDBTier, item: URDBValue)] = []
      for item in items {
        guard let part = tier(item, of: name, keys: ["rate", "adj", "max", "unit"]), part.isSound
        else { return nil }
        let isBlank = item.object.map { $0.values.allSatisfy(\.isEmpty) } ?? false
        guard part.numbers["rate"] != nil || part.numbers["adj"] != nil || isBlank else {
          refuse(name, "'\(item.path).rate' is missing", at: item)
          return nil
        }
        tiers.append((part, item))
      }
      periods.append(tiers)
    }
    guard let unit = demandUnit(unitName, of: name, tiers: periods.joined().map(\.tier)) else {
      return nil
    }
    let result = periods.map { tiers in
      tiers.enumerated().map { index, entry in
        let end = upperEnd(entry.tier, of: entry.item, isLast: index == tiers.count - 1)
        let rate = (entry.tier.numbers["rate"] ?? 0) + (entry.tier.numbers["adj"] ?? 0)
        return DemandTier(
          upToKW: end.map { $0 * unit.kWPerUnit }, pricePerKW: DatedValue(rate / unit.kWPerUnit))
      }
    }
    return DemandTiers(
      tiers: result, positions: structure.map(\.position), isDaily: unit.isDaily)
  }

  /// A unit of demand and its size in kilowatts.
  private struct DemandUnitSize: Equatable {
    var kWPerUnit: Double
    var isDaily: Bool
    var base: String
  }

  /// Reads the unit of a structure: that of the record, or the one that all of its tiers name.
  private mutating func demandUnit(
    _ name: String, of structure: String, tiers: [URDBTier]
  ) -> DemandUnitSize? {
    var stated: DemandUnitSize?
    if let value = record[name] {
      guard let size = size(ofUnit: value) else {
        refuse(name, "'\(value.path)' is not known, found '\(value.summary)'", at: value)
        return nil
      }
      stated = size
    }
    let isRecorded = stated != nil
    for value in tiers.compactMap(\.unit) {
      guard let size = size(ofUnit: value) else {
        refuse(structure, "'\(value.path)' is not known, found '\(value.summary)'", at: value)
        return nil
      }
      if let stated, stated != size {
        refuse(
          structure,
          "'\(value.path)' must be the unit of "
            + (isRecorded ? "'\(record.spelled(name))'" : "the other tiers")
            + ", found '\(value.summary)'", at: value)
        return nil
      }
      stated = size
    }
    guard let size = stated else { return DemandUnitSize(kWPerUnit: 1, isDaily: false, base: "kw") }
    let source = isRecorded ? "" : "missing; the unit of the tiers, "
    let days = size.isDaily ? ", each day's peak is billed" : ""
    switch size.base {
    case "hp":
      note(name, .honoured, "\(source)converted with 0.7457 kW per hp\(days)")
    case "kva":
      note(
        name, .assumed,
        "\(source)kVA converted with a power factor of \(options.powerFactor ?? 1)\(days)")
    default:
      note(name, .honoured, "\(source)kW\(days)")
    }
    return size
  }

  private func size(ofUnit value: URDBValue) -> DemandUnitSize? {
    guard let words = value.text?.lowercased().split(separator: " "), let base = words.first,
      words.count == 1 || (words.count == 2 && words[1] == "daily")
    else { return nil }
    let sizes = ["kw": 1, "hp": URDBImport.kWPerHorsepower, "kva": options.powerFactor ?? 1]
    return sizes[String(base)].map {
      DemandUnitSize(kWPerUnit: $0, isDaily: words.count == 2, base: String(base))
    }
  }

  private mutating func flatWindows(periods: Int) -> [[CalendarWindow]]? {
    guard let value = record["flatdemandmonths"] else {
      guard periods == 1 else {
        refuse(
          "flatdemandmonths",
          "'flatdemandstructure' has \(periods) periods but the record has no 'flatdemandmonths'")
        return nil
      }
      fields.append(
        FieldReport(
          field: "flatdemandmonths", outcome: .assumed,
          text: "missing; the only period applies in every month"))
      return [[.always]]
    }
    let months = value.list?.map { $0.wholeNumber } ?? []
    guard months.count == 12, !months.contains(nil) else {
      refuse("flatdemandmonths", "'flatdemandmonths' must be 12 whole numbers", at: value)
      return nil
    }
    let numbers = months.compactMap { $0 }
    if let month = numbers.firstIndex(where: { !(0..<periods).contains($0) }) {
      refuse(
        "flatdemandmonths",
        "'flatdemandmonths[\(month)]' names period \(numbers[month]), but"
          + " 'flatdemandstructure' has periods 0 to \(periods - 1)", at: value)
      return nil
    }
    note("flatdemandmonths", .honoured, "period of each month")
    let rows = numbers.map { [Int](repeating: $0, count: 24) }
    return (0..<periods).map { URDBImport.windows(of: $0, week: rows, end: rows) }
  }

  private mutating func coincidentWindows(periods: Int) -> [[CalendarWindow]]? {
    let name = "coincidentrateschedule"
    guard let value = record[name] else {
      guard periods == 1 else {
        refuse(
          name,
          "'coincidentratestructure' has \(periods) periods but the record has no '\(name)'")
        return nil
      }
      return [[.always]]
    }
    let cells = (value.list ?? []).map { row in row.list?.map { $0.wholeNumber ?? -1 } ?? [] }
    guard cells.count == 12, cells.allSatisfy({ $0.count == 24 }),
      cells.joined().allSatisfy({ (0..<periods).contains($0) })
    else {
      refuse(
        name, "'\(value.path)' must be 12 months by 24 hours of periods 0 to \(periods - 1)",
        at: value)
      return nil
    }
    note(name, .honoured, "12 months by 24 local hours")
    return (0..<periods).map { URDBImport.windows(of: $0, week: cells, end: cells) }
  }

  private mutating func demandWindow() -> Int {
    guard let value = record["demandwindow"] else { return options.meteringSeconds }
    guard let minutes = value.wholeNumber, minutes > 0, 1440 % minutes == 0
    else {
      refuse(
        "demandwindow",
        "'\(value.path)' must be minutes that divide a day, found '\(value.summary)'", at: value)
      return options.meteringSeconds
    }
    note("demandwindow", .honoured, "power is averaged over \(minutes) min")
    return minutes * 60
  }
}
