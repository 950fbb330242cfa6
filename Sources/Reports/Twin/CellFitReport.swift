package import Documents
package import Twin

/// A cell fitted to telemetry: its parameters, what they leave of runs, seen and unseen, and what the data
/// cannot tell.
package struct CellFitReport: Sendable {
  private let fit: TelemetryFit
  private let scores: [RunScore]
  private let remarks: [String]

  /// Predicts runs with a fitted cell.
  ///
  /// - Parameters:
  ///   - fit: The fit.
  ///   - seen: Runs that it was made of.
  ///   - unseen: Runs that it was not.
  ///   - remarks: What the data cannot tell.
  package init(
    _ fit: TelemetryFit, seen: [TelemetryRun], unseen: [TelemetryRun], remarks: [String]
  ) {
    self.fit = fit
    scores =
      seen.map { RunScore(fit, $0, wasSeen: true) }
      + unseen.map { RunScore(fit, $0, wasSeen: false) }
    self.remarks = remarks
  }

  /// The fit in the form of `wattif.twin_fit/1`.
  package var json: JSONValue {
    let settings = fit.settings
    let diffusion: JSONValue? = fit.surfaceLag.map {
      [
        "lag_soc_per_c": .number($0.socPerC), "time_constant_s": .number($0.timeConstantS),
        "charge_transfer_c": .optional(fit.chargeTransfer?.cRate),
      ]
    }
    return [
      "schema": "wattif.twin_fit/1", "capacity_ah": .number(settings.capacityAh),
      "open_circuit": [
        "soc_fraction": .numbers(settings.knownOCV?.socFraction ?? settings.ocvNodes),
        "volt": .numbers(fit.ocvV),
      ],
      "resistance": [
        "soc_fraction": .numbers(settings.resistanceNodes), "series_ohm": .numbers(fit.seriesOhm),
        "pair_ohm": .array(fit.pairOhm.map { .numbers($0) }),
        "time_constant_s": .numbers(fit.timeConstantS),
        "activation_j_per_mol": .numbers(fit.activationJPerMol),
      ],
      "heat": [
        "capacity_j_per_k": .number(fit.heat.capacityJPerK),
        "capacity_relative_error": .optional(fit.heat.capacity.error),
        "cooling_w_per_k": .optional(fit.heat.cooling.isTold ? fit.heat.coolingWPerK : nil),
        "cooling_relative_error": .optional(fit.heat.cooling.error),
        "entropic_soc_fraction": .numbers(fit.heat.entropicCurve?.socFraction ?? []),
        "entropic_v_per_k": .numbers(fit.heat.entropicCurve?.voltPerKelvin ?? []),
        "entropic_error_v_per_k": .optional(fit.heat.entropy.error),
      ],
      "diffusion": diffusion ?? .null, "remarks": .array(remarks.map(JSONValue.string)),
      "residuals": .array(scores.map(\.json)),
    ]
  }

  /// How far a number may be trusted, or that it is not the runs' own.
  private func source(_ evidence: HeatEvidence) -> String {
    evidence.error.map { "(standard error \(NumberText.fixed(100 * $0, decimals: 0)) %)" }
      ?? "(not from these runs)"
  }

  /// The fit for a terminal.
  package var text: String {
    let names = fit.pairOhm.indices.map { ("R\($0 + 1) mΩ", TextTable.Alignment.right) }
    var values = TextTable([("state of charge", .right), ("R0 mΩ", .right)] + names)
    for (k, z) in fit.settings.resistanceNodes.enumerated() {
      values.add(
        [NumberText.fixed(z, decimals: 3)]
          + ([fit.seriesOhm] + fit.pairOhm).map { NumberText.fixed(1000 * $0[k], decimals: 3) })
    }
    var runs = TextTable([
      ("run", .left), ("", .left), ("samples", .right), ("voltage rmse mV", .right),
      ("10…90 %", .right), ("largest", .right), ("temperature rmse K", .right),
    ])
    for score in scores { runs.add(score.row) }
    let constants = fit.timeConstantS.map { NumberText.fixed($0, decimals: 1) }
    var lines = [
      values.text,
      "time constants \(constants.joined(separator: " and ")) s",
      "heat capacity \(NumberText.fixed(fit.heat.capacityJPerK, decimals: 1)) J/K "
        + "\(source(fit.heat.capacity)), cooling "
        + (fit.heat.cooling.isTold
          ? "\(NumberText.fixed(fit.heat.coolingWPerK, decimals: 4)) W/K \(source(fit.heat.cooling))"
          : "not told"),
    ]
    if let lag = fit.surfaceLag, let transfer = fit.chargeTransfer {
      lines.append(
        "surface lags by \(NumberText.fixed(100 * lag.socPerC, decimals: 2)) % per C within "
          + "\(NumberText.fixed(lag.timeConstantS, decimals: 1)) s, charge transfer bends from "
          + "\(NumberText.fixed(transfer.cRate, decimals: 2)) C")
    }
    lines += ["", runs.text]
    lines += remarks.map { "note: \($0)" }
    return lines.joined(separator: "\n")
  }
}

/// What a fitted cell leaves of a run.
private struct RunScore: Sendable {
  let name: String
  let wasSeen: Bool
  let samples: Int
  /// Root mean squares and largest deviation. [V] [K]
  let voltage: Double
  let middleVoltage: Double
  let largest: Double
  let temperature: Double
  /// How much warmer than measured the air was taken to be. [K]
  let airOffset: Double

  init(_ fit: TelemetryFit, _ run: TelemetryRun, wasSeen: Bool) {
    let found = fit.prediction(of: run)
    let soc = run.socFraction(capacityAh: fit.settings.capacityAh)
    let deviations = zip(found.voltageV, run.voltageV).map { $0 - $1 }
    let middle = zip(soc, deviations).filter { $0.0 >= 0.1 && $0.0 <= 0.9 }.map(\.1)
    name = run.name
    self.wasSeen = wasSeen
    airOffset = fit.airOffsetK(of: run)
    samples = run.timeS.count
    voltage = rootMeanSquare(deviations)
    middleVoltage = rootMeanSquare(middle)
    largest = middle.map(abs).max() ?? .nan
    temperature = rootMeanSquare(zip(found.temperatureC, run.temperatureC).map { $0 - $1 })
  }

  var json: JSONValue {
    [
      "run": .string(name), "seen": .boolean(wasSeen), "samples": .integer(samples),
      "voltage_rmse_v": .number(voltage), "voltage_rmse_10_90_v": .number(middleVoltage),
      "voltage_largest_10_90_v": .number(largest), "temperature_rmse_k": .number(temperature),
      "air_offset_k": .number(airOffset),
    ]
  }

  var row: [String] {
    [
      name, wasSeen ? "fitted" : "predicted", "\(samples)",
      NumberText.fixed(1000 * voltage, decimals: 2),
      NumberText.fixed(1000 * middleVoltage, decimals: 2),
      NumberText.fixed(1000 * largest, decimals: 1), NumberText.fixed(temperature, decimals: 3),
    ]
  }
}

private func rootMeanSquare(_ deviations: [Double]) -> Double {
  guard !deviations.isEmpty else { return .nan }
  return (deviations.reduce(0) { $0 + $1 * $1 } / Double(deviations.count)).squareRoot()
}
