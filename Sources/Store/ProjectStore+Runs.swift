import Numerics

/// Runs.
extension ProjectStore {
  /// Writes a whole run; the same run replaces itself, any other stays.
  ///
  /// - Parameters:
  ///   - identity: What the run was made from.
  ///   - result: The result as JSON.
  ///   - versions: Steps and scores per version.
  ///   - inputs: What it read.
  ///   - document: Path of the scenario's document, from the folder of the database.
  ///   - options: Options of the command line that can move a result.
  ///   - page: The result as a page.
  /// - Returns: Number of the run in the database.
  /// - Throws: `StoreError`; nothing is written then, and an older run stays.
  @discardableResult
  package func write(
    _ identity: RunIdentity, result: String?, versions: [RunVersion], inputs: [RunInput] = [],
    document: String? = nil, options: [String] = [], page: String? = nil
  ) throws -> Int {
    try connection.transaction {
      try connection.run(
        "DELETE FROM runs WHERE inputs_hash = ?", [.text(identity.fingerprint.text)])
      try connection.run(
        """
        INSERT INTO runs(
          command, inputs_hash, program_version, seed, scenario, result, document, options, versions,
          page)
        VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        [
          .text(identity.command), .text(identity.fingerprint.text),
          .text(identity.programVersion), .text("\(identity.seed)"), .text(identity.scenario),
          SQLValue(result), SQLValue(document), .text(options.joined(separator: "\n")),
          .text(identity.versions.joined(separator: "\n")), SQLValue(page),
        ])
      let run = connection.lastInsertedRow
      for (k, input) in inputs.enumerated() {
        try connection.run(
          """
          INSERT INTO run_inputs(run_id, position, kind, name, fingerprint, count, missing, mean)
          VALUES(?, ?, ?, ?, ?, ?, ?, ?)
          """,
          [
            .integer(run), .integer(k), .text(input.kind.rawValue), .text(input.name),
            .text(input.fingerprint.text), .integer(input.count), SQLValue(input.missing),
            SQLValue(input.mean ?? .nan),
          ])
      }
      for version in versions { try write(version, run: run) }
      return run
    }
  }

  private func write(_ version: RunVersion, run: Int) throws {
    let steps = try connection.prepare(
      """
      INSERT INTO run_steps(run_id, version, slot_start, step_s, load_kw, pv_kw, grid_kw, battery_kw,
        curtailed_kw, clipped_kw, clip_cause, stored_kwh, hottest_cell_c, buy_per_kwh, sell_per_kwh)
      VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """)
    for step in version.steps {
      try steps.runOnce([
        .integer(run), .text(version.version), .integer(step.slotStart),
        .integer(step.stepSeconds), SQLValue(step.loadKW), SQLValue(step.pvKW),
        SQLValue(step.gridKW), SQLValue(step.batteryKW), SQLValue(step.curtailedKW),
        SQLValue(step.clippedKW), SQLValue(step.clipCause), SQLValue(step.storedKWh),
        SQLValue(step.hottestCellC), SQLValue(step.buyPerKWh), SQLValue(step.sellPerKWh),
      ])
    }
    let scores = try connection.prepare(
      "INSERT INTO run_scores(run_id, version, score, value) VALUES(?, ?, ?, ?)")
    for (score, value) in version.scores.sorted(by: { $0.key < $1.key }) {
      try scores.runOnce([
        .integer(run), .text(version.version), .text(score), SQLValue(value),
      ])
    }
  }

  /// Returns the number of the run made from the same things, or nothing when there is none.
  package func run(of identity: RunIdentity) throws -> Int? {
    var run: Int?
    try connection.query(
      "SELECT id FROM runs WHERE inputs_hash = ?", [.text(identity.fingerprint.text)]
    ) { run = $0.integer(0) }
    return run
  }

  /// Returns the result of a run as JSON, or nothing when it has none.
  package func result(run: Int) throws -> String? {
    var result: String?
    try connection.query("SELECT result FROM runs WHERE id = ?", [.integer(run)]) {
      result = $0.text(0)
    }
    return result
  }

  /// Returns the scores of a run by version.
  package func scores(run: Int) throws -> [String: [String: Double]] {
    var scores: [String: [String: Double]] = [:]
    try connection.query(
      "SELECT version, score, value FROM run_scores WHERE run_id = ?", [.integer(run)]
    ) { row in
      if let version = row.text(0), let score = row.text(1) {
        scores[version, default: [:]][score] = row.real(2)
      }
    }
    return scores
  }

  /// Returns the steps of one version of a run, in order of time.
  package func steps(run: Int, version: String) throws -> [RunStep] {
    var steps: [RunStep] = []
    try connection.query(
      """
      SELECT slot_start, step_s, load_kw, pv_kw, grid_kw, battery_kw, curtailed_kw, clipped_kw,
        clip_cause, stored_kwh, hottest_cell_c, buy_per_kwh, sell_per_kwh
      FROM run_steps WHERE run_id = ? AND version = ? ORDER BY slot_start
      """, [.integer(run), .text(version)]
    ) { row in
      steps.append(
        RunStep(
          slotStart: row.integer(0) ?? 0, stepSeconds: row.integer(1) ?? 0, loadKW: row.real(2),
          pvKW: row.real(3), gridKW: row.real(4), batteryKW: row.real(5),
          curtailedKW: row.real(6), clippedKW: row.real(7), clipCause: row.text(8),
          storedKWh: row.real(9), hottestCellC: row.real(10), buyPerKWh: row.real(11),
          sellPerKWh: row.real(12)))
    }
    return steps
  }
}
