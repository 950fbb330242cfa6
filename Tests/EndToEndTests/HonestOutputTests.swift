import Foundation
import TestSupport
import Testing

/// Runs a line of the shell in a folder; `$wattif` is the built tool.
private func shell(_ line: String, in folder: URL) throws -> BuiltTool.Outcome {
  let process = Process()
  process.executableURL = URL(fileURLWithPath: "/bin/sh")
  process.arguments = ["-c", line]
  process.currentDirectoryURL = folder
  process.environment = ProcessInfo.processInfo.environment.merging(
    ["wattif": BuiltTool.executable().path]
  ) { $1 }
  let output = Pipe()
  process.standardOutput = output
  let errors = folder.appendingPathComponent("stderr")
  _ = FileManager.default.createFile(atPath: errors.path, contents: nil)
  process.standardError = try FileHandle(forWritingTo: errors)
  try process.run()
  let text = output.fileHandleForReading.readDataToEndOfFile()
  process.waitUntilExit()
  return BuiltTool.Outcome(
    code: process.terminationStatus, output: String(decoding: text, as: UTF8.self),
    error: try String(contentsOf: errors, encoding: .utf8))
}

@Suite("Output never lies", .tags(.endToEnd)) struct HonestOutputTests {
  @Test("a full disk behind standard output ends with code 1 and the reason") func fullDisk() throws
  {
    try withFolder { folder in
      let outcome = try shell("\"$wattif\" synth --days 10 > /dev/full", in: folder)
      #expect(outcome.code == 1)
      #expect(
        outcome.error == "error: standard output cannot be written: No space left on device\n")
    }
  }

  @Test("a closed standard output ends with code 1, and no file of the run gets its text")
  func closed() throws {
    try withFolder { folder in
      let outcome = try shell(
        "\"$wattif\" synth --days 1 --store s.sqlite --output o --quiet >&-", in: folder)
      #expect(outcome.code == 1)
      #expect(
        outcome.error.hasSuffix("error: standard output cannot be written: Bad file descriptor\n"))
      let history = try String(contentsOfFile: folder.path + "/o/history.csv", encoding: .utf8)
      #expect(history.hasPrefix("time_utc,") && history.split(separator: "\n").count == 97)
      let store = try Data(contentsOf: folder.appendingPathComponent("s.sqlite"))
      #expect(store.starts(with: Data("SQLite format 3\0".utf8)))
    }
  }

  @Test("what cannot be written is told of before the work, and leaves nothing behind")
  func triedFirst() throws {
    try withFolder { folder in
      try folder.write(GoodScenario.synthetic, to: "s.yaml")
      try folder.write("in the way", to: "afile")
      try folder.write("no database", to: "text.sqlite")
      try FileManager.default.createDirectory(
        at: folder.appendingPathComponent("folder"), withIntermediateDirectories: false)
      let cases = [
        ("compare s.yaml --output afile", "'afile' cannot be written: Not a directory"),
        ("compare s.yaml --output afile/deep", "'afile/deep' cannot be written: Not a directory"),
        ("plan s.yaml --lp nowhere/p.lp", "'nowhere/p.lp' cannot be written: No such file"),
        ("plan s.yaml --mps folder", "'folder' cannot be written: Is a directory"),
        ("synth --store folder", "'folder' cannot be written: Is a directory"),
        ("synth --days 1 --store text.sqlite", "'text.sqlite' cannot be written: file is not a"),
        (
          "twin s.yaml --power p.csv --cells nowhere/c.csv",
          "'nowhere/c.csv' cannot be written: No such file"
        ),
        ("benchmark folder --output afile", "'afile' cannot be written: Not a directory"),
        ("shadow s.yaml --output afile", "'afile' cannot be written: Not a directory"),
        ("report s.sqlite --output nowhere/r.html", "'nowhere/r.html' cannot be written: No such"),
        ("export s.sqlite --csv nowhere/e.csv", "'nowhere/e.csv' cannot be written: No such file"),
        (
          "thermal train p.csv --temperature t --limit 30 --lead 60 --model ridge --save folder",
          "'folder' cannot be written: Is a directory"
        ),
      ]
      let before = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
      for (line, reason) in cases {
        let outcome = try BuiltTool.run(
          line.split(separator: " ").map(String.init), folder: folder)
        #expect(outcome.code == 1, "\(line)")
        #expect(outcome.output == "", "\(line)")
        #expect(outcome.error.hasPrefix("error: \(reason)"), "\(line): \(outcome.error)")
      }
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == before)
    }
  }

  @Test("a file that cannot be written after all does not take the printed result along")
  func printedAllTheSame() throws {
    try withFolder { folder in
      try folder.write(GoodScenario.synthetic, to: "s.yaml")
      // The disk that is full is a device, which is not tried before the work.
      let outcome = try BuiltTool.run(
        ["synth", "s.yaml", "--output", "o", "--json", "--quiet"], folder: folder)
      #expect(outcome.code == 0)
      try FileManager.default.removeItem(atPath: folder.path + "/o/history.csv")
      try FileManager.default.createSymbolicLink(
        atPath: folder.path + "/o/history.csv", withDestinationPath: "/dev/full")
      let failed = try BuiltTool.run(
        ["synth", "s.yaml", "--output", "o", "--json", "--quiet"], folder: folder)
      #expect(failed.code == 1)
      #expect(failed.output == outcome.output)
      #expect(
        failed.error
          == "error: 'o/history.csv' cannot be written: No space left on device\n")
    }
  }

  @Test("the page is named, and so are files of an earlier run beside it") func staleFiles() throws
  {
    try withFolder { folder in
      try folder.write(
        GoodScenario.synthetic.replacing("[persistence]", with: "[persistence, naive_day]"),
        to: "two.yaml")
      try folder.write(GoodScenario.synthetic, to: "one.yaml")
      let first = try BuiltTool.run(
        ["compare", "two.yaml", "--quiet", "--output", "o"], folder: folder)
      #expect(first.error.contains("into 'o'; open 'o/report.html'\n"))
      #expect(!first.error.contains("earlier run"))
      try folder.write("a note of the user's", to: "o/notes.csv")
      let second = try BuiltTool.run(
        ["compare", "one.yaml", "--quiet", "--output", "o"], folder: folder)
      #expect(second.code == 0)
      #expect(
        second.error.hasSuffix(
          "warning: 'o' also holds files of an earlier run: ledger_naive_day.csv\n"))
    }
  }

  @Test("a fault of the program says so with its version and no trace") func fault() throws {
    try withFolder { folder in
      let outcome = try shell(
        """
        mkfifo p; sleep 60 > p & keeper=$!
        "$wattif" check p & tool=$!
        while ! grep -q wattif /proc/$tool/comm; do :; done; sleep 0.3
        kill -ILL $tool; wait $tool; code=$?; kill $keeper; exit $code
        """, in: folder)
      #expect(outcome.code == 70)
      #expect(outcome.error.contains("error: this is a fault of wattif 0."))
      #expect(!outcome.error.contains("Thread 0"))
    }
  }
}

