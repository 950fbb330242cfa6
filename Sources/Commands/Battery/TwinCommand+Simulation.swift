import CommandLine
import Diagnostics
import Documents
import Replay
import Reports
import Scenarios
import TimeSeries
import Twin

extension TwinCommand {
  /// Runs a battery under the profile and writes what is wanted of it.
  func simulated(
    _ specification: TwinSpecification, of scenario: Scenario, _ profile: PowerProfile,
    _ air: [Double], _ sun: HorizontalIrradiance?, folder: String?, _ context: CommandContext
  ) throws -> TwinReport {
    let sun = specification.enclosure.solarApertureM2 > 0 ? sun : nil
    var twin: DigitalTwin
    if let state {
      twin = try TwinStateFile.read(state, specification, context: context)
    } else {
      let start =
        socFraction ?? scenario.settings.initialSOCFraction ?? specification.limits.minimumSOC
      twin = DigitalTwin(
        specification, seed: scenario.settings.seed, socFraction: start, temperatureC: air[0])
    }
    let startSOC = twin.socFraction
    var limits = LimitLog(after: twin.ledger)
    var rows = TwinRows()
    var extremes = CellExtremes()
    var cellRows = try cells.map {
      try CellRows(path: $0, of: specification, everySeconds: cellsEverySeconds ?? 0)
    }
    let grid = profile.grid
    let seconds = Double(grid.stepSeconds)
    let parts = max(1, Int((seconds / 3600).rounded(.up)))
    for slot in 0..<grid.count {
      for part in 0..<parts {
        let step = try twin.step(
          requestKW: profile.powerKW[slot], ambientC: air[slot], seconds: seconds / Double(parts),
          irradianceWPerM2: sun?.wattPerM2[slot] ?? 0)
        limits.add(step, after: twin, seconds: seconds / Double(parts))
        extremes.add(step, after: twin)
        let instant = grid.instant(slot) + Int(Double(part) * seconds / Double(parts))
        if folder != nil { rows.add(step, at: instant, airC: air[slot]) }
        try cellRows?.add(twin, at: instant, seconds: seconds / Double(parts))
      }
    }
    try cellRows?.finish()
    let report = TwinReport(
      twin, startSOC: startSOC, limits: limits, extremes: extremes,
      sun: SunSummary(sun?.counts(in: grid.indices) ?? [:]))
    if let folder {
      try context.write(rows.text, to: "twin.csv", in: folder)
      try context.write(report.json.text() + "\n", to: "twin.json", in: folder)
    }
    if let savedState { try TwinStateFile.write(twin, to: savedState) }
    return report
  }

  /// Temperature of the air in every slot; a profile longer than the weather is an error.
  func airTemperature(_ history: SiteHistory?, profile: PowerProfile) throws -> [Double] {
    let grid = profile.grid
    if let ambientC { return [Double](repeating: ambientC, count: grid.count) }
    guard let history, let air = history[.ambient] else {
      throw InputError("the history has no 'ambient'; give '--ambient'")
    }
    return try (0..<grid.count).map { slot in
      let instant = grid.instant(slot)
      guard let index = history.grid.index(containing: instant) else {
        throw InputError(
          "the profile has \(Instant.utcText(instant)), the weather goes from "
            + "\(Instant.utcText(history.grid.start)) to \(Instant.utcText(history.grid.end)); "
            + "give '--ambient'", at: profile.position(of: slot))
      }
      guard air[index].isFinite else {
        throw InputError(
          "no 'ambient' at \(Instant.utcText(instant)); give '--ambient'",
          at: profile.position(of: slot))
      }
      return air[index]
    }
  }
}
