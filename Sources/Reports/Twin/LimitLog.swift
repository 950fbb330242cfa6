import Documents
import TimeSeries
package import Twin

/// What limited a run of the twin in each direction, for how long it was the first limit, which cell decided, and
/// what the step said that lost most.
package struct LimitLog: Sendable {
  private struct Key: Hashable {
    var cause: ClipCause
    var direction: PowerDirection
  }

  private struct Entry {
    var seconds = 0.0
    var cells: [Int: Double] = [:]
    /// The step that lost most power: how much, when, and why. [kW] [UTC epoch s]
    var worst: (kW: Double, instant: Int, reason: LimitReason, cell: Int?)?
  }

  /// One cause in one direction.
  struct Row {
    var cause: ClipCause
    var direction: PowerDirection
    /// Energy refused. [kWh]
    var kWh: Double
    /// Time in which it was the first limit. [s]
    var seconds: Double
    /// Cell that decided for the longest time; the first of equals.
    var place: CellPlace?
    /// When the step that lost most began, and why it did. [UTC epoch s]
    var instant: Int?
    var reason: LimitReason?
    /// The reason in words; that of the cause where no step had it for its first one.
    var words: String
  }

  private var entries: [Key: Entry] = [:]
  private let before: [LimitRecord]

  /// Starts a log of what comes after a ledger's limits.
  package init(after ledger: TwinLedger) { before = ledger.limits }

  /// Enters a step, seen from the battery after it.
  ///
  /// - Parameters:
  ///   - step: The step.
  ///   - twin: The battery after it.
  ///   - instant: Its begin. [UTC epoch s]
  ///   - seconds: Its length. [s]
  package mutating func add(
    _ step: TwinStep, after twin: DigitalTwin, at instant: Int, seconds: Double
  ) {
    guard let reason = step.reason else { return }
    let key = Key(cause: reason.cause, direction: reason.direction)
    var entry = entries[key] ?? Entry()
    entry.seconds += seconds
    let cell = reason.cause.decidingCell(of: twin, discharging: reason.direction == .discharge)
    if let cell { entry.cells[cell, default: 0] += seconds }
    if step.clippedKW > entry.worst?.kW ?? 0 {
      entry.worst = (step.clippedKW, instant, reason, cell)
    }
    entries[key] = entry
  }

  /// What refused something, most energy first.
  func rows(_ twin: DigitalTwin) -> [Row] {
    var rows: [Row] = []
    for limit in twin.ledger.limits {
      let past = before.first { $0.cause == limit.cause }
      for direction in PowerDirection.allCases {
        let kWh =
          direction == .charge
          ? limit.refusedChargeKWh - (past?.refusedChargeKWh ?? 0)
          : limit.refusedDischargeKWh - (past?.refusedDischargeKWh ?? 0)
        guard kWh > 0 else { continue }
        let entry = entries[Key(cause: limit.cause, direction: direction)]
        let cell = entry?.cells.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key
        let worst = entry?.worst
        rows.append(
          Row(
            cause: limit.cause, direction: direction, kWh: kWh, seconds: entry?.seconds ?? 0,
            place: cell.map { twin.specification.place(ofCell: $0) }, instant: worst?.instant,
            reason: worst?.reason,
            words: worst.map { worst in
              worst.reason.words(
                twin.specification, place: worst.cell.map { twin.specification.place(ofCell: $0) })
            } ?? limit.cause.explanation))
      }
    }
    // Of equals the first: sorting keeps their order.
    return rows.enumerated().sorted { ($1.element.kWh, $0.offset) < ($0.element.kWh, $1.offset) }
      .map(\.element)
  }

  /// The causes as JSON.
  func json(_ twin: DigitalTwin) -> JSONValue {
    .array(
      rows(twin).map { row -> JSONValue in
        let place = row.place
        return [
          "cause": .string(row.cause.rawValue), "direction": .string(row.direction.rawValue),
          "kwh": .number(row.kWh), "minutes": .number(row.seconds / 60),
          "why": .string(row.cause.explanation), "words": .string(row.words),
          "at": row.instant.map { .string(Instant.utcText($0)) } ?? .null,
          "rule": row.reason.map { .string($0.rule.rawValue) } ?? .null,
          "fraction": .optional(row.reason?.fraction),
          "temperature_c": .optional(row.reason?.temperatureC),
          "soc_fraction": .optional(row.reason?.socFraction),
          "voltage_v": .optional(row.reason?.voltageV),
          "cell": place.map { .integer($0.cell) } ?? .null,
          "string": place.map { .integer($0.string) } ?? .null,
          "module": .optional(place?.module),
          "group": place.map { .integer($0.group) } ?? .null,
        ]
      })
  }

  /// Heads of the table, and its rows.
  static let header = [
    "limited by", "direction", "kWh", "min first", "cell", "at its most", "why then",
  ]

  func cells(_ twin: DigitalTwin) -> [[String]] {
    rows(twin).map { row in
      [
        row.cause.rawValue, row.direction.rawValue, NumberText.fixed(row.kWh, decimals: 3),
        NumberText.fixed(row.seconds / 60, decimals: 1), row.place?.description ?? "",
        row.instant.map { Instant.utcText($0) } ?? "", row.words,
      ]
    }
  }

  /// The causes as a table.
  func text(_ twin: DigitalTwin) -> String {
    let cells = cells(twin)
    guard !cells.isEmpty else { return "Nothing limited the battery." }
    var table = TextTable(
      zip(Self.header, [.left, .left, .right, .right, .left, .left, .left]).map { ($0, $1) })
    for row in cells { table.add(row) }
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

  /// The cause as the subject of a sentence.
  var subject: String {
    switch self {
    case .inverter: "the inverter's rating"
    case .inverterTemperature: "a warm inverter"
    case .cRate: "the cells' highest rate"
    case .soc: "the charge of the first cell"
    case .cellVoltage: "the voltage of the first cell"
    case .cold: "cold"
    case .heat: "heat"
    case .derateSOC: "a derating table over charge"
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
