import Documents
package import Twin

/// The cell that was hottest at the end of a step of a run, and the one that holds least after it.
package struct CellExtremes: Sendable {
  private var hottest: (cell: Int, celsius: Double)?

  /// Starts before the first step.
  package init() {}

  /// Looks at the battery after a step.
  package mutating func add(_ step: TwinStep, after twin: DigitalTwin) {
    guard step.hottestCellC > hottest?.celsius ?? -.infinity else { return }
    let celsius = twin.pack.temperatureC
    guard let cell = celsius.indices.max(by: { celsius[$0] < celsius[$1] }) else { return }
    hottest = (cell, celsius[cell])
  }

  /// Adds both cells to the JSON of a run.
  func adding(to members: JSONValue, _ twin: DigitalTwin) -> JSONValue {
    let weak = weakest(twin)
    return
      members
      .adding(
        "hottest_cell",
        hottest.map {
          twin.specification.place(ofCell: $0.cell).json.adding(
            "temperature_c", .number($0.celsius))
        } ?? .null
      )
      .adding(
        "weakest_cell",
        twin.specification.place(ofCell: weak.cell).json
          .adding("capacity_ah", .number(weak.capacityAh))
          .adding("capacity_fraction", .number(weak.share)))
  }

  /// Both cells in words.
  func text(_ twin: DigitalTwin) -> String {
    let weak = weakest(twin)
    let hot = hottest.map {
      "Hottest at the end of a step: \(twin.specification.place(ofCell: $0.cell)), "
        + "\(NumberText.fixed($0.celsius, decimals: 2)) °C.\n"
    }
    return (hot ?? "")
      + "Least capacity: \(twin.specification.place(ofCell: weak.cell)), "
      + "\(NumberText.fixed(weak.capacityAh, decimals: 2)) Ah, "
      + "\(NumberText.percent(weak.share)) of the nominal one.\n"
  }

  private func weakest(_ twin: DigitalTwin) -> (cell: Int, capacityAh: Double, share: Double) {
    let capacity = twin.pack.capacityAh
    let cell = capacity.indices.min { capacity[$0] < capacity[$1] } ?? 0
    return (cell, capacity[cell], capacity[cell] / twin.specification.cell.capacityAh)
  }
}

extension CellPlace {
  /// The place as JSON.
  var json: JSONValue {
    [
      "cell": .integer(cell), "string": .integer(string), "group": .integer(group),
      "module": .optional(module),
    ]
  }
}
