package import Documents
import Numerics
package import Twin

/// What a run of the twin came to, as a table and as JSON.
package struct TwinReport: Sendable {
  let twin: DigitalTwin
  let recorder: TwinRecorder
  let sun: SunSummary
  let faults: [String]
  let test: TestReport?
  private let promise: Warranty?

  /// Prepares the report of a run.
  ///
  /// - Parameters:
  ///   - twin: The twin after the run.
  ///   - recorder: What was seen of it.
  ///   - sun: Where the sun on the enclosure was known from.
  ///   - faults: Names of what went wrong.
  ///   - test: The steps of a test protocol; nil where there was none.
  ///   - warranty: What the maker promises of the battery's life; nil when nothing is known.
  package init(
    _ twin: DigitalTwin, recorder: TwinRecorder, sun: SunSummary, faults: [String] = [],
    test: TestReport? = nil, warranty: Warranty? = nil
  ) {
    self.twin = twin
    self.recorder = recorder
    self.sun = sun
    self.faults = faults
    self.test = test
    promise = warranty
  }

  /// What the use since the battery was built takes of its warranty.
  var warranty: WarrantyReport? {
    WarrantyReport(
      promise, twin.ledger,
      capacityLostFraction: twin.ageingSummary.map { 1 - $0.capacityFactor })
  }

  private var limits: LimitLog { recorder.limits }
  var extremes: CellExtremes { recorder.extremes }

  /// The run in the form of `wattif.twin/1`.
  package var json: JSONValue {
    let ledger = twin.ledger
    let ageing = twin.ageingSummary
    var clips: [String: JSONValue] = [:]
    for (cause, kWh) in ledger.clippedKWh { clips[cause.rawValue] = .number(kWh) }
    let members: JSONValue = [
      "schema": "wattif.twin/1", "verdict": .string(verdict), "steps": .integer(ledger.steps),
      "energy": [
        "in_kwh": .number(ledger.chargedKWh), "out_kwh": .number(ledger.dischargedKWh),
        "loss_kwh": .number(ledger.lossKWh), "stored_kwh": .number(-ledger.releasedKWh),
        "balance_error_kwh": .number(ledger.balanceErrorKWh),
        "auxiliary_kwh": .number(ledger.auxiliaryKWh),
        "cell_loss_kwh": .number(ledger.cellLossKWh),
        "converter_loss_kwh": .number(ledger.converterLossKWh),
        "faded_kwh": .number(ledger.fadedKWh), "balancing_kwh": .number(ledger.balancingKWh),
      ],
      "cell_loss_parts_kwh": [
        "series": .number(ledger.seriesLossKWh), "pairs": .number(ledger.pairsLossKWh),
        "hysteresis": .number(ledger.hysteresisLossKWh),
        "charge_not_kept": .number(ledger.chargeLossKWh),
        "bleed": .number(ledger.bleedLossKWh),
        "link": .number(ledger.linkLossKWh), "sharing": .number(ledger.sharingLossKWh),
        "surface_lag": .number(ledger.lagLossKWh),
        "curvature": .number(ledger.curvatureLossKWh),
      ],
      "entropic_heat_kwh": .number(ledger.entropicHeatKWh),
      "voltage_v": ["min": .number(ledger.lowestCellV), "max": .number(ledger.highestCellV)],
      "temperature_c": [
        "min": .number(ledger.coldestCellC), "max": .number(ledger.hottestCellC),
        "spread_max": .number(ledger.largestSpreadK),
      ],
      "soc": [
        "start": .number(recorder.startSOC), "end": .number(twin.socFraction),
        "min": .number(ledger.lowestSOC), "max": .number(ledger.highestSOC),
      ],
      "clips_kwh": .object(clips), "limited": limits.json(twin),
      "state_hash": .string(twin.stateFingerprint.text),
      "derate_minutes": .number(ledger.derateSeconds / 60),
      "hours_above_limit": .number(ledger.secondsAboveLimit / 3600),
      "hours_at_protection": .number(ledger.protectedSeconds / 3600),
      "equivalent_full_cycles": .number(ledger.equivalentFullCycles),
      "ageing": [
        "calendar_fraction": .optional(ageing?.calendarFraction),
        "cycle_fraction": .optional(ageing?.cycleFraction),
        "resistance_factor": .optional(ageing?.resistanceFactor),
        "resistance_model": .optional(ageing?.model.resistanceModel.rawValue),
        "life_used_fraction": .number(ledger.lifeUsedFraction),
        "model": .optional(ageing?.model.rawValue),
        "counting": .optional(ageing?.counting.rawValue),
        "other_models": .array(
          (ageing?.others ?? []).map {
            [
              "model": .string($0.model.rawValue),
              "capacity_lost_fraction": .number(1 - $0.capacityFactor),
            ]
          }),
        "outside_model_fraction": .optional(ageing?.outsideFraction),
      ],
    ]
    var whole = extremes.adding(to: members, twin)
      .adding("start_temperature_c", .number(recorder.startC))
      .adding("faults", .array(faults.map { .string($0) }))
    if let sun = sun.json { whole = whole.adding("sun", sun) }
    if let test { whole = whole.adding("protocol", test.json) }
    if let warranty { whole = whole.adding("warranty", warranty.json) }
    let unused = ledger.pvUnusedKWh
    if ledger.pvUsedKWh > 0 || !unused.isEmpty {
      whole = whole.adding(
        "pv",
        [
          "used_kwh": .number(ledger.pvUsedKWh),
          "unused_kwh": .object(
            Dictionary(uniqueKeysWithValues: unused.map { ($0.rawValue, .number($1)) })),
        ])
    }
    return whole
  }

  /// What limited the run, and the hottest and weakest cell.
  var limitsText: String { limits.text(twin) + "\n" + extremes.text(twin) }

  /// The sentence that says what came out.
  var verdict: String { TwinVerdict(twin, recorder).sentence }

  /// Quantity, value and unit of everything that was summed up; nil for a rule between them.
  var figureRows: [[String]?] {
    let ledger = twin.ledger
    var rows: [[String]?] = []
    func row(_ name: String, _ value: Double, _ unit: String, decimals: Int = 3) {
      rows.append([name, NumberText.fixed(value, decimals: decimals), unit])
    }
    row("charged", ledger.chargedKWh, "kWh")
    row("discharged", ledger.dischargedKWh, "kWh")
    if ledger.pvUsedKWh > 0 || !ledger.pvUnusedKWh.isEmpty {
      row("photovoltaics taken, DC", ledger.pvUsedKWh, "kWh")
      for cause in ClipCause.allCases {
        guard let energy = ledger.pvUnusedKWh[cause] else { continue }
        row("  left for want of room (\(cause.rawValue))", energy, "kWh")
      }
    }
    row("loss of cells", ledger.cellLossKWh, "kWh")
    row("  series resistance", ledger.seriesLossKWh, "kWh")
    row("  RC pairs", ledger.pairsLossKWh, "kWh")
    if ledger.hysteresisLossKWh != 0 { row("  hysteresis", ledger.hysteresisLossKWh, "kWh") }
    if ledger.lagLossKWh != 0 { row("  lag of the surface", ledger.lagLossKWh, "kWh") }
    row("  charge not kept", ledger.chargeLossKWh, "kWh")
    if ledger.linkLossKWh > 0 { row("  connections", ledger.linkLossKWh, "kWh") }
    row("  self-discharge and balancing", ledger.bleedLossKWh, "kWh")
    if ledger.sharingLossKWh != 0 {
      row("  exchange of parallel cells within a step", ledger.sharingLossKWh, "kWh")
    }
    row("  bends of the curves within a step", ledger.curvatureLossKWh, "kWh")
    row("loss of the inverter", ledger.converterLossKWh, "kWh")
    row("fan, air conditioning, standby", ledger.auxiliaryKWh, "kWh")
    row("reversible heat, no loss", ledger.entropicHeatKWh, "kWh")
    row("stored more than at the start", -ledger.releasedKWh, "kWh")
    row("not explained", ledger.balanceErrorKWh, "kWh", decimals: 9)
    rows.append(nil)
    row("less than rated by derating", ledger.derateSeconds / 60, "min", decimals: 1)
    if ledger.protectedSeconds > 0 {
      row("empty, electronics off", ledger.protectedSeconds / 3600, "h", decimals: 1)
    }
    rows.append(nil)
    row("temperature at the start", recorder.startC, "°C", decimals: 2)
    row("hottest cell", ledger.hottestCellC, "°C", decimals: 2)
    row("coldest cell", ledger.coldestCellC, "°C", decimals: 2)
    row("largest difference of cells", ledger.largestSpreadK, "K", decimals: 2)
    row("lowest cell voltage", ledger.lowestCellV, "V")
    row("highest cell voltage", ledger.highestCellV, "V")
    row("state of charge at the end", twin.socFraction, "")
    row("equivalent full cycles", ledger.equivalentFullCycles, "")
    if let ageing = twin.ageingSummary {
      row("capacity lost with time", 100 * ageing.calendarFraction, "%")
      row("capacity lost with cycles", 100 * ageing.cycleFraction, "%")
      row("resistance over new", ageing.resistanceFactor, "")
      rows.append(["ageing model", ageing.model.rawValue, ageing.counting.rawValue])
      for other in ageing.others {
        row("  capacity lost by \(other.model.rawValue)", 100 * (1 - other.capacityFactor), "%")
      }
      row("  outside of what the model was measured under", 100 * ageing.outsideFraction, "%")
      rows.append(["resistance grows as", ageing.model.resistanceModel.rawValue, ""])
    }
    rows.append(["state", twin.stateFingerprint.text, ""])
    return rows
  }

  /// The run for a terminal.
  package var text: String {
    var table = TextTable([("quantity", .left), ("value", .right), ("unit", .left)])
    for row in figureRows {
      if let row { table.add(row) } else { table.addRule() }
    }
    var lines =
      verdict + "\n\n" + table.text + "\n" + limits.text(twin) + "\n" + extremes.text(twin)
    if !faults.isEmpty { lines += "\nFaults: \(faults.joined(separator: ", ")).\n" }
    if let warranty { lines += "\n\(warranty.sentence.capitalizedFirst).\n" }
    if let test { lines += test.text }
    return sun.notes.isEmpty ? lines : lines + "\n" + sun.notes
  }
}
