import Diagnostics
import Foundation
import Planning
import Replay
import Scenarios
import Testing
import TimeSeries
import Twin

@Suite("Scenario documents") struct ScenarioTests {
  private static let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  private func quickstart() throws -> String {
    try String(
      contentsOf: Self.package.appendingPathComponent("scenarios/quickstart.yaml"), encoding: .utf8)
  }

  private func scenario(_ text: String) throws -> Scenario {
    try Scenario.read(Array(text.utf8), path: "s.yaml", environment: [:])
  }

  @Test("the example of the README becomes values") func values() throws {
    let scenario = try scenario(try quickstart())
    #expect(scenario.name == "Workshop with a solar roof")
    // 2024-01-01T00:00+01:00, 366 days later, and 70 days earlier, one of which has 25 hours.
    #expect(scenario.period.start == 1_704_063_600)
    #expect(scenario.period.grid.count == 366 * 96)
    #expect(scenario.period.historyGrid.count == (366 + 70) * 96 + 4)
    #expect(scenario.forecasts.versions.count >= 6)
    #expect(scenario.settings.peakPricing == .fullPrice)
    #expect(scenario.settings.terminal == .priceQuantile(0.25))
    #expect(scenario.settings.publicationMinute == 780)
    #expect(scenario.settings.seed == 20_240_101)
    #expect(scenario.tariff.usesSpot)
    #expect(scenario.size?.study.energiesKWh == [30, 60, 120])
    #expect(scenario.stress?.policies.map(\.name) == ["none", "residential", "cautious", "late"])
    #expect(scenario.stress?.weathers.map(\.name) == ["as measured", "heat wave"])
    #expect(scenario.warnings.isEmpty)
  }

