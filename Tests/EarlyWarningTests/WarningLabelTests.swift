import Testing

@testable import EarlyWarning

@Suite("Labels of early warnings") struct WarningLabelTests {
  /// Prints NaN as a dash.
  static func words(_ values: [Double]) -> [String] { values.map { $0.isNaN ? "-" : "\($0)" } }

  @Test("the lead is time and no label crosses a gap") func leads() {
    // Two stretches: 0…3 s and 10…12 s.
    let frame = TelemetrySample.frame(
      TelemetrySample.log([0, 1, 2, 3, 10, 11, 12], [("t", [60, 62, 66, 64, 60, 61, 70])]))
    let labels = WarningLabels(frame, task: WarningTask(leadSeconds: 2, limitC: 65))
    #expect(Self.words(labels.changeK) == ["6.0", "2.0", "-", "-", "10.0", "-", "-"])
    // At 2 s only one of two seconds is measured and below the limit; at 11 s the limit is seen to be reached.
    #expect(Self.words(labels.willBeHot) == ["1.0", "1.0", "-", "-", "1.0", "1.0", "-"])
    #expect(labels.onsets == [2, 6])
    #expect(labels.events == [2..<3, 6..<7])
    #expect(frame.counts.gaps == 1)
  }

  @Test("a step that was not measured is no target, and its temperature is held") func holes() {
    let frame = TelemetrySample.frame(
      TelemetrySample.log(
        Array(0..<10), [("t", [50, 51, .nan, 53, 54, .nan, .nan, .nan, .nan, 59])]))
    let labels = WarningLabels(frame, task: WarningTask(leadSeconds: 1, limitC: 65))
    #expect(
      Self.words(labels.changeK) == ["1.0", "-", "2.0", "1.0", "-", "-", "-", "-", "5.0", "-"])
    #expect(frame.counts.heldSteps == 5 && frame.counts.unknownSteps == 0)
  }

  @Test("a run begins anew, and already being hot is no onset") func runs() {
    let log = TelemetrySample.log(
      [0, 10, 20, 86_420, 86_430], [("t", [70, 60, 66, 70, 71])],
      runs: [("a", 0), ("b", 3)])
    let frame = TelemetrySample.frame(log)
    let labels = WarningLabels(frame, task: WarningTask(leadSeconds: 10, limitC: 65))
    #expect(labels.onsets == [2])
    #expect(labels.events == [0..<1, 2..<3, 3..<5])
    #expect(frame.runNames == ["a", "b"] && frame.counts.gaps == 0)
    #expect(frame.timeText(4) == "10")
  }
}

