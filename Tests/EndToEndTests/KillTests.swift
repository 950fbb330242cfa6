import Foundation
import Numerics
import TestSupport
import Testing

/// Whenever a command is stopped or killed, a file is as it was before or as it shall be, never in between.
@Suite("Killed at any moment", .tags(.endToEnd)) struct KillTests {
  private func data(_ power: Int) -> String {
    "time,load_kw\n"
      + (0..<4000).map { "\(1_704_067_200 + 900 * $0),\(power).\($0 % 97)\n" }.joined()
  }

  @Test("files and database are whole after 20 stops and kills at moments of a seed") func kills()
    throws
  {
    try withFolder { folder in
      try folder.write(data(1), to: "old.csv")
      try folder.write(data(2), to: "new.csv")
      func command(_ file: String, _ output: String) -> [String] {
        [
          "ingest", file, "--store", "\(output).sqlite", "--site", "home", "--output", output,
          "--quiet",
        ]
      }
      for (file, output) in [("old.csv", "a"), ("new.csv", "b"), ("old.csv", "out")] {
        #expect(try BuiltTool.run(command(file, output), folder: folder).code == 0)
      }
      func contents(_ place: String) throws -> Data {
        try Data(contentsOf: folder.appendingPathComponent(place))
      }
      func stored(_ place: String) throws -> String {
        let outcome = try BuiltTool.run(
          ["export", "\(place).sqlite", "--site", "home"], folder: folder)
        #expect(outcome.code == 0, "\(outcome.error)")
        return outcome.output
      }
      let whole = try (stored("a"), stored("b"))
      #expect(whole.0 != whole.1)
      let began = Date()
      #expect(try BuiltTool.run(command("new.csv", "c"), folder: folder).code == 0)
      let usual = Date().timeIntervalSince(began)
      var generator = SeededGenerator(seed: 20)
      var finished = 0
      for round in 0..<20 {
        // Old and new in turn, so that something is replaced whichever was written last.
        let file = round % 2 == 0 ? "new.csv" : "old.csv"
        let process = Process()
        process.executableURL = BuiltTool.executable()
        process.arguments = command(file, "out")
        process.currentDirectoryURL = folder
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        Thread.sleep(forTimeInterval: generator.uniform(0, 1.1 * usual))
        kill(process.processIdentifier, round % 3 == 0 ? SIGTERM : SIGKILL)
        process.waitUntilExit()
        if process.terminationReason == .exit, process.terminationStatus == 0 { finished += 1 }
        for name in ["history.csv", "ingest.json"] {
          let found = try contents("out/\(name)")
          // The report names the file that was read; only its result is the same.
          let names = try [contents("a/\(name)"), contents("b/\(name)")]
          #expect(names.contains(found), "\(name) in round \(round)")
        }
        let rows = try stored("out")
        #expect(rows == whole.0 || rows == whole.1, "the database in round \(round)")
      }
      #expect(finished < 20)
    }
  }
}