  /// 2.5 m² × 0.3 × (1 − 0.2) = 0.6 m².
  @Test("paint and shade of an enclosure make its aperture") func aperture() throws {
    let box = "like: cabinet, solar_aperture_m2: 2.5, absorptance: 0.3, shaded_fraction: 0.2"
    let text = try quickstart().replacingOccurrences(
      of: "  enclosure: cabinet\n", with: "  enclosure: {\(box)}\n")
    let battery = try scenario(text).battery
    #expect(abs(try battery.twin().enclosure.solarApertureM2 - 0.6) < 1e-12)
    let bare = text.replacingOccurrences(of: " solar_aperture_m2: 2.5,", with: "")
    #expect {
      _ = try scenario(bare)
    } throws: {
      "\($0)".contains("'absorptance' needs 'solar_aperture_m2', the area that it belongs to")
    }
  }

  @Test("a tariff under which a battery has nothing to do is refused") func sellAll() {
    let text = """
      site: {time_zone: UTC, latitude_deg: 48.4, longitude_deg: 10}
      period: {from: 2024-06-03, to: 2024-06-05}
      history: {source: synthetic, load: {kind: home, annual_kwh: 5000}}
      forecasts: {versions: [naive_day]}
      battery: {capacity_kwh: 8}
      inverter: {power_kw: 4}
      tariff:
        {name: t, currency: EUR, source: x, energy: [{name: f, price_per_kwh: 0.3}],
         export: {arrangement: buy_all_sell_all, price_per_kwh: 0.1}}

      """
    #expect {
      _ = try scenario(text)
    } throws: {
      "\($0)"
        == "s.yaml:8:3: error: a tariff that buys all and sells all leaves a battery nothing to do; "
        + "'wattif bill' bills it"
    }
  }

  @Test("a battery by energy has that energy, and its variants theirs") func sizes() throws {
    let battery = try scenario(try quickstart()).battery
    let twin = try battery.twin()
    #expect(abs(twin.nominalEnergyKWh - 60) < 1e-9)
    #expect(twin.converter.ratedKW == 30)
    let small = try battery.twin(capacityKWh: 30, powerKW: 15)
    #expect(abs(small.nominalEnergyKWh - 30) < 1e-9)
    #expect(small.converter.ratedKW == 15)
    // Half the cells, half the standby, half the heat capacity, half the paths of heat.
    #expect(abs(small.converter.standbyKW / twin.converter.standbyKW - 0.5) < 1e-12)
    #expect(abs(small.cooling.airWPerK / twin.cooling.airWPerK - 0.5) < 1e-12)
    #expect(try battery.twin(derating: .late).derating.name == "late")
  }

  @Test("a battery by cells has so many cells") func cells() throws {
    let text = try quickstart().replacing("capacity_kwh: 60", with: "series: 16\n  parallel: 4")
    let battery = try scenario(text).battery
    #expect(battery.arrangement == .cells(series: 16, parallel: 4))
    let twin = try battery.twin()
    #expect(twin.series * twin.parallel == 64)
    #expect(abs(twin.nominalEnergyKWh - battery.nominalKWh) < 1e-9)
  }

  /// 60 kWh in 16 groups of 280 Ah cells are 4.1 cells in parallel, each with its connection.
  @Test("connections of cells in parallel share the current") func links() throws {
    func read(_ text: String) throws -> TwinSpecification {
      try scenario(
        try quickstart().replacing("chemistry: lfp", with: "chemistry: lfp\n  link_ohm: 0.0001")
          .replacing("capacity_kwh: 60", with: text)
      ).battery.twin()
    }
    let scaled = try read("capacity_kwh: 60")
    #expect(abs(scaled.linkOhm / (0.0001 * 280 / scaled.cell.capacityAh) - 1) < 1e-12)
    #expect(try read("series: 16\n  parallel: 4").linkOhm == 0.0001)
    #expect(throws: InputError.self) { try read("capacity_kwh: 60\n  linkohm: 1") }
  }

  @Test("a derating table over temperature and charge holds") func surface() throws {
    let table = """
      derating:
          name: cold_and_empty
          discharge:
            temperature_soc:
              temperature_c: [-10, 10]
              soc_fraction: [0.1, 0.5]
              fraction: [[0.1, 0.3], [0.5, 1]]
      """
    let policy = try scenario(try quickstart().replacing("derating: residential", with: table))
      .battery.twin().derating
    #expect(
      policy.discharge == [
        .surface(
          temperatureC: [-10, 10], socFraction: [0.1, 0.5], fraction: [[0.1, 0.3], [0.5, 1]])
      ])
    for (find, replace, message) in [
      ("[[0.1, 0.3], [0.5, 1]]", "[[0.1, 0.3]]", "needs one row per entry of 'temperature_c' (2)"),
      ("[[0.1, 0.3], [0.5, 1]]", "[[0.1], [0.5, 1]]", "each row of 'fraction' must be"),
      ("[-10, 10]", "[10, -10]", "'temperature_c' must rise from value to value"),
      ("0.3], [0.5, 1]]", "1.3], [0.5, 1]]", "must be a fraction from 0 to 1"),
    ] {
      let broken = try quickstart().replacing(
        "derating: residential", with: table.replacing(find, with: replace))
      do {
        _ = try scenario(broken)
        Issue.record("\(replace) was accepted")
      } catch let error as InputError {
        #expect("\(error)".contains(message), "\(error)")
      }
    }
  }

  @Test("recovery by direction keeps what the common one says, and stops say when they end")
  func recovery() throws {
    let table = """
      derating:
          recovery: {hysteresis_k: 2, dwell_s: 300, latch_c: 55, latch_reset_c: 45}
          charge:
            recovery: {rise_fraction_per_minute: 0.1, latch_c: 50}
            stop_v: 3.6
            restart_v: 3.4
            dwell_s: 60
          discharge:
            stop_v: 2.8
            restart_v: 3.1
            latch_s: 600
            latch_reset: reversal
          inverter: {stop_c: 95, restart_c: 70, dwell_s: 120, latch_s: 900}
      """
    func policy(_ table: String) throws -> DeratingPolicy {
      try scenario(try quickstart().replacing("derating: residential", with: table))
        .battery.twin().derating
    }
    let read = try policy(table)
    let common = DeratingRecovery(
      hysteresisK: 2, dwellSeconds: 300, latchC: 55, latchResetC: 45)
    #expect(read.recovery == common && read.recovery(of: .discharge) == common)
    #expect(
      read.recovery(of: .charge)
        == DeratingRecovery(
          hysteresisK: 2, dwellSeconds: 300, risePerMinute: 0.1, latchC: 50, latchResetC: 45))
    #expect(read.stop(.charge)?.release == StopRelease(dwellSeconds: 60))
    #expect(read.stop(.discharge)?.release == StopRelease(latchSeconds: 600, reset: .reversal))
    #expect(read.inverter.release == StopRelease(dwellSeconds: 120, latchSeconds: 900))
    let needsStop = "is of a stop and needs 'stop_v'"
    for (find, replace, message) in [
      ("stop_v: 3.6\n      restart_v: 3.4\n      ", "", "'dwell_s' \(needsStop)"),
      ("stop_v: 2.8\n      restart_v: 3.1\n      ", "", "'latch_s' \(needsStop)"),
      ("stop_v: 2.8\n      restart_v: 3.1\n      ", "", "'latch_reset' \(needsStop)"),
      ("stop_c: 95, restart_c: 70, ", "", "'dwell_s' is of a stop and needs 'stop_c'"),
      ("latch_s: 600", "latch_s: -1", "'latch_s' must be zero or more, found '-1'"),
      ("reversal", "charge", "'latch_reset' must be time or reversal, found 'charge'"),
      ("latch_c: 50", "latch_c: 40", "'latch_reset_c' must be less than 'latch_c'"),
    ] {
      #expect(table.contains(find))
      do {
        _ = try policy(table.replacing(find, with: replace))
        Issue.record("\(replace) was accepted")
      } catch let error as InputError {
        #expect("\(error)".contains(message), "\(error)")
      }
    }
  }

  /// 70 J/K of the small cell against 5600 J/K: (1/80)^(2/3) = 0.0538609 of 0.8 W/K and 0.4 W/K.
  @Test("heat paths that a document gives in part keep the others of its cell") func cooling()
    throws
  {
    let text = try quickstart().replacing(
      "capacity_kwh: 60",
      with: "cell: lfp_cylindrical_26650\n  series: 16\n  parallel: 4\n"
        + "  cooling: { cells_per_module: 8, still_air_fraction: 0.5 }")
    let cooling = try scenario(text).battery.twin().cooling
    #expect(cooling.topology == .modules(of: 8) && cooling.stillAirFraction == 0.5)
    #expect(abs(cooling.airWPerK - 0.8 * 0.0538609) < 1e-6)
    #expect(abs(cooling.neighbourWPerK - 0.4 * 0.0538609) < 1e-6)
  }

  @Test("strings stand side by side, and energy is shared among them") func strings() throws {
    func read(_ text: String) throws -> BatterySystemSpecification {
      try scenario(try quickstart().replacing("capacity_kwh: 60", with: text)).battery
    }
    let counted = try read("series: 16\n  parallel: 2\n  strings: 3")
    let twin = try counted.twin()
    #expect(twin.strings == 3 && twin.series == 16 && twin.parallel == 2)
    #expect(abs(twin.nominalEnergyKWh - counted.nominalKWh) < 1e-9)
    #expect(counted.arrangementText == "16 in series, 2 × lfp_prismatic_280 in parallel, 3 strings")
    let sized = try read("capacity_kwh: 60\n  strings: 3").twin()
    #expect(sized.strings == 3 && abs(sized.nominalEnergyKWh - 60) < 1e-9)
    // A third of the energy in each string of 16 groups.
    #expect(abs(sized.cell.capacityAh * 16 * sized.cell.nominalV - 20_000) < 1e-6)
    #expect(throws: InputError.self) { try read("capacity_kwh: 60\n  strings: 0") }
  }

  @Test("ageing is that of the chemistry, another model, or none") func ageing() throws {
    func read(_ text: String) throws -> AgeingSpecification? {
      try scenario(try quickstart().replacing("chemistry: lfp", with: "chemistry: lfp\n  \(text)"))
        .battery.twin().ageing
    }
    #expect(try read("") == AgeingSpecification())
    #expect(try read("ageing: none") == nil)
    #expect(try read("ageing: lfp_naumann_3ah")?.model == .lfpNaumann3)
    #expect(try read("ageing: {end_of_life_fraction: 0.7}")?.endOfLifeFraction == 0.7)
    #expect(throws: InputError.self) { try read("ageing: lfp_nauman_3ah") }
  }

  @Test("a seed on the command line replaces those of the document") func seed() throws {
    let scenario = try scenario(try quickstart()).with(seed: 7)
    #expect(scenario.settings.seed == 7)
    guard case .synthetic(_, let seed) = scenario.history.source else {
      Issue.record("the example has a synthetic history")
      return
    }
    #expect(seed == 7)
  }

  @Test("a version may mix kinds") func versions() throws {
    let text = try quickstart().replacing(
      "    - persistence\n",
      with: "    - {name: mix, load: ridge, pv: {kind: kc_persistence}, price: naive_day}\n")
    let version = try #require(try scenario(text).forecasts.versions.first)
    #expect(version.name == "mix")
    #expect(version.load.kind == .ridge)
    #expect(version.pv.kind == .clearSkyPersistence)
    #expect(version.price.kind == .naiveDay)
    #expect(version.pv.version == "mix")
  }

  @Test("a version says where its weather comes from, when it is fitted and on what")
  func training() throws {
    let text = try quickstart().replacing(
      "forecasts:\n  versions:\n    - persistence\n",
      with: """
        forecasts:
          weather: observed
          versions:
            - {name: once, kind: ridge, refit_days: never, training_days: 60, weather: none}
            - {name: late, kind: oracle_noise, shift_h: 1.5}
            - {name: model, kind: ridge, weather: {version: nwp, max_age_h: 36}}

        """)
    let forecasts = try scenario(text).forecasts
    #expect(forecasts.weather == .observed)
    let once = try #require(forecasts.versions.first)
    #expect(once.load.refitDays == nil && once.load.trainingDays == 60)
    #expect(once.weather == ForecastSettings.Weather.none)
    #expect(forecasts.versions[1].load.noise.shiftSeconds == 5400)
    #expect(forecasts.versions[1].weather == nil)
    #expect(forecasts.versions[2].weather == .issued(version: "nwp", maxAgeHours: 36))
  }

  @Test("weather that no external file holds is refused at its line") func unknownWeather() throws {
    let text = try quickstart().replacing(
      "forecasts:\n", with: "forecasts:\n  weather: ecmwf\n")
    let read = try scenario(text)
    let history = SiteHistory(
      grid: TimeGrid(start: 0, stepSeconds: 900, count: 0), zone: .utc, columns: [:])
    #expect {
      _ = try read.forecastVersions(history: history)
    } throws: { error in
      let text = "\(error)"
      return text.contains("error: the external files hold no weather of version 'ecmwf'")
        && text.contains("weather is irradiance, cloud_cover, ambient, wind_speed")
    }
  }

  @Test("missing values are replaced as the document says, or refused") func missing() throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("wattif-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    // Two days of UTC at one hour: 0 … 23 kW, then the same with a hole at 05:00 and 06:00.
    var lines = ["time,load"]
    for hour in 0..<48 {
      let stamp = 1_709_251_200 + hour * 3600
      lines.append("\(stamp),\(hour == 29 || hour == 30 ? "" : String(hour % 24))")
    }
    try Data(lines.joined(separator: "\n").utf8).write(
      to: folder.appendingPathComponent("load.csv"))
    let document = """
      site: {time_zone: UTC}
      period: {from: 2024-03-02, to: 2024-03-03, step_s: 3600, warm_up_days: 1}
      history:
        source: files
        missing: RULE
        ambient_c: 20
        files:
          - file: load.csv
            time_column: time
            columns: [{column: load, quantity: load, unit: kW}]
      forecasts: {versions: [naive_day]}
      battery: {capacity_kwh: 5}
      inverter: {power_kw: 3}
      tariff: {name: t, currency: EUR, energy: [{name: e, price_per_kwh: 0.3}]}
      """
    func loaded(_ rule: String) throws -> LoadedHistory {
      let text = document.replacing("RULE", with: rule)
      return try Scenario.read(
        Array(text.utf8), path: folder.appendingPathComponent("s.yaml").path, environment: [:]
      ).loadHistory()
    }
    let previous = try loaded("previous_day")
    #expect(previous.history[.load]?[29...30] == [5, 6])
    #expect(previous.filledSlots == [.load: 2])
    #expect(try loaded("hold").history[.load]?[29...30] == [4, 4])
    #expect(try loaded("zero").history[.load]?[29...30] == [0, 0])
    #expect(throws: InputError.self) { try loaded("refuse") }
  }
}
