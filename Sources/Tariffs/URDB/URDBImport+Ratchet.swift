import Diagnostics

extension URDBImport {
  /// Reads how earlier peaks hold up billed demand.
  mutating func ratchet() -> DemandRatchet? {
    let legacy = legacyRatchet()
    guard let value = record["lookbackpercent"], let percent = value.number, percent > 0 else {
      if record["lookbackpercent"] != nil {
        note("lookbackpercent", .honoured, "0: earlier peaks do not matter")
      }
      for name in ["lookbackmonths", "lookbackrange"] where record[name] != nil {
        note(name, .description, "without 'lookbackpercent' nothing is looked back on")
      }
      return legacy
    }
    let fraction = percent > 1 ? percent / 100 : percent
    note("lookbackpercent", .honoured, "\(fraction) of the look-back peak is billed at least")
    if legacy != nil {
      refuse("demandratchetpercentage", "a record must not have two kinds of ratchet")
      return nil
    }
    let flags = record["lookbackmonths"]?.list?.map(\.isTrue) ?? []
    let flagged = flags.enumerated().filter(\.element).map { $0.offset + 1 }
    let range = record["lookbackrange"]?.wholeNumber ?? 0
    if record["lookbackmonths"] != nil, flags.count != 12 {
      refuse("lookbackmonths", "'lookbackmonths' must be 12 flags, found \(flags.count)")
      return nil
    }
    if !flagged.isEmpty, range > 0 {
      refuse("lookbackrange", "'lookbackmonths' and 'lookbackrange' exclude each other")
      return nil
    }
    if !flagged.isEmpty {
      note("lookbackmonths", .honoured, "calendar months \(flagged)")
      if record["lookbackrange"] != nil { note("lookbackrange", .description, "0: not used") }
      return DemandRatchet(fraction: fraction, lookback: .months(flagged))
    }
    if record["lookbackmonths"] != nil {
      note("lookbackmonths", .description, "no month is flagged")
    }
    guard range > 0 else {
      refuse("lookbackpercent", "'lookbackpercent' needs 'lookbackmonths' or 'lookbackrange'")
      return nil
    }
    note("lookbackrange", .honoured, "the \(range) months before")
    return DemandRatchet(fraction: fraction, lookback: .range(months: range))
  }

  private mutating func legacyRatchet() -> DemandRatchet? {
    guard let value = record["demandratchetpercentage"] else { return nil }
    let shares = value.list?.compactMap(\.number) ?? []
    guard shares.count == 12, shares.allSatisfy({ (0...100).contains($0) }) else {
      refuse("demandratchetpercentage", "'demandratchetpercentage' must be 12 shares")
      return nil
    }
    if shares.allSatisfy({ $0 == 0 }) {
      note("demandratchetpercentage", .honoured, "0 in every month: no ratchet")
      return nil
    }
    note(
      "demandratchetpercentage", .assumed,
      "share of each month; the record does not say how far back, eleven months are taken")
    return DemandRatchet(
      fractionByMonth: shares.map { $0 > 1 ? $0 / 100 : $0 }, lookback: .range(months: 11))
  }

  /// Reads the charge on reactive power.
  mutating func reactiveCharges() -> [ReactiveCharge] {
    guard let price = record["demandreactivepowercharge"]?.number else { return [] }
    guard let factor = options.powerFactor else {
      note(
        "demandreactivepowercharge", .notBilled,
        "reactive power is not metered; give a power factor to bill it")
      warn("'demandreactivepowercharge' is not billed without a power factor of the site")
      return []
    }
    note("demandreactivepowercharge", .assumed, "from the peak and a power factor of \(factor)")
    return [
      ReactiveCharge(
        "reactive power", assumedPowerFactor: factor, pricePerKVAr: DatedValue(price),
        position: place)
    ]
  }
}
