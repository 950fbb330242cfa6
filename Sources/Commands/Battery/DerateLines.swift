import Diagnostics
import Documents
import Foundation
import TimeSeries
import Twin

/// Lines of samples and the answers of a policy to them.
struct DerateLines {
  /// What the lines come from, for messages.
  let source: String
  private var controller: DeratingController
  private let chargeA: Double?
  private let dischargeA: Double?
  private let powerKW: Double?
  private let isJSON: Bool
  private var columns: [String]?
  private var line = 0
  private var answered = 0
  private var lastSeconds = -Double.infinity
  private var last: DeratingController.Limits?
  private var found = Findings()
  private var heldLines = 0
  private var unforeseenLines = 0

  /// Names of columns, each with what else it may be called.
  private static let names: [String: [String]] = [
    "time": ["start", "timestamp"], "seconds": [], "hottest_c": ["hottest_cell_c"],
    "coldest_c": ["coldest_cell_c"], "soc_fraction": [], "lowest_v": ["lowest_cell_v"],
    "highest_v": ["highest_cell_v"], "heatsink_c": [], "ambient_c": [],
    "current_a": ["pack_a"], "planned_a": [], "rise_k": [], "probability": [],
  ]

  /// Findings that are shown one by one.
  private static let shown = 20

  init(
    _ policy: DeratingPolicy, source: String, chargeA: Double?, dischargeA: Double?,
    powerKW: Double?, isJSON: Bool
  ) {
    self.source = source
    self.chargeA = chargeA
    self.dischargeA = dischargeA
    self.powerKW = powerKW
    self.isJSON = isJSON
    controller = DeratingController(policy)
  }

  var hasHeader: Bool { columns != nil }

  /// What was wrong with lines, the first of each kind one by one, and how many there were.
  var findings: [Diagnostic] {
    var all = found
    if heldLines > 0 {
      all.warning(
        "\(heldLines) of \(answered) lines could not be used: they were answered with the limits of the line before",
        at: SourcePosition(file: source))
    }
    if unforeseenLines > 0 {
      all.warning(
        "at \(unforeseenLines) of \(answered) lines the policy's model had no whole past: the temperature was taken "
          + "to stay as it is", at: SourcePosition(file: source))
    }
    return all.all
  }

  /// Takes a line.
  ///
  /// - Parameter text: The line.
  /// - Returns: What is to be answered: the names of the answer's columns to the first line, unless it is JSON.
  /// - Throws: `InputError` when a column that the policy needs is missing.
  mutating func answer(_ text: String) throws -> String? {
    line += 1
    // An empty line has no cells.
    let cells =
      (try? CSVRows(Array(text.utf8), file: source, delimiter: ",", findsHeader: false).names) ?? []
    guard let columns else {
      try takeHeader(cells.map { $0.lowercased() })
      return isJSON ? nil : header.joined(separator: ",")
    }
    answered += 1
    guard let sample = sample(cells, columns) else {
      heldLines += 1
      return written(cells, columns, last, isHeld: true)
    }
    lastSeconds = sample.seconds
    let limits = controller.limits(sample)
    unforeseenLines += controller.isUnforeseen ? 1 : 0
    last = limits
    return written(cells, columns, limits, isHeld: false)
  }

  private mutating func takeHeader(_ names: [String]) throws {
    var columns: [String] = []
    for name in names {
      let known = Self.names.first { $0.key == name || $0.value.contains(name) }?.key
      columns.append(known ?? "")
    }
    let place = SourcePosition(file: source, line: line)
    var missing = Findings()
    if !columns.contains("time"), !columns.contains("seconds") {
      missing.error(
        "a column 'time' or 'seconds' is needed, found \(names.joined(separator: ", "))", at: place)
    }
    for reading in controller.needed {
      for name in reading.rawValue.components(separatedBy: " and ") where !columns.contains(name) {
        missing.error(
          "the policy '\(controller.policy.name)' needs a column '\(name)', found "
            + names.joined(separator: ", "), at: place)
      }
    }
    try missing.throwIfErrors()
    self.columns = columns
  }

