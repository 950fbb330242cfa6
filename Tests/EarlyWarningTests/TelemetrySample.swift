import Numerics

@testable import EarlyWarning
@testable import Telemetry

/// Telemetry that is put together by hand.
enum TelemetrySample {
  /// A log of signals with one value per step; NaN where a signal has none.
  static func log(
    _ instants: [Int], _ signals: [(name: String, values: [Double])],
    runs: [(name: String, position: Int)] = []
  ) -> SignalLog {
    var log = SignalLog(
      stepSeconds: 1, instants: instants,
      signals: signals.map { name, values in
        SignalLog.Signal(
          name: name, unit: "", file: "hand", mean: values, minimum: values, maximum: values,
          rms: values.map(abs), absoluteMean: values.map(abs),
          count: values.map { $0.isNaN ? 0 : 1 })
      }, samplesPerFile: [])
    log.runs = runs
    return log
  }

  /// The frame of a log with temperature `t` and, where it has them, current `i` and surroundings `around`.
  static func frame(
    _ log: SignalLog, extras: [String] = [], change: (inout WarningColumns) -> Void = { _ in }
  ) -> TelemetryFrame {
    var columns = WarningColumns(temperature: "t")
    columns.current = log["i"] == nil ? nil : "i"
    columns.surroundings = log["around"] == nil ? nil : "around"
    columns.extras = extras
    change(&columns)
    return TelemetryFrame(log, name: "hand", columns: columns)
  }

  /// A body that a current heats, by its exact solution: steps of 10 s, the current changes every 120 s.
  static func heated(
    _ count: Int, by twin: OneNodeTwin, seed: UInt64, noiseK: Double = 0, runs: Int = 1,
    mostA: Double = 6
  ) -> SignalLog {
    var random = SeededGenerator(seed: seed, label: "sample")
    var (instants, t, i, starts): ([Int], [Double], [Double], [(name: String, position: Int)]) =
      ([], [], [], [])
    for run in 0..<runs {
      var body = 25.0
      var current = 0.0
      starts.append(("run \(run + 1)", instants.count))
      for k in 0..<count / runs {
        if k % 12 == 0 { current = random.uniform(0, mostA) }
        if k > 0 {
          let decay = exponential(-10 / twin.coolingS)
          let heat = twin.perSquare * current * current + twin.perAmpere * current
          body = body * decay + (25 + twin.offsetK + heat * twin.coolingS) * (1 - decay)
        }
        instants.append(run * 86_400 + k * 10)
        i.append(current)
        t.append(body + (k > 0 ? noiseK * random.normal() : 0))
      }
    }
    return log(instants, [("t", t), ("i", i)], runs: runs > 1 ? starts : [])
  }
}
