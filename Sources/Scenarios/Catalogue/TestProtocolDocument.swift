import Diagnostics
import Documents
package import Twin

/// A test protocol as a document of its own, which `wattif twin --protocol` takes by its path.
///
/// ```yaml
/// name: capacity check
/// ambient_c: 25
/// steps:
///   - {do: rest, for_h: 1}
///   - cycles: 3
///     steps:
///       - {do: charge, rate_c: 0.5, until_cell_v: 3.65, cut_off_c: 0.05}
///       - {do: rest, for_h: 0.5}
///       - {do: discharge, rate_c: 1, until_cell_v: 2.5}
///       - {do: rest, for_h: 0.5}
/// ```
package enum TestProtocolDocument {
  /// Reads a protocol.
  ///
  /// - Parameter path: The file.
  /// - Returns: The protocol.
  /// - Throws: `InputError` with every mistake in the document.
  package static func read(_ path: String) throws -> TestProtocol {
    let context = DecodingContext()
    let reader = MappingReader(
      try YAMLParser.parse(try TextFile(path, isUnicode: true).bytes, file: path),
      context: context)
    let name = path.split(separator: "/").last?.split(separator: ".").first.map(String.init)
    let test = TestProtocol(reader, name: name ?? "protocol")
    reader.finish()
    try context.throwIfErrors()
    return test
  }

  /// Every key that reading a protocol asks for, as `section.key`, whether the document has it or not.
  package static func keysAskedFor(in text: String) throws -> Set<String> {
    let context = DecodingContext()
    let reader = MappingReader(
      try YAMLParser.parse(text, file: "keys.yaml"), context: context)
    _ = TestProtocol(reader, name: "")
    return context.knownKeys
  }
}

extension TestProtocol {
  /// Reads the document.
  fileprivate init(_ reader: MappingReader, name: String) {
    self.init(
      name: reader.text("name", default: name), items: [],
      stepSeconds: reader.number(
        "step_s", .within(1...TwinSpecification.usualStepSeconds), default: Self.usualStepSeconds),
      startSOC: reader.optionalNumber("start_soc_fraction", .fraction),
      startTemperatureC: reader.optionalNumber("start_temperature_c", .cellTemperature),
      ambientC: reader.optionalNumber("ambient_c", .airTemperature))
    items = reader.list("steps") { $0.protocolItem() }
    reader.require(
      count <= Self.mostSteps, "steps",
      "a protocol has at most \(Self.mostSteps) steps, repeated ones counted each time")
  }
}

extension NumberRule {
  /// Air that a battery may stand in. [°C]
  fileprivate static let airTemperature = NumberRule.within(-59...79)
  /// A temperature that a battery may start at. [°C]
  fileprivate static let cellTemperature = NumberRule.within(-59...99)
}

extension MappingReader {
  /// Reads a step, or steps that are repeated.
  fileprivate func protocolItem() -> TestProtocol.Item? {
    guard has("cycles") else { return protocolStep().map { .step($0) } }
    let times = integer("cycles", 1...TestProtocol.mostSteps)
    return .cycles(times, list("steps") { $0.protocolItem() })
  }

  /// Reads one step.
  private func protocolStep() -> TestStep? {
    guard let kind = choice("do", TestStep.Kind.self) else {
      passOver()
      return nil
    }
    var step = TestStep(kind)
    step.seconds = optionalNumber("for_h", .positive).map { $0 * 3600 }
    step.ambientC = optionalNumber("ambient_c", .airTemperature)
    guard kind != .rest else {
      require(step.seconds != nil, "do", "a rest needs 'for_h', the time that it takes")
      return step
    }
    step.strength = strength()
    step.until = voltageHold()
    step.cutOff = cutOff(holds: step.until != nil)
    step.untilSOC = optionalNumber("until_soc_fraction", .fraction)
    require(
      step.until != nil || step.untilSOC != nil || step.seconds != nil, "do",
      "a \(kind.rawValue) needs an end: 'until_cell_v', 'until_pack_v', 'until_soc_fraction' or "
        + "'for_h'")
    return step
  }

  /// Reads how strong a step is.
  private func strength() -> TestStep.Strength? {
    let keys = ["rate_c", "current_a", "power_kw"]
    let found = keys.filter(has)
    require(
      found.count == 1, found.last ?? "do",
      "a step needs one of 'rate_c', 'current_a' and 'power_kw'"
        + (found.isEmpty ? "" : ", found \(listed(found.map { "'\($0)'" }, "and"))"))
    let rate = optionalNumber("rate_c", .positive)
    let current = optionalNumber("current_a", .positive)
    let power = optionalNumber("power_kw", .positive)
    return rate.map { .rateC($0) } ?? current.map { .currentA($0) } ?? power.map { .powerKW($0) }
  }

  /// Reads the voltage that a step is for.
  private func voltageHold() -> VoltageHold? {
    let cell = optionalNumber("until_cell_v", .positive)
    let pack = optionalNumber("until_pack_v", .positive)
    require(
      cell == nil || pack == nil, "until_pack_v",
      "'until_cell_v' and 'until_pack_v' exclude each other")
    return cell.map { .cell($0) } ?? pack.map { .pack($0) }
  }

  /// Reads the current at which a held voltage ends a step.
  private func cutOff(holds: Bool) -> TestStep.Strength? {
    let rate = optionalNumber("cut_off_c", .positive)
    let current = optionalNumber("cut_off_a", .positive)
    require(
      rate == nil || current == nil, "cut_off_a", "'cut_off_c' and 'cut_off_a' exclude each other")
    require(
      holds || (rate == nil && current == nil), rate == nil ? "cut_off_a" : "cut_off_c",
      "a cut-off needs the voltage to be held, 'until_cell_v' or 'until_pack_v'")
    return rate.map { .rateC($0) } ?? current.map { .currentA($0) }
  }
}
