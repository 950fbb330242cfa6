package import Diagnostics

/// Days with a name of their own, such as the red days of a tariff or its critical peaks.
///
/// Windows that name a kind apply on its days alone and go before all others there.
package struct DayKind: Sendable, Hashable {
  /// The name by which windows ask for it.
  package var name: String
  /// Local days, counted from 1970-01-01.
  package var days: [Int]
  /// Stretches of time in place of whole days or beside them.
  package var events: [DemandEvent]
  /// Minute of the day at which a day of the kind begins; what is earlier belongs to the day before. [min]
  package var startMinute: Int
  /// Minute of the day before from which on plans know a day; nothing for always. [min]
  package var knownMinute: Int?
  /// Where the kind was written.
  package var position: SourcePosition?

  /// Creates a kind of day.
  package init(
    _ name: String, days: [Int] = [], events: [DemandEvent] = [], startMinute: Int = 0,
    knownMinute: Int? = nil, position: SourcePosition? = nil
  ) {
    self.name = name
    self.days = days
    self.events = events
    self.startMinute = startMinute
    self.knownMinute = knownMinute
    self.position = position
  }
}
