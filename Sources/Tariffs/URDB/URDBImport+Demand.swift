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
      add("coincident demand", tiers, windows, metering, nil, to: &charges)
    }
    return charges
  }

  private struct DemandTiers {
    var tiers: [[DemandTier]]
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
          var period = DemandPeriod("period \(index)", tiers: tiers.tiers[index], position: place)
          period.windows = windows[index]
          return period
        }, measure: tiers.isDaily ? .dailyPeak : .monthlyPeak, meteringSeconds: metering,
        unit: tiers.isDaily ? .day : .month, ratchet: ratchet, position: place))
  }

  private mutating func demandTiers(_ name: String, unit unitName: String) -> DemandTiers? {
    guard let structure = record[name]?.list, !structure.isEmpty else {
      refuse(name, "'\(name)' must be a list with at least one period")
      return nil
    }
    guard let unit = demandUnit(unitName) else { return nil }
    var result: [[DemandTier]] = []
    for (period, value) in structure.enumerated() {
      guard let items = value.list, !items.isEmpty else {
        refuse(name, "'\(name)[\(period)]' must have at least one tier")
        return nil
      }
      var tiers: [DemandTier] = []
      for (index, item) in items.enumerated() {
        let path = "\(name)[\(period)][\(index)]"
        guard let fields = item.object else {
          refuse(name, "'\(path)' must be an object")
          return nil
        }
        guard fields["rate"]?.number != nil || fields["adj"]?.number != nil || fields.isEmpty else {
          refuse(name, "'\(path).rate' is missing")
          return nil
        }
        for key in fields.keys.sorted() where !["rate", "adj", "max", "unit"].contains(key) {
          warn("'\(path).\(key)' is not part of a demand tier and is not billed")
        }
        let rate = (fields["rate"]?.number ?? 0) + (fields["adj"]?.number ?? 0)
        let limit = fields["max"]?.number.flatMap { $0 > 1e30 ? nil : $0 }
        let isLast = index == items.count - 1
        if isLast, let limit {
          warn("'\(path).max' is \(limit), but the last tier is taken as unlimited")
        }
        tiers.append(
          DemandTier(
            upToKW: isLast ? nil : limit.map { $0 * unit.kWPerUnit },
            pricePerKW: DatedValue(rate / unit.kWPerUnit)))
      }
      result.append(tiers)
    }
    return DemandTiers(tiers: result, isDaily: unit.isDaily)
  }

  /// Reads a unit of demand and its size in kilowatts.
  private mutating func demandUnit(_ name: String) -> (kWPerUnit: Double, isDaily: Bool)? {
    guard let text = record[name]?.text else { return (1, false) }
    let isDaily = text.lowercased().hasSuffix("daily")
    let base = text.lowercased().split(separator: " ").first.map(String.init) ?? "kw"
    switch base {
    case "kw":
      note(name, .honoured, isDaily ? "each day's peak is billed" : "kW")
      return (1, isDaily)
    case "hp":
      note(name, .honoured, "converted with 0.7457 kW per hp")
      return (0.7457, isDaily)
    case "kva":
      let factor = options.powerFactor ?? 1
      note(name, .assumed, "kVA converted with a power factor of \(factor)")
      return (factor, isDaily)
    default:
      refuse(name, "'\(name)' is not known, found '\(text)'")
      return nil
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
      refuse("flatdemandmonths", "'flatdemandmonths' must be 12 whole numbers")
      return nil
    }
    let numbers = months.compactMap { $0 }
    if let month = numbers.firstIndex(where: { !(0..<periods).contains($0) }) {
      refuse(
        "flatdemandmonths",
        "'flatdemandmonths[\(month)]' names period \(numbers[month]), but"
          + " 'flatdemandstructure' has periods 0 to \(periods - 1)")
      return nil
    }
    note("flatdemandmonths", .honoured, "period of each month")
    let rows = numbers.map { [Int](repeating: $0, count: 24) }
    return (0..<periods).map { URDBImport.windows(of: $0, week: rows, end: rows) }
  }

  private mutating func coincidentWindows(periods: Int) -> [[CalendarWindow]]? {
    guard let rows = record["coincidentrateschedule"]?.list else {
      guard periods == 1 else {
        refuse(
          "coincidentrateschedule",
          "'coincidentratestructure' has \(periods) periods but the record"
            + " has no 'coincidentrateschedule'")
        return nil
      }
      return [[.always]]
    }
    let cells = rows.map { row in
      row.list?.compactMap { $0.wholeNumber } ?? []
    }
    guard cells.count == 12, cells.allSatisfy({ $0.count == 24 }),
      cells.joined().allSatisfy({ (0..<periods).contains($0) })
    else {
      refuse(
        "coincidentrateschedule",
        "'coincidentrateschedule' must be 12 months by 24 hours of periods 0 to \(periods - 1)")
      return nil
    }
    note("coincidentrateschedule", .honoured, "12 months by 24 local hours")
    return (0..<periods).map { URDBImport.windows(of: $0, week: cells, end: cells) }
  }

  private mutating func demandWindow() -> Int {
    guard let value = record["demandwindow"] else { return options.meteringSeconds }
    guard let minutes = value.wholeNumber, minutes > 0, 1440 % minutes == 0
    else {
      refuse(
        "demandwindow", "'demandwindow' must be minutes that divide a day, found '\(value.summary)'"
      )
      return options.meteringSeconds
    }
    note("demandwindow", .honoured, "power is averaged over \(minutes) min")
    return minutes * 60
  }
}
