import Diagnostics
import Documents
import EarlyWarning
import Numerics
import Twin

extension DeratingPolicy {
  /// Reads a policy given by its tables.
  ///
  /// ```yaml
  /// name: gentle
  /// charge:
  ///   temperature: [[0, 0], [10, 1], [40, 1], [55, 0]]   # °C, share of the rated current
  ///   soc: [[0.9, 1], [1, 0.1]]
  ///   voltage: [[3.375, 1], [3.45, 0.005], [3.5, 0]]   # V at the end of a step
  ///   stop_v: 3.65
  ///   restart_v: 3.4
  ///   dwell_s: 60
  ///   recovery: {rise_fraction_per_minute: 0.1}
  /// discharge:
  ///   temperature: [[-10, 0], [0, 1], [45, 1], [60, 0]]
  ///   temperature_soc:          # one row of shares per temperature, one column per charge
  ///     temperature_c: [0, 25]
  ///     soc_fraction: [0.1, 0.5, 1]
  ///     fraction: [[0.1, 0.3, 0.3], [0.5, 1, 1]]
  /// ```
  ///
  /// - Parameters:
  ///   - reader: The section.
  ///   - usual: Its name where it states none.
  init?(_ reader: MappingReader, name usual: String = "custom") {
    let name = reader.text("name", default: usual)
    let recovery =
      reader.optionalSection("recovery") { DeratingRecovery($0, usual: DeratingRecovery()) }
      ?? DeratingRecovery()
    var stops: [String: VoltageStop] = [:]
    var recoveries: [String: DeratingRecovery] = [:]
    func tables(_ key: String) -> [DeratingTable] {
      reader.optionalSection(key) { direction in
        var tables: [DeratingTable] = []
        if let table = direction.shareTable("voltage", "voltage_v") {
          tables.append(.voltage(table))
        }
        stops[key] = direction.voltageStop()
        recoveries[key] = direction.optionalSection("recovery") {
          DeratingRecovery($0, usual: recovery)
        }
        if let table = direction.shareTable("temperature", "temperature_c") {
          tables.append(.temperature(table))
        }
        if let table = direction.shareTable("soc", "soc_fraction") { tables.append(.soc(table)) }
        if let table = direction.optionalSection("temperature_soc", { $0.shareSurface() }) {
          tables.append(table)
        }
        return tables
      } ?? []
    }
    self.init(
      name: name, charge: tables("charge"), discharge: tables("discharge"), recovery: recovery)
    chargeRecovery = recoveries["charge"]
    dischargeRecovery = recoveries["discharge"]
    chargeStop = stops["charge"]
    dischargeStop = stops["discharge"]
    sources = reader.optionalTexts("sources") ?? []
    inverter = reader.optionalSection("inverter") { InverterDerating($0) } ?? InverterDerating()
    warning = reader.optionalSection("warning") { DeratingWarning($0, of: .hottestCell) }
    preCooling = reader.optionalSection("pre_cooling") { PreCooling($0) }
    guard reader.isSound else { return nil }
    reader.add(problems())
  }
}

extension InverterDerating {
  /// Reads what temperatures leave of the inverter.
  fileprivate init?(_ reader: MappingReader) {
    let stop = reader.optionalNumber("stop_c", .within(0...200))
    self.init(
      heatsink: reader.shareTable("heatsink", "temperature_c"),
      ambient: reader.shareTable("ambient", "temperature_c"),
      stopC: stop, restartC: reader.optionalNumber("restart_c", .within(-40...200)),
      release: reader.stopRelease(of: "stop_c", isGiven: stop != nil, reset: .time))
    warning = reader.optionalSection("warning") { DeratingWarning($0, of: .heatsink) }
    guard reader.isSound else { return nil }
  }
}

extension DeratingWarning {
  /// Reads what a foreseen temperature takes.
  ///
  /// - Parameters:
  ///   - reader: The section.
  ///   - temperature: What a kept model's temperature is where nothing else is said.
  fileprivate init?(_ reader: MappingReader, of temperature: HeatSignal) {
    let model = KeptHeatModel(reader, of: temperature)
    reader.require(
      model == nil || !reader.has("by"), "by", "'by' and 'model' exclude each other")
    guard reader.isSound else {
      // Lead and limit are the model's, which could not be read.
      reader.passOver()
      return nil
    }
    func number(_ key: String, _ rule: NumberRule, _ own: Double?) -> Double {
      own.map { reader.number(key, rule, default: $0) } ?? reader.number(key, rule)
    }
    self.init(
      foresight: reader.choice("by", default: ThermalForesight.trend), model: model,
      leadSeconds: number("lead_s", .positive, model?.forecast.leadSeconds),
      limitC: number("limit_c", .within(-40...200), model?.forecast.limitC),
      errorK: reader.number("error_k", .positive, default: 1),
      levels: reader.list("levels") { DeratingWarning.Level($0) },
      hysteresisK: reader.number("hysteresis_k", .zeroOrMore, default: 0),
      dwellSeconds: reader.number("dwell_s", .zeroOrMore, default: 0),
      risePerMinute: reader.number(
        "rise_fraction_per_minute", .positive, default: .infinity))
    guard reader.isSound else { return nil }
  }
}

