import CommandLine
import Diagnostics
import Documents
import Twin

extension TwinCommand {
  /// `wattif twin fit`: parameters of a cell from telemetry, with what they leave unexplained.
  func runFit(_ context: CommandContext) throws -> ExitCode {
    let runs = try readTelemetry(inputs[1], context: context)
    var settings = TelemetryFit.Settings(
      capacityAh: capacityAh ?? 1, timeConstantS: [60], activationJPerMol: [15000, 20000])
    let used = runs.flatMap { run in
      [run.initialSOC] + [run.initialSOC - charge(of: run) / settings.capacityAh]
    }
    if isDiffusive {
      settings.surfaceLag = SurfaceLag()
      settings.chargeTransfer = ChargeTransfer()
    }
    let low = min(0, used.min() ?? 0)
    let high = max(1, used.max() ?? 1)
    settings.ocvNodes = (0...20).map { low + (high - low) * Double($0) / 20 }
    settings.resistanceNodes = (0...8).map { low + (high - low) * Double($0) / 8 }
    let fit = try TelemetryFit(runs: runs, settings: settings)
    var rows: [JSONValue] = []
    var table = TextTable([
      ("run", .left), ("samples", .right), ("voltage rmse mV", .right),
      ("temperature rmse K", .right),
    ])
    for run in runs {
      let found = fit.prediction(of: run)
      let volt = rootMeanSquare(found.voltageV, run.voltageV)
      let kelvin = rootMeanSquare(found.temperatureC, run.temperatureC)
      rows.append([
        "run": .string(run.name), "samples": .integer(run.timeS.count),
        "voltage_rmse_v": .number(volt), "temperature_rmse_k": .number(kelvin),
      ])
      table.add([
        run.name, "\(run.timeS.count)", NumberText.fixed(1000 * volt, decimals: 2),
        NumberText.fixed(kelvin, decimals: 3),
      ])
    }
    let json: JSONValue = [
      "schema": "wattif.twin_fit/1", "capacity_ah": .number(settings.capacityAh),
      "open_circuit": [
        "soc_fraction": .numbers(settings.ocvNodes), "volt": .numbers(fit.ocvV),
      ],
      "resistance": [
        "soc_fraction": .numbers(settings.resistanceNodes), "series_ohm": .numbers(fit.seriesOhm),
        "pair_ohm": .numbers(fit.pairOhm.first ?? []),
        "time_constant_s": .optional(fit.timeConstantS.first),
        "activation_j_per_mol": .numbers(fit.activationJPerMol),
      ],
      "heat": [
        "capacity_j_per_k": .number(fit.heatCapacityJPerK),
        "cooling_w_per_k": .number(fit.coolingWPerK),
      ],
      "diffusion": fit.surfaceLag.map {
        [
          "lag_soc_per_c": .number($0.socPerC), "time_constant_s": .number($0.timeConstantS),
          "charge_transfer_c": .optional(fit.chargeTransfer?.cRate),
        ]
      } ?? .null,
      "residuals": .array(rows),
    ]
    if let folder = common.output {
      try context.write(json.text() + "\n", to: "twin_fit.json", in: folder)
    }
    guard !common.isJSON else {
      context.print(json)
      return .done
    }
    var values = TextTable([("state of charge", .right), ("R0 mΩ", .right), ("R1 mΩ", .right)])
    for (k, z) in settings.resistanceNodes.enumerated() {
      values.add([
        NumberText.fixed(z, decimals: 3), NumberText.fixed(1000 * fit.seriesOhm[k], decimals: 3),
        NumberText.fixed(1000 * (fit.pairOhm.first?[k] ?? .nan), decimals: 3),
      ])
    }
    context.print(
      values.text + "time constant \(NumberText.fixed(fit.timeConstantS[0], decimals: 1)) s, "
        + "heat capacity \(NumberText.fixed(fit.heatCapacityJPerK, decimals: 1)) J/K, "
        + "cooling \(NumberText.fixed(fit.coolingWPerK, decimals: 4)) W/K\n"
        + (lagText(fit) + "\n") + table.text)
    return .done
  }

  private func lagText(_ fit: TelemetryFit) -> String {
    guard let lag = fit.surfaceLag, let transfer = fit.chargeTransfer else { return "" }
    return "surface lags by \(NumberText.fixed(100 * lag.socPerC, decimals: 2)) % per C within "
      + "\(NumberText.fixed(lag.timeConstantS, decimals: 1)) s, charge transfer bends from "
      + "\(NumberText.fixed(transfer.cRate, decimals: 2)) C\n"
  }

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

  private func charge(of run: TelemetryRun) -> Double {
    var sum = 0.0
    for k in run.timeS.indices.dropFirst() {
      sum += run.currentA[k] * (run.timeS[k] - run.timeS[k - 1]) / 3600
    }
    return sum
  }

  private func rootMeanSquare(_ a: [Double], _ b: [Double]) -> Double {
    (zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } / Double(max(1, a.count)))
      .squareRoot()
  }

  /// Reads telemetry with a header; every cell that is no number is reported.
  private func readTelemetry(_ path: String, context: CommandContext) throws -> [TelemetryRun] {
    var cells = try CSVRows(try context.read(path))
    var found = Findings()
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
}
