/// What a model reads of a quantity's state that is only kept up for those who read it.
///
/// Values, their means over seven days and their mistakes are always kept.
struct StateColumns: OptionSet, Sendable {
  let rawValue: Int

  /// Means over 28 days and of the neighbouring slots.
  static let features = StateColumns(rawValue: 1)
  /// Smoothed means per slot of the day.
  static let smoother = StateColumns(rawValue: 2)
  /// Where the sun stands; production is always told, for its guards.
  static let sun = StateColumns(rawValue: 4)

  /// What was observed of the other quantities.
  static let others = StateColumns(rawValue: 8)

  static let all: StateColumns = [.features, .smoother, .sun, .others]
}
