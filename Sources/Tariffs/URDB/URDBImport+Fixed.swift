import Diagnostics

extension URDBImport {
  /// Reads amounts that do not depend on use.
  mutating func fixedCharges() -> [FixedCharge] {
    if let value = record["fixedchargeeaaddl"] {
      note(
        "fixedchargeeaaddl", .notBilled,
        "\(value.summary) for each further meter; one meter is billed")
    }
    if let value = record["fixedchargefirstmeter"] {
      guard let amount = number(value, of: "fixedchargefirstmeter") else { return [] }
      note("fixedchargefirstmeter", .honoured, "\(amount)")
      if record["fixedmonthlycharge"] != nil {
        note("fixedmonthlycharge", .description, "'fixedchargefirstmeter' takes its place")
      }
      guard let unit = unit("fixedchargeunits") else { return [] }
      return [
        FixedCharge(
          "fixed charge", amount: DatedValue(amount), unit: unit, position: value.position)
      ]
    }
    if record["fixedchargeunits"] != nil {
      note("fixedchargeunits", .description, "there is no 'fixedchargefirstmeter'")
    }
    guard let value = record["fixedmonthlycharge"],
      let amount = number(value, of: "fixedmonthlycharge")
    else { return [] }
    note("fixedmonthlycharge", .honoured, "\(amount) per month")
    return [FixedCharge("fixed charge", amount: DatedValue(amount), position: value.position)]
  }

  /// Reads the least that bills come to.
  mutating func minimumCharges() -> [MinimumCharge] {
    var result: [MinimumCharge] = []
    if let value = record["mincharge"] {
      if let amount = value.number, amount >= 0 {
        note("mincharge", .honoured, "\(amount)")
        if let unit = unit("minchargeunits") {
          result.append(
            MinimumCharge(
              "minimum", amount: DatedValue(amount), unit: unit, position: value.position))
        }
      } else {
        refuse(
          "mincharge",
          "'\(value.path)' must be a number that is not negative, found '\(value.summary)'",
          at: value)
      }
    } else if record["minchargeunits"] != nil {
      note("minchargeunits", .description, "there is no 'mincharge'")
    }
    for (name, unit) in [
      ("minmonthlycharge", ChargeUnit.month), ("annualmincharge", ChargeUnit.year),
    ] {
      guard let value = record[name] else { continue }
      guard let amount = value.number, amount >= 0 else {
        refuse(
          name, "'\(value.path)' must be a number that is not negative, found '\(value.summary)'",
          at: value)
        continue
      }
      note(name, .honoured, "\(amount) per \(unit.rawValue)")
      if amount > 0 {
        result.append(
          MinimumCharge(
            unit == .month ? "monthly minimum" : "yearly minimum", amount: DatedValue(amount),
            unit: unit, position: value.position))
      }
    }
    return result
  }

  private mutating func unit(_ name: String) -> ChargeUnit? {
    guard let value = record[name] else {
      fields.append(
        FieldReport(field: name, outcome: .assumed, text: "missing; taken as $/month"))
      return .month
    }
    switch value.text?.lowercased() {
    case "$/day":
      note(name, .honoured, "billed for the days of the month")
      return .day
    case "$/month":
      note(name, .honoured, "$/month")
      return .month
    case "$/year":
      note(name, .honoured, "$/year")
      return .year
    default:
      refuse(name, "'\(value.path)' is not known, found '\(value.summary)'", at: value)
      return nil
    }
  }
}
