import Telemetry
import TestSupport
import Testing

@testable import EarlyWarning

/// Figures of the data sets' descriptions and of a separate computation with NumPy (complete windows of 600 s, runs
/// 1–35 fitted on, 36–50 scored, ridge with a penalty of 10 on the same columns without temperature and twin).
@Suite(
  "Measured early warnings",
  .enabled(if: RealData.folder != nil, "no measured data: the variable WATTIF_DATA names no folder")
)
struct MeasuredWarningTests {
  private func cell(_ number: Int) throws -> TelemetryFrame {
    let path = "\(RealData.folder ?? "")/battery_cells_lab/dmegc18650_r\(number).csv"
    var file = SignalFile(path: path, name: "r\(number)", timeColumn: "time_s")
    file.runColumns = ["run"]
    file.filters = [RowFilter(column: "test", equals: "random")]
    let (log, _) = try readSignalLog([file])
    var columns = WarningColumns(temperature: "surface_temp_c")
    columns.current = "current_a"
    columns.voltage = "voltage_v"
    return TelemetryFrame(log, name: "r\(number)", columns: columns)
  }

  @Test(
    "errors of a lab cell",
    arguments: [
      // lead, no change, trend, ridge, ridge with plan
      (30, 0.1926, 0.1644, 0.1173, 0.1103), (300, 0.9165, 1.3892, 0.8117, 0.2757),
    ])
  func cells(
    _ lead: Int, _ still: Double, _ trend: Double, _ ridge: Double, _ planned: Double
  ) throws {
    let frame = try cell(1)
    for knowsPlan in [false, true] {
      let data = WarningData(
        [frame],
        task: WarningTask(leadSeconds: lead, limitC: 31, knowsPlan: knowsPlan),
        without: ["temperature", "measured_minus_twin"])
      let study = try WarningStudy(
        data, split: WarningSplit(data, rule: .first(share: 0.7)), kinds: [.ridge],
        falseShare: 0.01, seed: 1)
      let errors = Dictionary(
        uniqueKeysWithValues: study.scores.map { ($0.kind, $0.meanAbsoluteErrorK) })
      #expect(isClose(errors[.noChange] ?? 0, still, relative: 0.01))
      #expect(isClose(errors[.trend] ?? 0, trend, relative: 0.01))
      #expect(isClose(errors[.ridge] ?? 0, knowsPlan ? planned : ridge, relative: 0.02))
    }
  }

  @Test("an inverter's three onsets, its gaps and its restarts") func inverter() throws {
    let folder = "\(RealData.folder ?? "")/inverter_ds3000"
    let (log, _) = try readSignalLog(
      ["inverter_temps", "inverter_voltage_current"].map {
        SignalFile(path: "\(folder)/\($0).csv", name: $0)
      })
    var columns = WarningColumns(temperature: "inv_hot_spot_temp")
    columns.current = "inv_dc_bus_current"
    let frame = TelemetryFrame(log, name: "inverter", columns: columns)
    let labels = WarningLabels(frame, task: WarningTask(leadSeconds: 30, limitC: 65))
    #expect(
      labels.onsets.map { frame.timeText($0).suffix(9) } == ["19:42:58Z", "19:44:24Z", "19:53:42Z"])
    #expect(labels.events.map(\.count) == [29, 6, 63])
    #expect(frame.counts.gaps == 11)
    // No step of a restart's ramp is left: all 45 s below 20 °C belong to one.
    let kept = frame.stretches.flatMap { $0.map { frame.temperatureC[$0] } }
    #expect(kept.allSatisfy { $0 >= 20 } && frame.counts.rampSteps > 45)
    for k in frame.instants.indices where labels.changeK[k].isFinite {
      #expect(frame.instants[labels.target[k]] - frame.instants[k] == 30)
    }
  }
}
