import Diagnostics
import Documents
import Twin

/// What a year may take of a battery: the key `budget` of the section `planner`.
enum BudgetSection: Sendable {
  /// Equivalent full cycles a year.
  case cycles(Double)
  /// Energy let out a year. [MWh]
  case throughputMWh(Double)
  /// What the warranty of the battery has for each of its years.
  case warranty

  /// Returns the cycles a year; nothing for a warranty that promises none.
  func cyclesPerYear(nominalKWh: Double, warranty: Warranty?) -> Double? {
    switch self {
    case .cycles(let cycles): cycles
    case .throughputMWh(let energy): energy * 1000 / nominalKWh
    case .warranty:
      if let warranty, let cycles = warranty.cycles(nominalKWh: nominalKWh) {
        cycles / warranty.years
      } else {
        nil
      }
    }
  }
}

extension Warranty {
  /// Equivalent full cycles that are promised in all: by their number, or by the energy let out.
  func cycles(nominalKWh: Double) -> Double? {
    [cycles, throughputMWh.map { $0 * 1000 / nominalKWh }].compactMap { $0 }.min()
  }
}

extension MappingReader {
  /// Reads a budget: the word `warranty`, or a section with one figure.
  func budget(_ key: String) -> BudgetSection? {
    sectionOrNode(
      key,
      section: { reader -> BudgetSection? in
        let cycles = reader.optionalNumber("cycles_per_year", .positive)
        let energy = reader.optionalNumber("throughput_mwh_per_year", .positive)
        if let cycles, energy == nil { return .cycles(cycles) }
        if let energy, cycles == nil { return .throughputMWh(energy) }
        reader.context.error(
          "'\(key)' takes exactly one of 'cycles_per_year' and 'throughput_mwh_per_year'",
          at: reader.position)
        return nil
      },
      other: { context.choice($0, named: key, among: [("warranty", BudgetSection.warranty)]) })
  }
}
