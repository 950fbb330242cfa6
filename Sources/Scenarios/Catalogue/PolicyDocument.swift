import Documents
import Numerics
package import Twin

/// A derating policy as a document of its own, to be copied and edited.
package enum PolicyDocument {
  /// Returns the document of a policy; reading it gives the policy again.
  package static func text(of policy: DeratingPolicy) -> String {
    var writer = YAMLWriter()
    writer.add("name", policy.name)
    if !policy.sources.isEmpty {
      let sources = policy.sources.map { "\"\($0.replacing("\"", with: "'"))\"" }
      writer.add("sources", "[\(sources.joined(separator: ", "))]")
    }
    for direction in PowerDirection.allCases {
      let tables = direction == .charge ? policy.charge : policy.discharge
      let stop = policy.stop(direction)
      let own = direction == .charge ? policy.chargeRecovery : policy.dischargeRecovery
      guard !tables.isEmpty || stop != nil || own != nil else { continue }
      writer.section(direction.rawValue) { writer in
        // In the order that documents are read in.
        for table in tables.sorted(by: { rank($0) < rank($1) }) { add(table, to: &writer) }
        if let stop {
          writer.add("stop_v", number(stop.stopV))
          writer.add("restart_v", number(stop.restartV))
          add(stop.release, to: &writer)
          if stop.release.reset != .time { writer.add("latch_reset", stop.release.reset.rawValue) }
        }
        if let own { add(own, to: &writer) }
      }
    }
    if policy.inverter != InverterDerating() {
      writer.section("inverter") { writer in
        for (key, table) in [
          ("heatsink", policy.inverter.heatsink), ("ambient", policy.inverter.ambient),
        ] {
          if let table { writer.add(key, rows(table)) }
        }
        for (key, value) in [
          ("stop_c", policy.inverter.stopC), ("restart_c", policy.inverter.restartC),
        ] {
          if let value { writer.add(key, number(value)) }
        }
        add(policy.inverter.release, to: &writer)
        if let warning = policy.inverter.warning { add(warning, to: &writer) }
      }
    }
    if let warning = policy.warning { add(warning, to: &writer) }
    if let cooling = policy.preCooling {
      writer.section("pre_cooling") { writer in
        writer.add("setpoint_c", number(cooling.setpointC))
        writer.add("band_k", number(cooling.bandK))
        writer.add("while", cooling.occasion.rawValue)
        if cooling.ambientAboveC.isFinite {
          writer.add("ambient_above_c", number(cooling.ambientAboveC))
        }
      }
    }
    if policy.recovery != DeratingRecovery() { add(policy.recovery, to: &writer) }
    return writer.text
  }

  private static func rank(_ table: DeratingTable) -> Int {
    switch table {
    case .temperature: 0
    case .soc: 1
    case .surface: 2
    case .voltage: 3
    }
  }

  private static func add(_ table: DeratingTable, to writer: inout YAMLWriter) {
    switch table {
    case .temperature(let table): writer.add("temperature", rows(table))
    case .soc(let table): writer.add("soc", rows(table))
    case .voltage(let table): writer.add("voltage", rows(table))
    case .surface(let celsius, let charges, let shares):
      writer.section("temperature_soc") { writer in
        writer.add("temperature_c", list(celsius))
        writer.add("soc_fraction", list(charges))
        writer.add("fraction", "[\(shares.map(list).joined(separator: ", "))]")
      }
    }
  }

  private static func add(_ release: StopRelease, to writer: inout YAMLWriter) {
    if release.dwellSeconds != 0 { writer.add("dwell_s", number(release.dwellSeconds)) }
    if let latch = release.latchSeconds { writer.add("latch_s", number(latch)) }
  }

  private static func add(_ recovery: DeratingRecovery, to writer: inout YAMLWriter) {
    writer.section("recovery") { writer in
      writer.add("hysteresis_k", number(recovery.hysteresisK))
      writer.add("dwell_s", number(recovery.dwellSeconds))
      if recovery.risePerMinute.isFinite {
        writer.add("rise_fraction_per_minute", number(recovery.risePerMinute))
      }
      if let latch = recovery.latchC { writer.add("latch_c", number(latch)) }
      if let reset = recovery.latchResetC { writer.add("latch_reset_c", number(reset)) }
      writer.add("look_ahead_s", number(recovery.lookAheadSeconds))
      writer.add("look_ahead_by", recovery.foresight.rawValue)
    }
  }

  private static func add(_ warning: DeratingWarning, to writer: inout YAMLWriter) {
    writer.section("warning") { writer in
      if let model = warning.model {
        writer.add("model", model.path)
        if model.isPinned { writer.add("fingerprint", model.fingerprint) }
        if !model.signals.isEmpty {
          writer.section("signals") { writer in
            for (name, signal) in model.signals.sorted(by: { $0.key < $1.key }) {
              writer.add(name, signal.rawValue)
            }
          }
        }
      } else {
        writer.add("by", warning.foresight.rawValue)
      }
      writer.add("lead_s", number(warning.leadSeconds))
      writer.add("limit_c", number(warning.limitC))
      writer.add("error_k", number(warning.errorK))
      writer.list("levels", warning.levels) { level, writer in
        for (key, value) in [
          ("probability", level.probability), ("rise_k", level.riseK), ("above_c", level.aboveC),
        ] {
          if let value { writer.add(key, number(value)) }
        }
        writer.add("fraction", number(level.fraction))
      }
      writer.add("hysteresis_k", number(warning.hysteresisK))
      writer.add("dwell_s", number(warning.dwellSeconds))
      if warning.risePerMinute.isFinite {
        writer.add("rise_fraction_per_minute", number(warning.risePerMinute))
      }
    }
  }

  private static func number(_ value: Double) -> String { NumberText.shortest(value) }

  private static func list(_ values: [Double]) -> String {
    "[\(values.map(number).joined(separator: ", "))]"
  }

  private static func rows(_ table: LinearTable) -> String {
    "[\(zip(table.x, table.y).map { list([$0, $1]) }.joined(separator: ", "))]"
  }
}
