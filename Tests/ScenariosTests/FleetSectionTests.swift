import Diagnostics
import Foundation
import Planning
import Replay
import Scenarios
import Tariffs
import Testing
import TimeSeries
import Twin

/// The list of batteries that a site has at the same time, and the planes of its roof.
@Suite("Fleets and planes in a scenario") struct FleetSectionTests {
  private static func text(
    site: String = "", battery: String = "battery: {capacity_kwh: 8}\ninverter: {power_kw: 4}",
    _ rest: String, versions: String = "[naive_day]"
  ) -> String {
    """
    site: {time_zone: UTC, latitude_deg: 48.4, longitude_deg: 10\(site)}
    period: {from: 2024-06-03, to: 2024-06-05, step_s: 3600, warm_up_days: 8}
    history: {source: synthetic, load: {kind: home, annual_kwh: 5000}}
    forecasts: {versions: \(versions)}
    \(battery)
    tariff: {name: t, currency: EUR, source: x, energy: [{name: f, price_per_kwh: 0.3}]}
    \(rest)
    """
  }

  private static func scenario(_ text: String) throws -> Scenario {
    try Scenario.read(Array(text.utf8), path: "s.yaml", environment: [:])
  }

  private static func errors(_ text: String) -> [String] {
    do {
      _ = try scenario(text)
      return []
    } catch let error as InputError {
      return error.diagnostics.map(\.message)
    } catch {
      return ["\(error)"]
    }
  }

  @Test("entries stand in place of the document's battery and inverter")
  func entries() throws {
    let scenario = try Self.scenario(
      Self.text(
        """
        planner: {wear_per_kwh: 0.02}
        fleet:
          - name: a
          - {name: b, battery: {chemistry: nmc, initial_soc_fraction: 0.5}, inverter: {power_kw: 2}}
          - {name: c, battery: {capacity_kwh: 3}, installed: 2024-06-04, wear_per_kwh: 0.1}
        """))
    #expect(scenario.fleet.map(\.variant.name) == ["a", "b", "c"])
    #expect(scenario.battery.nominalKWh == scenario.fleet[0].variant.system.nominalKWh)
    #expect(scenario.fleet.map { $0.variant.system.converter.ratedKW } == [4, 2, 4])
    #expect(abs(scenario.fleet[2].variant.system.nominalKWh - 3) < 1e-9)
    #expect(scenario.fleet[1].variant.system.cell.chemistry == .nmc)
    // 2024-06-04T00:00Z.
    #expect(scenario.fleet.map(\.since) == [nil, nil, 1_717_459_200])
    let replay = try scenario.replayCase(scenario.loadHistory().history)
    #expect(replay.fleet.map(\.name) == ["a", "b", "c"])
    #expect(replay.alone(1).settings.initialSOCFraction == 0.5)
    #expect(replay.alone(1).settings.wearPerKWh == 0.02)
    #expect(replay.alone(2).settings.wearPerKWh == 0.1)
    #expect(replay.settings.initialSOCFraction == nil)
  }

