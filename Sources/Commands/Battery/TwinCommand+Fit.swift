import CommandLine
import Diagnostics
import Documents
import Reports
import Scenarios
import Twin

extension TwinCommand {
  /// `wattif twin fit`: a cell from telemetry, what it leaves unexplained, and what the data cannot tell.
  func runFit(_ context: CommandContext) throws -> ExitCode {
    let runs = try readTelemetry(inputs[1], context: context)
    for name in leftOut where !runs.contains(where: { $0.name == name }) {
      throw InputError(
        "no run is named '\(name)'; there are "
          + listed(
            runs.map { "'\($0.name)'" }.reduce(into: []) { if !$0.contains($1) { $0.append($1) } },
            "and"),
        at: SourcePosition(file: inputs[1]))
    }
    let seen = runs.filter { !leftOut.contains($0.name) }
    let unseen =
      runs.filter { leftOut.contains($0.name) }
      + (try predicted.map { try readTelemetry($0, context: context) } ?? [])
    let coverage = TelemetryCoverage(seen, capacityAh: capacityAh ?? 1)
    let (low, high) = (coverage.socFraction.lowerBound, coverage.socFraction.upperBound)
    guard low >= -Self.mostCapacities, high <= Self.mostCapacities else {
      throw InputError(
        "the current moves the charge from \(NumberText.shortest(low)) to \(NumberText.shortest(high)) "
          + "times the capacity; look at its unit, at the times and at '--capacity-ah'",
        at: SourcePosition(file: inputs[1]))
    }
    let fit = try TelemetryFit(runs: seen, settings: try settings(seen, coverage, context))
    let remarks = remarks(coverage) + remarks(fit, seen)
    let cell = cell(of: fit, runs: seen)
    let report = CellFitReport(
      fit, seen: seen, unseen: unseen, remarks: remarks)
    if let write {
      let found = cell.problems()
      guard !found.hasErrors else { throw InputError(found.all) }
      context.keep {
        try FileWriter.write(CellDocument.text(of: cell, remarks: remarks), to: write)
      }
    }
    if let folder = common.output {
      try context.write(report.json.text() + "\n", to: "twin_fit.json", in: folder)
    }
    common.isJSON ? context.print(report.json) : context.print(report.text)
    return .done
  }

  /// Capacities that a current may move from the start; more is a mistake.
  private static let mostCapacities = 10.0

  /// The cell of the library whose numbers stand in for what the data do not tell.
  private var library: CellSpecification {
    chemistry == .lfp ? .lfpPrismatic280 : .nmcCylindrical21700
  }

  private func settings(
    _ runs: [TelemetryRun], _ coverage: TelemetryCoverage, _ context: CommandContext
  ) throws -> TelemetryFit.Settings {
    let low = min(0, coverage.socFraction.lowerBound)
    let high = max(1, coverage.socFraction.upperBound)
    var settings = TelemetryFit.Settings(
      capacityAh: capacityAh ?? 1,
      knownOCV: try openCircuit.map { try readOpenCircuit($0, context: context) },
      ocvNodes: (Int((40 * low).rounded(.down))...Int((40 * high).rounded(.up)))
        .map { Double($0) / 40 },
      // Closer near empty, where resistances bend.
      resistanceNodes: [
        -0.08, -0.04, 0, 0.03, 0.06, 0.09, 0.12, 0.16, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1,
      ].filter { $0 > low }.reduce(into: [low]) { $0.append($1) }.filter { $0 < high } + [high],
      timeConstantS: isDiffusive ? [60] : [30, 400], fitsActivation: coverage.tellsActivation,
      activationJPerMol: [
        library.seriesActivationJPerMol, library.fast.activationJPerMol,
        library.slow.activationJPerMol,
      ],
      entropicNodes: [0, 0.25, 0.5, 0.75, 1],
      knownHeat: KnownHeat(library.scaled(toCapacityAh: capacityAh ?? 1)))
    if isDiffusive {
      settings.surfaceLag = SurfaceLag()
      settings.chargeTransfer = ChargeTransfer()
    }
    return settings
  }

