import Diagnostics
import TestSupport
import Testing
import Twin

@testable import Scenarios

@Suite("The catalogue of derating policies") struct PolicyCatalogueTests {
  private static let folder = KeyReference.package.appendingPathComponent("scenarios").path

  static let names = PolicyCatalogue(folder: folder, environment: [:]).paths.map(\.name)

  @Test("it has tables, levels, look-aheads and pre-cooling") func size() {
    #expect(
      Set(Self.names).isSuperset(of: [
        "lfp_conservative", "lfp_permissive", "nmc_marine", "home_48v_bms", "cell_voltage_taper",
        "inverter_heatsink", "four_level", "four_level_steady", "early_warning", "look_ahead_twin",
        "pre_cooling",
      ]))
  }

  @Test("each says where it comes from and fits a battery", arguments: names)
  func document(_ name: String) throws {
    let found = try PolicyCatalogue.policy(name, folders: [Self.folder], environment: [:])
    #expect(found.policy.name == name)
    #expect(found.path?.hasSuffix("scenarios/policies/\(name).yaml") == true)
    #expect(!found.policy.sources.isEmpty)
    let system = BatterySystemSpecification(
      cell: name.hasPrefix("nmc") ? .nmcCylindrical21700 : .lfpPrismatic280,
      arrangement: .capacity(kWh: 10), converter: ConverterSpecification(ratedKW: 5))
    var twin = DigitalTwin(
      try system.twin(derating: found.policy), seed: 1, socFraction: 0.5, temperatureC: 25)
    // At 25 °C and half full none but a table in bands of the rate holds anything back of 2 kW.
    let step = try twin.step(requestKW: 2, ambientC: 25, seconds: 60)
    #expect(step.clippedKW == 0)
  }

  // Lishen's cells: the whole rate to 35 °C, none at 50 °C, halfway between them half of it.
  @Test("a document's numbers are those of the policy") func numbers() throws {
    let policy = try PolicyCatalogue.policy(
      "lfp_conservative", folders: [Self.folder], environment: [:]
    ).policy
    guard case .temperature(let table) = policy.charge.first else {
      Issue.record("a table over temperature")
      return
    }
    #expect(table(35) == 1 && table(42.5) == 0.5 && table(50) == 0)
    #expect(policy.discharge.count == 1)
  }

  @Test("a name that is nowhere is told with the nearest one") func unknown() throws {
    let error = #expect(throws: InputError.self) {
      _ = try PolicyCatalogue.policy(
        "lfp_conservativ", folders: [Self.folder], environment: [:])
    }
    let message = try #require(error?.diagnostics.first?.message)
    #expect(message.contains("'policy' must be 'none', 'residential'"))
    #expect(message.contains("found 'lfp_conservativ'"))
  }

  @Test("one of the program's own needs no document") func own() throws {
    let found = try PolicyCatalogue.policy("cautious", environment: [:])
    #expect(found.policy == .cautious && found.path == nil)
  }
}
