package import Diagnostics
public import Numerics

/// What temperatures leave of the inverter's rating, in both directions.
public struct InverterDerating: Sendable, Equatable {
  /// Share of the rating over the heatsink's temperature; that of the inverter when nil. [°C]
  public var heatsink: LinearTable?
  /// Share of the rating over the temperature of the air around the inverter. [°C]
  public var ambient: LinearTable?
  /// Temperature of the heatsink that stops the inverter. [°C]
  public var stopC: Double?
  /// Temperature of the heatsink that lets it start again. [°C]
  public var restartC: Double?
  /// What else ends the stop; as it holds for both directions, no reversal does.
  public var release: StopRelease
  /// What a foreseen temperature of the heatsink takes of the rating.
  public var warning: DeratingWarning?

  /// Sets tables and levels; the default leaves what the inverter itself says.
  public init(
    heatsink: LinearTable? = nil, ambient: LinearTable? = nil, stopC: Double? = nil,
    restartC: Double? = nil, release: StopRelease = StopRelease()
  ) {
    self.heatsink = heatsink
    self.ambient = ambient
    self.stopC = stopC
    self.restartC = restartC
    self.release = release
  }

  /// Returns everything that makes the rules impossible.
  package func problems() -> Findings {
    var found = release.problems()
    if release.reset == .reversal {
      found.error("no direction ends a stop of the inverter", key: "latch_reset")
    }
    found.append("warning", warning?.problems() ?? Findings())
    for (key, table) in [("heatsink", heatsink), ("ambient", ambient)] {
      guard let wrong = table?.y.first(where: { !($0 >= 0 && $0 <= 1) }) else { continue }
      found.error(
        "every share of '\(key)' must be a fraction from 0 to 1, found '\(wrong)'", key: key)
    }
    switch (stopC, restartC) {
    case (nil, .some): found.error("'restart_c' needs 'stop_c'", key: "restart_c")
    case (.some, nil):
      found.error(
        "'stop_c' needs 'restart_c', the temperature that lets the inverter start again",
        key: "stop_c")
    case (let stop?, let restart?) where !(restart < stop):
      found.error(
        "'restart_c' must be less than 'stop_c' (\(stop)), found '\(restart)'", key: "restart_c")
    default: break
    }
    return found
  }

  /// Temperature up to which a table leaves the whole rating; infinite without one. [°C]
  static func coolC(_ table: LinearTable?) -> Double {
    guard let table else { return .infinity }
    var cool = -Double.infinity
    for (x, y) in zip(table.x, table.y) {
      guard y >= 1 else { break }
      cool = x
    }
    return cool
  }
}
