import Scenarios
import TestSupport
import Testing

/// The key reference is a page that people read; it must hold exactly the keys that the reader knows.
@Suite("The key reference") struct ScenarioKeysTests {
  /// Documents that together open every section and take every branch.
  private static let documents = [
    """
    site: {planes: [{}]}
    period: {}
    history:
      source: synthetic
      load: {kind: home}
      climate: {}
      price: {}
      pv: {}
    forecasts:
      weather: {}
      versions:
        - kind: ridge
          weather: {}
          load: {kind: ridge}
        - {kind: oracle_noise}
        - {kind: external}
        - {kind: blend}
        - {kind: corrector}
        - {kind: history_scenarios}
        - {kind: money_selected}
        - {kind: program, command: [a]}
      external:
        - layout: columns
          columns: [{fill: {rule: hold}, reading: counter}]
        - layout: rows
        - layout: store
    battery:
      cell: {fast: {}, slow: {}, surface_lag: {}}
      spread: {}
      modules: [{}]
      ageing: {}
      balancing: {}
      enclosure: {walls: [{}], hvac: {}}
      cooling: {}
      derating:
        charge: {temperature_soc: {}, recovery: {}}
        discharge: {temperature_soc: {}, recovery: {}}
        inverter: {warning: {levels: [{}]}}
        warning: {levels: [{}]}
        pre_cooling: {}
        recovery: {}
      round_trip_efficiency: {}
      warranty: {}
    inverter: {loss: {}, charge_loss: {}, discharge_loss: {}}
    batteries: [{}]
    fleet: [{}]
    meters: [{}]
    grid: {}
    loads:
      - {kind: ev, pattern: {}}
      - {kind: ev, pattern: {energy_kwh: 1, nice_kwh: 1, arrival: 01:00, departure: 02:00}}
      - {kind: boiler}
      - {kind: heat_pump}
      - {kind: process, blocks: [{}]}
    tariff:
    planner:
      terminal: {}
      hedge: {kind: expected_value}
      variants: [{hedge: {kind: quantile_margin}}]
    replay: {}
    size:
      capital: {steps: [{}]}
      operation: {}
      grants: [{}]
      investment_credit: {}
      depreciation: {}
      loan: {}
      third_party: {}
      energies_kwh: {}
      batteries: [{}]
      pv: {}
      lifetime: {}
      ranges: {}
    stress:
      faults:
        - {kind: fan_failure}
        - {kind: blocked_vent}
        - {kind: hot_cell}
        - {kind: weak_cell}
        - {kind: sensor_bias}
        - {kind: sensor_stuck}
        - {kind: sensor_late}
        - {kind: sensor_gap}
        - {kind: imbalance}
        - {kind: sun_on_door}
        - {kind: aged_pack}
        - {kind: load_spikes}
        - {kind: logger_gap}
        - {together: [{}]}
      weather: [{}]
    """,
    """
    history:
      source: files
      files:
        - only_rows: [{}]
          columns: [{fill: {}, reading: counter}]
    """,
    "history: {source: store}",
    "battery: {cell: {usable_charge: [{}]}}",
    "grid: {import_limit_kw: {windows: [{}]}}",
    "planner: {budget: {}}",
    "planner: {reserve_fraction: {windows: [{}]}, outages: {events: [{start: 2024-01-01T00:00}]}}",
    "size: {resilience: {}}",
  ]

  /// Sections that take the keys of another one.
  private static let alike = [
    ("stress.policies", "battery.derating"), ("stress.faults.together", "stress.faults"),
    ("size.powers_kw", "size.energies_kwh"),
    ("grid.export_limit_kw", "grid.import_limit_kw"),
    ("planner.variants.hedge", "planner.hedge"),
    ("planner.variants.reserve_fraction", "planner.reserve_fraction"),
    ("forecasts.external.columns", "history.files.columns"),
    ("forecasts.versions.weather", "forecasts.weather"),
    ("forecasts.versions.load", "forecasts.versions"),
    ("forecasts.versions.pv", "forecasts.versions"),
    ("forecasts.versions.price", "forecasts.versions"),
    ("forecasts.external.only_rows", "history.files.only_rows"),
  ]

  private func known() throws -> Set<String> {
    var keys: Set<String> = []
    for document in Self.documents {
      for key in try Scenario.keysAskedFor(in: document, folder: "", environment: [:]) {
        var key = key
        for (section, other) in Self.alike where key.hasPrefix(section + ".") {
          key = other + key.dropFirst(section.count)
        }
        // A file with columns takes the keys of a history file.
        if key.hasPrefix("forecasts.external."),
          !Self.externalKeys.contains(String(key.dropFirst("forecasts.external.".count)))
        {
          key = "history.files." + key.dropFirst("forecasts.external.".count)
        }
        keys.insert(key)
      }
    }
    return keys
  }

  private static let externalKeys = [
    "file", "layout", "site", "version", "issued_at", "issued_daily_at", "issued_days_before",
    "issued_before_h", "plane",
  ]

  @Test("it holds every key that the reader knows, and no other") func agreement() throws {
    let known = try known()
    let documented = Set(try KeyReference.documentedKeys())
    #expect(known.subtracting(documented).sorted() == [])
    #expect(documented.subtracting(known).sorted() == [])
  }
}
