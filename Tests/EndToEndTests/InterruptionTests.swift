import Foundation
import TestSupport
import Testing

@Suite("A run that the user stops", .tags(.endToEnd)) struct InterruptionTests {
  @Test("ends with code 130, says so, and prints no half result")
  func interrupt() throws {
    try withFolder { folder in
      let errors = folder.appendingPathComponent("errors.txt")
      let output = folder.appendingPathComponent("output.txt")
      for file in [errors, output] {
        _ = FileManager.default.createFile(atPath: file.path, contents: nil)
      }
      let process = Process()
      process.executableURL = BuiltTool.executable
      process.arguments = ["compare", "scenarios/quickstart.yaml", "--json"]
      process.currentDirectoryURL = BuiltTool.package
      process.standardOutput = try FileHandle(forWritingTo: output)
      process.standardError = try FileHandle(forWritingTo: errors)
      try process.run()
      // The first line of progress shows that the work has begun.
      func progress() throws -> String { try String(contentsOf: errors, encoding: .utf8) }
      while process.isRunning, try !progress().contains("\"event\":\"progress\"") {
        Thread.sleep(forTimeInterval: 0.1)
      }
      process.interrupt()
      let patience = Date(timeIntervalSinceNow: 60)
      while process.isRunning, Date() < patience { Thread.sleep(forTimeInterval: 0.1) }
      if process.isRunning { kill(process.processIdentifier, SIGKILL) }
      process.waitUntilExit()
      let lines = try progress().split(separator: "\n")
      #expect(process.terminationReason == .exit)
      #expect(process.terminationStatus == 130)
      #expect(lines.last == "interrupted")
      #expect(try String(contentsOf: output, encoding: .utf8) == "")
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
      #expect(outcome.error == "error: 'out/history.csv' cannot be written\n")
    }
  }

  @Test("a reader that goes away is no failure") func pipe() throws {
    let shell = Process()
    shell.executableURL = URL(fileURLWithPath: "/bin/sh")
    shell.arguments = [
      "-c", "{ '\(BuiltTool.executable.path)' synth --days 60; echo $? >&2; } | head -n 1",
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
