import Diagnostics
import Foundation
import Forecasting
import Replay
import Scenarios
import Testing
import TimeSeries

/// What a scenario says of where each plane's production and forecasts come from.
@Suite("Planes with columns, shares and forecasts of their own") struct PlaneBindingTests {
  /// A folder with two meters, which is gone when the test is over.
  private final class Folder: Sendable {
    let path = FileManager.default.temporaryDirectory
      .appendingPathComponent("wattif-planes-\(UUID().uuidString)").path

    /// Twelve days of hours from 2024-05-25 in UTC: 1 kW of the east and 3 kW of the west from 8 to 15 o'clock.
    init() throws {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
      var rows = "time,load,e,w\n"
      var (east, west) = ("time,pv\n", "time,pv\n")
      for hour in 0..<288 {
        let stamp = 1_716_595_200 + hour * 3600
        let isDay = (8...15).contains(hour % 24)
        rows += "\(stamp),1,\(isDay ? 1 : 0),\(isDay ? 3 : 0)\n"
        east += "\(stamp),\(isDay ? 1.5 : 0)\n"
        // The west's forecasts lack noon.
        west += "\(stamp),\(hour % 24 == 12 ? "" : isDay ? "2.5" : "0")\n"
      }
      for (name, text) in [("h.csv", rows), ("fe.csv", east), ("fw.csv", west)] {
        try Data(text.utf8).write(to: URL(fileURLWithPath: "\(path)/\(name)"))
      }
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
  }

  private let folder: Folder

  init() throws { folder = try Folder() }

  private static let two = "{name: east, kwp: 2}, {name: west, kwp: 4}"
  private static let bound =
    "{column: e, quantity: pv, unit: kW, plane: east}, {column: w, quantity: pv, unit: kW, plane: west}"

  private func text(
    planes: String = two, columns: String = bound, versions: String = "[naive_day]",
    external: String = "[]", rest: String = ""
  ) -> String {
    """
    site: {time_zone: UTC, planes: [\(planes)]}
    period: {from: 2024-06-03, to: 2024-06-05, step_s: 3600, warm_up_days: 8}
    history:
      source: files
      ambient_c: 20
      files:
        - file: h.csv
          time_column: time
          columns: [{column: load, quantity: load, unit: kW}, \(columns)]
    forecasts:
      versions: \(versions)
      external: \(external)
    battery: {capacity_kwh: 8}
    inverter: {power_kw: 4}
    tariff: {name: t, currency: EUR, source: x, energy: [{name: f, price_per_kwh: 0.3}]}
    \(rest)
    """
  }

  private func scenario(_ text: String) throws -> Scenario {
    try Scenario.read(Array(text.utf8), path: "\(folder.path)/s.yaml", environment: [:])
  }

  private func errors(_ text: String) -> [String] {
    do {
      let scenario = try scenario(text)
      _ = try scenario.forecastVersions(history: try scenario.loadHistory().history)
      return []
    } catch let error as InputError {
      return error.diagnostics.map {
        "\($0.position.map { "\($0.line):\($0.column): " } ?? "")\($0.message)"
      }
    } catch {
      return ["\(error)"]
    }
  }

  @Test("columns of planes are kept beside their sum") func columns() throws {
    let history = try scenario(text()).loadHistory().history
    let noon = 9 * 24 - 12
    #expect(history[.pv]?[noon] == 4)
    #expect(history[plane: "east"]?[noon] == 1 && history[plane: "west"]?[noon] == 3)
  }

  @Test("shares are of the columns without a plane") func shares() throws {
    let planes = "{name: east, kwp: 2, share: 0.25}, {name: west, kwp: 4, share: 0.75}"
    let together = "{column: w, quantity: pv, unit: kW}"
    let history = try scenario(text(planes: planes, columns: together)).loadHistory().history
    let noon = 9 * 24 - 12
    #expect(history[.pv]?[noon] == 3)
    #expect(history[plane: "east"]?[noon] == 0.75 && history[plane: "west"]?[noon] == 2.25)
  }

  @Test(
    "what is bound wrong is said in words, where it stands",
    arguments: [
      (
        two,
        "{column: e, quantity: pv, unit: kW, plane: eest}, {column: w, quantity: pv, unit: kW, plane: west}",
        ["9:102: the site has no plane 'eest'; did you mean 'east'?"]
      ),
      (
        two,
        "{column: e, quantity: pv, unit: kW, plane: east}, {column: w, quantity: pv, unit: kW, plane: east}",
        ["9:152: plane 'east' has another column in this file; with 'combine: sum' they add up"]
      ),
      (
        two, "{column: e, quantity: pv, unit: kW, plane: east}",
        ["7:5: plane 'west' has neither a column of its own nor a 'share', which other planes have"]
      ),
      (
        two, bound + ", {column: e, quantity: pv, unit: kW}",
        [
          "7:5: every plane has a column of its own; one of quantity 'pv' without 'plane' measures planes that "
            + "have a 'share' of it"
        ]
      ),
      (
        "{name: east, kwp: 2, share: 1}, {name: west, kwp: 4}", bound,
        ["7:5: plane 'east' has a column of its own, so it has no 'share'"]
      ),
      (
        "{name: east, kwp: 2, share: 1}, {name: west, kwp: 4}",
        "{column: w, quantity: pv, unit: kW, plane: west}",
        [
          "7:5: 'share' of a plane is of a column of quantity 'pv' without 'plane', and there is none"
        ]
      ),
      (
        "{name: east, kwp: 2, share: 0.5}, {name: west, kwp: 4, share: 0.4}",
        "{column: w, quantity: pv, unit: kW}",
        [
          "1:32: the shares of planes are of what one meter measures and must add up to 1, found '0.9'"
        ]
      ),
      (
        two, "{column: e, quantity: irradiance, unit: W/m², plane: east}",
        ["9:112: 'plane' goes with quantity 'pv'"]
      ),
    ])
  func findings(planes: String, columns: String, expected: [String]) {
    #expect(errors(text(planes: planes, columns: columns)) == expected)
  }

