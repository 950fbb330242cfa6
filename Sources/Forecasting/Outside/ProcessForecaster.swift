import Diagnostics
import Documents
import Foundation
import Numerics
import TimeSeries

/// A version made by a program of somebody else's, asked once per issue over a pipe.
///
/// One JSON line goes out per issue, one comes back; see <doc:ForecastPrograms>. The history in the
/// line is cut at the issue time, so the program cannot look ahead. A program that ends or takes
/// too long is started again and asked once more; then, and at once when an answer is malformed,
/// the run fails with the number of the line. Answers can be kept in a file, and a run that is
/// resumed takes them from there.
package final class ProcessForecaster: Forecaster, @unchecked Sendable {
  // Unchecked: `lock` protects the process and the answers.

  /// How a program is asked.
  package struct Settings: Sendable, Hashable {
    /// Program and arguments.
    package var command: [String]
    /// Longest time for one answer. [s]
    package var timeoutSeconds = 60.0
    /// Newest days of history sent with each line. [d]
    package var historyDays = 60
    /// File that keeps the answers, or nothing.
    package var answersPath: String?

    /// Names a program.
    package init(command: [String]) { self.command = command }
  }

  private let settings: Settings
  private let site: SiteContext
  private let levels: [Double]
  private let lock = NSLock()
  private let process: ForecastProcess
  private var lineNumber = 0
  private var answers: [String: [UInt8]] = [:]

  /// Prepares to ask a program; nothing is started yet.
  ///
  /// - Throws: `InputError` when running programs is not allowed, the command is empty, or kept
  ///   answers cannot be read.
  package init(
    _ settings: Settings, site: SiteContext, levels: [Double] = [], isAllowed: Bool
  ) throws {
    guard isAllowed else {
      throw InputError(
        "the version runs '\(settings.command.joined(separator: " "))';"
          + " allow that with --allow-exec")
    }
    guard settings.command.first?.isEmpty == false else {
      throw InputError("'command' must name a program")
    }
    self.settings = settings
    self.site = site
    self.levels = levels
    process = ForecastProcess(
      command: settings.command, timeoutSeconds: settings.timeoutSeconds)
    if let path = settings.answersPath, TextFile.exists(path) {
      for line in try TextFile(path, isUnicode: true).bytes.split(separator: 10) {
        // `hash answer`; an unfinished last line is asked again.
        guard let space = line.firstIndex(of: 32), line.last == UInt8(ascii: "}") else { continue }
        answers[String(decoding: line[..<space], as: UTF8.self)] = Array(line[(space + 1)...])
      }
    }
  }

  /// Returns the program's answer for an issue.
  ///
  /// - Throws: `InputError` that names the line when the program fails twice or answers nonsense.
  package func forecast(_ request: ForecastRequest) throws -> Forecast {
    _ = try request.frame()
    return try lock.withLock {
      let body = ForecastLine.question(
        request, historyDays: settings.historyDays, levels: levels)
      let key = Fingerprint(settings.command.joined(separator: "\u{0}") + body).text
      lineNumber += 1
      let answer: [UInt8]
      if let kept = answers[key] {
        answer = kept
      } else {
        answer = try ask("{\"id\":\(lineNumber),\(body)}")
      }
      let parsed: ForecastAnswer
      do {
        parsed = try ForecastAnswer(
          answer, id: answers[key] == nil ? lineNumber : nil, count: request.grid.count,
          levels: levels, possible: request.quantity.possible)
      } catch let problem as ForecastAnswer.Problem {
        throw InputError("line \(lineNumber) of '\(settings.command[0])': \(problem.text)")
      }
      if answers[key] == nil { try keep(answer, key) }
      return finish(parsed, request)
    }
  }

  private func ask(_ line: String) throws -> [UInt8] {
    var last = ForecastProcess.Failure.timedOut
    for _ in 0..<2 {
      do throws(ForecastProcess.Failure) {
        return try process.ask(line)
      } catch {
        last = error
      }
    }
    let reason =
      switch last {
      case .notStarted(let why): "it could not be started: \(why)"
      case .timedOut: "no answer within \(settings.timeoutSeconds) s, twice"
      case .ended(let status): "it ended with status \(status), twice"
      }
    throw InputError("line \(lineNumber) of '\(settings.command[0])': \(reason)")
  }

  private func keep(_ answer: [UInt8], _ key: String) throws {
    answers[key] = answer
    guard let path = settings.answersPath else { return }
    try FileWriter.append("\(key) \(String(decoding: answer, as: UTF8.self))\n", to: path)
  }

  private func finish(_ answer: ForecastAnswer, _ request: ForecastRequest) -> Forecast {
    var forecast = Forecast(
      grid: request.grid, values: answer.values, quantileLevels: answer.levels,
      quantiles: answer.quantiles)
    for k in request.grid.indices {
      if !forecast.values[k].isFinite { forecast.values[k] = forecast.median(k) }
      if !forecast.values[k].isFinite {
        forecast.values[k] = CausalFallback.value(at: request.grid.instant(k), request: request)
        forecast.counts.filled += 1
      }
      for q in forecast.quantiles.indices where !forecast.quantiles[q][k].isFinite {
        forecast.quantiles[q][k] = forecast.values[k]
      }
      forecast.limit(k, quantity: request.quantity, site: site)
    }
    forecast.sortQuantiles()
    return forecast
  }
}
