import Numerics
import TestSupport
import Testing

@testable import Store

@Suite("Ledger of runs") struct RunLedgerTests {
  let identity = RunIdentity(
    command: "compare", versions: ["a", "b"], inputs: Fingerprint("x"), scenario: "name: x\n",
    programVersion: "0.1", seed: 7)

  @Test("what a run was made from comes back") func inputs() throws {
    let store = try ProjectStore(path: ":memory:")
    let inputs = [
      RunInput(kind: .file, name: "load.csv", fingerprint: Fingerprint("bytes"), count: 5),
      RunInput(kind: .history, name: "load", values: [1, .nan, 2]),
    ]
    // By hand: (1 + 2) / 2 over two of three slots.
    #expect(inputs[1].mean == 1.5 && inputs[1].missing == 1 && inputs[1].count == 3)
    let number = try store.write(
      identity, result: "{}", versions: [], inputs: inputs, document: "../site.yaml",
      options: ["--battery=my own", "--explain=all"])
    let run = try #require(try store.runs().first)
    #expect(run.number == number && run.hash == identity.fingerprint.text)
    #expect(run.document == "../site.yaml" && run.versions == ["a", "b"] && run.seed == "7")
    #expect(run.options == ["--battery=my own", "--explain=all"])
    #expect(try store.inputs(run: number) == inputs)
    try store.write(identity, result: "{}", versions: [])
    #expect(try store.integer("SELECT count(*) FROM run_inputs") == 0)
    try store.verify()
  }

  @Test("values tell inputs apart, whatever their missing ones look like") func fingerprints() {
    func print(_ values: [Double]) -> Fingerprint {
      RunInput(kind: .history, name: "load", values: values).fingerprint
    }
    #expect(print([1, .nan]) == print([1, -.nan]))
    #expect(print([1, 2]) != print([2, 1]))
    #expect(RunInput(kind: .history, name: "load", values: [.nan]).mean == nil)
  }

  @Test("a run of older tables is listed without what they did not keep") func older() throws {
    let file = ScratchDatabase()
    do {
      let old = try SQLiteConnection(path: file.path)
      for script in ProjectStore.migrations.prefix(2) { try old.execute(script) }
      try old.execute(
        """
        INSERT INTO runs(command, inputs_hash, scenario, program_version, seed, result)
        VALUES('replay', '00ff', 'name: x', '0.1', '1', '{}');
        PRAGMA user_version = 2; PRAGMA application_id = \(0x5741_5454);
        """)
    }
    let store = try ProjectStore(path: file.path)
    let run = try #require(try store.runs().first)
    #expect(run.command == "replay" && run.document == nil && run.options.isEmpty)
    #expect(try store.inputs(run: run.number).isEmpty)
    #expect(try store.integer("PRAGMA user_version") == ProjectStore.schemaVersion)
  }
}
