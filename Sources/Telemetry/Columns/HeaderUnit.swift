import TimeSeries

/// Finds the unit that stands somewhere in the name of a column.
enum HeaderUnit {
  /// The unit that a header carries for a quantity: in brackets, as the end of its name, or as one of its words.
  static func unit(of header: String, for quantity: Quantity) -> MeasurementUnit? {
    if let text = CSVHeader.split(header).unit, let unit = MeasurementUnit(text) { return unit }
    func fits(_ unit: MeasurementUnit?) -> MeasurementUnit? {
      unit.flatMap { quantity.acceptedDimensions.contains($0.dimension) ? $0 : nil }
    }
    for text in brackets(in: header).reversed() {
      if let unit = fits(MeasurementUnit(text)) { return unit }
    }
    if let unit = fits(suffix(header.lowercased())) { return unit }
    return fits(word(of: header, for: quantity))
  }

  /// Texts in round and square brackets, in order.
  private static func brackets(in header: String) -> [String] {
    var found: [String] = []
    var open: String.Index?
    for index in header.indices {
      switch header[index] {
      case "(", "[": open = header.index(after: index)
      case ")", "]":
        if let from = open { found.append(String(header[from..<index])) }
        open = nil
      default: break
      }
    }
    return found
  }

  /// `Energiemenge in kWh`, `Usage, kWh`, `Spot DKK/kWh`, `EUR per MWh`.
  private static func word(of header: String, for quantity: Quantity) -> MeasurementUnit? {
    var text = header
    for (long, short) in [(" per ", "/"), (" pro ", "/"), (" / ", "/"), (" par ", "/")] {
      text = text.components(joinedBy: long, with: short)
    }
    let separators: Set<Character> = [" ", ",", ";", ":", "_", "(", ")", "[", "]", "\u{A0}", "|"]
    let words = text.split { separators.contains($0) }.map(String.init)
    for (k, word) in words.enumerated().reversed() {
      // A single letter is a unit only where units stand, at the end.
      guard word.count > 1 || k == words.count - 1 && words.count > 1 else { continue }
      guard word != "1" else { continue }
      let unit =
        MeasurementUnit(word) ?? caseless[word.lowercased()].flatMap { MeasurementUnit($0) }
      if let unit, quantity.acceptedDimensions.contains(unit.dimension) { return unit }
    }
    return nil
  }

  /// Units that are still unmistakable in other letters.
  private static let caseless = ["kwh": "kWh", "wh": "Wh", "mwh": "MWh", "kw": "kW"]

  /// `load_kwh`, `price_eur_per_mwh`, `price_ct_kwh`, `pv_w_per_kw`.
  private static func suffix(_ name: String) -> MeasurementUnit? {
    let energies = ["wh": "Wh", "kwh": "kWh", "mwh": "MWh"]
    let plain = [
      "w": "W", "kw": "kW", "mw": "MW", "c": "°C", "degc": "°C", "wm2": "W/m²", "ms": "m/s",
      "fraction": "1", "percent": "%",
    ]
    let parts = name.split(separator: "_").map(String.init)
    if parts.count >= 3, parts[parts.count - 2] == "per", let over = parts.last {
      let money = parts[parts.count - 3]
      if over == "kw", let power = plain[money] { return MeasurementUnit("\(power)/kW") }
      if over == "m2", money == "w" { return MeasurementUnit("W/m²") }
      if over == "s", money == "m" { return MeasurementUnit("m/s") }
      guard let energy = energies[over] else { return nil }
      // `price_per_kwh` names no currency.
      return MeasurementUnit("\(money.count == 3 ? money.uppercased() : "currency")/\(energy)")
    }
    guard parts.count >= 2, let last = parts.last else { return nil }
    if let energy = energies[last], parts.count >= 3,
      parts[0].hasPrefix("price") || parts[0] == "spot"
    {
      let money = parts[parts.count - 2]
      if let cents = MeasurementUnit("\(money)/\(energy)") { return cents }
      if money.count == 3 { return MeasurementUnit("\(money.uppercased())/\(energy)") }
    }
    return (energies[last] ?? plain[last]).flatMap { MeasurementUnit($0) }
  }
}

extension String {
  /// The text with every occurrence of one text replaced by another.
  fileprivate func components(joinedBy long: String, with short: String) -> String {
    var result = ""
    var rest = self[...]
    while let first = rest.first {
      if rest.hasPrefix(long) {
        result += short
        rest = rest.dropFirst(long.count)
      } else {
        result.append(first)
        rest = rest.dropFirst()
      }
    }
    return result
  }
}
