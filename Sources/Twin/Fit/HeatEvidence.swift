/// How well measured runs tell a number.
public enum HeatEvidence: Sendable, Equatable {
  /// The runs tell it, with a standard error.
  case told(error: Double)
  /// Another tenth of the same data could have given a number far from this one.
  case uncertain(value: Double, error: Double)
  /// No cell of its size has such a number: the runs hold something that the fit does not know.
  case implausible(value: Double)
  /// The runs were not asked, or no positive number fits them.
  case silent

  /// Whether the number is the runs' own.
  public var isTold: Bool {
    if case .told = self { true } else { false }
  }

  /// The standard error of a number that is told.
  public var error: Double? {
    if case .told(let error) = self { error } else { nil }
  }
}
