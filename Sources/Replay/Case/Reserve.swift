package import Tariffs

/// Energy that stays in the battery for outages, in every run alike.
///
/// The grid is there in a replay, so the energy is not let out; what readiness costs shows in the money.
package struct Reserve: Sendable, Hashable {
  /// Share of the usable energy at all times without a window.
  package var fraction = 0.0
  /// Times with another share; where two hold, the first counts.
  package var windows: [Window] = []
  /// Outages that are expected; nothing without any.
  package var outages: ExpectedOutages?

  /// A time with a share of its own.
  package struct Window: Sendable, Hashable {
    /// When it holds, on the local clock.
    package var time: CalendarWindow
    /// Share of the usable energy then.
    package var fraction: Double

    /// States a time and its share.
    package init(time: CalendarWindow, fraction: Double) {
      self.time = time
      self.fraction = fraction
    }
  }

  /// Keeps a share at all times.
  package init(fraction: Double = 0, windows: [Window] = [], outages: ExpectedOutages? = nil) {
    self.fraction = fraction
    self.windows = windows
    self.outages = outages
  }

  /// Whether nothing is ever kept.
  package var isNone: Bool {
    fraction <= 0 && windows.allSatisfy { $0.fraction <= 0 } && outages == nil
  }
}