@Suite("Work that waits", .tags(.endToEnd)) struct WaitingTests {
  @Test("a pipe that nobody writes into is named instead of waited for") func noWriter() throws {
    try withFolder { folder in
      let outcome = try shell("mkfifo p; \"$wattif\" ingest p", in: folder)
      #expect(outcome.code == 65)
      #expect(
        outcome.error.contains("p: error: a pipe into which no program writes within"))
    }
  }

  @Test("a pipe is read though it is looked at more than once") func pipe() throws {
    try withFolder { folder in
      let outcome = try shell(
        """
        "$wattif" synth --days 1 > d.csv; mkfifo p; cat d.csv > p & "$wattif" ingest p --json > a
        "$wattif" ingest d.csv --json | sed 's/"d.csv"/"p"/' > b; cmp a b
        """, in: folder)
      #expect(outcome.code == 0)
      #expect(outcome.output == "")
    }
  }

  @Test("a device without an end is left") func endless() throws {
    try withFolder { folder in
      let outcome = try shell("\"$wattif\" ingest /dev/zero", in: folder)
      #expect(outcome.code == 65)
      #expect(outcome.error.hasPrefix("/dev/zero: error: no regular file, and no end after"))
    }
  }

  @Test(
    "every subcommand that reads ends when it is told to, though it waits for a file",
    arguments: [
      "ingest p", "check p.yaml", "compare p.yaml", "size p.yaml", "stress p.yaml",
      "replay p.yaml", "plan p.yaml", "twin p.yaml --power x", "twin fit p --capacity-ah 2",
      "bill p.yaml p", "tariff check p.yaml", "tariff import p", "forecast import p",
      "forecast backtest p.yaml", "synth p.yaml --output o", "ingest --signals p",
    ])
  func stopped(line: String) throws {
    try withFolder { folder in
      let outcome = try shell(
        """
        mkfifo p; ln -s p p.yaml; sleep 60 > p & keeper=$!
        "$wattif" \(line) & tool=$!
        while ! grep -q wattif /proc/$tool/comm; do :; done; sleep 0.3
        kill -TERM $tool; wait $tool; code=$?; kill $keeper; exit $code
        """, in: folder)
      #expect(outcome.code == 130)
      #expect(outcome.error.hasSuffix("interrupted\n"))
      let left = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      #expect(!left.contains { $0.contains(".part") })
    }
  }
}
