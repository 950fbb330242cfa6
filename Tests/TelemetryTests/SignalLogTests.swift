import Diagnostics
import TestSupport
import Testing
import TimeSeries

@testable import Telemetry

@Suite("Signals of batteries and inverters") struct SignalLogTests {
  @Test("files join on one clock with mean, extremes, count and provenance") func join() throws {
    let volts = try ScratchFile(
      "\u{FEFF}sep=,\r\n\"Time\",\"INV_DC_Bus_Voltage\",\"Cell 1 [mV]\"\r\n"
        + "2024-01-01 00:00:00,364 Volts,3301\r\n2024-01-01 00:00:00,366 Volts,\r\n"
        + "2024-01-01 00:00:01,0.36 kV,3302\r\n2024-01-01 00:00:05,n/a 3,3303")
    let speed = try ScratchFile(
      "Time,\"sensorReading {rawCAN=\"\"165\"\", signalName=\"\"INV_Motor_Speed\"\"}\"\n"
        + "2024-01-01 00:00:01.100,-5.55e-18\n2024-01-01 00:00:01.900,2e1\n2024-01-01 00:00:06,7\n")
    let (log, report) = try readSignalLog([
      SignalFile(path: volts.path, name: "dc"), SignalFile(path: speed.path, name: "motor"),
    ])
    #expect(log.instants.map { $0 - newYear2024 } == [0, 1, 5, 6])
    #expect(log.signals.map(\.name) == ["inv_dc_bus_voltage", "cell_1", "inv_motor_speed"])
    let bus = try #require(log["inv_dc_bus_voltage"])
    #expect(bus.unit == "V")
    #expect(column(bus.mean) == ["365.0", "360.0", "-", "-"])
    #expect(column(bus.minimum) == ["364.0", "360.0", "-", "-"])
    #expect(column(bus.maximum) == ["366.0", "360.0", "-", "-"])
    #expect(bus.count == [2, 1, 0, 0])
    #expect(column(log["inv_motor_speed"]?.mean) == ["-", "10.0", "-", "7.0"])
    #expect(log.samplesPerFile.map(\.count) == [[2, 1, 1, 0], [0, 2, 0, 1]])
    #expect(log.gaps == [newYear2024 + 2..<newYear2024 + 5])
    #expect(report.cellsFailed == 1 && report.cellsMissing == 1 && report.rowsIn == 7)
    #expect(
      report.findings.first?.diagnostic.description
        == "\(volts.path):6:21: error: 'n/a 3' is not a number for 'inv_dc_bus_voltage'")
    let grid = TimeGrid(start: newYear2024, stepSeconds: 2, count: 4)
    let held = log.held("inv_dc_bus_voltage", on: grid, maxAgeSeconds: 3)
    #expect(column(held.values) == ["365.0", "360.0", "360.0", "-"])
    #expect(held.ageSeconds == [0, 1, 3, 5])
    #expect(log.csv(idle: nil).split(separator: "\n").count == 5)
  }

  @Test("a lead is time, not rows, and no label crosses a gap") func leads() throws {
    let file = try ScratchFile(
      "Time,t\n"
        + [0, 1, 2, 3, 10, 11, 12].map { "2024-01-01 00:00:\($0 < 10 ? "0" : "")\($0),\($0 * $0)" }
        .joined(separator: "\n"))
    let (log, _) = try readSignalLog([SignalFile(path: file.path, name: "x")])
    #expect(column(log.change("t", leadSeconds: 2)) == ["4.0", "8.0", "-", "-", "44.0", "-", "-"])
    #expect(log.events("t", atLeast: 4) == [2..<4, 4..<7])
    #expect(log.restarts == [0, 4])
  }
}

@Suite("Runs of signals") struct SignalRunTests {
  @Test("times that start anew are laid one run after the other, and rows can be chosen")
  func runs() throws {
    let file = try ScratchFile(
      "test,run,time_s,temp_c\nocv,1,0,20\nrandom,1,0,21\nrandom,1,10,22\nrandom,2,0,30\n"
        + "random,2,10.4,31\nocv,2,0,20\n")
    var source = SignalFile(path: file.path, name: "x", timeColumn: "time_s")
    source.runColumns = ["run"]
    source.filters = [RowFilter(column: "test", equals: "random")]
    let (log, report) = try readSignalLog([source])
    // The second run begins a day after the newest time of the first.
    #expect(log.instants == [0, 10, 86_410, 86_420])
    #expect(log.signals.map(\.name) == ["temp_c"])
    #expect(column(log["temp_c"]?.mean) == ["21.0", "22.0", "30.0", "31.0"])
    #expect(log.runs.map(\.name) == ["1", "2"] && log.runs.map(\.position) == [0, 2])
    #expect(log.restarts == [0, 2])
    #expect(report.rowsIn == 6 && report.rowsKept == 4 && report.rowsOutside == 2)
    source.runColumns = ["rum"]
    do {
      _ = try readSignalLog([source])
      Issue.record("a column that is not there named runs")
    } catch {
      #expect(
        error.diagnostics.first?.message == "there is no column 'rum'; did you mean 'run'?")
    }
  }

  @Test("runs of one clock begin a stretch without a gap") func stamped() throws {
    let file = try ScratchFile(
      "Time,trip,v\n2024-01-01 00:00:00,a,1\n2024-01-01 00:00:01,a,2\n2024-01-01 00:00:02,b,3\n"
        + "2024-01-01 00:00:03,b,4\n")
    var source = SignalFile(path: file.path, name: "x")
    source.runColumns = ["trip"]
    let (log, _) = try readSignalLog([source])
    #expect(log.instants.map { $0 - newYear2024 } == [0, 1, 2, 3] && log.restarts == [0, 2])
    #expect(log.gaps == [])
  }
}

