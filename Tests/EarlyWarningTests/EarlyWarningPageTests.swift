import EarlyWarning
import Telemetry
import TestSupport
import Testing

@Suite("Page of EarlyWarning") struct EarlyWarningPageTests {
  @Test("the page shows this code") func example() throws {
    #expect(try PageExample(room: "EarlyWarning").isCode())
    #expect(throws: (any Error).self) { try Self.page() }
  }

  private static func page() throws {
    let (log, _) = try readSignalLog([
      SignalFile(path: "temps.csv", name: "temps"), SignalFile(path: "bus.csv", name: "bus"),
    ])
    var columns = WarningColumns(temperature: "hot_spot_temp")
    columns.current = "bus_current"
    let frame = TelemetryFrame(log, name: "drive", columns: try columns.resolved(in: log))
    let task = WarningTask(leadSeconds: 30, limitC: 65, windowSeconds: 60)
    let data = WarningData([frame], task: task)
    let study = try WarningStudy(
      data, split: WarningSplit(data, rule: .blocks(5)),
      kinds: [.ridge, .logistic, .boosting, .twin],
      falseShare: 0.01, seed: 1)
    for score in study.scores { print(score.kind, score.meanAbsoluteErrorK, score.alarms.recall) }
  }
}
