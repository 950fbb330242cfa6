import Diagnostics
import Foundation
import Planning
import Replay
import Scenarios
import TestSupport
import Testing
import TimeSeries

@Suite("The loads of a scenario") struct LoadSettingsTests {
  private static let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// The home with a car, with something else in place of its load.
  private func scenario(_ loads: String, planner: String = "") throws -> Scenario {
    let text = try String(
      contentsOf: Self.package.appendingPathComponent("scenarios/ev-home.yaml"), encoding: .utf8)
    let first = try #require(text.range(of: "loads:\n"))
    let last = try #require(text.range(of: "forecasts:\n  versions"))
    let changed = text.replacingCharacters(in: first.lowerBound..<last.lowerBound, with: loads)
      .replacing("planner:\n", with: "planner:\n\(planner)")
    return try Scenario.read(Array(changed.utf8), path: "s.yaml", environment: [:])
  }

  private func mistakes(_ loads: String, planner: String = "") -> [String] {
    do {
      _ = try scenario(loads, planner: planner)
      return []
    } catch let error as InputError {
      return error.diagnostics.map(\.message)
    } catch {
      return ["\(error)"]
    }
  }

  private static let car =
    "loads:\n  - {name: car, kind: ev, power_kw: 11, unmet_per_kwh: 1, "

  private func file(_ text: String) throws -> String {
    let path = FileManager.default.temporaryDirectory
      .appendingPathComponent("sessions-\(UUID().uuidString).csv").path
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    return path
  }

  private func sessions(_ load: SiteLoad) -> [LoadSession] {
    if case .sessions(let sessions, _) = load.work { return sessions }
    return []
  }

  private let berlin = try? Zone("Europe/Berlin")

  // 2024-07-01T18:00 in Berlin is 16:00 UTC: 1719849600.
  @Test("sessions of a file stand on the site's clock or have an offset")
  func file() throws {
    let path = try file(
      """
      arrival;departure;energy_kwh;nice_kwh;told_departure;power_kw
      01.07.2024 18:00;02.07.2024 07:00;9,5;2;02.07.2024 08:00;3,7
      2024-07-03T16:00Z;2024-07-04T05:00Z;4;;;
      """)
    defer { try? FileManager.default.removeItem(atPath: path) }
    let scenario = try scenario(Self.car + "nice_per_kwh: 0.2, sessions: \(path)}\n")
    let zone = try #require(berlin)
    let load = scenario.loads[0].load(
      from: scenario.period.start, to: scenario.period.end, zone: zone, seed: 1)
    #expect(
      sessions(load) == [
        LoadSession(
          arrival: 1_719_849_600, departure: 1_719_849_600 + 13 * 3600,
          toldDeparture: 1_719_849_600 + 14 * 3600, mustKWh: 9.5, niceKWh: 2, powerKW: 3.7),
        LoadSession(
          arrival: 1_720_022_400, departure: 1_720_022_400 + 13 * 3600, mustKWh: 4, powerKW: 11),
      ])
    // What moves a result counts as read.
    #expect(scenario.files.contains(path))
  }

  @Test("what is wrong in a file of sessions is said with its place")
  func wrongFile() throws {
    let path = try file(
      """
      arrival,departure,energy_kwh
      2024-07-01T18:00,2024-07-01T17:00,9
      2024-07-02T18:00,soon,9
      2024-07-03T18:00,2024-07-04T07:00,-1
      """)
    defer { try? FileManager.default.removeItem(atPath: path) }
    #expect(
      mistakes(Self.car + "sessions: \(path)}\n") == [
        "a session ends after it begins, found 2024-07-01T18:00 to 2024-07-01T17:00",
        "'departure' must be a date and time, found 'soon'",
        "'energy_kwh' must be a number, zero or more, found '-1'",
      ])
    let overlapping = try file(
      """
      arrival,departure,energy_kwh
      2024-07-01T18:00,2024-07-02T07:00,9
      2024-07-02T06:00,2024-07-02T09:00,9
      """)
    defer { try? FileManager.default.removeItem(atPath: overlapping) }
    #expect(
      mistakes(Self.car + "sessions: \(overlapping)}\n") == [
        "a session begins 2024-07-02T06:00+02:00 before the one of line 2 has ended; a second car needs a load of its "
          + "own"
      ])
  }

  @Test("a pattern gives the same sessions for the same seed, on the clock of the site")
  func pattern() throws {
    let scenario = try scenario(
      Self.car
        + "pattern: {days: monday, arrival: 18:00, departure: 07:00, energy_kwh: 8, spread_min: 30}}\n"
    )
    let zone = try #require(berlin)
    func made(_ seed: UInt64) -> [LoadSession] {
      sessions(
        scenario.loads[0].load(
          from: scenario.period.start, to: scenario.period.end, zone: zone, seed: seed))
    }
    // 2024 has 53 Mondays, the last but one of 2023 lies outside.
    #expect(made(1).count == 53)
    #expect(made(1) == made(1))
    #expect(made(1) != made(2))
    for session in made(1) {
      #expect(session.toldDeparture == session.departure || session.departure > session.arrival)
      let told = zone.civil(at: session.toldDeparture)
      #expect((told.hour, told.minute) == (7, 0))
      let arrival = zone.civil(at: session.arrival)
      #expect(abs(arrival.hour * 60 + arrival.minute - 18 * 60) <= 60)
    }
  }

  @Test("what the load column contains is refused, with the reason")
  func included() {
    let found = mistakes(
      Self.car
        + "included_in_load: true, pattern: {arrival: 18:00, departure: 07:00, energy_kwh: 8}}\n")
    #expect(
      found == [
        "the measured load must not contain 'car': the column 'load' is that of everything else"
      ])
  }

  @Test("mistakes are said in words")
  func mistakes() {
    #expect(
      mistakes(Self.car + "sessions: a.csv, pattern: {}}\n").contains(
        "a car takes either 'sessions', a file, or 'pattern'"))
    #expect(
      mistakes(
        "loads:\n  - {name: b, kind: boiler, power_kw: 2, tank_kwh: 3, unmet_per_kwh: 1}\n"
      ) == ["a boiler takes either 'draw_kwh_per_day' or 'draw_kwh' of each hour"])
    #expect(
      mistakes(
        "loads:\n  - {name: p, kind: process, power_kw: 2, unmet_per_kwh: 1, "
          + "blocks: [{from: 08:00, to: 16:00, energy_kwh: 1}, {from: 12:00, to: 18:00, energy_kwh: 1}]}\n"
      ) == ["blocks of one load must not overlap; give each its own load"])
    let car = Self.car + "pattern: {arrival: 18:00, departure: 07:00, energy_kwh: 8}}\n"
    #expect(
      mistakes(car, planner: "  engine: value-function\n") == [
        "the value function does not plan loads that can wait; 'engine' must be 'auto' or 'glpk'"
      ])
    #expect(
      mistakes(car.replacing("unmet_per_kwh: 1", with: "unmet_per_kwh: 1, otherwise: later")) == [
        "'otherwise' must be 'at_once' or a timer such as 'timer 22:00', found 'later'"
      ])
  }
}
