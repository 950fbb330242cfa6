import Documents
import Foundation
import TestSupport
import Testing

/// `scenarios/scenario.schema.json`, by which editors complete and check a scenario.
@Suite("The JSON schema of scenarios") struct ScenarioSchemaTests {
  private func schema() throws -> JSONSchema {
    try JSONSchema(
      KeyReference.package.appendingPathComponent("scenarios/scenario.schema.json"))
  }

  /// Sections that take the keys of another one, which documents them.
  private static let alike = [
    ("size.powers_kw", "size.energies_kwh"),
    ("grid.export_limit_kw", "grid.import_limit_kw"),
    ("stress.policies", "battery.derating"), ("stress.faults.together", "stress.faults"),
    ("planner.variants.hedge", "planner.hedge"),
    ("planner.variants.reserve_fraction", "planner.reserve_fraction"),
    ("forecasts.external.columns", "history.files.columns"),
    ("forecasts.external.only_rows", "history.files.only_rows"),
    ("forecasts.versions.weather", "forecasts.weather"),
    ("forecasts.versions.load", "forecasts.versions"),
    ("forecasts.versions.pv", "forecasts.versions"),
    ("forecasts.versions.price", "forecasts.versions"),
  ]

  @Test("it names exactly the documented keys") func keys() throws {
    let documented = Set(try KeyReference.documentedKeys())
    // A tariff is another document; days of rest are documented in one line.
    let named = try schema().keys { $0 == "tariff" || $0 == "site.holidays" }
    let own = named.map { key in
      for (section, other) in Self.alike where key.hasPrefix(section + ".") {
        return other + key.dropFirst(section.count)
      }
      // A file with columns takes the keys of a history file.
      let external = "forecasts.external."
      guard key.hasPrefix(external), !documented.contains(key) else { return key }
      return "history.files." + key.dropFirst(external.count)
    }
    #expect(documented.subtracting(own).sorted() == [], "documented only")
    #expect(Set(own).subtracting(documented).sorted() == [], "in the schema only")
  }

  private static let scenarios: [String] = {
    ["scenarios", "scenarios/benchmark", "Tests/EndToEndTests/Scenarios"].flatMap { folder in
      let path = KeyReference.package.appendingPathComponent(folder).path
      let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
      return names.filter { $0.hasSuffix(".yaml") }.sorted().map { "\(path)/\($0)" }
    }
  }()

  @Test("every scenario of the project follows it", arguments: scenarios)
  func scenario(_ path: String) throws {
    let text = try String(contentsOfFile: path, encoding: .utf8)
    #expect(try violations(text) == [])
  }

  @Test("so do documents with every key", arguments: KeyCase.all)
  func documents(_ change: KeyCase) throws {
    #expect(try violations(change.before.yaml(folder: "/tmp")) == [])
    #expect(try violations(change.after.yaml(folder: "/tmp")) == [])
  }

  @Test(
    "what a reader refuses it refuses too",
    arguments: [
      ("site.colour", "red", ".site: unknown 'colour'"),
      ("battery.soc_max_fraction", "95", ".battery.soc_max_fraction: maximum"),
      ("inverter.power_kw", "-5", ".inverter.power_kw: exclusiveMinimum"),
      ("period.from", "June", ".period.from: pattern"),
      ("replay.recourse", "none", ".replay.recourse: enum"),
      ("stress.faults", "[{name: a}]", ".stress.faults[0]: anyOf"),
      ("size", "{energies_kwh: [0]}", ".size: required 'powers_kw'"),
      ("planner.hedge", "sometimes", ".planner.hedge: oneOf, 0 hold"),
    ])
  func refusals(_ key: String, _ value: String, _ message: String) throws {
    var document = try #require(KeyCase.all.first).before
    document.set(key, value, texts: [:])
    #expect(
      try violations(document.yaml(folder: "/tmp")).map(\.description).contains(message))
  }

  private func violations(_ text: String) throws -> [JSONSchema.Violation] {
    try schema().violations(ofYAML: text)
  }
}

extension JSONSchema {
  /// Returns what a document breaks.
  func violations(ofYAML text: String) throws -> [Violation] {
    try violations(of: Self.value(try YAMLParser.parse(text, file: "s.yaml")))
  }

  /// The document as JSON would hold it.
  private static func value(_ node: YAMLNode) -> Any {
    if let entries = node.entries {
      return Dictionary(entries.map { ($0.key, value($0.value)) }) { first, _ in first }
    }
    if let items = node.items { return items.map(value) }
    switch node.scalar?.resolved {
    case .integer(let whole): return Double(whole)
    case .number(let number): return number
    case .boolean(let truth): return truth
    default: return node.scalar?.text ?? ""
    }
  }
}