  @Test("a list alone needs no section 'battery', and one entry is that battery")
  func alone() throws {
    let listed = try Self.scenario(
      Self.text(
        battery: "",
        "fleet: [{name: a, battery: {capacity_kwh: 8}, inverter: {power_kw: 4}}]"))
    let single = try Self.scenario(Self.text(""))
    #expect(listed.battery.nominalKWh == single.battery.nominalKWh)
    #expect(listed.battery.converter.ratedKW == single.battery.converter.ratedKW)
    let replay = try listed.replayCase(listed.loadHistory().history)
    #expect(!replay.hasSeveralBatteries)
    #expect(
      Self.errors(Self.text(battery: "", "fleet: [{name: a, battery: {capacity_kwh: 8}}]"))
        == ["missing key 'power_kw' in 'inverter'"])
  }

  private static let two = "fleet: [{name: a}, {name: b}]"

  @Test(
    "what a fleet cannot be combined with is refused in words",
    arguments: [
      (
        "batteries: [{name: x}]",
        "a document has 'fleet', batteries that one site has at the same time, or 'batteries', which are "
          + "compared side by side, not both"
      ),
      (
        "planner: {engine: value-function}",
        "the value function plans one battery; with several 'engine' must be 'auto' or 'glpk'"
      ),
      (
        "planner: {heat: in_plan}",
        "'heat: in_plan' plans one battery; with several it must be 'envelope' or 'blind'"
      ),
      (
        "planner: {battery_outlook: ridge}",
        "'battery_outlook: ridge' learns from one battery; with several it must be another"
      ),
      (
        "planner: {budget: warranty}",
        "'budget: warranty' is that of one battery; with several it must be a figure for all"
      ),
      (
        "size: {energies_kwh: [4], powers_kw: [2], capital: {per_kwh: 300}, period: scale_to_year}",
        "'size' studies one battery; leave 'size' or 'fleet' out"
      ),
      ("stress: {}", "'stress' studies one battery; leave 'stress' or 'fleet' out"),
    ])
  func refused(section: String, message: String) {
    #expect(Self.errors(Self.text(section + "\n" + Self.two)) == [message])
  }

  @Test("names of one fleet differ, and DC-coupled plants stand alone")
  func names() {
    #expect(
      Self.errors(Self.text("fleet: [{name: a}, {name: A}]")) == [
        "batteries need names that differ in more than case and signs, found 'A'"
      ])
    #expect(
      Self.errors(
        Self.text("fleet: [{name: a}, {name: b, inverter: {pv_coupling: dc}}]")
      ) == [
        "'pv_coupling: dc' of 'b' needs a battery that stands alone; which of several inverters production "
          + "works on is not modelled"
      ])
  }

  // MARK: - Planes

  @Test("planes make the plant")
  func planes() throws {
    let scenario = try Self.scenario(
      Self.text(
        site:
          ", planes: [{name: e, kwp: 6, azimuth_deg: 95}, {name: g, kwp: 3, tilt_deg: 10, inverter_kw: 2}]"
          + ", pv_inverter_kw: 4", ""))
    let context = scenario.site.context
    #expect(context.pvCapacityKW == 9)
    #expect(context.pvInverterKW == 4)
    #expect(context.planes.map(\.tiltDeg) == [30, 10])
    #expect(context.planes.map(\.azimuthDeg) == [95, 180])
    #expect(context.planes.map(\.inverterKW) == [nil, 2])
    let loaded = try scenario.loadHistory()
    #expect(loaded.history[.pv]?.max() ?? 0 <= 6)
    #expect(loaded.pvClippedKWh ?? 0 > 0)
  }

  @Test(
    "planes that contradict the site are refused",
    arguments: [
      (
        ", pv_kwp: 5, planes: [{name: a, kwp: 5}]",
        "'planes' say what 'pv_kwp' would; leave one of them out"
      ),
      (
        ", planes: [{name: a, kwp: 5}, {name: a, kwp: 5}]",
        "planes need names of their own, found 'a' twice"
      ),
      (
        ", pv_kwp: 5, pv_inverter_kw: 4",
        "'pv_inverter_kw' is that of the planes; a site without 'planes' has none"
      ),
      (
        ", planes: [{name: a, kwp: 5, inverter_kw: 4}], pv_inverter_kw: 4",
        "every plane has an 'inverter_kw' of its own, so no plane is left for 'pv_inverter_kw'"
      ),
      (", planes: [{name: a, kwp: -5}]", "'kwp' must be positive, found '-5'"),
    ])
  func contradictions(site: String, message: String) {
    #expect(Self.errors(Self.text(site: site, "")) == [message])
  }

  // MARK: - Meters

  /// Writes a table of hourly power and returns its folder.
  private static func folder(_ rows: (Int) -> String?) throws -> String {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("wattif-meters-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    var text = "time,a,b\n"
    for hour in 0..<48 {
      guard let row = rows(hour) else { continue }
      text += Instant.utcText(1_717_372_800 + hour * 3600) + ",\(row)\n"
    }
    try Data(text.utf8).write(to: folder.appendingPathComponent("m.csv"))
    return folder.path
  }

  private static func metered(_ folder: String, _ columns: String, tariff: String) throws
    -> [MeterBill]
  {
    let text = text(
      """
      meters:
        - name: heat pump
          tariff: {\(tariff)}
          files: [{file: m.csv, time_column: time, columns: [\(columns)]}]
      """)
    let scenario = try Scenario.read(
      Array(text.utf8), path: "\(folder)/s.yaml", environment: [:])
    return try scenario.meterBills(scenario.loadHistory().history)
  }

  // Two days of 2 kW and 1 kW: 144 kWh at 0.20 are 28.80, and the peak of 3 kW at 5 is 15.
  @Test("a load with a meter of its own is billed by its own tariff, columns adding up")
  func meters() throws {
    let folder = try Self.folder { _ in "2,1" }
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let bills = try Self.metered(
      folder,
      "{column: a, quantity: load, unit: kW, combine: sum}, {column: b, quantity: load, unit: kW, combine: sum}",
      tariff:
        "name: own, currency: EUR, source: x, energy: [{name: f, price_per_kwh: 0.2}], demand: [{name: p, price_per_kw: 5}]"
    )
    let meter = try #require(bills.first)
    #expect(meter.name == "heat pump")
    #expect(meter.tariff == "own")
    #expect(abs(meter.importKWh - 144) < 1e-9)
    #expect(abs(meter.bill.total - 28.8 - 15) < 1e-9)
    #expect(meter.unmeasuredSlots == 0)
  }

  @Test("what a meter did not measure is billed to nobody and counted")
  func gaps() throws {
    let folder = try Self.folder { (10..<14).contains($0) ? nil : "2,1" }
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let bills = try Self.metered(
      folder, "{column: a, quantity: load, unit: kW}",
      tariff: "name: own, currency: EUR, source: x, energy: [{name: f, price_per_kwh: 0.2}]")
    #expect(bills.map(\.unmeasuredSlots) == [4])
    #expect(abs(bills[0].bill.total - 44 * 2 * 0.2) < 1e-9)
  }

  @Test("meters in another currency, of one name or with production are refused")
  func badMeters() {
    let tariff =
      "tariff: {name: t, currency: CHF, source: x, energy: [{name: f, price_per_kwh: 0.2}]}"
    #expect(
      Self.errors(
        Self.text(
          "meters: [{name: a, \(tariff), files: [{file: /dev/null, time_column: t, columns: [{column: a, quantity: pv}]}]}]"
        )
      ) == ["a meter of its own has columns of quantity 'load' only"])
    #expect(
      Self.errors(
        Self.text(
          "meters: [{name: a, \(tariff), files: [{file: /dev/null, time_column: t, columns: [{column: a, quantity: load}]}]}]"
        )
      ) == ["the tariff of meter 'a' is in CHF, that of the site in EUR"])
  }
}
