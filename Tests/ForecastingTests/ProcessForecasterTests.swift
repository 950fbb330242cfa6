import Diagnostics
import Forecasting
import Foundation
import TestSupport
import Testing
import TimeSeries

/// True when the machine has the interpreter these tests drive.
private let hasPython = FileManager.default.isExecutableFile(atPath: "/usr/bin/python3")

@Suite("Forecast programs", .serialized) struct ProcessForecasterTests {
  private static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  private func forecaster(
    _ command: [String], timeout: Double = 20, answers: String? = nil, levels: [Double] = []
  ) throws -> ProcessForecaster {
    var settings = ProcessForecaster.Settings(command: command)
    settings.timeoutSeconds = timeout
    settings.answersPath = answers
    return try ProcessForecaster(
      settings, site: SiteContext(zone: .utc), levels: levels, isAllowed: true)
  }

  private var request: ForecastRequest {
    let history = ForecastFixture.history(days: 12, gaps: false)
    return ForecastFixture.request(history, at: 240, count: 30, quantity: .load)
  }

  private func message(_ body: () throws -> Void) -> String {
    do {
      try body()
      return "no error"
    } catch let error as InputError {
      return error.diagnostics.map(\.message).joined()
    } catch {
      return "\(error)"
    }
  }

  @Test("the example in the repository answers", .enabled(if: hasPython))
  func example() throws {
    let path = Self.root.appendingPathComponent("scenarios/forecasters/seasonal_median.py").path
    let version = try forecaster(["python3", path], levels: [0.1, 0.9])
    let found = try version.forecast(request)
    let past = try #require(request.past[.load])
    let slot = (3...9).map { past[$0 * 24] }.sorted()
    #expect(found.values[0] == slot[3])
    #expect(found.values[24] == slot[3])
    #expect(found.quantileLevels == [0.1, 0.9])
    #expect(found.counts.filled == 0)
    #expect(try version.forecast(request) == found)
  }

  @Test("the adapter for data-frame models answers", .enabled(if: hasPython))
  func adapter() throws {
    let path = Self.root.appendingPathComponent("scenarios/forecasters/data_frame_model.py").path
    let version = try forecaster(["python3", path, "--stand-in"], levels: [0.1, 0.9])
    let found = try version.forecast(request)
    let past = try #require(request.past[.load])
    #expect(isClose(found.values[5], past[9 * 24 + 5], relative: 1e-12))
    #expect(isClose(found.quantiles[0][5], 0.6 * past[9 * 24 + 5], relative: 1e-12))
  }

