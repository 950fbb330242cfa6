import Foundation
import TestSupport
import Testing

/// The lines of the page *Ledgers*, run by the programs they are for.
@Suite("Page of the ledgers") struct LedgersPageTests {
  /// A block of the page: its heading, its language and its code.
  struct Block: Sendable, CustomTestStringConvertible {
    let name: String
    let language: String
    let code: String
    var testDescription: String { name }

    /// The program that runs it.
    var program: String { language == "r" ? "Rscript" : "python3" }
    /// The module that it needs, nothing for what comes with the program.
    var module: String? {
      code.split(separator: "\n").first.map(String.init)?.split(separator: " ").last.map(
        String.init)
    }
  }

  static let page = KeyReference.package
    .appendingPathComponent("Sources/wattif/Documentation.docc/Ledgers.md")

  static var blocks: [Block] {
    let text = (try? String(contentsOf: page, encoding: .utf8)) ?? ""
    let parts = text.components(separatedBy: "\n```")
    return stride(from: 0, to: parts.count - 1, by: 2).map { place in
      let code = parts[place + 1].split(separator: "\n", maxSplits: 1).map(String.init)
      let heading = parts[place].split(separator: "\n").last.map(String.init) ?? ""
      return Block(
        name: String(heading.prefix { $0 != ":" && $0 != "," }), language: code[0], code: code[1])
    }
  }

  /// Runs a program; nothing where it is not there.
  private static func output(_ program: String, _ arguments: [String], in folder: String) -> String?
  {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [program] + arguments
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return nil }
    let bytes = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return process.terminationStatus == 0 ? String(decoding: bytes, as: UTF8.self) : nil
  }

  /// Whether a block can run here.
  private static func canRun(_ block: Block, in folder: String) -> Bool {
    block.language == "r"
      ? output("Rscript", ["-e", "1"], in: folder) != nil
      : output("python3", ["-c", "import \(block.module ?? "csv")"], in: folder) != nil
  }

  /// A folder with a replay of `ridge`, and what the replay printed.
  private static let replayed = Result<(folder: DataCommandTests.Folder, json: String), any Error> {
    let folder = try DataCommandTests.Folder()
    try FileManager.default.createDirectory(
      atPath: "\(folder.path)/tariffs", withIntermediateDirectories: true)
    _ = try folder.file("tariffs/tariff.yaml", OutputsPageFiles.tariff)
    _ = try folder.file(
      "vendor.csv",
      "version,quantity,issued_at,valid_at,value\n"
        + "vendor,load,2024-05-02T00:00:00Z,2024-05-02T01:00:00Z,2\n")
    _ = try folder.file("site.yaml", OutputsPageFiles.site)
    let outcome = wattif(
      "replay", "\(folder.path)/site.yaml", "--version", "ridge", "-q", "--json", "-o",
      "\(folder.path)/results")
    return (folder, outcome.output)
  }

  /// The folder with the results, and the bill that was printed.
  private func results() throws -> (folder: String, bill: Double) {
    let (folder, json) = try Self.replayed.get()
    let object = try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any]
    return ("\(folder.path)/results", try #require(object?["bill"] as? Double))
  }

  @Test("the page has lines for five programs, three each") func count() {
    #expect(Self.blocks.map(\.name) == ["Python", "pandas", "Polars", "DuckDB", "R"])
    for block in Self.blocks {
      #expect(block.code.split(separator: "\n").count == 3, "\(block.name)")
    }
  }

  @Test("its lines give the bill and the energy of the slots", arguments: blocks)
  func lines(block: Block) throws {
    let (folder, bill) = try results()
    guard Self.canRun(block, in: folder) else {
      // Python itself is on every machine that builds this; the others may be missing.
      #expect(block.name != "Python", "python3 is needed")
      print("skipped: the lines for \(block.name), which is not installed")
      return
    }
    let months = try CSVText("\(folder)/bills.csv")
    let energy = months.rows.filter { $0["part"] == "energy" }
      .reduce(0) { $0 + (Double($1["amount"] ?? "") ?? .nan) }
    let script = "\(folder)/lines.\(block.language)"
    try Data(block.code.utf8).write(to: URL(fileURLWithPath: script))
    let text = try #require(Self.output(block.program, [script], in: folder))
    let numbers = text.split(whereSeparator: \.isWhitespace).compactMap { Double($0) }
    try #require(numbers.count == 2, "\(text)")
    #expect(isClose(numbers[0], bill, absolute: 0.006))
    #expect(isClose(numbers[1], energy, absolute: 0.006))
    #expect(bill != energy)
  }

  @Test("the lines of every bill add up to it") func sums() throws {
    let (folder, bill) = try results()
    let rows = try CSVText("\(folder)/bills.csv").rows
    let sum = rows.reduce(0) { $0 + (Double($1["amount"] ?? "") ?? .nan) }
    #expect(isClose(sum, bill, absolute: 1e-9))
    for row in rows {
      let product = (Double(row["quantity"] ?? "") ?? .nan) * (Double(row["price"] ?? "") ?? .nan)
      #expect(isClose(product, Double(row["amount"] ?? "") ?? .nan, absolute: 1e-9), "\(row)")
    }
  }
}

/// A CSV file as rows by column name; cells hold no separators.
private struct CSVText {
  let rows: [[String: String]]

  init(_ path: String) throws {
    let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    rows = lines.dropFirst().map { Dictionary(uniqueKeysWithValues: zip(lines[0], $0)) }
  }
}
