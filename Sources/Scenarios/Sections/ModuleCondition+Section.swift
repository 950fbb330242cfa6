import Documents
import Twin

extension MappingReader {
  /// Reads `modules`: the parts of a pack that are named, or not like new.
  ///
  /// ```yaml
  /// modules:
  ///   - {name: rack1/m3, string: 1, groups: 33-48, soh_fraction: 0.82, resistance_factor: 1.4}
  ///   - {name: rack2, string: 2, age_years: 6, age_full_cycles: 1500}
  /// ```
  ///
  /// - Parameters:
  ///   - key: The key.
  ///   - socFraction: State of charge of the battery at the first instant.
  /// - Returns: The parts.
  func modules(_ key: String, socFraction: Double) -> [ModuleCondition] {
    optionalList(key) { reader in
      var module = ModuleCondition(name: reader.text("name"))
      module.string = reader.optionalInteger("string", 1...10_000)
      module.groups = reader.countedRanges("groups") ?? []
      let cells = reader.countedRanges("cells") ?? []
      reader.require(
        cells.count < 2, "cells", "'cells' must be one number or one range such as 1-4")
      module.cells = cells.first
      module.capacityFactor = reader.optionalNumber("soh_fraction", .within(0.05...1))
      module.resistanceFactor = reader.optionalNumber("resistance_factor", .within(0.1...20))
      module.socDifference =
        (reader.optionalNumber("soc_fraction", .fraction) ?? socFraction)
        - socFraction
      let years = reader.optionalNumber("age_years", .within(0...50))
      let cycles = reader.optionalNumber("age_full_cycles", .zeroOrMore)
      let celsius = reader.optionalNumber("age_temperature_c", .within(-20...60))
      for (key, value) in [("age_full_cycles", cycles), ("age_temperature_c", celsius)] {
        reader.require(
          value == nil || years != nil, key, "'\(key)' needs 'age_years', the time it took")
      }
      if let years, years > 0 || cycles ?? 0 > 0 {
        let usual = CellAge(years: years)
        module.age = CellAge(
          years: years, fullCycles: cycles ?? usual.fullCycles,
          temperatureC: celsius ?? usual.temperatureC)
      }
      return module
    } ?? []
  }

  /// Reads numbers that count from 1: `3`, `1-16` or a list of such.
  fileprivate func countedRanges(_ key: String) -> [ClosedRange<Int>]? {
    guard let node = node(key) else { return nil }
    return (node.items ?? [node]).compactMap { item in
      let text = item.scalar?.text ?? ""
      let ends = text.split(separator: "-", omittingEmptySubsequences: false)
        .map { Int($0.filter { $0 != " " }) }
      if ends.count <= 2, let low = ends.first ?? nil, let high = ends.last ?? nil, low >= 1,
        low <= high, high <= 100_000
      {
        return low...high
      }
      context.error(
        "'\(key)' must be a number from 1, a range such as 1-16, or a list of them, "
          + "found \(item.found)", at: item.position)
      return nil
    }
  }
}
