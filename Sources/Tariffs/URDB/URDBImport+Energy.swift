import Diagnostics

extension URDBImport {
  /// A tier as a record writes it.
  private struct Tier {
    var max: Double?
    var rate: Double
    var sell: Double
    var basis: TierBasis
  }

  /// Reads energy prices, fuel adjustments and export prices.
  mutating func energyCharges(
    netMetering: Bool
  ) -> (charges: [EnergyCharge], export: [EnergyCharge]) {
    guard let structure = record["energyratestructure"]?.list else {
      refuse(
        "energyratestructure", "'energyratestructure' must be a list with at least one period",
        at: record["energyratestructure"])
      return ([], [])
    }
    let tiers = structure.map { readTiers($0) }
    guard isSound else { return ([], []) }
    let bases = Set(tiers.flatMap { $0.map(\.basis) })
    guard bases.count == 1, let basis = bases.first else {
      refuse(
        "energyratestructure",
        "all tiers of 'energyratestructure' must have one 'unit', found"
          + " \(bases.map(\.rawValue).sorted().joined(separator: ", "))")
      return ([], [])
    }
    guard
      let windows = scheduledWindows(
        "energyweekdayschedule", "energyweekendschedule", periods: tiers.count,
        structure: "energyratestructure")
    else { return ([], []) }
    let isTiered = tiers.contains { $0.count > 1 }
    let convention = options.tierConvention ?? (netMetering ? .proRata : .chronological)
    note(
      "energyratestructure", isTiered ? .assumed : .honoured,
      (tiers.count == 1 ? "1 period" : "\(tiers.count) periods")
        + (isTiered
          ? ", tiers in \(basis.rawValue) by the convention '\(convention.rawValue)'" : ""))
    let used = tiers.indices.filter { !windows[$0].isEmpty }
    let charge = EnergyCharge(
      "energy",
      periods: used.map { index in
        var period = EnergyPeriod(
          "period \(index)",
          tiers: tiers[index].map { EnergyTier(upTo: $0.max, pricePerKWh: DatedValue($0.rate)) },
          position: structure[index].position)
        period.windows = windows[index]
        return period
      }, tierConvention: convention, tierBasis: basis,
      position: position(of: "energyratestructure"))
    return ([charge] + fuelAdjustments(), exportCharges(tiers, windows: windows, used: used))
  }

  private mutating func readTiers(_ value: URDBValue) -> [Tier] {
    let structure = "energyratestructure"
    guard let items = value.tiers, !items.isEmpty else {
      refuse(structure, "'\(value.path)' must have at least one tier", at: value)
      return []
    }
    var result: [Tier] = []
    for (index, item) in items.enumerated() {
      guard let part = tier(item, of: structure, keys: ["rate", "adj", "max", "sell", "unit"])
      else { return [] }
      guard let rate = part.numbers["rate"] else {
        if part.isSound { refuse(structure, "'\(item.path).rate' is missing", at: item) }
        return []
      }
      guard part.isSound else { return [] }
      let unit = part.unit?.summary ?? "kWh"
      guard let (basis, scale) = basis(unit) else {
        refuse(
          structure, "'\(item.path).unit' is not known, found '\(unit)'", at: part.unit ?? item)
        return []
      }
      result.append(
        Tier(
          max: upperEnd(part, of: item, isLast: index == items.count - 1).map { $0 * scale },
          rate: rate + (part.numbers["adj"] ?? 0), sell: part.numbers["sell"] ?? 0, basis: basis))
    }
    return result
  }

  /// Returns what tiers in a unit count, and the limit in that basis for a limit of 1.
  ///
  /// A demand in horsepower is metered power by 0.7457 kW, one in kVA is metered power by the power factor.
  private func basis(_ unit: String) -> (TierBasis, scale: Double)? {
    var words = unit.lowercased().split(separator: " ").map(String.init)
    let isDaily = words.last == "daily"
    if isDaily { words.removeLast() }
    switch words.joined(separator: " ") {
    case "kwh": return (isDaily ? .kWhPerDay : .kWhPerMonth, 1)
    case "kwh/kw": return (isDaily ? .kWhPerKWDay : .kWhPerKW, 1)
    case "kwh/hp": return (isDaily ? .kWhPerKWDay : .kWhPerKW, 1 / URDBImport.kWPerHorsepower)
    case "kwh/kva":
      return (isDaily ? .kWhPerKWDay : .kWhPerKW, 1 / (options.powerFactor ?? 1))
    default: return nil
    }
  }

  private mutating func exportCharges(
    _ tiers: [[Tier]], windows: [[CalendarWindow]], used: [Int]
  ) -> [EnergyCharge] {
    guard tiers.contains(where: { $0.contains { $0.sell != 0 } }) else { return [] }
    if tiers.contains(where: { tier in tier.contains { $0.sell != tier[0].sell } }) {
      warn("'sell' differs between tiers; export earns the first tier's price")
    }
    return [
      EnergyCharge(
        "export",
        periods: used.map { index in
          var period = EnergyPeriod(
            "period \(index)", pricePerKWh: DatedValue(tiers[index].first?.sell ?? 0),
            position: position(of: "energyratestructure"))
          period.windows = windows[index]
          return period
        }, position: position(of: "energyratestructure"))
    ]
  }

  private mutating func fuelAdjustments() -> [EnergyCharge] {
    guard let value = record["fueladjustmentsmonthly"] else { return [] }
    guard let months = value.list?.map(\.number), months.count == 12, !months.contains(nil) else {
      refuse(
        "fueladjustmentsmonthly", "'fueladjustmentsmonthly' must be 12 numbers", at: value)
      return []
    }
    note("fueladjustmentsmonthly", .honoured, "added to the price of every kWh of the month")
    return [
      EnergyCharge(
        "fuel adjustment",
        periods: (1...12).map { month in
          EnergyPeriod(
            "month \(month)",
            window: CalendarWindow(dates: [DateSpan(months: month, through: month)]),
            pricePerKWh: DatedValue((months[month - 1] ?? 0)), position: value.position)
        }, position: value.position)
    ]
  }
}
