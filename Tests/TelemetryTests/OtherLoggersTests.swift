import Diagnostics
import TestSupport
import Testing
import TimeSeries

@testable import Telemetry

@Suite("Victron, Open-Meteo and Darkstar") struct OtherLoggersTests {
  let hours = TimeGrid(start: newYear2024, stepSeconds: 3600, count: 3)

  func read(
    _ file: ScratchFile, _ format: LogFormat, _ channels: [ColumnMapping], grid: TimeGrid? = nil,
    zone: Zone = .utc
  ) throws -> (SiteHistory, IngestReport) {
    try HistoryReader(
      [], logs: [LogSource(path: file.path, format: format, channels: channels)], zone: zone
    ).read(grid: grid ?? hours)
  }

  let victron = """
    timestamp,System overview [0],System overview [0],Battery Monitor [512],VE.Bus System [276],\
    PV Inverter [20]
    Europe/Tallinn (+03:00),AC Consumption L1,Battery Power,State of charge,State,L1 Power
    ,W,W,%,,W
    2024-01-01 02:00:00,500,-2000,55.5,Bulk,
    2024-01-01 03:00:00.000,700,1000,56,Bulk,100
    2024-01-01 04:00:00,900,,57
    """

  // Tallinn is two hours ahead of UTC in January, whatever the offset of the download.
  @Test("a VRM log is read by block and name in the zone it names") func victronLog() throws {
    let file = try ScratchFile(victron)
    let (history, report) = try read(
      file, .victronCSV,
      [
        ColumnMapping(column: "System overview [0]/AC Consumption L1", quantity: .load),
        ColumnMapping(column: "Battery Power", quantity: .batteryPower, factor: -1),
        ColumnMapping(column: "L1 Power", quantity: .pv),
      ])
    #expect(column(history[.load]) == ["0.5", "0.7", "0.9"])
    #expect(column(history[.batteryPower]) == ["2.0", "-1.0", "-"])
    #expect(column(history[.pv]) == ["-", "0.1", "-"])
    #expect(report.findings.contains { $0.kind == .raggedRow })
  }

