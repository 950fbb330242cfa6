import Synchronization

/// Shows how far a task is, the one writer of progress: a bar on a terminal, a line every ten seconds
/// elsewhere, JSON lines where they are asked for.
///
/// Safe to call from several threads. Whatever is no terminal gets no control characters; a task that ends
/// before the first line says nothing there.
package final class Progress: Sendable {
  private let task: String
  private let total: Int
  private let console: Console
  private let style: ProgressStyle
  private let start: Double
  private let state: Mutex<State>

  private struct State {
    var done = 0
    var shownAt: Double
    var hasShown = false
    var isFinished = false
  }

  /// Starts a task.
  ///
  /// - Parameters:
  ///   - task: A word for the task, of letters.
  ///   - total: Number of units of work.
  ///   - console: Where to show it.
  ///   - style: How to show it.
  package init(task: String, total: Int, console: Console, style: ProgressStyle = .bar) {
    self.task = task
    self.total = total
    self.console = console
    self.style = style
    start = console.seconds()
    // A line tells more than that something has begun; a bar and a program are told that at once.
    state = Mutex(State(shownAt: style == .json ? -.infinity : start))
  }

  /// A task that ends by an error leaves no bar behind.
  deinit { finish() }

  /// Adds finished units.
  package func advance(by units: Int = 1) {
    guard style != .none else { return }
    state.withLock { state in
      state.done += units
      show(&state)
    }
  }

  /// Sets the number of finished units; smaller numbers than before are ignored.
  package func advance(to units: Int) {
    guard style != .none else { return }
    state.withLock { state in
      guard units > state.done else { return }
      state.done = units
      show(&state)
    }
  }

  /// Ends the display; the bar is wiped so that results start on a clean line.
  package func finish() {
    guard style != .none else { return }
    state.withLock { state in
      guard !state.isFinished else { return }
      state.isFinished = true
      if style == .json {
        console.writeError(object(state, now: console.seconds()))
      } else if state.hasShown {
        let isBar = style == .bar && console.errorWidth() != nil
        console.writeError(isBar ? "\r\u{1B}[2K" : line(state, now: console.seconds()))
      }
    }
  }

  private func show(_ state: inout State) {
    guard !state.isFinished else { return }
    let now = console.seconds()
    let width = style == .bar ? console.errorWidth() : nil
    guard now - state.shownAt >= style.leastSeconds(onTerminal: width != nil) else { return }
    state.shownAt = now
    state.hasShown = true
    if let width {
      console.writeError("\r\u{1B}[2K" + bar(state, now: now, width: width))
    } else {
      console.writeError(style == .json ? object(state, now: now) : line(state, now: now))
    }
  }

  /// Units per second since the start and seconds left at that rate.
  private func pace(_ state: State, now: Double) -> (rate: Double?, left: Double?) {
    let elapsed = now - start
    guard elapsed > 0, state.done > 0 else { return (nil, nil) }
    let rate = Double(state.done) / elapsed
    return (rate, Double(max(0, total - state.done)) / rate)
  }

  private func share(_ state: State) -> Double {
    total > 0 ? min(1, Double(state.done) / Double(total)) : 1
  }

  private func bar(_ state: State, now: Double, width: Int) -> String {
    let share = share(state)
    let (rate, left) = pace(state, now: now)
    let tail =
      " \(Int(share * 100)) %  \(state.done)/\(total)"
      + (rate.map { "  \(shortRate($0))/s" } ?? "") + (left.map { "  \(clock($0)) left" } ?? "")
    let cells = min(40, width - task.count - tail.count - 5)
    guard cells >= 5 else { return String("\(task)\(tail)".prefix(max(0, width - 1))) }
    let full = Int(share * Double(cells))
    return "\(task) [" + String(repeating: "#", count: full)
      + String(repeating: "-", count: cells - full) + "]" + tail
  }

  private func line(_ state: State, now: Double) -> String {
    let passed = "\(task): \(Int(share(state) * 100)) % after \(clock(now - start))"
    guard !state.isFinished, let left = pace(state, now: now).left else { return passed + "\n" }
    return "\(passed), \(clock(left)) left\n"
  }

  private func object(_ state: State, now: Double) -> String {
    let (rate, left) = pace(state, now: now)
    func rounded(_ value: Double?, _ places: Double) -> String {
      guard let value = value.map({ ($0 * places).rounded() / places }) else { return "null" }
      return value == value.rounded() && value < 1e15 ? String(Int(value)) : String(value)
    }
    let members = [
      "\"done\":\(state.done)", "\"event\":\"progress\"", "\"left_s\":\(rounded(left, 10))",
      "\"rate_per_s\":\(rounded(rate, 100))", "\"task\":\"\(task)\"", "\"total\":\(total)",
    ]
    return "{\(members.joined(separator: ","))}\n"
  }

  private func shortRate(_ rate: Double) -> String {
    rate >= 10 ? String(Int(rate)) : String((rate * 10).rounded() / 10)
  }

  private func clock(_ seconds: Double) -> String {
    let whole = Int(min(seconds, 1e9).rounded(.up))
    let (hours, minutes, rest) = (whole / 3600, whole / 60 % 60, whole % 60)
    let padded = rest < 10 ? "0\(rest)" : "\(rest)"
    guard hours > 0 else { return "\(minutes):\(padded)" }
    return "\(hours):\(minutes < 10 ? "0\(minutes)" : "\(minutes)"):\(padded)"
  }
}
