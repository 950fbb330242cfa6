import Forecasting
import Planning
import Replay
import Synthesis
import Tariffs
import TimeSeries
import Twin

/// A year at 15 min with hourly plans of 36 h for a synthetic home.
enum ReplayBenchmarks {
  static func cases() -> [BenchmarkCase] { [] }
}
