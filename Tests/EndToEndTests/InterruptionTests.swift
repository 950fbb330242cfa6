import Foundation
import TestSupport
import Testing

@Suite("A run that the user stops", .tags(.endToEnd)) struct InterruptionTests {
  /// Three weeks and enough versions that some are finished long before the last.
  private let scenario = GoodScenario.synthetic
    .replacing("to: 2024-04-01", with: "to: 2024-04-19")
    .replacing(
      "[persistence]",
      with: "[persistence, naive_day, naive_week, baseline_7_day_avg, slot_ewma, ridge, perfect]")

  @Test("ends with code 130, says so, prints no half result and keeps what is finished")
  func interrupt() throws {
    try withFolder { folder in
      try folder.write(scenario, to: "s.yaml")
      let errors = folder.appendingPathComponent("errors.txt")
      let output = folder.appendingPathComponent("output.txt")
      for file in [errors, output] {
        _ = FileManager.default.createFile(atPath: file.path, contents: nil)
      }
      let process = Process()
      process.executableURL = BuiltTool.executable()
      process.arguments = [
        "compare", "s.yaml", "--json", "--output", "out", "--threads", "1", "--progress", "json",
      ]
      process.currentDirectoryURL = folder
      process.standardOutput = try FileHandle(forWritingTo: output)
      process.standardError = try FileHandle(forWritingTo: errors)
      try process.run()
      // The oracle is the first of all replays.
      let ledger = folder.appendingPathComponent("out/ledger_oracle.csv").path
      let patience = Date(timeIntervalSinceNow: 300)
      while process.isRunning, Date() < patience, !FileManager.default.fileExists(atPath: ledger) {
        Thread.sleep(forTimeInterval: 0.02)
      }
      process.interrupt()
      while process.isRunning, Date() < patience { Thread.sleep(forTimeInterval: 0.02) }
      if process.isRunning { kill(process.processIdentifier, SIGKILL) }
      process.waitUntilExit()
      let lines = try String(contentsOf: errors, encoding: .utf8).split(separator: "\n")
      #expect(process.terminationReason == .exit)
      #expect(process.terminationStatus == 130)
      #expect(lines.contains { $0.hasPrefix("{\"done\":") })
      #expect(lines.last == "interrupted")
      #expect(lines.dropLast().last?.hasPrefix("kept in 'out': the ledgers of ") == true)
      #expect(try String(contentsOf: output, encoding: .utf8) == "")
      #expect(!FileManager.default.fileExists(atPath: folder.path + "/out/leaderboard.csv"))
    }
  }
}

@Suite("What is not input", .tags(.endToEnd)) struct ExitCodeTests {
  @Test("a result folder that cannot be made ends with code 1") func failed() throws {
    try withFolder { folder in
      try folder.write(GoodScenario.synthetic, to: "s.yaml")
      try folder.write("in the way", to: "out")
      let outcome = try BuiltTool.run(
        ["synth", "s.yaml", "--output", "out"], folder: folder)
      #expect(outcome.code == 1)
      #expect(outcome.error == "error: 'out' cannot be written: Not a directory\n")
    }
  }

  @Test("a reader that goes away is no failure") func pipe() throws {
    let shell = Process()
    shell.executableURL = URL(fileURLWithPath: "/bin/sh")
    shell.arguments = [
      "-c", "{ '\(BuiltTool.executable().path)' synth --days 60; echo $? >&2; } | head -n 1",
    ]
    let errors = Pipe()
    let output = Pipe()
    shell.standardError = errors
    shell.standardOutput = output
    try shell.run()
    let line = output.fileHandleForReading.readDataToEndOfFile()
    let code = errors.fileHandleForReading.readDataToEndOfFile()
    shell.waitUntilExit()
    #expect(String(decoding: line, as: UTF8.self).hasPrefix("time"))
    #expect(String(decoding: code, as: UTF8.self) == "0\n")
  }
}
