import CommandLine
import Foundation
import TestSupport
import Testing

/// A meter that counts both ways, in place of a load.
@Suite("Signed net meters") struct NetMeterTests {
  private let folder: DataCommandTests.Folder

  /// Ten days of hours in UTC: a load of 1 kW, and from 10:00 to 14:00 a plant of 3 kW.
  init() throws {
    folder = try DataCommandTests.Folder()
    var table = "time,load_kw,pv_kw,net_kw,import_kw,export_kw\n"
    for hour in 0..<240 {
      let pv = (10..<14).contains(hour % 24) ? 3 : 0
      table +=
        "\(1_709_251_200 + hour * 3600),1,\(pv),\(1 - pv),\(max(0, 1 - pv)),\(max(0, pv - 1))\n"
    }
    _ = try folder.file("m.csv", table)
  }

  private func tariff(_ export: String = "{price_per_kwh: 0.1}") throws -> String {
    try folder.file(
      "t.yaml",
      "{name: t, currency: EUR, source: x, energy: [{name: e, price_per_kwh: 0.3}], export: \(export)}\n"
    )
  }

  private func json(_ outcome: Outcome) throws -> [String: Any] {
    #expect(outcome.code == .done, "\(outcome.error)")
    return try #require(
      try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
  }

  /// A day: 20 kWh in for 6.00, 8 kWh out for 0.80; ten days cost 52.00.
  @Test(
    "a bill pays for what is exported, with or without the production beside it",
    arguments: [
      ["--net", "net_kw"], ["--net", "net_kw", "--pv", "pv_kw"],
      ["--column", "load_kw", "--pv", "pv_kw"],
    ])
  func bill(options: [String]) throws {
    let outcome = wattif(
      ["bill", try tariff(), "\(folder.path)/m.csv", "--time-zone", "UTC", "--json"] + options)
    let total = try #require(try json(outcome)["total"] as? Double)
    #expect(isClose(total, 52, relative: 1e-12))
  }

  @Test("what needs load and production apart is refused without the production") func sellAll()
    throws
  {
    let path = try tariff("{arrangement: buy_all_sell_all, price_per_kwh: 0.1}")
    let refused = wattif(
      "bill", path, "\(folder.path)/m.csv", "--time-zone", "UTC", "--net", "net_kw")
    #expect(refused.code == .badInput)
    #expect(refused.error.contains("needs the production beside '--net'"), "\(refused.error)")
    // 24 kWh a day for 7.20 less 12 kWh for 1.20.
    let both = wattif(
      "bill", path, "\(folder.path)/m.csv", "--time-zone", "UTC", "--net", "net_kw", "--pv",
      "pv_kw",
      "--json")
    #expect(isClose(try #require(try json(both)["total"] as? Double), 60, relative: 1e-12))
    let usage = wattif(
      "bill", path, "\(folder.path)/m.csv", "--net", "net_kw", "--column", "load_kw")
    #expect(usage.code == .badCommandLine)
  }

  private func scenario(_ columns: String) throws -> String {
    try folder.file(
      "s.yaml",
      """
      site: {time_zone: UTC}
      period: {from: 2024-03-06, to: 2024-03-11, step_s: 3600, warm_up_days: 5}
      history:
        source: files
        ambient_c: 20
        files:
          - {file: m.csv, time_column: time, columns: [\(columns)]}
      forecasts: {versions: [naive_day, ridge]}
      battery: {capacity_kwh: 5}
      inverter: {power_kw: 3}
      tariff: {name: t, currency: EUR, energy: [{name: e, price_per_kwh: 0.3}], export: {price_per_kwh: 0.1}}
      planner: {horizon_h: 24}

      """)
  }

  private static let load = "{column: load_kw, quantity: load}"
  private static let pv = "{column: pv_kw, quantity: pv}"
  private static let net = "{column: net_kw, quantity: net}"

  /// Load and production follow from meter and production, so every figure is the same.
  @Test("with the production it is the load that it stands for") func derived() throws {
    let apart = wattif("compare", try scenario("\(Self.load), \(Self.pv)"), "--json", "--quiet")
    let meter = wattif("compare", try scenario("\(Self.net), \(Self.pv)"), "--json", "--quiet")
    for key in ["no_battery", "self_consumption", "oracle"] {
      let costs = try [apart, meter].map {
        try #require(
          ((try json($0)["baselines"] as? [String: Any])?[key] as? [String: Any])?["cost"]
            as? Double)
      }
      #expect(costs[0] == costs[1], "\(key)")
    }
  }

  @Test(
    "alone it is a load that is negative where the site exports",
    arguments: [
      net,
      "{column: import_kw, quantity: net, combine: sum}, {column: export_kw, quantity: net, factor: -1, combine: sum}",
    ])
  func alone(columns: String) throws {
    let result = try json(
      wattif("compare", try scenario(columns), "--json", "--quiet"))
    let apart = try json(
      wattif("compare", try scenario("\(Self.load), \(Self.pv)"), "--json", "--quiet"))
    func cost(_ result: [String: Any], _ key: String) throws -> Double {
      try #require(
        ((result["baselines"] as? [String: Any])?[key] as? [String: Any])?["cost"] as? Double)
    }
    // Five days of 6.00 less 0.80.
    #expect(isClose(try cost(result, "no_battery"), 26, relative: 1e-9))
    // Every day is the same, so naive_day knows it, and a plan moves the surplus into the evening.
    #expect(isClose(try cost(result, "oracle"), try cost(apart, "oracle"), absolute: 1e-6))
    let versions = try #require(result["versions"] as? [[String: Any]])
    let naive = try #require(versions.first { $0["version"] as? String == "naive_day" })
    let accuracy = try #require(naive["accuracy"] as? [String: [String: Any]])
    #expect(accuracy["load"]?["mae"] as? Double == 0)
    #expect(naive["clamped_slots"] as? Int == 0)
    #expect(
      isClose(try #require(naive["cost"] as? Double), try cost(apart, "oracle"), absolute: 1e-6))
  }

  @Test("beside a load it is refused") func both() throws {
    let outcome = wattif("check", try scenario("\(Self.net), \(Self.load)"))
    #expect(outcome.code == .badInput)
    #expect(outcome.error.contains("'load' and 'net' exclude each other"), "\(outcome.error)")
  }

  /// The plant's meter reads 0 for the first export hours: net of −2 leaves a load below zero.
  @Test("meters that differ are told of") func negative() throws {
    var text = try String(contentsOfFile: "\(folder.path)/m.csv", encoding: .utf8)
    text.replace(",1,3,-2,", with: ",1,1,-2,")
    _ = try folder.file("m.csv", text)
    let result = try json(
      wattif("replay", try scenario("\(Self.net), \(Self.pv)"), "--json", "--quiet"))
    // Four hours on each of ten days.
    #expect(
      (result["warnings"] as? [String])?.first
        == "'net' and 'pv' leave a load below 0 in 40 of 240 slots, raised to 0")
  }
}
