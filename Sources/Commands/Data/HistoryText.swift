import Diagnostics
import Documents
import Telemetry
import TimeSeries

/// A history as files and numbers for people and programs.
struct HistoryText {
  let history: any HistoryColumns
  /// Production of planes of modules beside that of the site; nothing where none is known by itself.
  private let planes: SiteHistory?
  private let statistics: [Quantity: Statistics]

  /// Count, sum and range of the finite values of a column.
  private struct Statistics {
    var count = 0
    var sum = 0.0
    var minimum: Double?
    var maximum: Double?

    var mean: Double? { count == 0 ? nil : sum / Double(count) }

    mutating func add(_ values: [Double]) {
      for value in values where value.isFinite {
        count += 1
        sum += value
        minimum = min(minimum ?? value, value)
        maximum = max(maximum ?? value, value)
      }
    }
  }

  /// Looks at all values once.
  ///
  /// - Parameters:
  ///   - history: The columns.
  ///   - planes: On the same grid, a history with the production of planes, which the CSV has as well.
  /// - Throws: Where the history is kept elsewhere and cannot be read.
  init(_ history: any HistoryColumns, planes: SiteHistory? = nil) throws {
    self.history = history
    self.planes = planes
    var statistics: [Quantity: Statistics] = [:]
    for quantity in history.quantities {
      var found = Statistics()
      try history.forEachPart(quantity) { found.add($1.values) }
      statistics[quantity] = found
    }
    self.statistics = statistics
  }

  /// Header of a quantity's column, with its unit at the end.
  static func header(_ quantity: Quantity) -> String {
    switch quantity {
    case .load, .pv, .batteryPower, .net, .importLimit, .exportLimit: "\(quantity.rawValue)_kw"
    case .ambient: "ambient_c"
    case .price: "price_per_kwh"
    case .irradiance: "irradiance_w_per_m2"
    case .cloudCover: "cloud_cover_fraction"
    case .windSpeed: "wind_speed_m_per_s"
    case .stateOfCharge: "soc_fraction"
    }
  }

  /// The quantities that the history has, in a fixed order.
  var quantities: [Quantity] { history.quantities }

  /// CSV with UTC stamps of slot starts, piece by piece; an empty cell is missing.
  ///
  /// - Parameters:
  ///   - hasQuality: Whether the qualities of slots are columns as well.
  ///   - output: Takes one piece after the other.
  /// - Throws: What the output throws, or where the history is kept elsewhere and cannot be read.
  func writeCSV(hasQuality: Bool, to output: (String) throws -> Void) throws {
    let names = planes?.planeNames ?? []
    let ofPlanes = names.compactMap { planes?[plane: $0] }
    var rows = CSVWriter(
      header: ["time_utc"] + quantities.map { HistoryText.header($0) }
        + names.map { "pv_\($0)_kw" }
        + (hasQuality ? quantities.map { "\($0.rawValue)_quality" } : []))
    let grid = history.grid
    for first in stride(from: 0, to: grid.count, by: historyPartSlots) {
      let slots = first..<min(grid.count, first + historyPartSlots)
      let parts = try quantities.map { try history.part($0, slots) }
      for slot in slots {
        rows.add(Instant.utcText(grid.instant(slot)))
        for part in parts { rows.add(part.values[slot - first]) }
        for plane in ofPlanes { rows.add(plane[slot]) }
        if hasQuality { for part in parts { rows.add(part.quality[slot - first].rawValue) } }
        rows.endRow()
      }
      try output(rows.drain())
    }
    try output(rows.drain())
  }

  /// The same in one text.
  func csv(hasQuality: Bool = false) throws -> String {
    var text = ""
    try writeCSV(hasQuality: hasQuality) { text += $0 }
    return text
  }

  /// All values by header, `null` where missing.
  func columns() throws -> JSONValue {
    var columns: [String: JSONValue] = [:]
    for quantity in quantities {
      columns[HistoryText.header(quantity)] = .numbers(
        try history.part(quantity, history.grid.indices).values)
    }
    return .object(columns)
  }

  /// Count, mean and range of each quantity.
  var summary: JSONValue {
    var columns: [String: JSONValue] = [:]
    for (quantity, known) in statistics {
      columns[quantity.rawValue] = [
        "maximum": .optional(known.maximum), "mean": .optional(known.mean),
        "minimum": .optional(known.minimum),
        "missing": .integer(history.grid.count - known.count), "unit": .string(quantity.unit),
      ]
    }
    return .object(columns)
  }

  /// Start, end and step of the grid.
  var period: JSONValue {
    [
      "from": .string(Instant.utcText(history.grid.start)), "slots": .integer(history.grid.count),
      "step_s": .integer(history.grid.stepSeconds),
      "to": .string(Instant.utcText(history.grid.end)),
    ]
  }

  /// The same as a table.
  var table: String {
    var table = TextTable([
      ("quantity", .left), ("unit", .left), ("values", .right), ("missing", .right),
      ("minimum", .right), ("mean", .right), ("maximum", .right),
    ])
    for quantity in quantities {
      let known = statistics[quantity] ?? Statistics()
      table.add([
        quantity.rawValue, quantity.unit, "\(known.count)", "\(history.grid.count - known.count)",
        NumberText.fixed(known.minimum, decimals: 3), NumberText.fixed(known.mean, decimals: 3),
        NumberText.fixed(known.maximum, decimals: 3),
      ])
    }
    return table.text
  }
}

extension IngestReport {
  /// What an ingest did, in the form of the machine-readable results.
  func members(extra: [IngestFinding] = []) -> [String: JSONValue] {
    var counts: [String: JSONValue] = [:]
    for (quantity, slot) in slots {
      counts[quantity.rawValue] = [
        "clamped": .integer(slot.clamped), "filled": .integer(slot.filled),
        "gap": .integer(slot.gap), "ok": .integer(slot.ok), "reset": .integer(slot.reset),
        "spike": .integer(slot.spike),
      ]
    }
    return [
      "ambiguous_times": .integer(ambiguousTimes), "cells_coerced": .integer(cellsCoerced),
      "cells_failed": .integer(cellsFailed), "cells_missing": .integer(cellsMissing),
      "duplicates": .integer(duplicates),
      "findings": .array(
        (findings + extra).map { finding in
          let position = finding.diagnostic.position
          return [
            "column": position.map { .integer($0.column) } ?? nil,
            "file": .optional(position?.file), "kind": .string(finding.kind.rawValue),
            "line": position.map { .integer($0.line) } ?? nil,
            "severity": .string(finding.diagnostic.severity.rawValue),
            "text": .string(finding.diagnostic.message),
          ]
        }),
      "out_of_order": .integer(outOfOrder), "resets": .integer(resets),
      "rows_in": .integer(rowsIn), "rows_kept": .integer(rowsKept),
      "rows_outside": .integer(rowsOutside), "rows_reported": .integer(rowsReported),
      "slots": .object(counts),
    ]
  }
}
