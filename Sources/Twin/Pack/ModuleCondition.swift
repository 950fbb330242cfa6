import Diagnostics

/// A named part of a pack and the state that it is in: a rack, a module, a string or single cells.
///
/// What is left out is like new. Strings, groups and cells of a group count from 1, as on labels.
public struct ModuleCondition: Sendable, Equatable {
  /// Name that results use.
  public var name: String
  /// String that it belongs to; it stands in every string when nil.
  public var string: Int?
  /// Groups of the string; all of them when empty.
  public var groups: [ClosedRange<Int>]
  /// Cells of each of these groups; all of them when nil.
  public var cells: ClosedRange<Int>?
  /// Capacity left, as a share of the new one; that of the age when nil.
  public var capacityFactor: Double?
  /// Resistance over the new one; that of the age when nil.
  public var resistanceFactor: Double?
  /// State of charge above that of the battery when it is built.
  public var socDifference: Double
  /// What it has been through; nothing when nil.
  public var age: CellAge?

  /// Names a part of a pack.
  public init(
    name: String, string: Int? = nil, groups: [ClosedRange<Int>] = [],
    cells: ClosedRange<Int>? = nil, capacityFactor: Double? = nil,
    resistanceFactor: Double? = nil, socDifference: Double = 0, age: CellAge? = nil
  ) {
    self.name = name
    self.string = string
    self.groups = groups
    self.cells = cells
    self.capacityFactor = capacityFactor
    self.resistanceFactor = resistanceFactor
    self.socDifference = socDifference
    self.age = age
  }

  /// The cells of a pack that it has, as numbers of the pack.
  func numbers(series: Int, parallel: Int, strings: Int) -> [Int] {
    let of = string.map { [$0] } ?? Array(1...strings)
    let groups = groups.isEmpty ? [1...series] : groups
    return of.flatMap { string in
      groups.joined().flatMap { group in
        (cells ?? 1...parallel).map { cell in
          ((string - 1) * series + group - 1) * parallel + cell - 1
        }
      }
    }
  }

  /// Returns everything that makes the part impossible in a pack.
  func problems(
    series: Int, parallel: Int, strings: Int, ageing: AgeingSpecification?
  ) -> Findings {
    var found = Findings()
    func check(_ range: ClosedRange<Int>, _ key: String, of count: Int, _ what: String) {
      guard range.lowerBound < 1 || range.upperBound > count else { return }
      found.error(
        "module '\(name)': the battery has \(what) 1 to \(count), found "
          + "'\(range.lowerBound)\(range.count > 1 ? "-\(range.upperBound)" : "")'", key: key)
    }
    if let string { check(string...string, "string", of: strings, "strings") }
    for range in groups { check(range, "groups", of: series, "groups") }
    if let cells { check(cells, "cells", of: parallel, "cells of a group") }
    for (key, factor) in [
      ("soh_fraction", capacityFactor), ("resistance_factor", resistanceFactor),
    ] {
      guard let factor else { continue }
      let range = key == "soh_fraction" ? 0.05...1.0 : 0.1...20.0
      if !range.contains(factor) {
        found.error(
          "module '\(name)': '\(key)' must be from \(range.lowerBound) to \(range.upperBound), "
            + "found '\(factor)'", key: key)
      }
    }
    if !(abs(socDifference) <= 1) {
      found.error(
        "module '\(name)': a state of charge must be within 0…1", key: "soc_fraction")
    }
    if let age {
      if ageing == nil {
        found.error(
          "module '\(name)': an age needs a battery that ages; state 'soh_fraction' and "
            + "'resistance_factor' instead", key: "age_years")
      }
      found.append(contentsOf: age.problems(of: name).all)
    }
    return found
  }
}

/// How long and how much a cell has worked.
public struct CellAge: Sendable, Equatable {
  /// Time since it was new. [a]
  public var years: Double
  /// Charge it has given, over its new capacity.
  public var fullCycles: Double
  /// Temperature at which it spent that time. [°C]
  public var temperatureC: Double

  /// States an age.
  public init(years: Double, fullCycles: Double = 0, temperatureC: Double = 25) {
    self.years = years
    self.fullCycles = fullCycles
    self.temperatureC = temperatureC
  }

  fileprivate func problems(of name: String) -> Findings {
    var found = Findings()
    if !(years > 0 && years <= 50) {
      found.error(
        "module '\(name)': 'age_years' must be above 0 and at most 50, found '\(years)'",
        key: "age_years")
    }
    // One cycle an hour is a rate of 2C day and night.
    if !(fullCycles >= 0 && fullCycles <= years * 365.25 * 24) {
      found.error(
        "module '\(name)': 'age_full_cycles' must be from 0 to one an hour, found '\(fullCycles)'",
        key: "age_full_cycles")
    }
    if !(temperatureC >= -20 && temperatureC <= 60) {
      found.error(
        "module '\(name)': 'age_temperature_c' must be from -20 to 60, found '\(temperatureC)'",
        key: "age_temperature_c")
    }
    return found
  }
}