@Suite("Columns of early warnings") struct WarningFeatureTests {
  @Test("means of squares, changes and the plan, worked out by hand") func values() throws {
    // 2 A for a minute, then 4 A; 0.1 K a second.
    let instants = Array(stride(from: 0, through: 150, by: 10))
    let log = TelemetrySample.log(
      instants,
      [
        ("t", instants.map { 20 + Double($0) / 10 }), ("i", instants.map { $0 <= 60 ? 2 : -4 }),
      ])
    let frame = TelemetrySample.frame(log)
    let task = WarningTask(leadSeconds: 30, limitC: 100, windowSeconds: 60, knowsPlan: true)
    let features = WarningFeature.all(frame, task: task)
    #expect(
      features.map(\.key) == [
        "temperature", "rise", "heat", "heat_30s", "change_30s", "heat_60s", "change_60s",
        "measured_minus_twin", "planned_heat", "planned_heat_late",
      ])
    let table = FeatureTable(frame, features: features, task: task)
    // At 90 s: 30 s of 16 A², before them 30 s of 4 A²; the plan goes on with 16 A².
    #expect(
      Array(table.row(9)).map { $0.isNaN ? -1 : $0 } == [29, 9, 16, 16, 3, 10, 6, -1, 16, 16])
    // At 50 s: 10 s of 4 A² and 20 s of 16 A² are planned; the window of a minute is not whole.
    let row = Array(table.row(5))
    #expect(row[5].isNaN && row[8] == 12 && row[9] == 16)
  }

  @Test("a plan that is longer than what was measured reaches beyond it") func plans() {
    let instants = Array(stride(from: 0, through: 120, by: 10))
    let log = TelemetrySample.log(
      instants,
      [
        ("t", instants.map { $0 <= 90 ? 25 : .nan }), ("i", instants.map { $0 <= 90 ? 2 : .nan }),
        ("p", instants.map { $0 <= 90 ? 2 : 6 }),
      ])
    let frame = TelemetrySample.frame(log) { $0.plannedCurrent = "p" }
    // Values are held for 30 s, so what was measured ends at 120 s; with a shorter age it ends at 90 s.
    let task = WarningTask(leadSeconds: 30, limitC: 99, windowSeconds: 30, knowsPlan: true)
    let short = TelemetryFrame(
      log, name: "hand", columns: frame.columns, maxAgeSeconds: 5)
    #expect(short.stretches == [0..<10] && short.planned == [0..<13])
    let data = WarningData([short], task: task, allSteps: true)
    #expect(data.step.last == 9)
    let values = data.values(twin: nil).suffix(data.features.count)
    let row = Dictionary(uniqueKeysWithValues: zip(data.features.map(\.key), values))
    #expect(row["planned_heat"] == 36 && row["heat_30s"] == 4)
    // 30 s of 36 A² at 0.01 K/(s·A²), cooled with 1000 s: 0.36·1000·(1 − e^(−0.03)).
    let twin = OneNodeTwin(coolingS: 1000, perSquare: 0.01, perAmpere: 0, offsetK: 0)
    let change = 0.36 * 1000 * (1 - 0.970_445_533_548_508)
    #expect(abs(twin.changes(short, task: task)[9] - change) < 1e-9)
  }

  @Test("cell spread, sensors and their drift") func spreads() {
    let instants = Array(0...4)
    let log = TelemetrySample.log(
      instants,
      [
        ("t", [30, 31, 32, 33, 36]), ("t_b", [30, 30, 30, 30, 30]), ("t_c", [28, 28, 28, 28, 28]),
        ("cell1_v", [3.25, 3.25, 3.25, 3.25, 3]), ("cell2_v", [3.5, 3.5, 3.5, 3.5, 3.5]),
      ])
    let frame = TelemetrySample.frame(log) {
      $0.otherTemperatures = ["t_b", "t_c"]
      $0.cellVoltages = ["cell1_v", "cell2_v"]
    }
    let task = WarningTask(leadSeconds: 1, limitC: 100, windowSeconds: 3)
    let features = WarningFeature.all(frame, task: task)
    let table = FeatureTable(frame, features: features, task: task)
    let row = Dictionary(uniqueKeysWithValues: zip(features.map(\.key), table.row(4)))
    #expect(row["cell_spread"] == 0.5 && row["cell_spread_change"] == 0.25)
    // 36 − 29 now, 31 − 29 three seconds ago.
    #expect(row["sensor_spread"] == 8 && row["sensor_excess"] == 7 && row["sensor_drift"] == 5)
  }

  @Test("names may be patterns, and one that is not there is named with what is") func names()
    throws
  {
    let log = TelemetrySample.log(
      [0], [("t", [1]), ("cell01_v", [1]), ("cell02_v", [1]), ("cell01_temp", [1])])
    var columns = WarningColumns(temperature: "T")
    columns.cellVoltages = ["cell*_v"]
    #expect(try columns.resolved(in: log).cellVoltages == ["cell01_v", "cell02_v"])
    columns.current = "curent"
    do {
      _ = try columns.resolved(in: log)
      Issue.record("a signal that is not there was found")
    } catch {
      #expect(
        error.diagnostics.map(\.message) == ["there is no signal 'curent' for the current"])
    }
  }

  @Test("no column changes when the history ends at the time of issue") func truncation() {
    let twin = OneNodeTwin(coolingS: 300, perSquare: 0.002, perAmpere: 0, offsetK: 0)
    let frame = TelemetrySample.frame(
      TelemetrySample.heated(240, by: twin, seed: 3, noiseK: 0.1, runs: 2))
    let task = WarningTask(leadSeconds: 60, limitC: 30, windowSeconds: 120, knowsPlan: true)
    let features = WarningFeature.all(frame, task: task)
    let whole = FeatureTable(frame, features: features, task: task, twin: twin)
    var known = 0
    for k in stride(from: 3, to: 240, by: 7) {
      let cut = FeatureTable(frame.cut(through: k), features: features, task: task, twin: twin)
      for (column, feature) in features.enumerated() {
        let (a, b) = (Array(whole.row(k))[column], Array(cut.row(k))[column])
        if feature.isPlanned {
          // A plan reaches beyond what has been measured.
          #expect(b.isNaN && feature.knownAhead(task) == 60)
        } else {
          #expect(a == b || a.isNaN && b.isNaN, "\(feature.key) at \(k)")
          known += a.isNaN ? 0 : 1
        }
      }
    }
    #expect(known > 200)
  }
}

@Suite("Signals that know the future") struct ForesightGuardTests {
  private static let twin = OneNodeTwin(
    coolingS: 300, perSquare: 0.002, perAmpere: 0, offsetK: 0)

  /// What the guard finds of a signal made from labels and temperatures.
  private func finding(
    _ make: (_ labels: WarningLabels, _ t: [Double], _ k: Int) -> Double
  ) -> String? {
    let log = TelemetrySample.heated(400, by: Self.twin, seed: 5)
    let task = WarningTask(leadSeconds: 60, limitC: 30, windowSeconds: 120)
    let labels = WarningLabels(TelemetrySample.frame(log), task: task)
    let t = log["t"]?.mean ?? []
    let values = t.indices.map { make(labels, t, $0) }
    let leaked = TelemetrySample.log(
      log.instants, log.signals.map { ($0.name, $0.mean) } + [("extra", values)])
    let data = WarningData([TelemetrySample.frame(leaked, extras: ["extra"])], task: task)
    return ForesightGuard(data).finding
  }

  @Test("the change one step ago is refused, the one of a whole lead ago is known") func changes() {
    #expect(
      finding { labels, _, k in k > 0 ? labels.changeK[k - 1] : 0 }
        == "the signal 'extra' cannot be learned from: it is the change to be forecast, 10 s ago, "
        + "known 50 s from now")
    #expect(finding { labels, _, k in k >= 6 ? labels.changeK[k - 6] : 0 } == nil)
  }

  @Test("the label and a later temperature are refused, a noisy sensor is not") func labels() {
    #expect(
      finding { labels, _, k in labels.willBeHot[k].isNaN ? 0 : labels.willBeHot[k] }
        == "the signal 'extra' cannot be learned from: it is the label, known 60 s from now")
    #expect(
      finding { _, t, k in t[min(t.count - 1, k + 2)] }
        == "the signal 'extra' cannot be learned from: it is the temperature 20 s from now")
    #expect(finding { _, t, k in t[k] + (k % 2 == 0 ? 0.1 : -0.1) } == nil)
  }
}