  @Test("a version by plane needs planes, each measured by itself, and goes with production")
  func versions() {
    let byPlane = "[{kind: naive_day, by_plane: true}]"
    #expect(
      errors(text(columns: "{column: e, quantity: pv, unit: kW}", versions: byPlane)) == [
        "11:14: 'by_plane' needs the production of each plane, and that of 'east' and 'west' is not known"
      ])
    #expect(
      errors(text(planes: "", columns: "{column: e, quantity: pv, unit: kW}", versions: byPlane))
        == ["11:14: 'by_plane' needs 'planes' of the site"])
    #expect(
      errors(text(versions: "[{kind: naive_day, load: {kind: ridge, by_plane: true}}]")) == [
        "11:38: 'by_plane' is of production; 'load' has no planes"
      ])
    #expect(
      errors(text(versions: "[{kind: naive_day, by_plane: true, pv: ridge}]")) == [
        "11:42: 'pv' has settings of its own here; 'by_plane' goes there"
      ])
    #expect(
      errors(text(versions: "[{kind: perfect, by_plane: true}]")) == [
        "11:40: 'by_plane' is of versions that are made here from the past, which 'perfect' is not"
      ])
    #expect(
      errors(text(versions: "[{kind: naive_day, pv: {kind: ridge, by_plane: true}}]")).isEmpty)
  }

  private static func entry(_ file: String, _ plane: String, version: String = "v") -> String {
    "{file: \(file), layout: columns, version: \(version), issued_daily_at: 00:00, time_column: time, "
      + "columns: [{column: pv, quantity: pv, unit: kW}]\(plane)}"
  }

  // 1.5 + 2.5 kW by day, nothing at noon.
  @Test("forecasts of planes add up, whoever binds them") func external() throws {
    let version = "[{name: v, kind: naive_day, pv: external}]"
    let entries =
      "[\(Self.entry("fe.csv", ", plane: east")), \(Self.entry("fw.csv", ", plane: west"))]"
    let scenario = try scenario(text(versions: version, external: entries))
    let rows = try #require(try scenario.externalForecasts())
    let day = TimeGrid(start: 1_717_372_800, stepSeconds: 3600, count: 24)  // 2024-06-03T00:00Z
    let values = rows.values(version: "v", quantity: .pv, over: day, asOf: day.start)
    #expect(values[9] == 4 && values[12].isNaN && values[20] == 0)
    let inputs = try scenario.inputs(
      history: try scenario.loadHistory().history, forecasts: rows)
    #expect(inputs.contains { $0.name == "v pv east" } && inputs.contains { $0.name == "pv west" })
    // One file of all planes, a column each.
    let wide =
      "[{file: h.csv, layout: columns, version: v, issued_daily_at: 00:00, time_column: time, "
      + "columns: [\(Self.bound)]}]"
    let other = try #require(
      try self.scenario(text(versions: version, external: wide)).externalForecasts())
    #expect(other.values(version: "v", quantity: .pv, over: day, asOf: day.start)[12] == 4)
  }

  @Test("forecasts of some planes, of the site as well, or of an unknown one are refused")
  func externalFindings() {
    func found(_ entries: String...) -> [String] {
      errors(text(external: "[\(entries.joined(separator: ", "))]"))
    }
    let east = Self.entry("fe.csv", ", plane: east")
    #expect(
      found(east) == ["12:13: version 'v' has forecasts of 'east' and none of plane 'west'"])
    #expect(
      found(east, Self.entry("fw.csv", "")) == [
        "12:13: version 'v' has forecasts of the production of the site and of planes of it"
      ])
    #expect(
      found(Self.entry("fw.csv", ", plane: wesst")).map { $0.drop { $0 != " " } } == [
        " the site has no plane 'wesst'; did you mean 'west'?"
      ])
    let load =
      "{file: h.csv, layout: columns, version: v, issued_daily_at: 00:00, time_column: time, "
      + "columns: [{column: load, quantity: load, unit: kW}], plane: east}"
    #expect(found(load).first?.hasSuffix("there is no forecast of 'pv' for plane 'east'") == true)
  }

  @Test("a larger plant has larger planes, and another binding is another input")
  func inputs() throws {
    let scenario = try scenario(
      text(
        rest: "size: {capital: {per_kwh: 100}, energies_kwh: [4], powers_kw: [2], "
          + "pv: {added_kwp: 6, per_kwp: 1000}}"))
    let history = try scenario.loadHistory().history
    let replay = try scenario.replayCase(history)
    let version = try #require(try scenario.forecastVersions(history: history).first)
    let site = try #require(try scenario.sizingSites(replay, version: version).first)
    let noon = 9 * 24 - 12
    #expect(site.replay.history[.pv]?[noon] == 8)
    #expect(site.replay.history[plane: "west"]?[noon] == 6)
    #expect(site.replay.site.planes.map(\.moduleKW) == [4, 8])

    let swapped = Self.bound.replacing("east", with: "x").replacing("west", with: "east")
      .replacing("plane: x", with: "plane: west")
    let other = try self.scenario(text(columns: swapped))
    let before = try scenario.inputs(history: history, forecasts: nil)
    let after = try other.inputs(history: try other.loadHistory().history, forecasts: nil)
    #expect(before.map(\.name) == after.map(\.name))
    #expect(zip(before, after).filter { $0 != $1 }.map(\.0.name) == ["pv east", "pv west"])
  }
}
