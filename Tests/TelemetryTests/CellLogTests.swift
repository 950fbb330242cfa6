import Diagnostics
import TestSupport
import Testing
import TimeSeries

@testable import Telemetry

/// Logs of battery cells that are no tables, with values of one's own.
@Suite("Cell logs") struct CellLogTests {
  private func read(_ text: String) throws -> (log: SignalLog, report: IngestReport, path: String) {
    let file = try ScratchFile(text)
    let (log, report) = try readSignalLog([
      SignalFile(path: file.path, name: "cells", timeColumn: "timestamp")
    ])
    return (log, report, file.path)
  }

  @Test("rows without a header: the sum of the cells is the pack", arguments: [" ", ",", ";"])
  func bare(_ mark: String) throws {
    // 4 × 3.3 V = 13.2 V; between the pack and its cells stands the current.
    let rows = (0..<3).map { k in
      ["\(newYear2024 + 60 * k)", "13.2", "-2.5", "3.31", "3.29", "3.30", "3.30"]
        .joined(separator: mark)
    }
    let (log, report, _) = try read(rows.joined(separator: "\n") + "\n")
    #expect(log.instants == [0, 60, 120].map { newYear2024 + $0 })
    #expect(
      log.signals.map(\.name) == [
        "pack_voltage_v", "pack_current_a", "cell01_v", "cell02_v", "cell03_v", "cell04_v",
      ])
    #expect(log.signals.map(\.unit) == ["V", "A", "V", "V", "V", "V"])
    #expect(column(log["cell02_v"]?.mean) == ["3.29", "3.29", "3.29"])
    #expect(report.rowsIn == 3 && report.layouts.count == 1)
    #expect(log.cellVoltages.count == 4)
  }

  @Test("rows of a date, a time and millivolts; a damaged row is named by its own line")
  func millivolts() throws {
    let (log, report, path) = try read(
      "2024-01-01 00:00:00,76,3301,3302,3303,3304\n2024-01-01 00:01:00,76,3301,33x2,3303,3304\n")
    #expect(column(log["cell04_mv"]?.mean) == ["3.304", "3.304"])
    #expect(column(log["column_2"]?.mean) == ["76.0", "76.0"])
    #expect(
      report.findings.first?.diagnostic.description
        == "\(path):2:29: error: '33x2' is not a number for 'cell02_mv'")
  }

  @Test("a console of Pylontech: blocks belong to the time above them") func pylontech() throws {
    let block = { (time: String, volt: Int) in
      """
      [\(time)] pylon>bat 2
      @
      Battery  Volt     Curr     Tempr    Base State   Volt. State  Coulomb
      0        \(volt)     -1021    17500    Dischg       Normal       56%
      1        3330     -1021    18000    Dischg       Normal       56%
      Command completed successfully
      $$

      """
    }
    let (log, _, _) = try read(
      block("2024-01-01 00:00:00", 3326) + block("2024-01-01 00:01:00", 3320))
    #expect(log.instants == [newYear2024, newYear2024 + 60])
    #expect(column(log["module2_cell0_voltage"]?.mean) == ["3.326", "3.32"])
    #expect(column(log["module2_cell0_current"]?.mean) == ["-1.021", "-1.021"])
    #expect(column(log["module2_cell1_temperature"]?.mean) == ["18.0", "18.0"])
    #expect(log.cellVoltages == ["module2_cell0_voltage", "module2_cell1_voltage"])
    #expect(throws: InputError.self) {
      try read("Battery  Volt  Curr  Tempr\n0  3326  -1021  17500\n")
    }
  }

  @Test("lines of ESPHome: one sensor each, midnight begins the next day") func espHome() throws {
    let (log, _, _) = try read(
      """
      [23:59:59][D][sensor:094]: 'jk-bms cell voltage 1': Sending state 3.31500 V with 3 decimals of accuracy
      [23:59:59][D][sensor:094]: 'jk-bms power': Sending state 250.0 W with 2 decimals of accuracy
      [23:59:59][I][app:100]: something else
      [00:00:01][D][sensor:094]: 'jk-bms cell voltage 1': Sending state 3.31400 V with 3 decimals of accuracy

      """)
    #expect(log.instants == [86_399, 86_401])
    #expect(column(log["jk_bms_cell_voltage_1"]?.mean) == ["3.315", "3.314"])
    #expect(column(log["jk_bms_power"]?.mean) == ["0.25", "-"])
  }

  @Test("one stray stamp makes no table of decades") func stray() throws {
    // 2024 is a number of seconds in 1970, 54 years before the other row.
    let (log, _, _) = try read("timestamp,cell1_v\n2024,3.3\n\(newYear2024),3.3\n")
    #expect(throws: InputError.self) { try log.heldCSV(maxAgeSeconds: 5) }
  }

  @Test("paths of a GX device carry their units; columns of one name are numbered") func paths()
    throws
  {
    let (log, report, _) = try read(
      "timestamp,/Dc/0/Voltage,/Dc/0/Temperature,/Voltages/Cell1,/Voltages/Cell1\n"
        + "\(newYear2024),53.1,25,3.31,3.32\n")
    #expect(log.signals.map(\.unit) == ["V", "°C", "V", "V"])
    #expect(
      log.signals.map(\.name) == [
        "dc_0_voltage", "dc_0_temperature", "voltages_cell1", "voltages_cell1_2",
      ])
    #expect(report.findings.count == 1)
  }
}