  @Test("a name in several blocks must be told apart") func victronAmbiguous() throws {
    let file = try ScratchFile(
      "timestamp,Solar Charger [279],Solar Charger [288]\nEurope/Tallinn (+03:00),PV power,PV power\n"
        + ",W,W\n2024-01-01 02:00:00,1,2\n")
    let error = #expect(throws: InputError.self) {
      _ = try read(file, .victronCSV, [ColumnMapping(column: "PV power", quantity: .pv)])
    }
    #expect(
      error?.diagnostics.first?.message
        == "channel 'PV power' occurs in 2 blocks; name one of 'Solar Charger [279]/PV power', "
        + "'Solar Charger [288]/PV power'")
  }

  @Test("Open-Meteo JSON: irradiance is the hour before, temperature the line between stamps")
  func openMeteoJSON() throws {
    let file = try ScratchFile(
      """
      {"latitude":52.5,"longitude":13.4,"utc_offset_seconds":3600,"timezone":"Europe/Berlin",
       "hourly_units":{"time":"iso8601","temperature_2m":"°C","shortwave_radiation":"W/m²",
         "cloud_cover":"%","wind_speed_10m":"km/h"},
       "hourly":{"time":["2024-01-01T01:00","2024-01-01T02:00","2024-01-01T03:00","2024-01-01T04:00"],
         "temperature_2m":[0,2,4,2],"shortwave_radiation":[0,100,200,null],
         "cloud_cover":[0,50,100,100],"wind_speed_10m":[36,36,36,36]}}
      """, name: "weather.json")
    let (history, _) = try read(
      file, .openMeteoJSON,
      [
        ColumnMapping(column: "temperature_2m", quantity: .ambient),
        ColumnMapping(column: "shortwave_radiation", quantity: .irradiance),
        ColumnMapping(column: "cloud_cover", quantity: .cloudCover),
        ColumnMapping(column: "wind_speed_10m", quantity: .windSpeed),
      ])
    // 00:00Z is 01:00 in Berlin. The means of the lines 0→2, 2→4, 4→2.
    #expect(column(history[.ambient]) == ["1.0", "3.0", "3.0"])
    #expect(column(history[.irradiance]) == ["100.0", "200.0", "-"])
    #expect(column(history[.cloudCover]) == ["0.25", "0.75", "1.0"])
    #expect(column(history[.windSpeed]) == ["10.0", "10.0", "10.0"])
    // A quarter-hour takes its part of the line.
    let quarters = TimeGrid(start: newYear2024, stepSeconds: 900, count: 4)
    let (fine, _) = try read(
      file, .openMeteoJSON, [ColumnMapping(column: "temperature_2m", quantity: .ambient)],
      grid: quarters)
    #expect(column(fine[.ambient]) == ["0.25", "0.75", "1.25", "1.75"])
  }

  @Test("Open-Meteo CSV: two blocks, units in parentheses, NaN is missing") func openMeteoCSV()
    throws
  {
    let file = try ScratchFile(
      """
      latitude,longitude,elevation,utc_offset_seconds,timezone,timezone_abbreviation
      52.52,13.41,38.0,0,GMT,GMT

      time,shortwave_radiation (W/m²),temperature_2m (°C)
      2024-01-01T01:00,10,NaN
      2024-01-01T02:00,20,5
      2024-01-01T03:00,30,7

      time,sunshine_duration (s)
      2024-01-01,0
      """)
    let (history, report) = try read(
      file, .openMeteoCSV,
      [
        ColumnMapping(column: "shortwave_radiation", quantity: .irradiance),
        ColumnMapping(column: "temperature_2m", quantity: .ambient),
      ])
    #expect(column(history[.irradiance]) == ["10.0", "20.0", "30.0"])
    #expect(column(history[.ambient]) == ["-", "-", "6.0"])
    #expect(report.cellsMissing == 1)
  }

  @Test(
    "Darkstar: text stamps out of order, unaligned rows and ghost zeros", arguments: [false, true])
  func darkstar(isOld: Bool) throws {
    let file = try ScratchFile("", name: "planner_learning.db")
    let database = try SQLiteReader(path: file.path, writing: true)
    try database.execute(
      """
      CREATE TABLE slot_observations(slot_start TEXT PRIMARY KEY, slot_end TEXT,
        import_kwh REAL DEFAULT 0, export_kwh REAL DEFAULT 0, pv_kwh REAL DEFAULT 0,
        load_kwh REAL DEFAULT 0, water_kwh REAL DEFAULT 0, batt_charge_kwh REAL,
        batt_discharge_kwh REAL, import_price_sek_kwh REAL\(isOld ? "" : ", quality_flags TEXT"));
      """)
    func insert(_ stamp: String, pv: Double, load: Double) throws {
      try database.execute(
        """
        INSERT INTO slot_observations(slot_start, slot_end, pv_kwh, load_kwh, import_price_sek_kwh)
        VALUES('\(stamp)', '', \(pv), \(load), 1.5)
        """)
    }
    // The hour from 02:00 is repeated in Stockholm on 2024-10-27; +02:00 comes first in time.
    try insert("2024-10-27T02:00:00+01:00", pv: 0, load: 0.5)
    try insert("2024-10-27T02:00:00+02:00", pv: 0, load: 0.25)
    try insert("2024-10-27T02:15:03.531073+02:00", pv: 0.125, load: 0.25)
    try insert("2024-10-27T02:30:00+02:00", pv: 0, load: 0)
    let grid = TimeGrid(start: 1_729_987_200, stepSeconds: 900, count: 5)
    let (history, report) = try read(
      file, .darkstar,
      [
        ColumnMapping(column: "load_kwh", quantity: .load),
        ColumnMapping(column: "pv_kwh", quantity: .pv),
        ColumnMapping(column: "import_price_sek_kwh", quantity: .price),
      ], grid: grid)
    #expect(column(history[.load]) == ["1.0", "1.0", "-", "-", "2.0"])
    #expect(column(history[.pv]) == ["0.0", "0.5", "-", "-", "0.0"])
    #expect(column(history[.price]) == ["1.5", "1.5", "1.5", "-", "1.5"])
    #expect(report.findings.contains { $0.kind == .offGrid })
  }

  @Test("what is written for Darkstar reads back, over the repeated hour, missing as missing")
  func darkstarWriting() throws {
    let file = try ScratchFile("", name: "planner_learning.db")
    let grid = TimeGrid(start: 1_729_980_000, stepSeconds: 900, count: 20)
    let history = SiteHistory(
      grid: grid, zone: try Zone("Europe/Stockholm"),
      columns: [
        .load: grid.indices.map { $0 == 3 ? .nan : Double($0) + 0.5 },
        .batteryPower: grid.indices.map { $0 % 2 == 0 ? 2 : -1 },
        .price: grid.indices.map { Double($0) / 100 - 0.05 },
      ])
    let gaps = grid.indices.map { $0 == 3 ? SlotQuality.gap : .ok }
    #expect(
      try DarkstarDatabase.write(history, path: file.path, quality: [.load: gaps]) == 20)
    #expect(try DarkstarDatabase.write(history, path: file.path) == 20)
    let (read, _) = try read(
      file, .darkstar,
      [
        ColumnMapping(column: "load_kwh", quantity: .load),
        ColumnMapping(column: "batt_discharge_kwh", quantity: .batteryPower),
        ColumnMapping(column: "import_price_sek_kwh", quantity: .price),
      ], grid: grid)
    #expect(column(read[.load]) == column(history[.load]))
    #expect(column(read[.price]) == column(history[.price]))
    #expect(column(read[.batteryPower]) == grid.indices.map { $0 % 2 == 0 ? "2.0" : "0.0" })
    let stamps = try SQLiteReader(path: file.path).texts(
      "SELECT slot_start FROM slot_observations WHERE slot_start LIKE '%T02:00%' ORDER BY 1")
    #expect(stamps == ["2024-10-27T02:00:00+01:00", "2024-10-27T02:00:00+02:00"])
    let wrong = SiteHistory(
      grid: TimeGrid(start: 0, stepSeconds: 3600, count: 1), zone: .utc, columns: [:])
    #expect(throws: InputError.self) { try DarkstarDatabase.write(wrong, path: file.path) }
  }

  @Test("Darkstar forecasts: base plus correction, with and without quantiles")
  func darkstarForecasts() throws {
    for isOld in [false, true] {
      let file = try ScratchFile("", name: "planner_learning.db")
      let database = try SQLiteReader(path: file.path, writing: true)
      try database.execute(
        """
        CREATE TABLE slot_forecasts(id INTEGER PRIMARY KEY, slot_start TEXT,
          pv_forecast_kwh REAL DEFAULT 0, load_forecast_kwh REAL DEFAULT 0, temp_c REAL,
          forecast_version TEXT NOT NULL, created_at TEXT
          \(isOld ? "" : ", load_p10 REAL, load_p90 REAL, load_correction_kwh REAL"));
        INSERT INTO slot_forecasts(slot_start, pv_forecast_kwh, load_forecast_kwh, forecast_version
          \(isOld ? "" : ", load_p10, load_p90, load_correction_kwh"))
        VALUES('2024-01-01T01:00:00+01:00', 0.25, 0.5, 'aurora'
          \(isOld ? "" : ", 0.25, 1.0, 0.25"));
        """)
      let rows = try DarkstarDatabase.forecasts(path: file.path, zone: .utc)
      let load = rows.filter { $0.quantity == .load }
      #expect(load.map(\.powerKW) == (isOld ? [2] : [3, 1, 4]))
      #expect(load.map(\.quantile) == (isOld ? [nil] : [nil, 0.1, 0.9]))
      #expect(load.first?.slotStart == newYear2024)
      #expect(rows.filter { $0.quantity == .pv }.map(\.powerKW) == [1])
    }
  }
}
