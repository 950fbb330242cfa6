import CommandLine
import Diagnostics
import Documents
import Twin

extension TwinCommand {
  /// What a value of a column must be and is not; loggers write overflow codes such as 3.4e38.
  private func implausible(_ column: String, _ value: Double) -> String? {
    if column == "current_a" {
      let most = 100 * (capacityAh ?? 1)
      return abs(value) > most ? "must be within 100 times the charge, \(most) A" : nil
    }
    if column == "voltage_v" {
      return value > 0 && value < 5000 ? nil : "must be within 0…5000 V"
    }
    if column.hasSuffix("_c") {
      return value > -60 && value < 200 ? nil : "must be within -60…200 °C"
    }
    return nil
  }

  /// Reads telemetry with a header; every cell that is no number is reported.
  func readTelemetry(_ path: String, context: CommandContext) throws -> [TelemetryRun] {
    var cells = try CSVRows(try context.read(path))
    var found = Findings()
    if let repeated = cells.repeatedName { found.append(contentsOf: [repeated]) }
    func column(_ names: [String]) -> Int? { cells.names.firstIndex { names.contains($0) } }
    let required = [
      ["time_s"], ["current_a"], ["voltage_v"],
      ["temperature_c", "temp_c", "surface_temp_c", "cell_temp_c"],
    ].map { names -> Int in
      guard let index = column(names) else {
        found.error("the header must name '\(names[0])'", at: cells.headerPosition())
        return 0
      }
      return index
    }
    try found.throwIfErrors()
    let ambient = column(["ambient_c", "ambient_temp_c"])
    let labels = [column(["test"]), column(["run"])].compactMap(\.self)
    let sign = isNegative ? -1.0 : 1
    var runs: [TelemetryRun] = []
    while cells.next() {
      if let surplus = cells.surplus() {
        found.append(contentsOf: [surplus])
        continue
      }
      func number(_ column: Int) -> Double {
        let (name, place) = (cells.names[column], cells.position(column))
        guard let value = cells.number(column) else {
          found.error("'\(name)' must be a number, found '\(cells.text(column))'", at: place)
          return 0
        }
        if let rule = implausible(name, value) {
          found.error("'\(name)' \(rule), found '\(cells.text(column))'", at: place)
        }
        return value
      }
      let numbers = required.map(number)
      let air = ambient.map(number)
      let name = labels.map { cells.text($0) }.joined(separator: " ")
      if runs.last?.name != name || runs.isEmpty {
        runs.append(
          TelemetryRun(
            name: name, timeS: [], startS: numbers[0], currentA: [], voltageV: [],
            temperatureC: [], ambientC: [], initialSOC: socFraction ?? 1))
      }
      let last = runs.count - 1
      if let before = runs[last].timeS.last, numbers[0] == before { continue }
      runs[last].timeS.append(numbers[0])
      runs[last].currentA.append(sign * numbers[1])
      runs[last].voltageV.append(numbers[2])
      runs[last].temperatureC.append(numbers[3])
      runs[last].ambientC.append(air ?? runs[last].temperatureC[0])
    }
    if let finding = cells.openQuote { found.append(contentsOf: [finding]) }
    try found.throwIfErrors()
    return runs
  }

  /// Reads a known voltage at rest: a header with `soc_fraction` and `voltage_v`, both rising.
  func readOpenCircuit(
    _ path: String, context: CommandContext
  ) throws -> (socFraction: [Double], volt: [Double]) {
    var cells = try CSVRows(try context.read(path))
    var found = Findings()
    if let repeated = cells.repeatedName { found.append(contentsOf: [repeated]) }
    let columns = ["soc_fraction", "voltage_v"].map { name -> Int in
      guard let index = cells.names.firstIndex(of: name) else {
        found.error("the header must name '\(name)'", at: cells.headerPosition())
        return 0
      }
      return index
    }
    try found.throwIfErrors()
    var curves: [[Double]] = [[], []]
    while cells.next() {
      for (k, column) in columns.enumerated() {
        guard let value = cells.number(column) else {
          found.error(
            "'\(cells.names[column])' must be a number, found '\(cells.text(column))'",
            at: cells.position(column))
          continue
        }
        if let before = curves[k].last, value <= before {
          found.error(
            "'\(cells.names[column])' must rise, found '\(cells.text(column))' after "
              + "'\(NumberText.shortest(before))'", at: cells.position(column))
        }
        curves[k].append(value)
      }
    }
    if curves[0].count < 2 {
      found.error("a voltage at rest needs two rows at least", at: cells.headerPosition())
    }
    try found.throwIfErrors()
    return (curves[0], curves[1])
  }
}