  /// What the data cannot tell, and what stands in for it.
  private func remarks(_ coverage: TelemetryCoverage) -> [String] {
    func number(_ value: Double, _ decimals: Int) -> String {
      NumberText.rounded(value, decimals: decimals)
    }
    var remarks: [String] = []
    let (celsius, charge) = (coverage.temperatureC, coverage.socFraction)
    if !coverage.tellsActivation {
      remarks.append(
        "temperatures from \(number(celsius.lowerBound, 1)) to \(number(celsius.upperBound, 1)) °C do "
          + "not tell how resistances depend on them; activation energies are those of "
          + "\(library.name), and the charge that cold keeps back needs 'surface_lag' or 'usable_charge'"
      )
    }
    if charge.lowerBound > 0.05 || charge.upperBound < 0.95 {
      remarks.append(
        "charges from \(number(100 * charge.lowerBound, 0)) to \(number(100 * charge.upperBound, 0)) % "
          + "were seen; curves beyond are drawn on without data")
    }
    return remarks
  }

  /// What the warmth of the cell cannot tell, and what stands in for it.
  private func remarks(_ fit: TelemetryFit, _ runs: [TelemetryRun]) -> [String] {
    let heat = fit.heat
    func number(_ value: Double, _ decimals: Int) -> String {
      NumberText.fixed(value, decimals: decimals)
    }
    var remarks: [String] = []
    let stands = "that of \(library.name) for the same charge stands in the cell"
    switch heat.capacity {
    case .told: break
    case .silent:
      remarks.append(
        "the cell did not warm with what it lost, which does not tell its heat capacity; \(stands)")
    case .uncertain(let value, let error):
      remarks.append(
        "its warmth gives a heat capacity of \(number(value, 1)) J/K that is uncertain by "
          + "\(error < 10 ? "\(number(100 * error, 0)) %" : "more than itself"); \(stands)")
    case .implausible(let value):
      remarks.append(
        "its warmth gives a heat capacity of \(number(value, 1)) J/K, which no cell of this charge has; "
          + stands)
    }
    let curve = "the curve of \(library.name) stands in the cell"
    switch heat.entropy {
    case .told: break
    case .silent:
      remarks.append("its warmth does not tell the entropic coefficient; \(curve)")
    case .uncertain(let value, let error):
      remarks.append(
        "its warmth gives entropic coefficients up to \(number(1000 * value, 2)) mV/K that are uncertain by "
          + "\(error < 0.1 ? "\(number(1000 * error, 2)) mV/K" : "more than 100 mV/K"); \(curve)")
    case .implausible(let value):
      remarks.append(
        "its warmth gives an entropic coefficient of \(number(1000 * value, 2)) mV/K, which no cell has; \(curve)"
      )
    }
    if !heat.cooling.isTold {
      remarks.append(
        "its warmth does not tell how it cools; a pack's cooling is the scenario's own")
    }
    let most = runs.map { abs(fit.airOffsetK(of: $0)) }.max() ?? 0
    if most >= 0.1 {
      remarks.append(
        "at the start of a run the sensor at the cell reads up to \(number(most, 1)) K beside 'ambient_c'; "
          + "the air is taken to be as warm as the cell is there, which leaves less unexplained")
    }
    return remarks
  }

  private func cell(
    of fit: TelemetryFit, runs: [TelemetryRun]
  ) -> CellSpecification {
    let like = library.scaled(toCapacityAh: capacityAh ?? 1)
    let volt = runs.flatMap(\.voltageV)
    let file = inputs[1].split(separator: "/").last.map(String.init) ?? inputs[1]
    var cell = fit.cell(
      name: file.split(separator: ".").first.map(String.init) ?? "cell", chemistry: chemistry,
      minimumV: min(like.minimumV, volt.min() ?? like.minimumV),
      maximumV: max(like.maximumV, volt.max() ?? like.maximumV))
    cell.sources = ["fitted to \(file)"]
    return cell
  }
}
