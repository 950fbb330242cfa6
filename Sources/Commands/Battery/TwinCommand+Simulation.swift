import CommandLine
import Diagnostics
import Documents
import Replay
import Reports
import Scenarios
import TimeSeries
import Twin

extension TwinCommand {
  /// What drives the batteries.
  enum Drive {
    case profile(BatteryProfile)
    case test(TestProtocol)
  }

  /// Runs a battery and writes what is wanted of it.
  func simulated(
    _ specification: TwinSpecification, of scenario: Scenario, _ drive: Drive,
    _ around: TwinSurroundings, title: String, folder: String?, _ context: CommandContext
  ) throws -> TwinReport {
    var twin = try startingTwin(specification, of: scenario, drive, around, context)
    var recorder = TwinRecorder(
      twin, keepsRows: folder != nil, keepsTrace: folder != nil || html != nil)
    var cellRows = try cells.map {
      try CellRows(
        path: $0, of: specification, everySeconds: cellsEverySeconds ?? 0, context: context)
    }
    let isSunny = specification.enclosure.solarApertureM2 > 0
    func enter(
      _ step: TwinStep, _ twin: DigitalTwin, at instant: Int, seconds: Double, airC: Double
    ) throws {
      recorder.add(step, after: twin, at: instant, seconds: seconds, airC: airC)
      cellRows?.add(twin, at: instant, seconds: seconds)
    }
    var test: TestReport?
    let end: Int
    switch drive {
    case .profile(let profile):
      let grid = profile.grid
      let seconds = Double(grid.stepSeconds)
      let parts = max(1, Int((seconds / 3600).rounded(.up)))
      let progress = context.progress("twin", total: grid.count, options: common)
      defer { progress.finish() }
      for slot in 0..<grid.count {
        let air = try around.airC(at: grid.instant(slot))
        let sun = isSunny ? around.sunWPerM2(at: grid.instant(slot)) : 0
        for part in 0..<parts {
          let step = try twin.step(
            profile, slot: slot, airC: air, seconds: seconds / Double(parts), sun: sun)
          let instant = grid.instant(slot) + Int(Double(part) * seconds / Double(parts))
          try enter(step, twin, at: instant, seconds: seconds / Double(parts), airC: air)
        }
        progress.advance()
      }
      end = grid.end
    case .test(let own):
      var run = TestRun(own)
      var elapsed = 0.0
      try run.run(
        &twin,
        surroundings: { seconds in
          let instant = around.start + Int(seconds)
          return TestRun.Surroundings(
            airC: try around.airC(at: instant),
            irradianceWPerM2: isSunny ? around.sunWPerM2(at: instant) : 0)
        },
        entry: { step, twin, seconds, air in
          try enter(
            step, twin, at: around.start + Int(elapsed.rounded()), seconds: seconds, airC: air)
          elapsed += seconds
        })
      test = TestReport(own, records: run.records)
      end = around.start + Int(run.elapsedSeconds.rounded(.up))
    }
    cellRows?.finish()
    let report = TwinReport(
      twin, recorder: recorder, sun: SunSummary(isSunny ? around.sunSlots(until: end) : [:]),
      faults: faults, test: test, warranty: scenario.warranty)
    if let folder {
      try context.write(recorder.rows?.text ?? "", to: "twin.csv", in: folder)
      if let test { try context.write(test.csv, to: "protocol.csv", in: folder) }
      try context.write(report.json.text() + "\n", to: "twin.json", in: folder)
      try context.write(report.page(title: title).html, to: "report.html", in: folder)
    }
    if let html {
      context.keep { try FileWriter.write(report.page(title: title).html, to: html) }
    }
    if let savedState { context.keep { try TwinStateFile.write(twin, to: savedState) } }
    return report
  }

  /// The battery before the run: as it was saved, or at a charge and a temperature.
  private func startingTwin(
    _ specification: TwinSpecification, of scenario: Scenario, _ drive: Drive,
    _ around: TwinSurroundings, _ context: CommandContext
  ) throws -> DigitalTwin {
    if let state { return try TwinStateFile.read(state, specification, context: context) }
    var test: TestProtocol?
    if case .test(let own) = drive { test = own }
    let charge =
      socFraction ?? test?.startSOC ?? scenario.settings.initialSOCFraction
      ?? specification.limits.minimumSOC
    let celsius =
      try startTemperatureC ?? test?.startTemperatureC ?? around.airC(at: around.start)
    return DigitalTwin(
      specification, seed: scenario.settings.seed, socFraction: charge, temperatureC: celsius)
  }
}

extension DigitalTwin {
  /// Advances by a slot of a profile, with the photovoltaics that it has.
  fileprivate mutating func step(
    _ profile: BatteryProfile, slot: Int, airC: Double, seconds: Double, sun: Double
  ) throws -> TwinStep {
    guard let pv = profile.pvKW, specification.converter.pvCoupling == .dc else {
      return try step(
        profile.request(slot), ambientC: airC, seconds: seconds, irradianceWPerM2: sun)
    }
    return try step(
      siteKW: profile.powerKW(slot), pvKW: pv[slot], ambientC: airC, seconds: seconds,
      irradianceWPerM2: sun
    ).site
  }
}
