import Diagnostics

extension URDBImport {
  /// Reads how earlier peaks hold up billed demand.
  mutating func ratchet() -> DemandRatchet? {
    let legacy = legacyRatchet()
    var percent = 0.0
    if let value = record["lookbackpercent"] {
      guard let number = value.number, (0...100).contains(number) else {
        refuse(
          "lookbackpercent",
          "'\(value.path)' must be a share of 0 to 1 or 0 to 100, found '\(value.summary)'",
          at: value)
        return nil
      }
      percent = number
    }
    guard percent > 0 else {
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
    guard let lookback = lookback() else { return nil }
    return DemandRatchet(fraction: fraction, lookback: lookback)
  }

  private mutating func lookback() -> DemandRatchet.Lookback? {
    var flagged: [Int] = []
    if let value = record["lookbackmonths"] {
      let flags = value.list?.map(\.flag) ?? []
      guard flags.count == 12, !flags.contains(nil) else {
        refuse(
          "lookbackmonths", "'\(value.path)' must be 12 flags, found '\(value.summary)'", at: value)
        return nil
      }
      flagged = flags.enumerated().filter { $0.element == true }.map { $0.offset + 1 }
    }
    var range = 0
    if let value = record["lookbackrange"] {
      guard let months = value.wholeNumber, (0...120).contains(months) else {
        refuse(
          "lookbackrange", "'\(value.path)' must be 0 to 120 months, found '\(value.summary)'",
          at: value)
        return nil
      }
      range = months
    }
    if !flagged.isEmpty, range > 0 {
      refuse("lookbackrange", "'lookbackmonths' and 'lookbackrange' exclude each other")
      return nil
    }
    if !flagged.isEmpty {
      note("lookbackmonths", .honoured, "calendar months \(flagged)")
      if record["lookbackrange"] != nil { note("lookbackrange", .description, "0: not used") }
      return .months(flagged)
    }
    if record["lookbackmonths"] != nil {
      note("lookbackmonths", .description, "no month is flagged")
    }
    guard range > 0 else {
      refuse("lookbackpercent", "'lookbackpercent' needs 'lookbackmonths' or 'lookbackrange'")
      return nil
    }
    note("lookbackrange", .honoured, "the \(range) months before")
    return .range(months: range)
  }

  private mutating func legacyRatchet() -> DemandRatchet? {
    guard let value = record["demandratchetpercentage"] else { return nil }
    let shares = (value.list ?? []).map { $0.number ?? -1 }
    guard shares.count == 12, shares.allSatisfy({ (0...100).contains($0) }) else {
      refuse(
        "demandratchetpercentage", "'\(value.path)' must be 12 shares of 0 to 1 or 0 to 100",
        at: value)
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
    guard let value = record["demandreactivepowercharge"],
      let price = number(value, of: "demandreactivepowercharge")
    else { return [] }
    guard let factor = options.powerFactor else {
      note(
        "demandreactivepowercharge", .notBilled,
        "reactive power is not metered; give a power factor to bill it")
      warn(
        "'demandreactivepowercharge' is not billed without a power factor of the site", at: value)
      return []
    }
    note("demandreactivepowercharge", .assumed, "from the peak and a power factor of \(factor)")
    return [
      ReactiveCharge(
        "reactive power", assumedPowerFactor: factor, pricePerKVAr: DatedValue(price),
        position: value.position)
    ]
  }
}
