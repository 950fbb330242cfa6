/// What a run was made from: with these equal, its results are equal to the byte.
package struct RunIdentity: Sendable, Hashable {
  /// Subcommand, for example `compare`.
  package var command: String
  /// Hash of all input data.
  package var inputsHash: String
  /// Text of the scenario.
  package var scenario: String
  /// Version of this program.
  package var programVersion: String
  /// Seed of all random numbers.
  package var seed: UInt64

  /// Names a run.
  package init(
    command: String, inputsHash: String, scenario: String, programVersion: String, seed: UInt64
  ) {
    self.command = command
    self.inputsHash = inputsHash
    self.scenario = scenario
    self.programVersion = programVersion
    self.seed = seed
  }
}

/// What happened in one slot of a run; NaN where a number does not exist.
package struct RunStep: Sendable, Hashable {
  /// First instant. [UTC epoch s]
  package var slotStart: Int
  /// Length. [s]
  package var stepSeconds: Int
  /// Consumption. [kW]
  package var loadKW: Double
  /// Production before curtailment. [kW]
  package var pvKW: Double
  /// Grid power, positive when importing. [kW]
  package var gridKW: Double
  /// Battery power, positive when discharging. [kW]
  package var batteryKW: Double
  /// Production not used. [kW]
  package var curtailedKW: Double
  /// Battery power asked for and not delivered. [kW]
  package var clippedKW: Double
  /// Why it was not delivered.
  package var clipCause: String?
  /// Energy in the battery at the end. [kWh]
  package var storedKWh: Double
  /// Hottest cell at the end. [°C]
  package var hottestCellC: Double
  /// Marginal price of import. [currency/kWh]
  package var buyPerKWh: Double
  /// Marginal price of export. [currency/kWh]
  package var sellPerKWh: Double

  /// States a step.
  package init(
    slotStart: Int, stepSeconds: Int, loadKW: Double, pvKW: Double, gridKW: Double,
    batteryKW: Double, curtailedKW: Double = 0, clippedKW: Double = 0, clipCause: String? = nil,
    storedKWh: Double = .nan, hottestCellC: Double = .nan, buyPerKWh: Double = .nan,
    sellPerKWh: Double = .nan
  ) {
    self.slotStart = slotStart
    self.stepSeconds = stepSeconds
    self.loadKW = loadKW
    self.pvKW = pvKW
    self.gridKW = gridKW
    self.batteryKW = batteryKW
    self.curtailedKW = curtailedKW
    self.clippedKW = clippedKW
    self.clipCause = clipCause
    self.storedKWh = storedKWh
    self.hottestCellC = hottestCellC
    self.buyPerKWh = buyPerKWh
    self.sellPerKWh = sellPerKWh
  }
}

/// One forecast version (or counterfactual) of a run.
package struct RunVersion: Sendable, Hashable {
  /// Name of the version.
  package var version: String
  /// Steps in order of time; may be empty.
  package var steps: [RunStep]
  /// Scores by name; NaN where a score does not exist.
  package var scores: [String: Double]

  /// States the outcome of a version.
  package init(version: String, steps: [RunStep] = [], scores: [String: Double] = [:]) {
    self.version = version
    self.steps = steps
    self.scores = scores
  }
}

/// One finished cell of a study.
package struct StudyCell: Sendable, Hashable {
  /// Name of the cell, unique in its study.
  package var cell: String
  /// Place of the cell in the study, which orders results.
  package var position: Int
  /// Result as JSON.
  package var result: String

  /// States a cell.
  package init(cell: String, position: Int, result: String) {
    self.cell = cell
    self.position = position
    self.result = result
  }
}

/// Runs and study cells.
extension ProjectStore {
  /// Writes a whole run; a run of the same command, inputs, program version and seed is replaced.
  ///
  /// - Parameters:
  ///   - identity: What the run was made from.
  ///   - result: The result as JSON.
  ///   - versions: Steps and scores per version.
  /// - Returns: Number of the run in the database.
  /// - Throws: `StoreError`; nothing is written then, and an older run stays.
  @discardableResult
  package func write(
    _ identity: RunIdentity, result: String?, versions: [RunVersion]
  ) throws -> Int {
    try connection.transaction {
      try connection.run(
        "DELETE FROM runs WHERE command = ? AND inputs_hash = ? AND program_version = ? AND seed = ?",
        key(identity))
      try connection.run(
        """
        INSERT INTO runs(command, inputs_hash, program_version, seed, scenario, result)
        VALUES(?, ?, ?, ?, ?, ?)
        """, key(identity) + [.text(identity.scenario), SQLValue(result)])
      let run = connection.lastInsertedRow
      for version in versions { try write(version, run: run) }
      return run
    }
  }

  private func key(_ identity: RunIdentity) -> [SQLValue] {
    [
      .text(identity.command), .text(identity.inputsHash), .text(identity.programVersion),
      .text("\(identity.seed)"),
    ]
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

  /// Returns the result of a run made from the same things, or nothing when there is none.
  package func result(of identity: RunIdentity) throws -> String? {
    var result: String?
    try connection.query(
      """
      SELECT result FROM runs
      WHERE command = ? AND inputs_hash = ? AND program_version = ? AND seed = ?
      """, key(identity)
    ) { result = $0.text(0) }
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

  /// Writes one finished cell of a study; a cell of the same name is replaced.
  ///
  /// - Parameters:
  ///   - cell: The cell.
  ///   - study: Hash of everything that the study's cells share.
  /// - Throws: `StoreError`.
  package func write(_ cell: StudyCell, study: String) throws {
    try connection.run(
      "INSERT OR REPLACE INTO study_cells(study, cell, position, result) VALUES(?, ?, ?, ?)",
      [.text(study), .text(cell.cell), .integer(cell.position), .text(cell.result)])
  }

  /// Returns the finished cells of a study, in order of position and name.
  package func cells(study: String) throws -> [StudyCell] {
    var cells: [StudyCell] = []
    try connection.query(
      "SELECT cell, position, result FROM study_cells WHERE study = ? ORDER BY position, cell",
      [.text(study)]
    ) { row in
      cells.append(
        StudyCell(
          cell: row.text(0) ?? "", position: row.integer(1) ?? 0, result: row.text(2) ?? ""))
    }
    return cells
  }

  /// Takes over the study cells of another project database; cells already here stay.
  ///
  /// - Parameter path: Database of one shard.
  /// - Returns: Number of cells taken over.
  /// - Throws: `StoreError`, also when a cell has another result here.
  package func mergeCells(from path: String) throws -> Int {
    // Opening it as a store checks that it is one.
    let other = try ProjectStore(path: path)
    var cells: [(study: String, cell: StudyCell)] = []
    try other.connection.query(
      "SELECT study, cell, position, result FROM study_cells ORDER BY study, position, cell"
    ) { row in
      cells.append(
        (
          row.text(0) ?? "",
          StudyCell(
            cell: row.text(1) ?? "", position: row.integer(2) ?? 0, result: row.text(3) ?? "")
        ))
    }
    return try connection.transaction {
      var taken = 0
      for (study, cell) in cells {
        var present: String?
        try connection.query(
          "SELECT result FROM study_cells WHERE study = ? AND cell = ?",
          [.text(study), .text(cell.cell)]
        ) { present = $0.text(0) }
        if let present {
          guard present == cell.result else {
            throw StoreError(
              message: "cell '\(cell.cell)' of '\(path)' has another result than in "
                + "'\(self.path)'")
          }
        } else {
          try write(cell, study: study)
          taken += 1
        }
      }
      return taken
    }
  }
}
