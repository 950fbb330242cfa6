import Forecasting
import Replay
import SiteSupport
import TestSupport
import Testing
import TimeSeries
import Twin

@testable import Studies

/// A logger that is silent: what happens goes on, and nobody learns of it.
@Suite("Gaps of the logger") struct LoggerGapTests {
  // Silences of 100 s every 400 s, from 1000 s to 2000 s: [1000, 1100), [1400, 1500), [1800, 1900).
  @Test("silences by hand") func silences() {
    let train = LoggerGap(
      startSeconds: 1000, endSeconds: 2000,
      train: LoggerGap.Train(everySeconds: 400, lengthSeconds: 100))
    #expect(train.spans(until: 5000) == [1000..<1100, 1400..<1500, 1800..<1900])
    #expect(train.spans(until: 1500) == [1000..<1100, 1400..<1500])
    for (from, to, isSilent) in [
      (0.0, 1000.0, false), (0, 1001, true), (1099, 1200, true), (1100, 1400, false),
      (1100, 1401, true), (1850, 1860, true), (1900, 2300, false), (2000, 3000, false),
    ] {
      #expect(train.touches(from, to) == isSilent, "\(from) to \(to)")
    }
    let whole = LoggerGap(startSeconds: 500, endSeconds: 900)
    #expect(whole.spans(until: 600) == [500..<900])
    #expect(whole.touches(899, 1000) && !whole.touches(900, 1000) && !whole.touches(0, 500))
  }

  @Test("no past knows what nobody logged, and what happened stays") func history() {
    let grid = TimeGrid(start: 0, stepSeconds: 900, count: 8)
    var history = SiteHistory(
      grid: grid, zone: .utc,
      columns: [
        .load: [1, 2, 3, 4, 5, 6, 7, 8], .price: [Double](repeating: 0.2, count: 8),
      ])
    history.setUnlogged([false, false, true, false, false, false, false, false])
    #expect(history[.load]?[2] == 3)
    let past = history.known(before: 5 * 900)
    #expect(past[.load]?[2].isNaN == true && past[.load]?[3] == 4)
    // Prices are published, not logged.
    #expect(past[.price]?[2] == 0.2)
    // Of two quarter hours one was not logged: nobody knows the half hour.
    let coarse = history.resampled(stepSeconds: 1800)
    #expect(coarse[.load] == [1.5, 3.5, 5.5, 7.5])
    let known = coarse.known(before: 8 * 900)[.load].map(Array.init) ?? []
    #expect(known[0] == 1.5 && known[1].isNaN && known[2] == 5.5)
    history.setUnlogged([Bool](repeating: false, count: 8))
    #expect(history.known(before: 5 * 900)[.load]?[2] == 3)
  }

  @Test("in a stress study the gap is counted, moves plans, and energy and bills still balance")
  func study() throws {
    var history = PaperSite.history(
      loadKW: [
        [0.1, 0.1, 0.1, 0.2], [0.1, 0.1, 0.1, 0.7], [0.1, 0.1, 0.1, 0.3], [0.1, 0.1, 0.1, 0.6],
        [0.1, 0.1, 0.1, 0.2], [0.1, 0.1, 0.1, 0.5],
      ])
    history[.ambient] = history[.load]?.map { _ in 25 }
    let replay = try PaperSite.replay(
      history, tariff: PaperSite.dayAndNight(), battery: .sized(capacityKWh: 5, powerKW: 3))
    // The second day is silent: the third one's forecast cannot be the second one's load.
    let gap = LoggerGap(startSeconds: 86_400, endSeconds: 2 * 86_400)
    let faults = [
      StressFault(name: "none"),
      StressFault(
        name: "silent",
        battery: gap.spans(until: 6 * 86_400).map {
          FaultSpecification(.sensorGap, startSeconds: $0.lowerBound, endSeconds: $0.upperBound)
        }, gaps: [gap]),
    ]
    let study = try StressStudy(
      replay, version: PaperSite.version(.naiveDay),
      plan: StressPlan(
        policies: ["none"], faults: faults,
        weathers: [WeatherStress(name: "as measured", ambientOffsetK: 0)]),
      twin: { _, fault in
        try .sized(capacityKWh: 5, powerKW: 3, derating: .none, faults: faults[fault].battery)
      }, threads: 1)
    let (whole, silent) = (study.cells[0], study.cells[1])
    #expect(whole.unloggedHours == 0 && silent.unloggedHours == 24)
    // What happened is the same and billed: the meter is not the logger.
    #expect(silent.outcome.trace.loadKW == whole.outcome.trace.loadKW)
    #expect(silent.outcome.trace.batteryKW != whole.outcome.trace.batteryKW)
    let ledger = try #require(silent.outcome.ledger)
    #expect(abs(ledger.balanceErrorKWh) <= 1e-9 * (ledger.chargedKWh + ledger.dischargedKWh + 1))
    for k in silent.outcome.trace.loadKW.indices {
      let trace = silent.outcome.trace
      #expect(
        isClose(
          trace.gridKW[k] + trace.batteryKW[k], trace.loadKW[k] + trace.auxiliaryKW[k],
          absolute: 1e-9))
    }
  }
}
