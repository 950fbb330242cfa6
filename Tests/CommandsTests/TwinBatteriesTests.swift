import CommandLine
import Foundation
import Testing

@Suite("Batteries side by side in wattif twin") struct TwinBatteriesTests {
  private let place: TwinFolder
  private var folder: String { place.path }
  private var scenario: String { TwinFolder.scenario }

  init() throws { place = try TwinFolder() }

  /// An entry is the document with its keys in the place of the document's.
  @Test("batteries side by side are those of documents that have them alone")
  func batteries() throws {
    let text = try String(contentsOfFile: scenario, encoding: .utf8)
    let power = try place.write(
      "p.csv", TwinFolder.profile { "\($0 < 6 ? -9 : ($0 < 12 ? 9 : 0))" })
    func object(_ arguments: [String]) throws -> [String: Any] {
      let outcome = wattif(
        ["twin"] + arguments + ["--power", power, "--ambient", "20", "--json", "-q"])
      #expect(outcome.code == .done, "\(outcome.error)")
      return try #require(
        try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    }
    let both = try place.write(
      "both.yaml",
      text + """

        batteries:
          - {name: as ordered}
          - name: nmc
            battery: {chemistry: nmc, initial_soc_fraction: 0.2}
            inverter: {power_kw: 20}
        """)
    let found = try #require(try object([both])["batteries"] as? [[String: Any]])
    #expect(found.compactMap { $0["name"] as? String } == ["as ordered", "nmc"])
    let other = try place.write(
      "other.yaml",
      text.replacing("chemistry: lfp", with: "chemistry: nmc\n  initial_soc_fraction: 0.2")
        .replacing("power_kw: 30", with: "power_kw: 20"))
    let hashes = found.compactMap { $0["state_hash"] as? String }
    #expect(try object([scenario])["state_hash"] as? String == hashes[0])
    #expect(try object([other])["state_hash"] as? String == hashes[1])
    #expect(try object([both, "--battery", "nmc"])["state_hash"] as? String == hashes[1])
    let table = wattif("twin", both, "--power", power, "--ambient", "20", "-o", folder).output
    #expect(table.contains("as ordered") && table.contains("equivalent full cycles"))
    for name in ["as_ordered", "nmc"] {
      #expect(FileManager.default.fileExists(atPath: "\(folder)/\(name)/twin.csv"), "\(name)")
    }
    let unnamed = wattif("twin", both, "--power", power, "--battery", "nmx")
    #expect(
      unnamed.code == .badCommandLine
        && unnamed.error.contains(
          "the scenario has no battery 'nmx' among its 'batteries'; did you mean 'nmc'?")
    )
    #expect(
      wattif("twin", both, "--power", power, "--cells", "c.csv").error.contains(
        "need '--battery', as the scenario has 'batteries'"))
    let twice = try place.write("twice.yaml", text + "\nbatteries: [{name: a}, {name: A}]\n")
    #expect(
      wattif("check", twice).error.contains(
        "batteries need names that differ in more than case and signs, found 'A'"))
    let wrong = try place.write(
      "wrong.yaml", text + "\nbatteries: [{name: a, battery: {capacity_kwh: -3}}]\n")
    #expect(wattif("check", wrong).error.contains("'capacity_kwh' must be positive, found '-3'"))
  }
}