  @Test("without permission nothing is started")
  func permission() {
    #expect(
      message {
        _ = try ProcessForecaster(
          .init(command: ["rm"]), site: SiteContext(zone: .utc), isAllowed: false)
      } == "the version runs 'rm'; allow that with --allow-exec")
  }

  @Test("time-out, end, and nonsense are errors with the line")
  func failures() throws {
    let slow = try forecaster(["sleep", "30"], timeout: 0.2)
    #expect(
      message { _ = try slow.forecast(request) }
        == "line 1 of 'sleep': no answer within 0.2 s, twice")
    let gone = try forecaster(["false"])
    #expect(
      message { _ = try gone.forecast(request) }
        == "line 1 of 'false': it ended with status 1, twice")
    let echo = try forecaster(["cat"])
    #expect(
      message { _ = try echo.forecast(request) }
        == "line 1 of 'cat': 'quantiles' must be an object of level and values")
    let short = try forecaster(["sh", "-c", "read l; echo '{\"values\":[1,2]}'"])
    #expect(
      message { _ = try short.forecast(request) }
        == "line 1 of 'sh': 'values' must have 30 values, found 2")
  }

  @Test(
    "answers that hold no numbers are errors, never zeros",
    arguments: [
      ("{\"values\":[\"1.5\",2,3]}", "'values' must hold numbers or null, found '1.5'"),
      ("{\"values\":[true,2,3]}", "'values' must hold numbers or null, found true"),
      ("{\"values\":\"1\"}", "'values' must be a list of numbers"),
      (
        "{\"values\":[1,2,3],\"values\":[4,5,6]}",
        "the answer must be one JSON object; column 19: 'values' stands twice in this object"
      ),
      ("[1,2,3]", "the answer must be one JSON object"),
      (
        "{\"values\":[1,2,",
        "the answer must be one JSON object; column 15: the JSON text ends too early"
      ),
      (
        "{\"quantiles\":{\"0x1p-1\":[1,2,3]}}", "a level must lie between 0 and 1, found '0x1p-1'"
      ),
    ] as [(String, String)])
  func nonsense(answer: String, problem: String) throws {
    let history = ForecastFixture.history(days: 12, gaps: false)
    let request = ForecastFixture.request(history, at: 240, count: 3, quantity: .load)
    let version = try forecaster(["sh", "-c", "read l; echo '\(answer)'"])
    #expect(message { _ = try version.forecast(request) } == "line 1 of 'sh': \(problem)")
  }

  @Test("answers are matched by number, and values that cannot be are refused")
  func matching() throws {
    let history = ForecastFixture.history(days: 12, gaps: false)
    func ask(_ script: String, times: Int = 1) throws -> String {
      let version = try forecaster(["sh", "-c", script])
      return message {
        for k in 0..<times {
          _ = try version.forecast(
            ForecastFixture.request(history, at: 240 + k, count: 3, quantity: .load))
        }
      }
    }
    let good = "{\"id\":1,\"values\":[1,2,3]}"
    #expect(try ask("read l; echo '\(good)'") == "no error")
    // The first answer comes twice: the second question gets it as its own.
    #expect(
      try ask("read l; echo '\(good)'; echo '\(good)'; read l; sleep 1", times: 2)
        == "line 2 of 'sh': an answer to line 1 came late or again, in place of that to line 2")
    #expect(
      try ask("read l; echo '{\"id\":7,\"values\":[1,2,3]}'")
        == "line 1 of 'sh': 'id' must be that of the question, 1, found 7")
    #expect(
      try ask("read l; echo '{\"id\":\"1\",\"values\":[1,2,3]}'")
        == "line 1 of 'sh': 'id' must be that of the question, 1, found '1'")
    #expect(
      try ask("read l; echo '{\"values\":[1,2,3]}'")
        == "line 1 of 'sh': the answer must repeat the question's 'id', 1")
    #expect(
      try ask("read l; echo '{\"id\":1,\"values\":[1,2,1e300]}'")
        == "line 1 of 'sh': values must lie within -10000000…10000000, found '1e+300'")
  }

  @Test("a program that ends is started again; a resumed run takes kept answers")
  func restart() throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("wattif-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let answers = folder.appendingPathComponent("answers").path
    let history = ForecastFixture.history(days: 12, gaps: false)
    let values = [String](repeating: "2.5", count: 3).joined(separator: ",")
    // Answers one line, then ends: every further question needs a new child.
    let script = """
      read l; id=${l#*\\"id\\":}; echo "{\\"id\\":${id%%,*},\\"values\\":[\(values)]}"
      """
    let first = try forecaster(["sh", "-c", script], answers: answers)
    for slot in [240, 246] {
      let request = ForecastFixture.request(history, at: slot, count: 3, quantity: .load)
      #expect(try first.forecast(request).values == [2.5, 2.5, 2.5])
    }
    let kept = try String(contentsOfFile: answers, encoding: .utf8)
    #expect(kept.split(separator: "\n").count == 2)
    // The same command with the answers at hand does not need the program: it fails on a new issue
    // only after it was asked.
    let resumed = try forecaster(["sh", "-c", script], timeout: 20, answers: answers)
    let request = ForecastFixture.request(history, at: 246, count: 3, quantity: .load)
    #expect(try resumed.forecast(request).values == [2.5, 2.5, 2.5])
    #expect(try String(contentsOfFile: answers, encoding: .utf8) == kept)
  }
}
