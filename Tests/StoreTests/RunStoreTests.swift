import Numerics
import TestSupport
import Testing
import TimeSeries

@testable import Store

@Suite("Runs") struct RunStoreTests {
  let identity = RunIdentity(
    command: "replay", versions: ["a"], inputs: Fingerprint("load.csv"), scenario: "site: x\n",
    programVersion: "0.1", seed: .max)

  func version(_ name: String, count: Int, score: Double) -> RunVersion {
    RunVersion(
      version: name,
      steps: (0..<count).map {
        RunStep(
          slotStart: newYear + $0 * 900, stepSeconds: 900, loadKW: Double($0), pvKW: 0, gridKW: 1,
          batteryKW: -1, clipCause: $0 == 1 ? "soc" : nil, storedKWh: 5)
      }, scores: ["cost": score, "regret": .nan])
  }

  @Test("a run comes back, and the same run again replaces it") func runs() throws {
    let store = try ProjectStore(path: ":memory:")
    try store.write(identity, result: "{}", versions: [version("a", count: 3, score: 1)])
    let run = try store.write(
      identity, result: "{\"x\":1}",
      versions: [version("a", count: 2, score: 7), version("b", count: 0, score: 8)])
    #expect(try store.integer("SELECT count(*) FROM runs") == 1)
    #expect(try store.integer("SELECT count(*) FROM run_steps") == 2)
    #expect(try store.run(of: identity) == run)
    #expect(try store.result(run: run) == "{\"x\":1}")
    let scores = try store.scores(run: run)
    #expect(scores["a"]?["cost"] == 7 && scores["b"]?["cost"] == 8)
    #expect(scores["a"]?["regret"]?.isNaN == true)
    let steps = try store.steps(run: run, version: "a")
    #expect(steps.map(\.loadKW) == [0, 1])
    #expect(steps.map(\.clipCause) == [nil, "soc"])
    #expect(steps[0].hottestCellC.isNaN)
    try store.verify()
  }

  @Test("whatever moves a result makes another run, and both stay") func identities() throws {
    let store = try ProjectStore(path: ":memory:")
    var others = [RunIdentity](repeating: identity, count: 7)
    others[0].command = "compare"
    others[1].versions = ["b"]
    others[2].planners = ["a"]
    others[3].inputs = Fingerprint("other.csv")
    others[4].scenario = "site: y\n"
    others[5].programVersion = "0.2"
    others[6].seed = 1
    let all = [identity] + others
    #expect(Set(all.map(\.fingerprint)).count == all.count)
    for (k, identity) in all.enumerated() {
      try store.write(identity, result: "\(k)", versions: [version("a", count: 1, score: 1)])
    }
    #expect(try store.integer("SELECT count(*) FROM runs") == all.count)
    #expect(try store.integer("SELECT count(*) FROM run_steps") == all.count)
    for (k, identity) in all.enumerated() {
      #expect(try store.run(of: identity).flatMap { try store.result(run: $0) } == "\(k)")
    }
    var unknown = identity
    unknown.seed = 2
    #expect(try store.run(of: unknown) == nil)
  }

  @Test("a write that fails half-way leaves the older run whole") func interrupted() throws {
    let store = try ProjectStore(path: ":memory:")
    try store.write(identity, result: "old", versions: [version("a", count: 3, score: 1)])
    var broken = version("b", count: 3, score: 2)
    broken.steps.append(broken.steps[0])
    #expect(throws: StoreError.self) {
      try store.write(
        identity, result: "new", versions: [version("a", count: 3, score: 9), broken])
    }
    #expect(try store.run(of: identity).flatMap { try store.result(run: $0) } == "old")
    #expect(try store.integer("SELECT count(*) FROM run_steps") == 3)
    #expect(try store.integer("SELECT count(*) FROM run_scores") == 2)
  }

  @Test("a writer that dies in a transaction leaves nothing") func abandoned() throws {
    let file = ScratchDatabase()
    let store = try ProjectStore(path: file.path)
    do {
      let dying = try SQLiteConnection(path: file.path)
      try dying.execute("BEGIN IMMEDIATE")
      try dying.execute("INSERT INTO sites(name, zone) VALUES('half', 'UTC')")
      // The connection closes here without a commit, as at the end of a killed process.
    }
    #expect(try store.sites() == [])
    try store.verify()
  }
}
