import Diagnostics
public import Numerics

/// A table of the share of the rated C-rate that a state allows.
public enum DeratingTable: Sendable, Equatable {
  /// Over the temperature; hottest and coldest cell both count. [°C]
  case temperature(LinearTable)
  /// Over the state of charge; the highest cell counts in charge, the lowest in discharge.
  case soc(LinearTable)
  /// Over the voltage at the end of a step; the highest cell counts in charge, the lowest in discharge. [V]
  case voltage(LinearTable)
  /// Over temperature (rows) and state of charge (columns), bilinear.
  case surface(temperatureC: [Double], socFraction: [Double], fraction: [[Double]])

  /// Returns everything that makes the table impossible.
  func problems(_ direction: PowerDirection) -> Findings {
    var found = Findings()
    func share(_ values: some Sequence<Double>, _ key: String) {
      if let wrong = values.first(where: { !($0 >= 0 && $0 <= 1) }) {
        found.error(
          "every share of '\(key)' must be a fraction from 0 to 1, found '\(wrong)'", key: key)
      }
    }
    switch self {
    case .temperature(let table): share(table.y, "temperature")
    case .soc(let table): share(table.y, "soc")
    case .voltage(let table):
      share(table.y, "voltage")
      let isCharge = direction == .charge
      if !zip(table.y, table.y.dropFirst()).allSatisfy({ isCharge ? $0 >= $1 : $0 <= $1 }) {
        found.error(
          "shares of 'voltage' must not \(isCharge ? "rise" : "fall") with the voltage in "
            + "\(direction.rawValue)", key: "voltage")
      }
    case .surface(let temperatureC, let socFraction, let fraction):
      var surface = Findings()
      for (key, nodes) in [("temperature_c", temperatureC), ("soc_fraction", socFraction)]
      where nodes.isEmpty || !zip(nodes, nodes.dropFirst()).allSatisfy({ $0 < $1 }) {
        surface.error("'\(key)' must rise from value to value", key: key)
      }
      if fraction.count != temperatureC.count {
        surface.error(
          "'fraction' needs one row per entry of 'temperature_c' (\(temperatureC.count)), "
            + "found \(fraction.count)", key: "fraction")
      }
      if let row = fraction.first(where: { $0.count != socFraction.count }) {
        surface.error(
          "each row of 'fraction' needs one share per entry of 'soc_fraction' "
            + "(\(socFraction.count)), found \(row.count)", key: "fraction")
      }
      found.append("temperature_soc", surface)
      share(fraction.joined(), "temperature_soc.fraction")
    }
    return found
  }
}
