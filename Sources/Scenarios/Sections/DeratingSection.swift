import Documents
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
  /// discharge:
  ///   temperature: [[-10, 0], [0, 1], [45, 1], [60, 0]]
  ///   temperature_soc:          # one row of shares per temperature, one column per charge
  ///     temperature_c: [0, 25]
  ///     soc_fraction: [0.1, 0.5, 1]
  ///     fraction: [[0.1, 0.3, 0.3], [0.5, 1, 1]]
  /// ```
  init?(_ reader: MappingReader) {
    let name = reader.text("name", default: "custom")
    func tables(_ key: String) -> [DeratingTable] {
      reader.optionalSection(key) { direction in
        var tables: [DeratingTable] = []
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
    let recovery = reader.optionalSection("recovery") { DeratingRecovery($0) }
    self.init(
      name: name, charge: tables("charge"), discharge: tables("discharge"),
      recovery: recovery ?? DeratingRecovery())
  }
}

extension DeratingRecovery {
  /// Reads how power that heat took comes back.
  fileprivate init?(_ reader: MappingReader) {
    let latch = reader.optionalNumber("latch_c", .within(0...120))
    let reset = reader.optionalNumber("latch_reset_c", .within(-40...120))
    reader.require(
      reset == nil || latch != nil, "latch_reset_c", "'latch_reset_c' needs 'latch_c'")
    if let latch, let reset {
      reader.require(
        reset < latch, "latch_reset_c", "'latch_reset_c' must be less than 'latch_c'")
    }
    self.init(
      hysteresisK: reader.number("hysteresis_k", .zeroOrMore, default: 0),
      dwellSeconds: reader.number("dwell_s", .zeroOrMore, default: 0),
      risePerMinute: reader.optionalNumber("rise_fraction_per_minute", .positive) ?? .infinity,
      latchC: latch, latchResetC: reset,
      lookAheadSeconds: reader.number("look_ahead_s", .zeroOrMore, default: 0))
    // A battery that heat stopped for ever would be no battery for the rest of the period.
    reader.require(
      latch == nil || reset != nil, "latch_c",
      "'latch_c' needs 'latch_reset_c', the temperature that lets the battery start again")
  }
}

extension MappingReader {
  /// Reads a derating policy: the name of a library policy, or a section with tables.
  func deratingPolicy(_ key: String) -> DeratingPolicy? {
    sectionOrNode(
      key, section: { DeratingPolicy($0) },
      other: { context.deratingPolicy($0, named: key) })
  }

  /// Reads shares over temperature and state of charge.
  fileprivate func shareSurface() -> DeratingTable? {
    let celsius = numbers("temperature_c")
    let charges = numbers("soc_fraction", .fraction)
    guard requiredNode("fraction") != nil, isSound,
      let rows = optionalRows("fraction", columns: charges.map { "at \($0)" })
    else { return nil }
    for (key, nodes) in [("temperature_c", celsius), ("soc_fraction", charges)] {
      require(
        zip(nodes, nodes.dropFirst()).allSatisfy { $0 < $1 }, key,
        "'\(key)' must rise from value to value")
    }
    require(
      rows.count == celsius.count, "fraction",
      "'fraction' needs one row per entry of 'temperature_c' (\(celsius.count)), "
        + "found \(rows.count)")
    require(
      rows.joined().allSatisfy { (0...1).contains($0) }, "fraction",
      "every value of 'fraction' must be a fraction from 0 to 1")
    guard isSound else { return nil }
    return .surface(temperatureC: celsius, socFraction: charges, fraction: rows)
  }

  /// Reads rows of a condition and the share of the rating it allows.
  fileprivate func shareTable(_ key: String, _ condition: String) -> LinearTable? {
    guard let rows = optionalRows(key, columns: [condition, "fraction"]), isSound else {
      return nil
    }
    let rises = zip(rows, rows.dropFirst()).allSatisfy { $0[0] < $1[0] }
    require(rises, key, "the first column of '\(key)' must rise from row to row")
    require(
      rows.allSatisfy { (0...1).contains($0[1]) }, key,
      "the second column of '\(key)' must be a fraction from 0 to 1")
    guard isSound else { return nil }
    return LinearTable(x: rows.map { $0[0] }, y: rows.map { $0[1] })
  }
}

extension DecodingContext {
  /// Reads the name of a library policy.
  func deratingPolicy(_ node: YAMLNode, named key: String) -> DeratingPolicy? {
    choice(node, named: key, among: DeratingPolicy.library.map { ($0.name, $0) })
  }
}
