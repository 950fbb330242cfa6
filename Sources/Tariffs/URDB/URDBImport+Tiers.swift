import Diagnostics

/// One tier of an energy or demand structure as a record writes it.
struct URDBTier {
  /// Numbers by their key; those left out or empty are not there.
  var numbers: [String: Double] = [:]
  /// What `unit` holds.
  var unit: URDBValue?
  /// False when a number was refused.
  var isSound = true
}

extension URDBImport {
  /// Reads a tier; keys other than those given are warned about.
  ///
  /// - Returns: The tier, or nothing when the record is refused because it is no object.
  mutating func tier(_ item: URDBValue, of structure: String, keys: Set<String>) -> URDBTier? {
    guard let members = item.object else {
      refuse(structure, "'\(item.path)' must be an object", at: item)
      return nil
    }
    var tier = URDBTier()
    for (key, value) in members.sorted(by: { $0.key < $1.key }) where !value.isEmpty {
      if key == "unit", keys.contains(key) {
        tier.unit = value
      } else if keys.contains(key) {
        guard let number = number(value, of: structure) else {
          tier.isSound = false
          continue
        }
        tier.numbers[key] = number
      } else {
        warn("'\(value.path)' is not part of a tier and is not billed", at: value)
      }
    }
    return tier
  }

  /// Returns the upper end of a tier; nothing for the last one, which has none.
  mutating func upperEnd(_ tier: URDBTier, of item: URDBValue, isLast: Bool) -> Double? {
    // Exporters write the largest number they know for a tier without an end.
    guard let limit = tier.numbers["max"], limit <= 1e30 else { return nil }
    if isLast {
      warn("'\(item.path).max' is \(limit), but the last tier is taken as unlimited", at: item)
      return nil
    }
    return limit
  }
}
