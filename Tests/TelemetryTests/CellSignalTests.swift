import TestSupport
import Testing
import TimeSeries

@testable import Telemetry

@Suite("Cells, rest and alternating signals") struct CellSignalTests {
  private func log(_ text: String) throws -> SignalLog {
    let file = try ScratchFile(text)
    return try readSignalLog([SignalFile(path: file.path, name: "x")]).0
  }

  private func stamp(_ second: Int) -> String {
    "2024-01-01 00:\(second / 60 < 10 ? "0" : "")\(second / 60):\(second % 60 < 10 ? "0" : "")\(second % 60)"
  }

  @Test("of a current that alternates the root mean square counts") func alternating() throws {
    // Four samples a second, a square wave of 3 A and one of 4 A.
    var text = "Time,phase_a [A],pack_current [A]\n"
    for second in 0..<2 {
      for sample in 0..<4 {
        let size = second == 0 ? 3 : 4
        text += "\(stamp(second)),\(sample % 2 == 0 ? size : -size),5\n"
      }
    }
    let log = try log(text)
    let phase = try #require(log["phase_a"])
    #expect(phase.alternates && log["pack_current"]?.alternates == false)
    #expect(phase.mean == [0, 0] && phase.rms == [3, 4] && phase.absoluteMean == [3, 4])
    // √((9 + 16) / 2) over all samples.
    #expect(isClose(phase.totalRMS ?? .nan, 12.5.squareRoot(), relative: 1e-12))
    #expect(phase.totalAbsoluteMean == 3.5)
    let header = log.csv(idle: []).prefix { $0 != "\n" }
    #expect(
      header
        == "time_utc,x_rows,is_idle,phase_a_mean,phase_a_min,phase_a_max,phase_a_count,phase_a_rms,phase_a_abs_mean,"
        + "pack_current_mean,pack_current_min,pack_current_max,pack_current_count")
    #expect(log.packCurrent?.name == "pack_current")
  }

  @Test("a unit stands in brackets or at the end of a name, and a phase is no ampere") func units()
    throws
  {
    let log = try log(
      "Time,Cell 1 [mV],pack_current_a,cell00_temp_c,phase_a,module_c,load_w\n"
        + "\(stamp(0)),3301,2,25,7,8,1500\n")
    #expect(log.signals.map(\.unit) == ["V", "A", "°C", "", "", "kW"])
    #expect(log.signals.map { $0.mean[0] } == [3.301, 2, 25, 7, 8, 1.5])
  }

  @Test("rest lasts a minute without current, and no gap lies in it") func idle() throws {
    // Rest from 0 s to 69 s, 2 A at 70 s, rest to 100 s, a gap, rest from 200 s to 262 s.
    var text = "Time,Pack Current [A]\n"
    for second in Array(0...100) + Array(200...262) {
      text += "\(stamp(second)),\(second == 70 ? 2.0 : 0.05)\n"
    }
    let log = try log(text)
    let signal = try #require(log.packCurrent)
    let spans = log.idleSpans(signal, limit: 0.1, seconds: 60)
    #expect(spans == [0..<70, 101..<164])
    #expect(log.idleSpans(signal, limit: 0.01, seconds: 60).isEmpty)
  }

  @Test("the cell that stands out is named, with how far and how often") func cells() throws {
    // Deviations from the mean of 3.30 V by hand: cell 1 +10 and +20 mV, cell 2 0 and +10, cell 3 −10 and −30.
    let log = try log(
      """
      Time,Cell 1 [mV],cell02_v,cell_3 [V],cell_1_temp [°C],cell_2_temp [°C]
      2024-01-01 00:00:00,3310,3.300,3.290,20,25
      2024-01-01 00:00:01,3320,3.310,3.270,21,24
      2024-01-01 00:00:02,3320,,3.200,22,30

      """)
    #expect(log.cellVoltages.count == 3 && log.cellTemperatures.count == 2)
    let volts = try #require(CellReport(log, names: log.cellVoltages))
    // The third step lacks a cell.
    #expect(volts.steps == 2 && volts.unit == "V")
    #expect(isClose(volts.meanSpread, 0.035, absolute: 1e-12))
    #expect(isClose(volts.largestSpread.value, 0.05, absolute: 1e-12))
    #expect(volts.largestSpread.instant == newYear2024 + 1)
    #expect(volts.weakest?.name == log.cellVoltages[2] && volts.weakest?.lowestShare == 1)
    #expect(isClose(volts.weakest?.meanDeviation ?? .nan, -0.02, absolute: 1e-12))
    #expect(isClose(volts.strongest?.meanDeviation ?? .nan, 0.015, absolute: 1e-12))
    let degrees = try #require(CellReport(log, names: log.cellTemperatures))
    #expect(degrees.steps == 3 && degrees.highest.value == 30 && degrees.meanSpread == 16 / 3.0)
    #expect(degrees.strongest?.highestShare == 1)
    #expect(CellReport(log, names: []) == nil)
  }

  @Test("a log of changes is held on even steps, with the age of each value") func held() throws {
    let log = try log("Time,soc\n\(stamp(0)),50\n\(stamp(3)),51\n\(stamp(9)),52\n")
    let (text, shares) = try log.heldCSV(maxAgeSeconds: 4)
    // Seconds 0 to 9; the value of second 3 is too old at second 8.
    #expect(
      text == """
        time_utc,soc_held,soc_age_s
        2024-01-01T00:00:00Z,50,0
        2024-01-01T00:00:01Z,50,1
        2024-01-01T00:00:02Z,50,2
        2024-01-01T00:00:03Z,51,0
        2024-01-01T00:00:04Z,51,1
        2024-01-01T00:00:05Z,51,2
        2024-01-01T00:00:06Z,51,3
        2024-01-01T00:00:07Z,51,4
        2024-01-01T00:00:08Z,,
        2024-01-01T00:00:09Z,52,0

        """)
    #expect(shares == [0.9])
  }
}