@Suite("Slow logs and words") struct SlowLogTests {
  @Test("a log every 20 s with jitter has no gaps, and words are told from mistakes") func slow()
    throws
  {
    let file = try ScratchFile(
      "SETTLEMENT,v,mode,flag\n2024-01-01 00:00:00,1,Bulk,Y\n2024-01-01 00:00:20,2,Bulk,N\n"
        + "2024-01-01 00:00:41,3,Float,Y\n2024-01-01 00:01:01,oops,,N\n2024-01-01 00:01:21,5,x,Y\n"
        + "2024-01-01 00:05:00,6,x,Y\n")
    #expect(try CSVOutline(path: file.path).timeColumn == "SETTLEMENT")
    let (log, report) = try readSignalLog([
      SignalFile(path: file.path, name: "x", timeColumn: "SETTLEMENT")
    ])
    #expect(log.signals.map(\.name) == ["v", "flag"])
    #expect(column(log["flag"]?.mean) == ["1.0", "0.0", "1.0", "0.0", "1.0", "1.0"])
    #expect(log.typicalSeconds == 20 && log.gaps.count == 1 && log.restarts == [0, 5])
    #expect(column(log.change("v", leadSeconds: 40)) == ["2.0", "-", "2.0", "-", "-", "-"])
    #expect(report.cellsFailed == 1)
    #expect(
      report.findings.map(\.diagnostic.message) == [
        "'oops' is not a number for 'v'",
        "column 'mode' holds words such as 'Bulk' and is left out",
      ])
  }
}

/// Figures are those of the data set's README, which were computed separately.
@Suite(
  "Inverter log",
  .enabled(if: RealData.folder != nil, "no measured data: the variable WATTIF_DATA names no folder")
)
struct InverterLogTests {
  func log() throws -> (SignalLog, IngestReport) {
    let folder = "\(RealData.folder ?? "")/inverter_ds3000"
    return try readSignalLog(
      [
        ("phase", "inverter_phase_currents"), ("temps", "inverter_temps"),
        ("dc", "inverter_voltage_current"),
      ].map { SignalFile(path: "\(folder)/\($0.1).csv", name: $0.0) })
  }

  @Test("three files of raw exports join into 3324 seconds with 11 gaps") func joined() throws {
    let (log, report) = try log()
    #expect(report.rowsIn == 32_977 + 31_641 + 32_981 && report.rowsReported == 0)
    #expect(log.instants.count == 3324)
    #expect((log.instants.last ?? 0) - (log.instants.first ?? 0) + 1 == 3796)
    #expect(log.gaps.count == 11)
    #expect(log.gaps.reduce(0) { $0 + $1.count } == 472)
    // 375 s from the last second before it to 19:39:16.
    #expect(log.gaps.map(\.count).max() == 374)
    #expect(report.cellsFailed == 0)
    // One second lacks the gate driver and the modules.
    #expect(log["inv_gate_driver_board_temp"]?.mean.count { $0.isNaN } == 1)
  }

  @Test("exponents are read: 1705 idle seconds, not 1698") func idle() throws {
    let (log, _) = try log()
    let current = try #require(log["inv_dc_bus_current"])
    #expect(current.mean.count { abs($0) <= 0.1 } == 1705)
    #expect(current.unit == "A")
    #expect(isClose(current.mean.max() ?? 0, 148.7, absolute: 0.05))
    #expect(isClose(current.mean.min() ?? 0, -6.7, absolute: 0.05))
    let hot = try #require(log["inv_hot_spot_temp"])
    #expect(isClose(hot.mean.filter { !$0.isNaN }.max() ?? 0, 76.9, absolute: 0.05))
    #expect(isClose(hot.mean.filter { !$0.isNaN }.min() ?? 0, 1.95, absolute: 0.01))
  }

  @Test("three overheat events, seven restart ramps") func events() throws {
    let (log, _) = try log()
    let events = log.events("inv_hot_spot_temp", atLeast: 65)
    #expect(events.map(\.count) == [29, 6, 63])
    #expect(
      events.map { Instant.utcText(log.instants[$0.lowerBound]).suffix(9) } == [
        "19:42:58Z", "19:44:24Z", "19:53:42Z",
      ])
    let ramps = log.restartRamps("inv_hot_spot_temp")
    #expect(ramps.count == 7)
    // Every second below 20 °C belongs to a ramp; there are 45 of them.
    let hot = try #require(log["inv_hot_spot_temp"]).mean
    let cold = hot.indices.filter { hot[$0] < 20 }
    #expect(cold.count == 45)
    for k in cold { #expect(ramps.contains { $0.contains(k) }) }
    // 3294 rows have a row 30 later; 257 of those do not span 30 s.
    let labels = log.change("inv_hot_spot_temp", leadSeconds: 30)
    #expect(labels.count { !$0.isNaN } == 3294 - 257)
  }

  @Test("a label set as a header is read by its signal name") func torque() throws {
    let path = "\(RealData.folder ?? "")/inverter_ds3000/torque_motor_speed.csv"
    let (log, report) = try readSignalLog([SignalFile(path: path, name: "torque")])
    #expect(log.signals.map(\.name) == ["inv_motor_speed"])
    #expect(report.rowsIn == 196 && report.rowsReported == 0)
  }
}
