import Foundation
import TestSupport
import Testing
import TimeSeries

@testable import Store

/// A database file that is gone when the test is over.
final class ScratchDatabase {
  let path: String

  init() {
    path =
      FileManager.default.temporaryDirectory
      .appendingPathComponent("wattif-\(UUID().uuidString).sqlite").path
  }

  deinit {
    for suffix in ["", "-wal", "-shm"] {
      try? FileManager.default.removeItem(atPath: path + suffix)
    }
  }
}

extension ProjectStore {
  /// Fails when the file is damaged or a reference leads nowhere.
  func verify() throws {
    var problems: [String] = []
    try connection.query("PRAGMA integrity_check") { row in
      if let text = row.text(0), text != "ok" { problems.append(text) }
    }
    try connection.query("PRAGMA foreign_key_check") { row in
      problems.append("a row of '\(row.text(0) ?? "?")' refers to nothing")
    }
    #expect(problems.isEmpty)
  }
}

/// 2024-01-01T00:00:00Z.
let newYear = 1_704_067_200

@Suite("Project store") struct ProjectStoreTests {
  let grid = TimeGrid(start: newYear, stepSeconds: 900, count: 4)

  func history(zone: String = "Europe/Berlin") throws -> SiteHistory {
    SiteHistory(
      grid: grid, zone: try Zone(zone),
      columns: [.load: [1.5, .nan, 0.1 + 0.2, 0], .price: [-0.04, 0, 0, 0.3]])
  }

