import Replay
import Reports
import SiteSupport
import Tariffs
import TestSupport
import Testing

@Suite("Trace as a file") struct TraceFileTests {
  // 1 kW of load, 2 kW of production in the first six hours. The rule charges the surplus of 1 kW
  // into 6 kWh and discharges 1 kW in the next six hours; the last twelve are bought.
  private func rows(loadKW: [Double] = [1, 1, 1, 1]) throws -> CSVRows {
    let replay = try PaperSite.replay(
      PaperSite.history(loadKW: [loadKW], earlierKW: [1, 1, 1, 1], pvKW: [[2, 0, 0, 0]]),
      tariff: PaperSite.flat(), battery: PaperSite.battery(capacityKWh: 6, powerKW: 1))
    return try rows(replay, .selfConsumption)
  }

  private func rows(_ replay: ReplayCase, _ controller: Controller) throws -> CSVRows {
    let schedule = try BillingSchedule(
      replay.tariff, grid: replay.period, zone: replay.history.zone, spotPerKWh: nil)
    return CSVRows(
      TraceCSV.text(try Replayer(replay).run(controller).trace, billedBy: schedule))
  }

  @Test("each interval has its start, its powers with their signs and the battery's state")
  func columns() throws {
    let rows = try rows()
    #expect(rows.count == 4)
    #expect(rows.isRectangular)
    #expect(
      (0..<4).map { rows[$0, "start_utc"] } == [
        "2024-06-10T00:00:00Z", "2024-06-10T06:00:00Z", "2024-06-10T12:00:00Z",
        "2024-06-10T18:00:00Z",
      ])
    for (column, expected) in [
      ("load_kw", [1, 1, 1, 1]), ("pv_kw", [2, 0, 0, 0]), ("curtailed_kw", [0, 0, 0, 0]),
      ("battery_kw", [-1, 1, 0, 0]), ("grid_kw", [0, 0, 1, 1]), ("auxiliary_kw", [0, 0, 0, 0]),
      ("soc_fraction", [1, 0, 0, 0]), ("stored_kwh", [6, 0, 0, 0]),
      ("hottest_cell_c", [20, 20, 20, 20]), ("coldest_cell_c", [20, 20, 20, 20]),
      // Six hours at 1 kW and 0.10 EUR/kWh.
      ("import_kwh", [0, 0, 6, 6]), ("export_kwh", [0, 0, 0, 0]),
      ("buy_per_kwh", [0.1, 0.1, 0.1, 0.1]), ("energy_amount", [0, 0, 0.6, 0.6]),
      ("export_amount", [0, 0, 0, 0]),
    ] as [(String, [Double])] {
      for row in 0..<4 {
        #expect(
          isClose(try #require(rows.number(row, column)), expected[row], absolute: 1e-3),
          "\(column) \(row)")
      }
    }
    // The empty battery is asked for 1 kW in the last twelve hours.
    #expect(rows.number(2, "requested_kw") == 1)
    #expect(rows[2, "limited_by"] == "soc")
    #expect(rows[0, "limited_by"] == "")
    #expect(rows[0, "month"] == "2024-06")
  }

  @Test("an interval without a measurement is empty in every power")
  func missing() throws {
    let rows = try rows(loadKW: [1, .nan, 1, 1])
    for column in [
      "load_kw", "pv_kw", "curtailed_kw", "requested_kw", "battery_kw", "auxiliary_kw", "grid_kw",
      "import_kwh", "energy_amount",
    ] {
      #expect(rows[1, column] == "", "\(column)")
    }
    #expect(isClose(try #require(rows.number(1, "stored_kwh")), 6, absolute: 1e-3))
  }

  @Test("without a battery there is no state to write")
  func withoutBattery() throws {
    let rows = try rows(PaperSite.idleDay(), .noBattery)
    #expect(rows.number(0, "grid_kw") == 1)
    for column in ["soc_fraction", "stored_kwh", "hottest_cell_c", "limited_by"] {
      #expect(rows[0, column] == "", "\(column)")
    }
  }
}
