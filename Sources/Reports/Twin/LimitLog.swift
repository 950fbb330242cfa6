import Documents
package import Twin

/// What limited a run of the twin, for how long it was the first limit, and which cell decided.
package struct LimitLog: Sendable {
  private struct Entry {
    var seconds = 0.0
    var cells: [Int: Double] = [:]
  }

  private var entries: [ClipCause: Entry] = [:]
  private let before: [ClipCause: Double]

  /// Starts a log of what comes after a ledger's clips.
  package init(after ledger: TwinLedger) { before = ledger.clippedKWh }

  /// Enters a step, seen from the battery after it.
  package mutating func add(_ step: TwinStep, after twin: DigitalTwin, seconds: Double) {
    guard let cause = step.cause else { return }
    entries[cause, default: Entry()].seconds += seconds
    guard let cell = cause.decidingCell(of: twin, discharging: step.requestedKW > 0) else { return }
    entries[cause, default: Entry()].cells[cell, default: 0] += seconds
  }

  /// The cell that decided for the longest time; the first of equals.
  private func cell(_ cause: ClipCause) -> Int? {
    entries[cause]?.cells.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key
  }

  /// Energy that a cause held back since the log began. [kWh]
  private func kWh(_ cause: ClipCause, _ ledger: TwinLedger) -> Double {
    ledger.clippedKWh[cause, default: 0] - before[cause, default: 0]
  }

  /// The causes as JSON.
  func json(_ twin: DigitalTwin) -> JSONValue {
    .array(
      ClipCause.allCases.compactMap { cause in
        let energy = kWh(cause, twin.ledger)
        guard energy > 0 else { return nil }
        let place = cell(cause).map { twin.specification.place(ofCell: $0) }
        return [
          "cause": .string(cause.rawValue), "kwh": .number(energy),
          "minutes": .number((entries[cause]?.seconds ?? 0) / 60),
          "why": .string(cause.explanation), "cell": place.map { .integer($0.cell) } ?? .null,
          "string": place.map { .integer($0.string) } ?? .null,
          "module": .optional(place?.module),
          "group": place.map { .integer($0.group) } ?? .null,
        ]
      })
  }

  /// The causes as a table.
  func text(_ twin: DigitalTwin) -> String {
    let ledger = twin.ledger
    let causes = ClipCause.allCases.filter { kWh($0, ledger) > 0 }
    guard !causes.isEmpty else { return "Nothing limited the battery." }
    var table = TextTable([
      ("limited by", .left), ("kWh", .right), ("min first", .right), ("cell", .right),
      ("why", .left),
    ])
    for cause in causes {
      table.add([
        cause.rawValue, NumberText.fixed(kWh(cause, ledger), decimals: 3),
        NumberText.fixed((entries[cause]?.seconds ?? 0) / 60, decimals: 1),
        cell(cause).map { twin.specification.place(ofCell: $0).description } ?? "",
        cause.explanation,
      ])
    }
    return table.text
  }
}

extension ClipCause {
  /// Why the battery gave less, in words.
  var explanation: String {
    switch self {
    case .inverter: "the request was above the inverter's rating"
    case .inverterTemperature: "the inverter's heatsink was too hot for its rating"
    case .cRate: "the cells were at their highest rate"
    case .soc: "the first cell was empty or full"
    case .cellVoltage:
      "the first cell was at its lowest or highest voltage, or in a derating rule over voltage"
    case .cold: "the coldest cell was too cold for the derating rules"
    case .heat: "the hottest cell was too warm for the derating rules"
    case .derateSOC: "the fullest or emptiest cell was in a derating table over charge"
    }
  }

  /// The cell that decided, after a step; nil when none in particular did.
  fileprivate func decidingCell(of twin: DigitalTwin, discharging: Bool) -> Int? {
    func place(_ values: [Double], lowest: Bool) -> Int? {
      values.indices.min { lowest ? values[$0] < values[$1] : values[$0] > values[$1] }
    }
    switch self {
    case .inverter, .inverterTemperature, .cRate: return nil
    case .soc, .derateSOC: return place(twin.pack.socFraction, lowest: discharging)
    case .cellVoltage: return place(twin.pack.terminalV, lowest: discharging)
    case .cold: return place(twin.pack.temperatureC, lowest: true)
    case .heat: return place(twin.pack.temperatureC, lowest: false)
    }
  }
}