  @Test("observations come back to the bit, missing stays missing") func observations() throws {
    let file = ScratchDatabase()
    let written = try history()
    try ProjectStore(path: file.path).write(
      written, site: "home", quality: [.load: [.ok, .spike, .filled, .clamped]])
    let store = try ProjectStore(path: file.path)
    let read = try store.history(site: "home", grid: grid)
    #expect(read.zone.identifier == "Europe/Berlin")
    #expect(read[.load]?.map(\.bitPattern) == written[.load]?.map(\.bitPattern))
    #expect(read[.price] == written[.price])
    #expect(read[.pv] == nil)
    for quality in ["ok", "spike", "filled", "clamped"] {
      #expect(
        try store.integer(
          "SELECT count(*) FROM slot_observations WHERE quantity = 'load' AND quality = ?",
          [.text(quality)]) == 1)
    }
    // NULL in the file, not NaN and not zero.
    #expect(
      try store.integer("SELECT count(*) FROM slot_observations WHERE value IS NULL") == 1)
    try store.verify()
  }

  @Test("what is there already is left alone, what differs is replaced, slots between stay")
  func replaced() throws {
    let file = ScratchDatabase()
    let store = try ProjectStore(path: file.path)
    // More slots than one stretch, and no multiple of the rows of a statement.
    let grid = TimeGrid(start: newYear, stepSeconds: 60, count: 65_536 + 1001)
    var load = grid.indices.map { Double($0 % 977) / 8 }
    load[5] = .nan
    func write(_ quality: [Quantity: [SlotQuality]] = [:]) throws -> Int {
      let before = try store.integer("SELECT total_changes()")
      try store.write(
        SiteHistory(grid: grid, zone: .utc, columns: [.load: load]), site: "home", quality: quality)
      return try store.integer("SELECT total_changes()") - before
    }
    // The site and the series are rows as well.
    #expect(try write() == grid.count + 2)
    #expect(try write() == 0)
    load[5] = 7
    load[70] = .nan
    load[66_000] = -1
    #expect(try write() == 3)
    var marks = load.map { $0.isNaN ? SlotQuality.gap : .ok }
    marks[9] = .clamped
    #expect(try write([.load: marks]) == 1)
    #expect(try store.qualities(site: "home", grid: grid) == [.load: marks])
    let read = try store.history(site: "home", grid: grid)[.load]
    #expect(read?.map(\.bitPattern) == load.map(\.bitPattern))
    // Slots of the same length that begin half a minute later are others.
    let between = TimeGrid(start: newYear + 30, stepSeconds: 60, count: 100)
    try store.write(
      SiteHistory(
        grid: between, zone: .utc, columns: [.load: [Double](repeating: 3, count: 100)]),
      site: "home")
    #expect(try write([.load: marks]) == 0)
    load[0] = 11
    #expect(try write([.load: marks]) == 1)
    #expect(
      try store.history(site: "home", grid: between)[.load]
        == [Double](repeating: 3, count: 100))
    #expect(try store.integer("PRAGMA foreign_keys") == 1)
    try store.verify()
  }

  @Test("the file is WAL with foreign keys, strict tables and a version") func pragmas() throws {
    let file = ScratchDatabase()
    let store = try ProjectStore(path: file.path)
    var mode: String?
    try store.connection.query("PRAGMA journal_mode") { mode = $0.text(0) }
    #expect(mode == "wal")
    #expect(try store.integer("PRAGMA foreign_keys") == 1)
    #expect(try store.integer("PRAGMA user_version") == ProjectStore.schemaVersion)
    let loose = try store.integer(
      "SELECT count(*) FROM pragma_table_list WHERE schema = 'main' AND strict = 0 AND type = 'table' "
        + "AND name NOT LIKE 'sqlite_%'")
    #expect(loose == 0)
    let sql = "INSERT INTO sites(name, zone) VALUES('a', 'UTC')"
    try store.connection.execute(sql)
    // SQLITE_CONSTRAINT_PRIMARYKEY.
    let twice = #expect(throws: StoreError.self) { try store.connection.execute(sql) }
    #expect(twice?.code == 1555)
    #expect(twice?.sql == sql)
    #expect(twice?.message == "UNIQUE constraint failed: sites.name")
    // SQLITE_CONSTRAINT_DATATYPE, from STRICT.
    let text = #expect(throws: StoreError.self) {
      try store.connection.execute(
        """
        INSERT INTO series VALUES(1, 'a', 'load', 900);
        INSERT INTO slot_values VALUES(1, 0, 'much', 0)
        """)
    }
    #expect(text?.code == 3091)
    let orphan = #expect(throws: StoreError.self) {
      try store.connection.execute(
        "INSERT INTO slot_values VALUES(2, 0, 1.0, 0)")
    }
    #expect(orphan?.code == 787)
  }

  @Test("a store of an earlier version is brought forward with every value and quality")
  func migration() throws {
    let file = ScratchDatabase()
    do {
      let old = try SQLiteConnection(path: file.path)
      for script in ProjectStore.migrations.prefix(3) { try old.execute(script) }
      try old.execute(
        """
        PRAGMA application_id = 1463899220; PRAGMA user_version = 3;
        INSERT INTO sites VALUES('home', 'Europe/Berlin'), ('shop', 'UTC');
        INSERT INTO slot_observations VALUES
          ('home', 'load', 900, \(newYear), 1.5, 'ok'),
          ('home', 'load', 900, \(newYear + 900), NULL, 'spike'),
          ('home', 'load', 3600, \(newYear), 7.0, 'filled'),
          ('shop', 'price', 900, \(newYear + 1800), -0.04, 'clamped')
        """)
    }
    let store = try ProjectStore(path: file.path)
    let home = try store.history(site: "home", grid: grid)
    #expect(
      home[.load]?.map(\.bitPattern) == [1.5, .nan, .nan, .nan].map { (x: Double) in x.bitPattern })
    #expect(try store.history(site: "shop", grid: grid)[.price]?[2] == -0.04)
    var rows: [String] = []
    try store.connection.query(
      "SELECT site, quantity, step_s, quality FROM slot_observations ORDER BY 1, 2, 3, slot_start"
    ) { row in
      rows.append(
        "\(row.text(0) ?? "") \(row.text(1) ?? "") \(row.integer(2) ?? 0) \(row.text(3) ?? "")")
    }
    #expect(
      rows == [
        "home load 900 ok", "home load 900 spike", "home load 3600 filled",
        "shop price 900 clamped",
      ])
    try store.verify()
  }

  @Test("a store that is not there is not made by who only reads, and versions must be possible")
  func readOnly() throws {
    let file = ScratchDatabase()
    #expect(throws: StoreError.self) { try ProjectStore(path: file.path, creates: false) }
    #expect(!FileManager.default.fileExists(atPath: file.path))
    try ProjectStore(path: file.path).connection.execute("PRAGMA user_version = -3")
    let impossible = #expect(throws: StoreError.self) { try ProjectStore(path: file.path) }
    #expect(impossible?.message.contains("an impossible version -3") == true)
  }

  @Test("foreign and later files are refused in words") func foreignFiles() throws {
    let text = ScratchDatabase()
    try Data("time,load\n2024-01-01,1\nand some more bytes to read as a header\n".utf8).write(
      to: URL(fileURLWithPath: text.path))
    let noDatabase = #expect(throws: StoreError.self) { try ProjectStore(path: text.path) }
    #expect(noDatabase?.code == 26)
    #expect(noDatabase?.message == "file is not a database")

    let other = ScratchDatabase()
    let foreign = try SQLiteConnection(path: other.path)
    try foreign.execute("CREATE TABLE things(x)")
    let refused = #expect(throws: StoreError.self) { try ProjectStore(path: other.path) }
    #expect(refused?.message == "'\(other.path)' is a database of another program")

    let later = ScratchDatabase()
    let store = try ProjectStore(path: later.path)
    try store.connection.execute("PRAGMA user_version = 99")
    let newer = #expect(throws: StoreError.self) { try ProjectStore(path: later.path) }
    #expect(newer?.message.contains("has tables of version 99") == true)

    let folder = #expect(throws: StoreError.self) { try ProjectStore(path: "/nowhere/x.sqlite") }
    #expect(folder?.message.hasPrefix("cannot open '/nowhere/x.sqlite'") == true)
  }

  @Test("a site keeps its zone") func zones() throws {
    let store = try ProjectStore(path: ":memory:")
    try store.write(try history(), site: "home")
    let moved = #expect(throws: StoreError.self) {
      try store.write(try history(zone: "Europe/Paris"), site: "home")
    }
    #expect(moved?.message == "site 'home' is in Europe/Berlin, not in Europe/Paris")
    let missing = #expect(throws: StoreError.self) {
      try store.history(site: "hoem", grid: grid)
    }
    #expect(missing?.message == "there is no site 'hoem'")
    #expect(try store.sites() == ["home"])
  }
}
