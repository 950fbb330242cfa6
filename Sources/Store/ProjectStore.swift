import TimeSeries

/// The database of a project: observations, forecasts, runs and study cells in one SQLite file.
///
/// One owner, one thread: a store is not `Sendable`, and each thread opens its own on the same path.
/// Every write is one transaction, so that an interrupted one leaves nothing behind. A missing value is
/// NULL in the file and NaN outside.
package final class ProjectStore {
  /// Path of the file.
  package let path: String
  let connection: SQLiteConnection

  /// Version of the tables that this program writes.
  package static let schemaVersion = migrations.count

  /// Marks the file as one of this project ("WATT").
  private static let applicationID = 0x5741_5454

  /// Opens a project database, creating or migrating its tables.
  ///
  /// - Parameters:
  ///   - path: The file; `:memory:` for one that is gone when the store is.
  ///   - creates: False where a file that is not there is a mistake, as it is for whoever reads.
  /// - Throws: `StoreError` when the file is no database, belongs to another program, or was written by
  ///   a later version.
  package init(path: String, creates: Bool = true) throws {
    self.path = path
    connection = try SQLiteConnection(path: path, creates: creates)
    try connection.execute("PRAGMA foreign_keys = ON")
    let version = try integer("PRAGMA user_version")
    let owner = try integer("PRAGMA application_id")
    let tables = try integer("SELECT count(*) FROM sqlite_schema")
    guard tables == 0 || owner == ProjectStore.applicationID else {
      throw StoreError(message: "'\(path)' is a database of another program")
    }
    guard version >= 0 else {
      throw StoreError(message: "'\(path)' has tables of an impossible version \(version)")
    }
    guard tables > 0 || creates else {
      throw StoreError(message: "'\(path)' is an empty database")
    }
    guard version <= ProjectStore.schemaVersion else {
      throw StoreError(
        message: "'\(path)' has tables of version \(version), written by a later program; "
          + "this one knows version \(ProjectStore.schemaVersion)")
    }
    try connection.execute("PRAGMA journal_mode = WAL")
    try connection.execute("PRAGMA synchronous = NORMAL")
    if version < ProjectStore.schemaVersion { try migrate() }
  }

  /// Tries whether a database that is there can be written, and leaves it as it is.
  ///
  /// - Throws: `StoreError` as opening it does, or when it cannot be written.
  package static func trial(_ path: String) throws {
    guard SQLiteConnection.isFile(path) else { return }
    try ProjectStore(path: path).connection.transaction {}
  }

  private func migrate() throws {
    try connection.transaction {
      // Another process may have migrated between the look and the lock.
      let version = try integer("PRAGMA user_version")
      for (k, script) in ProjectStore.migrations.enumerated().dropFirst(version) {
        try connection.execute(script)
        try connection.execute("PRAGMA user_version = \(k + 1)")
      }
      try connection.execute("PRAGMA application_id = \(ProjectStore.applicationID)")
    }
  }

  /// Returns the first column of the first row.
  func integer(_ sql: String, _ values: [SQLValue] = []) throws -> Int {
    var result = 0
    try connection.query(sql, values) { result = $0.integer(0) ?? 0 }
    return result
  }

  /// One script per version; never changed once released, only added to.
  static let migrations = [
    """
    CREATE TABLE sites(
      name TEXT PRIMARY KEY NOT NULL, zone TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE slot_observations(
      site TEXT NOT NULL REFERENCES sites(name),
      quantity TEXT NOT NULL, step_s INTEGER NOT NULL CHECK(step_s > 0),
      slot_start INTEGER NOT NULL, value REAL,
      quality TEXT NOT NULL
        CHECK(quality IN ('ok','gap','reset','spike','clamped','filled')),
      PRIMARY KEY(site, quantity, step_s, slot_start)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE forecast_issues(
      id INTEGER PRIMARY KEY, site TEXT NOT NULL REFERENCES sites(name),
      version TEXT NOT NULL, quantity TEXT NOT NULL, issued_at INTEGER NOT NULL,
      created_at INTEGER, model_hash TEXT, trained_from INTEGER, trained_to INTEGER,
      UNIQUE(site, version, quantity, issued_at),
      CHECK(trained_to IS NULL OR trained_to <= issued_at),
      CHECK(trained_from IS NULL OR trained_to IS NULL OR trained_from <= trained_to)
    ) STRICT;
    CREATE TABLE slot_forecasts(
      issue_id INTEGER NOT NULL REFERENCES forecast_issues(id) ON DELETE CASCADE,
      slot_start INTEGER NOT NULL,
      quantile REAL CHECK(quantile IS NULL OR (quantile > 0 AND quantile < 1)),
      value REAL NOT NULL
    ) STRICT;
    CREATE UNIQUE INDEX slot_forecasts_key
      ON slot_forecasts(issue_id, slot_start, ifnull(quantile, -1));
    CREATE TABLE runs(
      id INTEGER PRIMARY KEY, command TEXT NOT NULL, inputs_hash TEXT NOT NULL,
      scenario TEXT NOT NULL, program_version TEXT NOT NULL, seed TEXT NOT NULL,
      result TEXT, UNIQUE(command, inputs_hash, program_version, seed)
    ) STRICT;
    CREATE TABLE run_steps(
      run_id INTEGER NOT NULL REFERENCES runs(id) ON DELETE CASCADE,
      version TEXT NOT NULL, slot_start INTEGER NOT NULL, step_s INTEGER NOT NULL,
      load_kw REAL, pv_kw REAL, grid_kw REAL, battery_kw REAL, curtailed_kw REAL,
      clipped_kw REAL, clip_cause TEXT, stored_kwh REAL, hottest_cell_c REAL,
      buy_per_kwh REAL, sell_per_kwh REAL,
      PRIMARY KEY(run_id, version, slot_start)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE run_scores(
      run_id INTEGER NOT NULL REFERENCES runs(id) ON DELETE CASCADE,
      version TEXT NOT NULL, score TEXT NOT NULL, value REAL,
      PRIMARY KEY(run_id, version, score)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE study_cells(
      study TEXT NOT NULL, cell TEXT NOT NULL, position INTEGER NOT NULL, result TEXT NOT NULL,
      PRIMARY KEY(study, cell)
    ) STRICT, WITHOUT ROWID;
    """,
    """
    CREATE TABLE forecast_models(
      site TEXT NOT NULL REFERENCES sites(name), version TEXT NOT NULL, quantity TEXT NOT NULL,
      model_hash TEXT NOT NULL, trained_from INTEGER, trained_to INTEGER,
      row_count INTEGER NOT NULL, features TEXT NOT NULL, seed TEXT NOT NULL, seconds REAL,
      PRIMARY KEY(site, version, quantity, model_hash)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE forecast_model_metrics(
      site TEXT NOT NULL, version TEXT NOT NULL, quantity TEXT NOT NULL, model_hash TEXT NOT NULL,
      metric TEXT NOT NULL, value REAL NOT NULL,
      PRIMARY KEY(site, version, quantity, model_hash, metric),
      FOREIGN KEY(site, version, quantity, model_hash)
        REFERENCES forecast_models(site, version, quantity, model_hash) ON DELETE CASCADE
    ) STRICT, WITHOUT ROWID;
    """,
    """
    ALTER TABLE runs ADD COLUMN document TEXT;
    ALTER TABLE runs ADD COLUMN options TEXT;
    ALTER TABLE runs ADD COLUMN versions TEXT;
    CREATE TABLE run_inputs(
      run_id INTEGER NOT NULL REFERENCES runs(id) ON DELETE CASCADE,
      position INTEGER NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL,
      fingerprint TEXT NOT NULL, count INTEGER NOT NULL, missing INTEGER, mean REAL,
      PRIMARY KEY(run_id, position)
    ) STRICT, WITHOUT ROWID;
    """,
    // Short keys: site, quantity and step stand once for all slots of a column.
    """
    CREATE TABLE series(
      id INTEGER PRIMARY KEY, site TEXT NOT NULL REFERENCES sites(name), quantity TEXT NOT NULL,
      step_s INTEGER NOT NULL CHECK(step_s > 0), UNIQUE(site, quantity, step_s)
    ) STRICT;
    CREATE TABLE qualities(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
    INSERT INTO qualities VALUES
      (0, 'ok'), (1, 'gap'), (2, 'reset'), (3, 'spike'), (4, 'clamped'), (5, 'filled');
    CREATE TABLE slot_values(
      series INTEGER NOT NULL REFERENCES series(id), slot_start INTEGER NOT NULL, value REAL,
      quality INTEGER NOT NULL CHECK(quality BETWEEN 0 AND 5),
      PRIMARY KEY(series, slot_start)
    ) STRICT, WITHOUT ROWID;
    INSERT INTO series(site, quantity, step_s)
      SELECT DISTINCT site, quantity, step_s FROM slot_observations
      ORDER BY site, quantity, step_s;
    INSERT INTO slot_values
      SELECT s.id, o.slot_start, o.value, q.id FROM slot_observations o
      JOIN series s ON s.site = o.site AND s.quantity = o.quantity AND s.step_s = o.step_s
      JOIN qualities q ON q.name = o.quality ORDER BY s.id, o.slot_start;
    DROP TABLE slot_observations;
    CREATE VIEW slot_observations AS
      SELECT s.site, s.quantity, s.step_s, v.slot_start, v.value, q.name AS quality
      FROM slot_values v JOIN series s ON s.id = v.series JOIN qualities q ON q.id = v.quality;
    """,
    """
    ALTER TABLE runs ADD COLUMN page TEXT;
    """,
    """
    CREATE TABLE day_labels(
      site TEXT NOT NULL REFERENCES sites(name), day TEXT NOT NULL, quantity TEXT NOT NULL,
      verdict TEXT NOT NULL CHECK(verdict IN ('clean', 'masked', 'excluded')),
      PRIMARY KEY(site, day, quantity)
    ) STRICT, WITHOUT ROWID;
    """,
  ]
}
