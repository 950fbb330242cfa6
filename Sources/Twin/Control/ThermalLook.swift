internal import CTwinKernels

/// How a rule foresees temperatures.
public enum ThermalForesight: String, Sendable, CaseIterable, Codable {
  /// The rate of warming of the last step goes on.
  case trend
  /// A copy of the twin gives what is asked for, at the surroundings of the moment.
  case twin
}

/// By how much cells and heatsink get warmer within a lead if the power asked for is given.
struct ThermalLook: Sendable, Equatable, Codable {
  /// How far ahead. [s]
  var leadSeconds: Double
  /// Rise of the hottest cell. [K]
  var cellK: Double
  /// Rise of the inverter's heatsink. [K]
  var heatsinkK: Double
}

extension DigitalTwin {
  /// Looks ahead by every lead that a rule of the policy asks the twin for.
  ///
  /// The copy gives what is asked for as far as tables, read at its own temperature, let it: rules that look ahead
  /// themselves do not act in it.
  ///
  /// - Throws: `ImpossibleState` as a step does.
  func foreseen(
    _ request: BatteryRequest, ambientC: Double, sun: Double
  ) throws(ImpossibleState) -> [ThermalLook] {
    let hottestC = pack.summary.hottest_c
    let sinkC = heatsinkC
    var looks: [ThermalLook] = []
    for lead in control.rules.twinLeads {
      var ahead = self
      ahead.isAgeing = false
      ahead.isLookingAhead = true
      ahead.derating = DeratingMemory()
      _ = try ahead.advance(request, ambientC: ambientC, seconds: lead, sun: sun)
      looks.append(
        ThermalLook(
          leadSeconds: lead, cellK: ahead.pack.summary.hottest_c - hottestC,
          heatsinkK: ahead.heatsinkC - sinkC))
    }
    return looks
  }
}
