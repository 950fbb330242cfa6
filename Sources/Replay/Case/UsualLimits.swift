package import TimeSeries

/// What plans reckon with where they do not know yet what the connection will let through.
///
/// A grid operator that lowers a limit says so some time ahead, or not at all; a plan that knew of it before would
/// know the future.
package struct UsualLimits: Sendable, Hashable {
  /// Highest import unless something else is known. [kW]
  package var importKW: PowerLimit
  /// Highest export unless something else is known. [kW]
  package var exportKW: PowerLimit
  /// How long ahead other limits are known. [s]
  package var knownSeconds: Int

  /// Reckons with limits over the intervals of a period.
  package init(importKW: PowerLimit, exportKW: PowerLimit, knownSeconds: Int) {
    self.importKW = importKW
    self.exportKW = exportKW
    self.knownSeconds = knownSeconds
  }
}

/// The limits of a connection as plans are told of them, on the slots of plans.
struct PlannedLimits {
  private let importKW: PowerLimit
  private let exportKW: PowerLimit
  private let usual: UsualLimits?
  private let knownSlots: Int

  init(_ replay: ReplayCase) {
    let step = replay.settings.planningStepSeconds
    let factor = step / replay.period.stepSeconds
    // What is to hold all through a slot is the lowest within it.
    func planned(_ limit: PowerLimit) -> PowerLimit {
      limit.coarsened(by: factor) { $0.min() ?? .infinity }
    }
    importKW = planned(replay.importLimitKW)
    exportKW = planned(replay.exportLimitKW)
    usual = replay.usualLimits.map {
      UsualLimits(
        importKW: planned($0.importKW), exportKW: planned($0.exportKW),
        knownSeconds: $0.knownSeconds)
    }
    // The slot that has begun is known.
    knownSlots = usual.map { max(1, $0.knownSeconds / step) } ?? 0
  }

  /// Returns the limits of the slots of a plan that is made when the first of them begins.
  func over(_ slots: Range<Int>) -> (importKW: PowerLimit, exportKW: PowerLimit) {
    let known = (importKW[slots], exportKW[slots])
    guard let usual else { return known }
    func told(_ limit: PowerLimit, _ usual: PowerLimit) -> PowerLimit {
      usual.map(slots: slots.count) { t, kW in t < knownSlots ? limit[t] : kW }
    }
    return (told(known.0, usual.importKW[slots]), told(known.1, usual.exportKW[slots]))
  }
}
