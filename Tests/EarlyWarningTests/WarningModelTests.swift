import Diagnostics
import Documents
import Foundation
import Numerics
import TestSupport
import Testing
import Twin

@testable import EarlyWarning

@Suite("Models of early warnings") struct WarningModelTests {
  @Test("a body of one node is found again from its temperatures") func twin() throws {
    // One of the time constants that are tried.
    let tau = 5 * raise(3600, to: 20.0 / 39)
    let body = OneNodeTwin(coolingS: tau, perSquare: 0.002, perAmpere: 0.004, offsetK: 1.5)
    let frame = TelemetrySample.frame(TelemetrySample.heated(600, by: body, seed: 1))
    let labels = WarningLabels(frame, task: WarningTask(leadSeconds: 300, limitC: 99))
    let found = try #require(
      OneNodeTwin.fit([frame], labels: [labels], rows: [Array(0..<600)]))
    #expect(isClose(found.coolingS, tau, relative: 1e-9))
    #expect(isClose(found.perSquare, 0.002, relative: 1e-4))
    #expect(isClose(found.perAmpere, 0.004, relative: 1e-3))
    #expect(isClose(found.offsetK, 1.5, relative: 1e-3))
    // With the plan the change over the lead is exact, and the simulation from the start stays on the body.
    let task = WarningTask(leadSeconds: 120, limitC: 99, knowsPlan: true)
    let changes = body.changes(frame, task: task)
    let truth = WarningLabels(frame, task: task).changeK
    #expect((0..<588).allSatisfy { isClose(changes[$0], truth[$0], absolute: 1e-9) })
    let path = body.path(frame, frame.stretches[0], startC: 25)
    #expect(zip(path, frame.temperatureC).allSatisfy { isClose($0, $1, absolute: 1e-9) })
    #expect(OneNodeTwin.fit([frame], labels: [labels], rows: [[1, 2]]) == nil)
  }

  @Test("without a plan the current goes on as it was") func persistence() {
    // 3 A throughout from 25 °C: T(t) = 25 + 9·a·τ·(1 − e^(−t/τ)), which the twin continues exactly.
    let body = OneNodeTwin(coolingS: 200, perSquare: 0.01, perAmpere: 0, offsetK: 0)
    let instants = Array(stride(from: 0, through: 900, by: 10))
    let log = TelemetrySample.log(
      instants,
      [
        ("t", instants.map { 25 + 18 * (1 - exponential(-Double($0) / 200)) }),
        ("i", instants.map { _ in 3 }),
      ])
    let frame = TelemetrySample.frame(log)
    let task = WarningTask(leadSeconds: 60, limitC: 99)
    let changes = body.changes(frame, task: task)
    let truth = WarningLabels(frame, task: task).changeK
    #expect((0..<85).allSatisfy { isClose(changes[$0], truth[$0], absolute: 1e-9) })
  }

  @Test(
    "asked sample by sample a kept model says the same as of the whole",
    arguments: [WarningModel.Kind.ridge, .boosting, .twin, .trend], [false, true])
  func stream(kind: WarningModel.Kind, knowsPlan: Bool) throws {
    let body = OneNodeTwin(coolingS: 300, perSquare: 0.003, perAmpere: 0, offsetK: 0)
    let log = TelemetrySample.heated(2400, by: body, seed: 6, noiseK: 0.05)
    let frame = TelemetrySample.frame(log)
    let task = WarningTask(
      leadSeconds: 60, limitC: 40, windowSeconds: 120, knowsPlan: knowsPlan)
    let data = WarningData([frame], task: task)
    let study = try WarningStudy(
      data, split: WarningSplit(data, rule: .blocks(3)), kinds: [kind], falseShare: 0.05, seed: 1)
    let training = try WarningTraining(study, kind: kind, seed: 1)
    let made = WarningModelFile(
      model: training.model, columns: frame.columns, typicalSeconds: 10, threshold: 0.5,
      provenance: [:])
    // Written and read again.
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try made.json.text().write(to: folder, atomically: true, encoding: .utf8)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = try WarningModelFile(TextFile(folder.path))
    let whole = try file.answer([frame])
    let said = Dictionary(
      uniqueKeysWithValues: zip(whole.data.step, whole.predictions))
    let stream = try WarningStream(file, signals: ["t": .hottestCell, "i": .current])
    var past = HeatPast()
    var compared = 0
    let (t, i) = (log["t"]?.mean ?? [], log["i"]?.mean ?? [])
    for k in 0..<1500 {
      // The current changes every 12 steps; a plan of one current is that of the log where it does not.
      let one = stream.foresee(
        &past, at: log.instants[k], [t[k], i[k]], plannedA: i[k + 1])
      guard let one, let whole = said[k], !knowsPlan || k % 12 < 6 else { continue }
      #expect(isClose(one.riseK ?? .nan, whole.changeK, absolute: 1e-5), "\(k)")
      #expect(isClose(one.probability, whole.probability, absolute: 1e-5))
      compared += 1
    }
    #expect(compared > 600)
    // A gap begins a new past.
    #expect(stream.foresee(&past, at: log.instants[1499] + 40, [30, 1], plannedA: nil) == nil)
    // All that is remembered is the past, which is kept and read with the state of a twin.
    let kept = try JSONDecoder().decode(HeatPast.self, from: JSONEncoder().encode(past))
    #expect(kept == past)
  }

  @Test("every signal of a model needs a measurement that stands for it") func signals() throws {
    var columns = WarningColumns(temperature: "hot_spot")
    columns.current = "bus_current"
    columns.voltage = "bus_voltage"
    columns.otherTemperatures = ["coldest_c"]
    let file = WarningModelFile(
      model: WarningModel(
        kind: .trend, task: WarningTask(leadSeconds: 60, limitC: 65), featureKeys: []),
      columns: columns, typicalSeconds: 10, threshold: nil, provenance: [:])
    #expect {
      try WarningStream(file)
    } throws: { error in
      (error as? InputError)?.diagnostics.map(\.message) == [
        "the model looks at 'bus_voltage': 'signals' must say which of 'hottest_c', 'coldest_c', 'soc_fraction', "
          + "'lowest_v', 'highest_v', 'heatsink_c', 'ambient_c' or 'current_a' stands for it"
      ]
    }
    let stream = try WarningStream(
      file, signals: ["bus_voltage": .highestVoltage], temperature: .heatsink)
    #expect(stream.signals == [.heatsink, .current, .highestVoltage, .coldestCell])
    #expect(throws: InputError.self) { try WarningStream(file, signals: ["bus": .current]) }
  }

  @Test("ridge by hand: half of the weight for as many rows as the penalty") func ridge() throws {
    // Standardised x is −1 and 1, five times each; x·y sums to 20, so w = 20 / (10 + 10).
    let x = (0..<10).map { $0 % 2 == 0 ? 3.0 : 7 }
    let y = (0..<10).map { $0 % 2 == 0 ? -2.0 : 2 }
    let fit = try #require(LinearWarning.ridge(x, width: 1, targets: y))
    #expect(
      isClose(fit.weights[0], 1, relative: 1e-12) && isClose(fit.intercept, 0, absolute: 1e-12))
    #expect(isClose(fit.values([9])[0], 2, relative: 1e-12))
  }

  @Test("the slope of the penalised likelihood is zero at the logistic fit") func logistic() throws
  {
    var random = SeededGenerator(seed: 4, label: "logistic")
    var (rows, targets): ([Double], [Double]) = ([], [])
    for _ in 0..<400 {
      let (a, b) = (random.normal(), 50 + 10 * random.normal())
      rows += [a, b]
      targets.append(random.uniform() < Probability.logistic(2 * a - (b - 50) / 10) ? 1 : 0)
    }
    let fit = try #require(LinearWarning.logistic(rows, width: 2, targets: targets))
    let chances = fit.values(rows).map(Probability.logistic)
    let scaled = fit.standardisation(rows)
    for j in 0..<2 {
      let slope = (0..<400).reduce(0) { $0 + (targets[$1] - chances[$1]) * scaled[$1 * 2 + j] }
      #expect(isClose(slope, fit.weights[j], absolute: 1e-5))
    }
    #expect(isClose(chances.reduce(0, +), targets.reduce(0, +), relative: 1e-6))
    #expect(fit.weights[0] > 0 && fit.weights[1] < 0)
    #expect(LinearWarning.logistic(rows, width: 2, targets: targets.map { _ in 0 }) == nil)
  }

  @Test("a normal error lifts to the limit with one half at the limit") func exceeding() {
    #expect(Probability.exceeding(65, limit: 65, spread: 2) == 0.5)
    // Φ(−1.96) = 0.025.
    #expect(isClose(Probability.exceeding(61.08, limit: 65, spread: 2), 0.025, absolute: 1e-4))
    #expect(Probability.exceeding(66, limit: 65, spread: 0) == 1)
  }
}
