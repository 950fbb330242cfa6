import Foundation
import TestSupport
import Testing

/// Sizes of a small site, kept, shared out, stopped and merged by the built tool.
@Suite("Shares of a sizing study", .tags(.endToEnd)) struct ShardTests {
  static let document =
    GoodScenario.synthetic.replacing("to: 2024-04-01", with: "to: 2024-04-15") + """
      size:
        energies_kwh: [2, 4, 6, 8, 10, 12]
        powers_kw: [2, 4]
        capital:
          per_kwh: 60
        years: 10
        period: scale_to_year
        with_rule: true

      """

  private static let files = ["size.json", "sizes.csv", "cash_flows.csv", "report.html"]

  static func results(in folder: URL) throws -> [String] {
    try files.map { try String(contentsOf: folder.appendingPathComponent($0), encoding: .utf8) }
  }

  /// What one run writes.
  private func whole(_ folder: URL, document: String = Self.document) throws -> [String] {
    try folder.write(document, to: "s.yaml")
    let outcome = try BuiltTool.run(["size", "s.yaml", "-q", "-o", "whole"], folder: folder)
    #expect(outcome.code == 0, "\(outcome.error)")
    return try Self.results(in: folder.appendingPathComponent("whole"))
  }

  @Test("any number of shares merges into the files of one run", arguments: [1, 2, 3, 7])
  func shares(count: Int) throws {
    try withFolder { folder in
      let whole = try whole(folder)
      for number in 1...count {
        let outcome = try BuiltTool.run(
          ["size", "s.yaml", "-q", "--cells", "cells", "--shard", "\(number)/\(count)"],
          folder: folder)
        #expect(outcome.code == 0, "\(outcome.error)")
        #expect(outcome.output.contains("None is missing") == (number == count))
        if number < count, number == 1 {
          let early = try BuiltTool.run(["merge", "s.yaml", "cells", "-q"], folder: folder)
          #expect(early.code == 1 && early.output.isEmpty)
          #expect(early.error.contains("batteries are missing; start the shares again"))
        }
      }
      let merged = try BuiltTool.run(
        ["merge", "s.yaml", "cells", "-q", "-o", "merged"], folder: folder)
      #expect(merged.code == 0, "\(merged.error)")
      let files = try Self.results(in: folder.appendingPathComponent("merged"))
      #expect(files == whole)
      // What 'merge' keeps of the run is the run of 'size', which can be made again.
      let again = try BuiltTool.run(["runs", "rerun", "merged", "-q"], folder: folder)
      #expect(again.code == 0, "\(again.error)")
    }
  }

  /// The files of finished batteries with the moment they were written.
  private func cells(_ folder: URL) throws -> [String: Date] {
    let path = folder.appendingPathComponent("cells").path
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    return try names.filter { $0.hasPrefix("cell_") && $0.hasSuffix(".json") }
      .reduce(into: [:]) { found, name in
        found[name] =
          try FileManager.default.attributesOfItem(atPath: "\(path)/\(name)")[.modificationDate]
          as? Date
      }
  }

  // Killed ten times without a chance to clean up, at moments drawn over the time that a run takes.
  @Test("killed at ten random moments, a run goes on, repeats nothing and ends with the same files")
  func killed() throws {
    try withFolder { folder in
      let start = Date()
      let whole = try whole(folder)
      let seconds = Date().timeIntervalSince(start)
      var state: UInt64 = 16
      var kept: [String: Date] = [:]
      for round in 0..<10 {
        // Knuth's generator of 64 bits; its high bits are the random ones.
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        let process = Process()
        process.executableURL = BuiltTool.executable()
        process.arguments = [
          "size", "s.yaml", "-q", "--cells", "cells", "--threads", "2", "-o", "out",
        ]
        process.currentDirectoryURL = folder
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        Thread.sleep(forTimeInterval: seconds * Double(state >> 40) / Double(1 << 24))
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        let now = try cells(folder)
        // Nothing that was finished is lost or written again.
        for (name, date) in kept { #expect(now[name] == date, "round \(round): \(name)") }
        kept = now
      }
      let last = try BuiltTool.run(
        ["size", "s.yaml", "-q", "--cells", "cells", "-o", "out"], folder: folder)
      #expect(last.code == 0, "\(last.error)")
      #expect(try Self.results(in: folder.appendingPathComponent("out")) == whole)
      let end = try cells(folder)
      #expect(end.count == 12)
      for (name, date) in kept { #expect(end[name] == date, "\(name)") }
    }
  }

  @Test("batteries of another scenario, seed or program are refused, broken files are left out")
  func refused() throws {
    try withFolder { folder in
      try folder.write(
        Self.document.replacing("[2, 4, 6, 8, 10, 12]", with: "[2, 4]"), to: "s.yaml")
      func size(_ options: String...) throws -> BuiltTool.Outcome {
        try BuiltTool.run(
          ["size", "s.yaml", "-q", "--json", "--cells", "cells"] + options, folder: folder)
      }
      let first = try size()
      #expect(first.code == 0, "\(first.error)")
      let seeded = try size("--seed", "5")
      #expect(seeded.code == 65)
      #expect(
        seeded.error.contains(
          "cells/cell_0_2.0kWh_2.0kW.json: error: this candidate was replayed with the seed "))
      try folder.write(
        Self.document.replacing("[2, 4, 6, 8, 10, 12]", with: "[2, 4, 6]"), to: "s.yaml")
      let changed = try size()
      #expect(changed.code == 65)
      #expect(changed.error.contains("before its document was changed"))
      #expect(changed.error.contains("take another folder, or empty this one"))
      // Back again, but one file lost its end, as a machine without power may leave it.
      try folder.write(
        Self.document.replacing("[2, 4, 6, 8, 10, 12]", with: "[2, 4]"), to: "s.yaml")
      let cell = folder.appendingPathComponent("cells/cell_0_2.0kWh_2.0kW.json")
      let text = try String(contentsOf: cell, encoding: .utf8)
      try Data(text.utf8.prefix(300)).write(to: cell)
      let mended = try size()
      #expect(mended.code == 0 && mended.output == first.output)
      #expect(mended.error.contains("warning: the file holds no whole candidate and is left out"))
      #expect(try String(contentsOf: cell, encoding: .utf8) == text)
      // Another version of the program.
      try Data(text.replacing("\"program\":\"0.", with: "\"program\":\"9.").utf8).write(to: cell)
      #expect(try size().error.contains("this candidate was replayed by version 9."))
    }
  }

  @Test("batteries that were replayed from other data are refused") func otherData() throws {
    try withFolder { folder in
      try folder.write(
        GoodScenario.files + """
          size:
            energies_kwh: [2]
            powers_kw: [2]
            capital:
              per_kwh: 60
            years: 10
            period: scale_to_year

          """, to: "s.yaml")
      func size() throws -> BuiltTool.Outcome {
        try BuiltTool.run(
          ["size", "s.yaml", "-q", "--json", "--cells", "cells"], folder: folder)
      }
      try folder.write(GoodScenario.load, to: "load.csv")
      let first = try size()
      #expect(first.code == 0, "\(first.error)")
      #expect(try size().output == first.output)
      try folder.write(
        GoodScenario.load.replacing("T12:00,0.5", with: "T12:00,0.6"), to: "load.csv")
      let changed = try size()
      #expect(changed.code == 65)
      #expect(
        changed.error.contains(
          "this candidate was replayed from other data, or for another battery"))
    }
  }

  @Test("a folder of scenarios is a table of sites, whole or in shares") func folder() throws {
    try withFolder { folder in
      let sites = folder.appendingPathComponent("sites")
      try FileManager.default.createDirectory(at: sites, withIntermediateDirectories: true)
      let small = Self.document.replacing("[2, 4, 6, 8, 10, 12]", with: "[2, 4]")
      try sites.write(small, to: "near.yaml")
      // A price per kWh that nothing pays back.
      try sites.write(small.replacing("per_kwh: 60", with: "per_kwh: 60000"), to: "far.yaml")
      let whole = try BuiltTool.run(["size", "sites", "-q", "--json", "-o", "out"], folder: folder)
      #expect(whole.code == 0, "\(whole.error)")
      for name in ["sites.csv", "size.json", "near/size.json", "far/report.html"] {
        #expect(FileManager.default.fileExists(atPath: "\(folder.path)/out/\(name)"), "\(name)")
      }
      let csv = try String(
        contentsOf: folder.appendingPathComponent("out/sites.csv"), encoding: .utf8
      ).split(separator: "\n")
      #expect(csv.count == 3)
      #expect(csv[1].hasPrefix("far,no battery,EUR,0,0,0,0,0,0,0,,,,"), "\(csv[1])")
      #expect(csv[2].hasPrefix("near,"))
      for number in [2, 1] {
        _ = try BuiltTool.run(
          ["size", "sites", "-q", "--cells", "cells", "--shard", "\(number)/2"], folder: folder)
      }
      let merged = try BuiltTool.run(["merge", "sites", "cells", "-q", "--json"], folder: folder)
      #expect(merged.output == whole.output, "\(merged.error)")
    }
  }

  @Test(
    "shares that make no sense are refused",
    arguments: [
      ("--shard 1/2", "'--shard' needs '--cells'"),
      ("--cells c --shard 3/2", "must be a part and a number of parts, such as 2/8, found '3/2'"),
      ("--cells c --shard 0/2", "found '0/2'"), ("--cells c --shard 2", "found '2'"),
      ("--cells c --shard 1/2 --json", "'--json' is for 'wattif merge'"),
    ])
  func usage(options: String, words: String) throws {
    try withFolder { folder in
      try folder.write(Self.document, to: "s.yaml")
      let outcome = try BuiltTool.run(
        ["size", "s.yaml"] + options.split(separator: " ").map(String.init), folder: folder)
      #expect(outcome.code == 64)
      #expect(outcome.error.contains(words), "\(outcome.error)")
    }
  }
}
