package import Documents
import Twin

/// Runs of several batteries under one power, side by side.
package struct TwinsReport: Sendable {
  private let runs: [(name: String, report: TwinReport)]

  /// Puts reports side by side.
  package init(_ runs: [(name: String, report: TwinReport)]) { self.runs = runs }

  /// One row per quantity, one column per battery.
  package var text: String {
    var table = TextTable(
      [("quantity", .left)] + runs.map { ($0.name, .right) } + [("unit", .left)])
    for row in Self.rows {
      table.add(
        [row.name]
          + runs.map { NumberText.fixed(row.value($0.report.twin), decimals: row.decimals) }
          + [row.unit])
    }
    let limits = runs.map { "\n\($0.name)\n" + $0.report.limitsText }
    return table.text + limits.joined()
  }

  /// Every run as `wattif.twin/1` with its name.
  package var json: JSONValue {
    [
      "schema": "wattif.twins/1",
      "batteries": .array(runs.map { $0.report.json.adding("name", .string($0.name)) }),
    ]
  }

  private static let rows:
    [(name: String, unit: String, decimals: Int, value: @Sendable (DigitalTwin) -> Double?)] = [
      ("nominal energy", "kWh", 2, { $0.specification.nominalEnergyKWh }),
      ("inverter", "kW", 2, { $0.specification.converter.ratedKW }),
      ("charged", "kWh", 3, { $0.ledger.chargedKWh }),
      ("discharged", "kWh", 3, { $0.ledger.dischargedKWh }),
      (
        "refused", "kWh", 3,
        { twin in
          ClipCause.allCases.reduce(0) { $0 + (twin.ledger.clippedKWh[$1] ?? 0) }
        }
      ),
      ("loss of cells", "kWh", 3, { $0.ledger.cellLossKWh }),
      ("loss of the inverter", "kWh", 3, { $0.ledger.converterLossKWh }),
      ("fan, air conditioning, standby", "kWh", 3, { $0.ledger.auxiliaryKWh }),
      ("less than rated by derating", "min", 1, { $0.ledger.derateSeconds / 60 }),
      ("hottest cell", "°C", 2, { $0.ledger.hottestCellC }),
      ("coldest cell", "°C", 2, { $0.ledger.coldestCellC }),
      ("lowest cell voltage", "V", 3, { $0.ledger.lowestCellV }),
      ("highest cell voltage", "V", 3, { $0.ledger.highestCellV }),
      ("state of charge at the end", "", 3, { $0.socFraction }),
      ("equivalent full cycles", "", 3, { $0.ledger.equivalentFullCycles }),
      ("capacity left", "%", 2, { $0.ageingSummary.map { 100 * $0.capacityFactor } }),
      ("life used", "%", 3, { 100 * $0.ledger.lifeUsedFraction }),
    ]
}
