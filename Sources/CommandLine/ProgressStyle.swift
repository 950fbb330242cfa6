/// How progress is shown on standard error.
package enum ProgressStyle: String, ArgumentChoice, Sendable {
  /// A bar that is drawn anew, on a terminal; lines elsewhere.
  case bar
  /// A line every ten seconds.
  case lines
  /// One JSON object a second on a line of its own.
  case json
  /// Nothing.
  case none

  /// Least time between two signs of life. [s]
  func leastSeconds(onTerminal: Bool) -> Double {
    switch self {
    case .bar: onTerminal ? 0.1 : ProgressStyle.lines.leastSeconds(onTerminal: false)
    case .lines: 10
    case .json: 1
    case .none: .infinity
    }
  }
}
