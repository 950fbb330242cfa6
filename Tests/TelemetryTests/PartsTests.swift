import Diagnostics
import Documents
import Numerics
import TestSupport
import Testing
import TimeSeries

@testable import Telemetry

/// Files read some rows at a time give what they give when they are read whole.
@Suite("Reading in parts") struct PartsTests {
  private func both(
    _ text: String, _ columns: [ColumnMapping], stepSeconds: Int = 900, zone: Zone = .utc
  ) throws -> (whole: (SiteHistory, IngestReport), parts: (SiteHistory, IngestReport)) {
    let file = try ScratchFile(text)
    let source = CSVSource(path: file.path, timeColumn: "time", columns: columns)
    var reader = HistoryReader([source], zone: zone, policy: .report)
    let grid = try reader.extent(stepSeconds: stepSeconds)
    let whole = try reader.read(grid: grid)
    reader.largeBytes = 0
    #expect(try reader.extent(stepSeconds: stepSeconds) == grid)
    return (whole, try reader.read(grid: grid))
  }

  private let columns = [
    ColumnMapping(column: "load_w", quantity: .load),
    ColumnMapping(column: "pv_kwh", quantity: .pv),
    ColumnMapping(column: "temp_c", quantity: .ambient),
  ]

  /// Rows with gaps, empty cells, words, codes, negative values and surplus cells, by a seed.
  private func rows(_ count: Int, seed: UInt64) -> String {
    var generator = SeededGenerator(seed: seed)
    var text = "time,load_w,pv_kwh,temp_c\n"
    var time = newYear2024
    for _ in 0..<count {
      time += generator.uniform(0, 1) < 0.02 ? 300 : 60
      var cells = [
        "\(generator.uniform(-50, 5000))", "\((generator.uniform(0, 100)).rounded() / 1000)",
        "\((generator.uniform(-200, 400)).rounded() / 10)",
      ]
      switch Int(generator.uniform(0, 60)) {
      case 0: cells[0] = ""
      case 1: cells[1] = "broken"
      case 2: cells[2] = "-999"
      case 3: cells.append("7")
      case 4: cells.removeLast()
      default: break
      }
      text += Instant.utcText(time) + "," + cells.joined(separator: ",") + "\n"
    }
    return text
  }

  @Test("whatever rows hold, values, qualities, counts and findings are the same", arguments: 1...6)
  func same(seed: UInt64) throws {
    // More rows than are held at a time, in one of the cases.
    let text = rows(seed == 1 ? 70_000 : 3000, seed: seed)
    let (whole, parts) = try both(text, columns)
    for quantity in [Quantity.load, .pv, .ambient] {
      #expect(column(whole.0[quantity]) == column(parts.0[quantity]))
      #expect(whole.1.quality[quantity] == parts.1.quality[quantity])
    }
    #expect(whole.1.findings == parts.1.findings)
    #expect(whole.1.rowsIn == parts.1.rowsIn && whole.1.rowsKept == parts.1.rowsKept)
    #expect(whole.1.cellsFailed == parts.1.cellsFailed && whole.1.cellsFailed > 0)
    #expect(whole.1.rowsReported == parts.1.rowsReported && whole.1.rowsReported > 0)
  }

  @Test(
    "slots put aside some at a time are those read at once",
    arguments: [FillRule.none, .zero, .hold(maxAgeSeconds: 100)])
  func aside(fill: FillRule) throws {
    let file = try ScratchFile(rows(10_000, seed: 7))
    var columns = columns
    columns[0].fill = fill
    // Two columns of one quantity add up, below zero now and then.
    columns[1] = ColumnMapping(column: "temp_c", quantity: .pv, unit: "kW", combination: .sumInFile)
    columns[2] = ColumnMapping(column: "pv_kwh", quantity: .pv, combination: .sumInFile)
    let source = CSVSource(path: file.path, timeColumn: "time", columns: columns)
    var reader = HistoryReader([source], zone: .utc, policy: .report)
    // Intervals of 60 s reach across the ends of stretches of 65,536 slots of 7 s.
    let (whole, report) = try reader.read(stepSeconds: 7, aside: "/tmp")
    #expect(whole is MarkedHistory)
    reader.largeBytes = 0
    let (parts, other) = try reader.read(stepSeconds: 7, aside: "/tmp")
    _ = try #require(parts as? HistoryAside)
    #expect(parts.grid == whole.grid && parts.grid.count > historyPartSlots)
    #expect(parts.quantities == whole.quantities && parts.quantities == [.load, .pv])
    for quantity in parts.quantities {
      let (a, b) = (
        try parts.part(quantity, parts.grid.indices), try whole.part(quantity, whole.grid.indices)
      )
      #expect(a.values.map(\.bitPattern) == b.values.map(\.bitPattern))
      #expect(a.quality == b.quality)
    }
    #expect(report.findings == other.findings)
    #expect(report.slots == other.slots && other.quality.isEmpty)
    #expect(report.rowsIn == other.rowsIn && report.rowsKept == other.rowsKept)
    #expect(report.slots[.pv].map { $0.clamped > 0 } == true)
  }

  @Test("a column that nothing can be read of is refused, put aside or not") func unreadable()
    throws
  {
    let text =
      "time,load_w\n" + (0..<20).map { Instant.utcText(newYear2024 + 60 * $0) + ",x\n" }.joined()
    let file = try ScratchFile(text)
    let source = CSVSource(path: file.path, timeColumn: "time", columns: [columns[0]])
    var reader = HistoryReader([source], zone: .utc, policy: .report)
    let whole = #expect(throws: InputError.self) {
      try reader.read(stepSeconds: nil, aside: "/tmp")
    }
    reader.largeBytes = 0
    let parts = #expect(throws: InputError.self) {
      try reader.read(stepSeconds: nil, aside: "/tmp")
    }
    #expect(whole == parts && whole?.diagnostics.isEmpty == false)
    let lost = #expect(throws: WriteFailure.self) {
      try reader.read(stepSeconds: nil, aside: "/no such folder")
    }
    #expect("\(lost.map { "\($0)" } ?? "")".hasPrefix("'/no such folder' cannot be written: "))
  }

  @Test("rows out of order, repeated or of several lengths are read whole, with the same result")
  func fallsBack() throws {
    let stamps = { (minutes: [Int]) in
      "time,load_w\n"
        + minutes.map { Instant.utcText(newYear2024 + 60 * $0) + ",\(100 + $0)\n" }.joined()
    }
    for minutes in [
      [0, 1, 2, 4, 3, 5], [0, 1, 1, 2, 3], [0, 60, 120, 180, 240, 255, 270, 285, 300],
    ] {
      let (whole, parts) = try both(stamps(minutes), [columns[0]], stepSeconds: 300)
      #expect(column(whole.0[.load]) == column(parts.0[.load]))
      #expect(whole.1.findings == parts.1.findings)
    }
  }

  @Test("local stamps through both changes of the clocks") func clocks() throws {
    let zone = try Zone("Europe/Berlin")
    for first in [1_711_839_600, 1_729_980_000] {
      var text = "time,load_w\n"
      for k in 0..<96 {
        let civil = zone.civil(at: first + 900 * k)
        text += "\(civil),\(k)\n"
      }
      let (whole, parts) = try both(text, [columns[0]], zone: zone)
      #expect(column(whole.0[.load]) == column(parts.0[.load]))
      #expect((whole.0[.load] ?? []).allSatisfy { !$0.isNaN })
    }
  }
}
