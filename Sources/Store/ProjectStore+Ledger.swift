import Numerics

/// The ledger of runs: which there are and what they were made from.
extension ProjectStore {
  /// Returns every run in the order of their numbers.
  package func runs() throws -> [StoredRun] {
    var runs: [StoredRun] = []
    try connection.query(
      """
      SELECT id, inputs_hash, command, document, options, versions, program_version, seed, scenario,
        result
      FROM runs ORDER BY id
      """
    ) { row in
      runs.append(
        StoredRun(
          number: row.integer(0) ?? 0, hash: row.text(1) ?? "", command: row.text(2) ?? "",
          document: row.text(3), options: lines(row.text(4)), versions: lines(row.text(5)),
          programVersion: row.text(6) ?? "", seed: row.text(7) ?? "",
          scenario: row.text(8) ?? "", result: row.text(9)))
    }
    return runs
  }

  /// Returns the page of a run, or nothing when it has none.
  package func page(run: Int) throws -> String? {
    var page: String?
    try connection.query("SELECT page FROM runs WHERE id = ?", [.integer(run)]) {
      page = $0.text(0)
    }
    return page
  }

  /// Returns what a run read; empty for a run of an older program.
  package func inputs(run: Int) throws -> [RunInput] {
    var inputs: [RunInput] = []
    try connection.query(
      """
      SELECT kind, name, fingerprint, count, missing, mean FROM run_inputs
      WHERE run_id = ? ORDER BY position
      """, [.integer(run)]
    ) { row in
      guard let kind = row.text(0).flatMap(RunInput.Kind.init(rawValue:)) else { return }
      let mean = row.real(5)
      inputs.append(
        RunInput(
          kind: kind, name: row.text(1) ?? "", fingerprint: Fingerprint(digits: row.text(2) ?? ""),
          count: row.integer(3) ?? 0, missing: row.integer(4), mean: mean.isNaN ? nil : mean))
    }
    return inputs
  }
}

private func lines(_ text: String?) -> [String] {
  (text ?? "").split(separator: "\n").map(String.init)
}
