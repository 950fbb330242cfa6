import CommandLine
import Diagnostics
import Scenarios
import Studies
import Twin

extension TwinCommand {
  /// The faults of the scenario's section `stress` that `--fault` names.
  ///
  /// - Throws: `InputError` that names the faults there are.
  func namedFaults(_ scenario: Scenario) throws -> [FaultSpecification] {
    let known = (scenario.stress?.faults ?? []).filter { !$0.isNone }
    var found = Findings()
    var chosen: [FaultSpecification] = []
    for name in faults {
      guard let fault = known.first(where: { $0.name == name }) else {
        let near = suggestion(for: name, among: known.map(\.name)).map { "; did you mean '\($0)'?" }
        found.error(
          known.isEmpty
            ? "'--fault \(name)' needs a fault of that name in 'stress.faults', and there are none"
            : "the scenario has no fault '\(name)' in 'stress.faults'\(near ?? "")",
          at: scenario.positions["stress.faults"] ?? SourcePosition(file: inputs[0]),
          notes: known.isEmpty
            ? [] : ["the faults are \(listed(known.map { "'\($0.name)'" }, "and"))"])
        continue
      }
      chosen += fault.battery
    }
    try found.throwIfErrors()
    return chosen
  }

  private func chosenFault(_ name: String, _ scenario: Scenario) -> StressFault? {
    scenario.stress?.faults.first { $0.name == name && !$0.isNone }
  }

  /// Tells of faults and other keys of the scenario that change nothing in this run.
  func reportIdleKeys(
    _ scenario: Scenario, _ specifications: [TwinSpecification], _ drive: Drive, seconds: Double?,
    _ context: CommandContext
  ) {
    var found = Findings()
    let faultsPlace = scenario.positions["stress.faults"]
    for name in faults where chosenFault(name, scenario)?.spikes.isEmpty == false {
      found.warning(
        "the pulses of load of the fault '\(name)' change nothing: they act in 'stress' alone",
        at: faultsPlace)
    }
    for (name, fault) in faults.flatMap({ name in
      (chosenFault(name, scenario)?.battery ?? []).map { (name, $0) }
    }) {
      let idle: String? =
        switch fault.kind {
        case .hvacFailure where specifications.allSatisfy({ $0.enclosure.hvac == nil }):
          "the enclosure has no air conditioning"
        case .fanFailure
        where specifications.allSatisfy({
          $0.cooling.stillAirFraction >= 1 && $0.enclosure.fanKW == 0
            && $0.enclosure.ventilationWPerK == 0
        }):
          "the battery has no fan"
        default: nil
        }
      if let idle { found.warning("the fault '\(name)' changes nothing: \(idle)", at: faultsPlace) }
      if let seconds, fault.startSeconds >= seconds, state == nil {
        found.warning(
          "the fault '\(name)' begins \(plain(fault.startSeconds / 86_400)) days after the start, "
            + "and the run has ended by then", at: faultsPlace)
      }
    }
    // The first is the weather as measured. Who asks for nothing of 'stress' does not expect its weather.
    if !faults.isEmpty, let stress = scenario.stress, stress.weathers.count > 1 {
      found.warning(
        "'stress.weather' changes nothing: it acts in 'stress' alone, and '--ambient' sets the air here",
        at: scenario.positions["stress.weather"])
    }
    if specifications.contains(where: { $0.converter.pvCoupling == .dc }) {
      let place = scenario.positions["inverter.pv_coupling"]
      switch drive {
      case .profile(let profile) where profile.pvKW == nil:
        found.warning(
          "'pv_coupling: dc' changes nothing: the profile has no column 'pv_kw'", at: place)
      case .test:
        found.warning(
          "'pv_coupling: dc' changes nothing: a test protocol has no photovoltaics", at: place)
      default: break
      }
    }
    context.report(found.all)
  }

  /// Tells of a start that the protocol states and a saved state replaces.
  func reportIdleStart(_ test: TestProtocol, _ path: String, _ context: CommandContext) {
    guard state != nil else { return }
    let keys = [
      ("start_soc_fraction", test.startSOC), ("start_temperature_c", test.startTemperatureC),
    ].filter { $0.1 != nil }.map { "'\($0.0)'" }
    guard !keys.isEmpty else { return }
    context.report([
      .warning(
        "\(listed(keys, "and")) of the protocol \(keys.count > 1 ? "change" : "changes") nothing: the "
          + "battery starts as '--state' has it", at: SourcePosition(file: path))
    ])
  }
}
