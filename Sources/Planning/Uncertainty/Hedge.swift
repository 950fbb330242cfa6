/// How a plan takes the error of its forecast into account.
public enum Hedge: Sendable, Hashable {
  /// Not at all: the point forecast is taken for the truth.
  case none
  /// The point forecast is replaced by a quantile of the paths: of the load, and of one less it for
  /// photovoltaics. 0…1.
  case quantileMargin(Double)
  /// Each slot is decided against the mean of the cost to go over the paths.
  case expectedValue
}