  /// Reads the cells of a line; nothing when one that is needed cannot be used.
  private mutating func sample(
    _ cells: [String], _ columns: [String]
  ) -> DeratingController.Sample? {
    var values: [String: Double] = [:]
    for (column, name) in columns.enumerated() where !name.isEmpty && column < cells.count {
      let text = cells[column]
      if text.isEmpty { continue }
      let value = name == "time" ? Self.seconds(text) : Double(text)
      guard let value, value.isFinite else {
        note(
          "'\(name)' must be \(name == "time" ? "a stamp" : "a number"), found '\(text)'", column)
        continue
      }
      values[name] = value
    }
    guard let seconds = values["time"] ?? values["seconds"] else {
      note("no time", 0)
      return nil
    }
    guard seconds > lastSeconds else {
      note("the time does not run forward", 0)
      return nil
    }
    let needed = controller.needed.flatMap { $0.rawValue.components(separatedBy: " and ") }
    if let name = needed.first(where: { values[$0] == nil }) {
      note("no '\(name)'", columns.firstIndex(of: name) ?? 0)
      return nil
    }
    var sample = DeratingController.Sample(
      seconds: seconds, hottestC: values["hottest_c"] ?? 25, coldestC: values["coldest_c"],
      lowestSOC: values["soc_fraction"] ?? 0.5)
    sample.lowestV = values["lowest_v"] ?? .nan
    sample.highestV = values["highest_v"] ?? .nan
    sample.heatsinkC = values["heatsink_c"] ?? 25
    sample.airC = values["ambient_c"] ?? 25
    sample.currentA = values["current_a"] ?? 0
    sample.riseK = values["rise_k"]
    sample.probability = values["probability"]
    sample.plannedA = values["planned_a"]
    return sample
  }

  private mutating func note(_ message: String, _ column: Int) {
    guard found.all.count < Self.shown else { return }
    found.warning(
      message, at: SourcePosition(file: source, line: line, column: column + 1))
  }

  private static func seconds(_ text: String) -> Double? {
    if let number = Double(text) { return number }
    var scanner = StampScanner(zone: .utc)
    return scanner.instant(text).map { Double($0) }
  }

  private var ratings:
    [(name: String, rated: Double, of: KeyPath<DeratingController.Limits, Double>)]
  {
    [
      ("charge_a", chargeA, \.chargeFraction), ("discharge_a", dischargeA, \.dischargeFraction),
      ("power_kw", powerKW, \.inverterFraction),
    ].compactMap { name, rated, path in rated.map { (name, $0, path) } }
  }

  private var header: [String] {
    [
      "time", "charge_fraction", "discharge_fraction", "inverter_fraction", "charge_rule",
      "discharge_rule", "inverter_rule", "held",
    ] + ratings.map(\.name)
  }

  private func written(
    _ cells: [String], _ columns: [String], _ limits: DeratingController.Limits?, isHeld: Bool
  ) -> String {
    let time = columns.firstIndex { $0 == "time" || $0 == "seconds" }
    let stamp = time.flatMap { $0 < cells.count ? String(cells[$0]) : nil } ?? ""
    let shares = [limits?.chargeFraction, limits?.dischargeFraction, limits?.inverterFraction]
    let rules = [limits?.chargeRule, limits?.dischargeRule, limits?.inverterRule]
    let rated = ratings.map { rating in limits.map { $0[keyPath: rating.of] * rating.rated } }
    if isJSON {
      var object: [String: JSONValue] = [
        "schema": "wattif.derate/1", "time": .string(stamp), "held": .boolean(isHeld),
      ]
      for (name, value) in zip(header[1...3], shares) {
        object[name] = value.map { .number($0) } ?? .null
      }
      for (name, rule) in zip(header[4...6], rules) {
        object[name] = rule.map { .string($0.rawValue) } ?? .null
      }
      for (rating, value) in zip(ratings, rated) {
        object[rating.name] = value.map { .number($0) } ?? .null
      }
      return JSONValue.object(object).text(isPretty: false)
    }
    return
      ([CSVWriter.cell(stamp)] + shares.map { CSVWriter.cell($0) }
      + rules.map { $0?.rawValue ?? "" } + [isHeld ? "1" : "0"] + rated.map { CSVWriter.cell($0) })
      .joined(separator: ",")
  }
}
