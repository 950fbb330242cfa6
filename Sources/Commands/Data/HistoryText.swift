import Diagnostics
import Documents
import Telemetry
import TimeSeries

/// A history as files and numbers for people and programs.
struct HistoryText {
  let history: SiteHistory

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
  var quantities: [Quantity] { Quantity.allCases.filter { history[$0] != nil } }

  /// CSV with UTC stamps of slot starts; an empty cell is missing.
  func csv(quality: [Quantity: [SlotQuality]] = [:]) -> String {
    let quantities = quantities
    let marked = quantities.filter { quality[$0] != nil }
    var rows = CSVWriter(
      header: ["time_utc"] + quantities.map { HistoryText.header($0) }
        + marked.map { "\($0.rawValue)_quality" })
    let columns = quantities.map { history[$0] ?? [] }
    for i in history.grid.indices {
      rows.add(Instant.utcText(history.grid.instant(i)))
      for column in columns { rows.add(column[i]) }
      for quantity in marked { rows.add(quality[quantity]?[i].rawValue ?? "") }
      rows.endRow()
    }
    return rows.text
  }

  /// All values by header, `null` where missing.
  var columns: JSONValue {
    var columns: [String: JSONValue] = [:]
    for quantity in quantities {
      columns[HistoryText.header(quantity)] = .numbers(history[quantity] ?? [])
    }
    return .object(columns)
  }

  /// Count, mean and range of each quantity.
  var summary: JSONValue {
    var columns: [String: JSONValue] = [:]
    for quantity in quantities {
      let known = (history[quantity] ?? []).filter(\.isFinite)
      columns[quantity.rawValue] = [
        "maximum": .optional(known.max()),
        "mean": known.isEmpty ? nil : .number(known.reduce(0, +) / Double(known.count)),
        "minimum": .optional(known.min()), "missing": .integer(history.grid.count - known.count),
        "unit": .string(quantity.unit),
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
      let known = (history[quantity] ?? []).filter(\.isFinite)
      let mean = known.isEmpty ? nil : known.reduce(0, +) / Double(known.count)
      table.add([
        quantity.rawValue, quantity.unit, "\(known.count)", "\(history.grid.count - known.count)",
        NumberText.fixed(known.min(), decimals: 3), NumberText.fixed(mean, decimals: 3),
        NumberText.fixed(known.max(), decimals: 3),
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
