import CommandLine
import Diagnostics
import Scenarios
import TimeSeries
import Twin

/// Air and sun around the batteries of a run of `wattif twin`.
struct TwinSurroundings {
  /// First instant. [UTC epoch s]
  let start: Int
  /// Temperature of the air where it is the same all the time. [°C]
  private let constantC: Double?
  private let history: SiteHistory?
  /// The sun, on the grid of the profile or of the history; nil in a chamber.
  private let sun: HorizontalIrradiance?
  /// Where a missing temperature stands.
  private let place: (Int) -> SourcePosition
  private let subject: String

  /// Surroundings of a profile: air by option or from the history, sun from the history.
  ///
  /// - Throws: `InputError` where the weather does not reach as far as the profile.
  init(
    _ profile: BatteryProfile, ambientC: Double?, isSunny: Bool, scenario: Scenario
  ) throws {
    start = profile.grid.start
    constantC = ambientC
    history = ambientC == nil || isSunny ? try scenario.loadHistory().history : nil
    sun =
      isSunny
      ? HorizontalIrradiance(on: profile.grid, from: history, place: scenario.site.place) : nil
    let grid = profile.grid
    place = { profile.position(of: grid.index(containing: $0) ?? 0) }
    subject = "the profile has"
    for slot in grid.indices { _ = try airC(at: grid.instant(slot)) }
  }

  /// Surroundings of a test protocol: a chamber where a temperature is stated, the history's weather from the
  /// start of the period on without.
  init(
    _ path: String, ambientC: Double?, isSunny: Bool, scenario: Scenario, context: CommandContext
  ) throws {
    start = scenario.period.start
    constantC = ambientC
    history = ambientC == nil ? try scenario.loadHistory().history : nil
    sun =
      isSunny && ambientC == nil
      ? history.map { HorizontalIrradiance(on: $0.grid, from: $0, place: scenario.site.place) }
      : nil
    place = { _ in SourcePosition(file: path) }
    subject = "the protocol goes on to"
    if isSunny, ambientC != nil {
      context.report([
        .warning(
          "a protocol at a stated temperature of the air is run in a chamber: the sun on the enclosure "
            + "does not act", at: SourcePosition(file: path))
      ])
    }
  }

  /// Temperature of the air at an instant. [°C]
  ///
  /// - Throws: `InputError` where it is not known.
  func airC(at instant: Int) throws -> Double {
    if let constantC { return constantC }
    guard let history, let air = history[.ambient] else {
      throw InputError("the history has no 'ambient'; give '--ambient'")
    }
    guard let index = history.grid.index(containing: instant) else {
      throw InputError(
        "\(subject) \(Instant.utcText(instant)), the weather goes from "
          + "\(Instant.utcText(history.grid.start)) to \(Instant.utcText(history.grid.end)); "
          + "give '--ambient'", at: place(instant))
    }
    guard air[index].isFinite else {
      throw InputError(
        "no 'ambient' at \(Instant.utcText(instant)); give '--ambient'", at: place(instant))
    }
    return air[index]
  }

  /// Sun on an enclosure at an instant. [W/m²]
  func sunWPerM2(at instant: Int) -> Double {
    guard let sun, let index = sun.grid.index(containing: instant) else { return 0 }
    return sun.wattPerM2[index]
  }

  /// Slots up to an instant by where their sun is known from; none in the dark.
  func sunSlots(until end: Int) -> [HorizontalIrradiance.Source: Int] {
    guard let sun else { return [:] }
    let first = sun.grid.index(containing: start) ?? 0
    let last = sun.grid.index(containing: end - 1) ?? sun.grid.count - 1
    return sun.counts(in: first..<max(first, last) + 1)
  }
}
