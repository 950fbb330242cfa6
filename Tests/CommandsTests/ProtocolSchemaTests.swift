import Diagnostics
import Foundation
import Scenarios
import TestSupport
import Testing

/// `scenarios/protocol.schema.json`, by which editors complete and check a test protocol.
@Suite("The JSON schema of test protocols") struct ProtocolSchemaTests {
  private let schema: JSONSchema
  private let folder: DataCommandTests.Folder

  init() throws {
    schema = try JSONSchema(
      KeyReference.package.appendingPathComponent("scenarios/protocol.schema.json"))
    folder = try DataCommandTests.Folder()
  }

  @Test("it names the keys that are read, with their descriptions") func keys() throws {
    let asked = try TestProtocolDocument.keysAskedFor(
      in: """
        steps:
          - {do: rest, for_h: 1}
          - {do: charge}
          - {cycles: 2, steps: [{do: discharge}]}
        """)
    // Steps hold steps; the second level is named like the first.
    let named = try schema.keys { $0 == "steps.steps.steps" }
    #expect(
      Set(asked.filter { !$0.hasPrefix("steps.steps.") })
        == named.filter { !$0.hasPrefix("steps.steps.") })
    #expect(
      Set(
        named.filter { $0.hasPrefix("steps.steps.") }.map {
          $0.replacing("steps.steps.", with: "steps.")
        })
        == named.filter { $0.hasPrefix("steps.") && !$0.hasPrefix("steps.steps.") })
  }

  @Test(
    "it takes what the reader takes",
    arguments: [
      "{steps: [{do: rest, for_h: 1}]}",
      "{name: a, ambient_c: -59, start_soc_fraction: 1, start_temperature_c: 99, step_s: 300, "
        + "steps: [{do: rest, for_h: 0.1, ambient_c: 79}]}",
      "{steps: [{do: charge, rate_c: 0.5, until_cell_v: 3.65, cut_off_c: 0.05}]}",
      "{steps: [{do: charge, current_a: 5, until_pack_v: 55, cut_off_a: 1, for_h: 3}]}",
      "{steps: [{do: discharge, power_kw: 5, until_soc_fraction: 0}]}",
      "{steps: [{do: discharge, power_kw: 5, for_h: 2, ambient_c: 5}]}",
      "{steps: [{cycles: 10000, steps: [{do: rest, for_h: 1}]}]}",
      "{steps: [{cycles: 2, steps: [{cycles: 3, steps: [{do: rest, for_h: 1}]}]}]}",
    ])
  func taken(_ text: String) throws {
    _ = try TestProtocolDocument.read(try folder.file("p.yaml", text))
    #expect(try schema.violations(ofYAML: text) == [])
  }

  @Test(
    "it refuses what the reader refuses",
    arguments: [
      "{}", "{steps: []}", "{steps: [{}]}", "{steps: [{do: wait, for_h: 1}]}",
      "{steps: [{do: rest}]}", "{steps: [{do: rest, for_h: 0}]}",
      "{steps: [{do: rest, for_h: 1, rate_c: 1}]}", "{colour: red, steps: [{do: rest, for_h: 1}]}",
      "{step_s: 0.5, steps: [{do: rest, for_h: 1}]}",
      "{step_s: 301, steps: [{do: rest, for_h: 1}]}",
      "{ambient_c: -60, steps: [{do: rest, for_h: 1}]}",
      "{start_temperature_c: 100, steps: [{do: rest, for_h: 1}]}",
      "{start_soc_fraction: 50, steps: [{do: rest, for_h: 1}]}",
      "{steps: [{do: rest, for_h: 1, ambient_c: 80}]}",
      "{steps: [{do: charge, for_h: 1}]}", "{steps: [{do: charge, rate_c: 1}]}",
      "{steps: [{do: charge, rate_c: 1, current_a: 5, for_h: 1}]}",
      "{steps: [{do: charge, rate_c: -1, for_h: 1}]}",
      "{steps: [{do: charge, rate_c: 1, until_cell_v: 3.6, until_pack_v: 55}]}",
      "{steps: [{do: charge, rate_c: 1, until_cell_v: 3.6, cut_off_c: 0.1, cut_off_a: 1}]}",
      "{steps: [{do: charge, rate_c: 1, for_h: 1, cut_off_c: 0.1}]}",
      "{steps: [{do: charge, rate_c: 1, until_soc_fraction: 95}]}",
      "{steps: [{cycles: 0, steps: [{do: rest, for_h: 1}]}]}", "{steps: [{cycles: 2}]}",
      "{steps: [{cycles: 1.5, steps: [{do: rest, for_h: 1}]}]}",
      "{steps: [{cycles: 2, do: rest, steps: [{do: rest, for_h: 1}]}]}",
    ])
  func refused(_ text: String) throws {
    let path = try folder.file("p.yaml", text)
    #expect(throws: InputError.self) { try TestProtocolDocument.read(path) }
    #expect(try schema.violations(ofYAML: text) != [])
  }

  @Test("the page names it") func page() throws {
    let page = try String(
      contentsOf: KeyReference.package.appendingPathComponent(
        "Sources/wattif/Documentation.docc/TestProtocols.md"), encoding: .utf8)
    #expect(page.contains("$schema=protocol.schema.json"))
    #expect(page.contains("scenarios/protocol.schema.json"))
  }
}
