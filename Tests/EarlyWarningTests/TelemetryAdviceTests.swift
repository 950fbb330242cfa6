import TestSupport
import Testing

@testable import EarlyWarning
@testable import Telemetry

@Suite("Advice on telemetry") struct TelemetryAdviceTests {
  private let twin = OneNodeTwin(coolingS: 300, perSquare: 0.003, perAmpere: 0, offsetK: 0)

  private func data(_ log: SignalLog, extras: [String] = [], plan: Bool = false) -> WarningData {
    WarningData(
      [TelemetrySample.frame(log, extras: extras)],
      task: WarningTask(leadSeconds: 60, limitC: 40, windowSeconds: 120, knowsPlan: plan))
  }

  @Test("samples are held, late ones come later, and gaps begin anew") func held() throws {
    // Steps of 10 s, a gap of 60 s before the fifth.
    let instants = [0, 10, 20, 30, 90, 100, 110]
    let log = TelemetrySample.log(
      instants, [("t", [1, 2, 3, 4, 5, 6, 7]), ("i", [7, 6, 5, 4, 3, 2, 1])])
    let frame = TelemetrySample.frame(log)
    let task = WarningTask(leadSeconds: 10, limitC: 40)
    #expect(frame.stretches == [0..<4, 4..<7])
    #expect(frame.thinned(.every(20), task: task).held("t") == [1, 1, 3, 3, 5, 5, 7])
    #expect(frame.thinned(.every(25), task: task).held("t") == [1, 1, 1, 4, 5, 5, 5])
    #expect(frame.thinned(.late(10), task: task).held("i") == [7, 7, 6, 5, 3, 3, 2])
    #expect(frame.thinned(.without(.current), task: task).held(nil) == nil)
    #expect(frame.thinned(.without(.current), task: task).columns.current == nil)
    // The plan that is read from the current stays as it is.
    var planned = task
    planned.knowsPlan = true
    let late = frame.thinned(.late(10), task: planned)
    #expect(late.held(late.columns.plannedCurrent) == [7, 6, 5, 4, 3, 2, 1])
  }

  @Test("the change to be forecast is that from what is believed, to what came true") func labels()
    throws
  {
    let log = TelemetrySample.heated(400, by: twin, seed: 3)
    let whole = data(log)
    let late = whole.thinned(.late(30))
    let measured = whole.frames[0].temperatureC
    for row in stride(from: 0, to: late.count, by: 17) {
      let step = late.step[row]
      // 30 s are three steps, 60 s are six.
      #expect(late.temperature(row) == measured[step - 3])
      #expect(
        isClose(late.change(row), measured[step + 6] - measured[step - 3], absolute: 1e-12))
      #expect(late.isHot(row) == (measured[step] >= 40))
    }
    // Nothing is known in the first 30 s, and the past of 120 s is needed as before.
    #expect(late.step.first == 12 && whole.step.first == 12)
  }

  @Test("a signal that the heat comes from costs, one of noise does not") func advice() throws {
    var log = TelemetrySample.heated(2400, by: twin, seed: 5, noiseK: 0.02, runs: 8)
    let noise = log.instants.indices.map { Double(($0 * 7919) % 101) }
    log.signals.append(
      SignalLog.Signal(
        name: "noise", unit: "", file: "hand", mean: noise, minimum: noise, maximum: noise,
        count: noise.map { _ in 1 }))
    let whole = data(log, extras: ["noise"], plan: true)
    let thinnings = Thinning.all(whole, rates: [20, 60], delays: [60])
    #expect(
      thinnings == [
        .without(.current), .without(.plan), .without(.extra("noise")), .every(20), .every(60),
        .late(60),
      ])
    let advice = try TelemetryAdvice(
      whole, thinnings: thinnings, rule: .blocks(4), kinds: [.ridge, .twin], falseShare: 0.01,
      seed: 1)
    #expect(advice.rows.map(\.thinning) == thinnings)
    func cost(_ thinning: Thinning) throws -> PairedErrors {
      try #require(advice.rows.first { $0.thinning == thinning }?.cost)
    }
    let current = try cost(.without(.plan))
    #expect(current.gainK > current.halfWidthK)
    let noiseCost = try cost(.without(.extra("noise")))
    #expect(abs(noiseCost.gainK) < 0.1 * current.gainK)
    // Late telemetry costs, and a longer distance of samples costs more than a shorter one.
    #expect(try cost(.late(60)).gainK > 0)
    #expect(try cost(.every(60)).gainK > cost(.every(20)).gainK)
    // The cost is the difference of the errors on the same rows.
    for row in advice.rows {
      #expect(row.score.rows == advice.whole.rows)
      #expect(
        isClose(
          try cost(row.thinning).gainK,
          row.score.meanAbsoluteErrorK - advice.whole.meanAbsoluteErrorK, absolute: 1e-9))
    }
  }
}
