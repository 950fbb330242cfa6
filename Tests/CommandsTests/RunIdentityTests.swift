import CommandLine
import Foundation
import Testing

@testable import Store

@Suite("The identity of a run") struct RunIdentityTests {
  private static let scenario = """
    name: One day
    site:
      time_zone: UTC
      latitude_deg: 48.4
      longitude_deg: 10.0
    period:
      from: 2024-05-01
      to: 2024-05-02
      step_s: 900
      warm_up_days: 8
    history:
      source: synthetic
      seed: 11
      load:
        kind: home
        annual_kwh: 4500
    forecasts:
      versions: [naive_day, baseline_7_day_avg]
      external:
        - file: vendor.csv
    battery:
      capacity_kwh: 5
      chemistry: lfp
    inverter:
      power_kw: 3
    tariff: tariff.yaml
    planner:
      variants:
        - name: trusting
          hedge: none

    """

  private static func tariff(price: String) -> String {
    """
    name: Flat
    currency: EUR
    energy:
      - name: all hours
        price_per_kwh: \(price)

    """
  }

  private static func vendor(value: String) -> String {
    """
    version,quantity,issued_at,valid_at,value
    vendor,load,2024-05-01T00:00:00Z,2024-05-01T01:00:00Z,\(value)

    """
  }

  /// Runs `replay` into the same result folder and returns how many runs it holds then.
  private func runs(_ folder: DataCommandTests.Folder, _ arguments: String...) throws -> Int {
    let outcome = wattif(
      ["replay", "\(folder.path)/site.yaml", "--quiet", "--output", "\(folder.path)/out"]
        + arguments)
    #expect(outcome.code == .done, "\(outcome.error)")
    let store = try ProjectStore(path: "\(folder.path)/out/wattif.sqlite")
    #expect(
      try store.integer("SELECT count(*) FROM runs")
        == store.integer("SELECT count(DISTINCT inputs_hash) FROM runs"))
    return try store.integer("SELECT count(*) FROM runs")
  }

  @Test("the same run replaces itself; whatever may move its result makes another that stays")
  func identity() throws {
    let folder = try DataCommandTests.Folder()
    _ = try folder.file("site.yaml", Self.scenario)
    _ = try folder.file("tariff.yaml", Self.tariff(price: "0.30"))
    _ = try folder.file("vendor.csv", Self.vendor(value: "1.5"))
    #expect(try runs(folder) == 1)
    #expect(try runs(folder) == 1)
    #expect(try runs(folder, "--version", "naive_day") == 1)
    #expect(try runs(folder, "--version", "baseline_7_day_avg") == 2)
    #expect(try runs(folder, "--planner", "trusting") == 3)
    #expect(try runs(folder, "--seed", "12") == 4)
    _ = try folder.file("tariff.yaml", Self.tariff(price: "0.31"))
    #expect(try runs(folder) == 5)
    _ = try folder.file("vendor.csv", Self.vendor(value: "1.6"))
    #expect(try runs(folder) == 6)
    _ = try folder.file("site.yaml", Self.scenario + "# a remark\n")
    #expect(try runs(folder) == 7)
    #expect(try runs(folder) == 7)
  }

  @Test("the same run with another result is told") func contradiction() throws {
    let folder = try DataCommandTests.Folder()
    let site = try folder.file("site.yaml", Self.scenario)
    _ = try folder.file("tariff.yaml", Self.tariff(price: "0.30"))
    _ = try folder.file("vendor.csv", Self.vendor(value: "1.5"))
    let arguments = ["replay", site, "--quiet", "--output", "\(folder.path)/out"]
    #expect(!wattif(arguments).error.contains("warning: "))
    #expect(!wattif(arguments).error.contains("warning: "))
    let store = try ProjectStore(path: "\(folder.path)/out/wattif.sqlite")
    try store.connection.execute("UPDATE runs SET result = '{}'")
    #expect(
      wattif(arguments).error.hasPrefix(
        """
        warning: this run was kept before with another result, which is replaced
        note: files, seed, versions and program version are the same

        """))
    #expect(!wattif(arguments).error.contains("warning: "))
  }
}
