import Replay
import Testing
import TimeSeries

@Suite("Columns of a trace") struct TraceColumnsTests {
  private let grid = TimeGrid(start: 0, stepSeconds: 900, count: 3)

  @Test("every stored column of numbers is declared, and none twice")
  func declared() {
    let stored = Mirror(reflecting: ReplayTrace(grid: grid)).children
      // An empty list of anything counts as one of numbers.
      .filter { type(of: $0.value) == [Double].self }.count
    #expect(ReplayTrace.columns.count == stored)
    #expect(Set(ReplayTrace.columns.map(\.key)).count == stored)
    #expect(Set(ReplayTrace.columns.map { $0.values as AnyKeyPath }).count == stored)
  }

  @Test("an empty trace has one missing value per interval in every column")
  func empty() {
    let trace = ReplayTrace(grid: grid)
    for column in ReplayTrace.columns {
      let values = trace[keyPath: column.values]
      #expect(values.count == 3 && values.allSatisfy(\.isNaN), "\(column.key)")
    }
    #expect(trace.limitedBy == [nil, nil, nil])
  }
}
