import Foundation
import Numerics
import Store
import Synthesis
import Telemetry
import TimeSeries

/// Reading a year of minutes from CSV, and a year of quarter-hours through the project database.
enum DataBenchmarks {
  static func cases() -> [BenchmarkCase] {
    [
      BenchmarkCase(
        name: "ingest.csv", unit: "MB/s", target: 100, isRate: true, measure: csv),
      BenchmarkCase(
        name: "ingest.store", unit: "slots/s", target: 200_000, isRate: true, measure: store),
      BenchmarkCase(
        name: "ingest.synth", unit: "ms", target: 250, measure: synthesis),
    ]
  }

  /// 525,600 rows of stamp, load, PV and price with 1 to 17 digits.
  private static func csv() throws -> BenchmarkCase.Measurement {
    let grid = TimeGrid(start: 1_704_067_200, stepSeconds: 60, count: 525_600)
    var generator = SeededGenerator(seed: 1)
    var text = "time_utc,load_kw,pv_w,price_eur_per_mwh\n"
    text.reserveCapacity(40_000_000)
    var expected = 0.0
    for i in grid.indices {
      let load = i % 3 == 0 ? generator.uniform(0, 10) : (generator.uniform(0, 1e4)).rounded() / 1e3
      expected += load
      text += Instant.utcText(grid.instant(i))
      text += ",\(load),\((generator.uniform(0, 5e4)).rounded() / 10),-4.25\n"
    }
    let path = temporaryPath("csv")
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    let source = CSVSource(
      path: path, timeColumn: "time_utc",
      columns: [
        ColumnMapping(column: "load_kw", quantity: .load),
        ColumnMapping(column: "pv_w", quantity: .pv),
        ColumnMapping(column: "price_eur_per_mwh", quantity: .price),
      ])
    var history: SiteHistory?
    var report = IngestReport()
    let seconds = try Stopwatch.median {
      (history, report) = try readHistory([source], grid: grid, zone: .utc)
    }
    let sum = history?[.load]?.reduce(0, +) ?? 0
    let isChecked =
      report.rowsKept == grid.count && report.findings.isEmpty
      && abs(sum - expected) <= 1e-9 * expected && history?[.price]?.last == -0.00425
    return BenchmarkCase.Measurement(
      value: Double(text.utf8.count) / seconds / 1e6, isChecked: isChecked,
      details: [
        ("file_mb", Double(text.utf8.count) / 1e6), ("rows_per_s", Double(grid.count) / seconds),
      ])
  }

  /// Five quantities of a year at 15 min: into a new database, once more as they are, replaced by others, and read back.
  private static func store() throws -> BenchmarkCase.Measurement {
    let grid = TimeGrid(start: 1_704_067_200, stepSeconds: 900, count: 35_136)
    var generator = SeededGenerator(seed: 2)
    var columns: [Quantity: [Double]] = [:]
    for quantity in [Quantity.load, .pv, .ambient, .price, .irradiance] {
      columns[quantity] = grid.indices.map { _ in generator.normal() }
    }
    let history = SiteHistory(grid: grid, zone: .utc, columns: columns)
    let others = SiteHistory(
      grid: grid, zone: .utc, columns: columns.mapValues { $0.map { -$0 } })
    let path = temporaryPath("sqlite")
    func remove() {
      for suffix in ["", "-wal", "-shm"] {
        try? FileManager.default.removeItem(atPath: path + suffix)
      }
    }
    defer { remove() }
    var times: [Double] = []
    for _ in 0..<5 {
      remove()
      let store = try ProjectStore(path: path)
      times.append(try Stopwatch.seconds { try store.write(history, site: "home") })
    }
    let store = try ProjectStore(path: path)
    let again = try Stopwatch.median { try store.write(history, site: "home") }
    var isOther = false
    let replaced = try Stopwatch.median {
      isOther.toggle()
      try store.write(isOther ? others : history, site: "home")
    }
    // Six times to and fro: the first history is back.
    var read: SiteHistory?
    let back = try Stopwatch.median { read = try store.history(site: "home", grid: grid) }
    let slots = Double(grid.count * columns.count)
    return BenchmarkCase.Measurement(
      value: slots / Stopwatch.median(times), isChecked: read?.columns == columns,
      details: [
        ("read_slots_per_s", slots / back), ("again_slots_per_s", slots / again),
        ("replaced_slots_per_s", slots / replaced),
      ] + pythonDetails(Int(slots)))
  }

  /// What Python's `sqlite3` takes for as many rows of the same columns with integer keys, on this machine now, in
  /// processor time as well.
  private static func pythonDetails(_ rows: Int) -> [(String, Double)] {
    let path = temporaryPath("sqlite")
    defer { try? FileManager.default.removeItem(atPath: path) }
    let script = """
      import os, random, sqlite3, time
      rows = [(k // 35136, 1704067200 + 900 * (k % 35136), random.gauss(0, 1), 0) for k in range(\(rows))]
      times = []
      for _ in range(5):
        d = sqlite3.connect('\(path)')
        d.execute('CREATE TABLE v(series INTEGER, slot INTEGER, value REAL, quality INTEGER, '
          'PRIMARY KEY(series, slot)) WITHOUT ROWID')
        t = time.thread_time()
        d.executemany('INSERT INTO v VALUES(?, ?, ?, ?)', rows)
        d.commit()
        times.append(time.thread_time() - t)
        d.close()
        os.unlink('\(path)')
      print(len(rows) / sorted(times)[2])
      """
    let python = Process()
    python.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    python.arguments = ["python3", "-c", script]
    let output = Pipe()
    python.standardOutput = output
    guard (try? python.run()) != nil else { return [] }
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    python.waitUntilExit()
    return Double(text.filter { !$0.isWhitespace }).map { [("python_slots_per_s", $0)] } ?? []
  }

  /// A year at 15 min of a home with PV and spot price.
  private static func synthesis() throws -> BenchmarkCase.Measurement {
    let grid = TimeGrid(start: 1_704_067_200, stepSeconds: 900, count: 35_136)
    let site = SyntheticSite(
      place: GeographicPosition(latitudeDeg: 52.5, longitudeDeg: 13.4),
      load: SyntheticLoad(kind: .home, annualKWh: 4000), pv: SyntheticPV(peakKW: 10))
    var history: SiteHistory?
    let seconds = Stopwatch.median { history = site.history(grid: grid, zone: .utc, seed: 1) }
    let energy = (history?[.load]?.reduce(0, +) ?? 0) * 0.25
    return BenchmarkCase.Measurement(
      value: seconds * 1000, isChecked: abs(energy - 4000) < 1e-6)
  }

  private static func temporaryPath(_ ending: String) -> String {
    FileManager.default.temporaryDirectory
      .appendingPathComponent("wattif-bench-\(UUID().uuidString).\(ending)").path
  }
}