extension DeratingWarning.Level {
  /// Reads the conditions of a level and what it leaves.
  fileprivate init?(_ reader: MappingReader) {
    self.init(
      probability: reader.optionalNumber("probability", .fraction),
      riseK: reader.optionalNumber("rise_k", .within(-100...100)),
      aboveC: reader.optionalNumber("above_c", .within(-40...200)),
      fraction: reader.number("fraction", .fraction))
    guard reader.isSound else { return nil }
  }
}

extension PreCooling {
  /// Reads a lower set-point and when it holds.
  fileprivate init?(_ reader: MappingReader) {
    self.init(
      setpointC: reader.number("setpoint_c", .within(-40...60)),
      bandK: reader.number("band_k", .zeroOrMore, default: 1),
      occasion: reader.choice("while", default: PreCooling.Occasion.charging),
      ambientAboveC: reader.optionalNumber("ambient_above_c", .within(-60...60)) ?? -.infinity)
    guard reader.isSound else { return nil }
  }
}

extension DeratingRecovery {
  /// Reads how power that heat took comes back; what is left out is as `usual` has it.
  fileprivate init?(_ reader: MappingReader, usual: DeratingRecovery) {
    let latch = reader.optionalNumber("latch_c", .within(0...120)) ?? usual.latchC
    let reset = reader.optionalNumber("latch_reset_c", .within(-40...120)) ?? usual.latchResetC
    self.init(
      hysteresisK: reader.number("hysteresis_k", .zeroOrMore, default: usual.hysteresisK),
      dwellSeconds: reader.number("dwell_s", .zeroOrMore, default: usual.dwellSeconds),
      risePerMinute: reader.number(
        "rise_fraction_per_minute", .positive, default: usual.risePerMinute),
      latchC: latch, latchResetC: reset,
      lookAheadSeconds: reader.number(
        "look_ahead_s", .zeroOrMore, default: usual.lookAheadSeconds),
      foresight: reader.choice("look_ahead_by", default: usual.foresight))
    // A battery that heat stopped for ever would be no battery for the rest of the period.
    reader.require(
      latch == nil || reset != nil, "latch_c",
      "'latch_c' needs 'latch_reset_c', the temperature that lets the battery start again")
  }
}

extension MappingReader {
  /// Reads a derating policy: the name of a library policy, the path of a document, or a section with tables.
  func deratingPolicy(_ key: String) -> DeratingPolicy? {
    sectionOrNode(
      key, section: { DeratingPolicy($0) },
      other: { context.deratingPolicy($0, named: key) })
  }

  /// Reads the voltages that stop a direction and let it start again.
  fileprivate func voltageStop() -> VoltageStop? {
    let stop = optionalNumber("stop_v", .within(0.5...6))
    let restart = optionalNumber("restart_v", .within(0.5...6))
    require(
      (stop == nil) == (restart == nil), stop == nil ? "restart_v" : "stop_v",
      "'stop_v' and 'restart_v' need each other")
    let reset = choice("latch_reset", default: StopRelease.Reset.time)
    require(
      stop != nil || reset == .time, "latch_reset",
      "'latch_reset' is of a stop and needs 'stop_v'")
    let release = stopRelease(of: "stop_v", isGiven: stop != nil, reset: reset)
    guard let stop, let restart else { return nil }
    return VoltageStop(stopV: stop, restartV: restart, release: release)
  }

  /// Reads what ends a stop besides its level.
  fileprivate func stopRelease(
    of stop: String, isGiven: Bool, reset: StopRelease.Reset
  ) -> StopRelease {
    let dwell = optionalNumber("dwell_s", .zeroOrMore)
    let latch = optionalNumber("latch_s", .zeroOrMore)
    for (key, value) in [("dwell_s", dwell), ("latch_s", latch)] {
      require(
        isGiven || value == nil, key,
        "'\(key)' is of a stop and needs '\(stop)'; how derated power comes back stands in 'recovery'"
      )
    }
    return StopRelease(dwellSeconds: dwell ?? 0, latchSeconds: latch, reset: reset)
  }

  /// Reads shares over temperature and state of charge.
  fileprivate func shareSurface() -> DeratingTable? {
    let celsius = numbers("temperature_c")
    let charges = numbers("soc_fraction", .fraction)
    guard requiredNode("fraction") != nil, isSound,
      let rows = optionalRows("fraction", columns: charges.map { "at \($0)" })
    else { return nil }
    return .surface(temperatureC: celsius, socFraction: charges, fraction: rows)
  }

  /// Reads rows of a condition and the share of the rating it allows.
  fileprivate func shareTable(_ key: String, _ condition: String) -> LinearTable? {
    guard let rows = optionalRows(key, columns: [condition, "fraction"]), isSound else {
      return nil
    }
    let points = (x: rows.map { $0[0] }, y: rows.map { $0[1] })
    guard LinearTable.isValid(x: points.x, y: points.y) else {
      error(key, "the first column of '\(key)' must rise from row to row")
      return nil
    }
    return LinearTable(x: points.x, y: points.y)
  }
}
