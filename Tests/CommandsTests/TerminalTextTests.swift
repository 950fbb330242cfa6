import CommandLine
import Foundation
import TestSupport
import Testing

@Suite("Texts on a terminal") struct TerminalTextTests {
  private static let folder = Result { try OutputsPageFiles.prepared() }

  /// What prints text besides the runs of the page of outputs.
  private static let further = [
    ("tariff import", "tariff import \(TariffRecords.path)"),
    ("tariff check", "tariff check @/tariffs/tariff.yaml"),
    ("derate --list", "derate --list"),
    ("twin list", "twin list"),
  ]

  /// A rate record with one price.
  private enum TariffRecords {
    static let path = "@/rate.json"
    static let text = """
      {"label": "5f1", "utility": "Town", "name": "One price", "sector": "Residential",
      "energyratestructure": [[{"rate": 0.1, "unit": "kWh"}]],
      "energyweekdayschedule": \(schedule), "energyweekendschedule": \(schedule),
      "fixedchargefirstmeter": 5, "fixedchargeunits": "$/month"}
      """
    private static let schedule =
      "["
      + Array(repeating: "[\(Array(repeating: "0", count: 24).joined(separator: ","))]", count: 12)
      .joined(separator: ",") + "]"
  }

  private static func text(_ arguments: String, _ more: [String] = []) throws -> Outcome {
    let folder = try folder.get()
    _ = try folder.file("rate.json", TariffRecords.text)
    let words = arguments.replacing("@", with: folder.path).split(separator: " ").map(String.init)
    return wattif(words + more, outputWidth: 80)
  }

  /// The headings of tables, each with its rule; figures above a rule within a table are no heading.
  private static func headings(_ text: String) -> [String] {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    return lines.indices.flatMap { i -> [String] in
      let bare = lines[i].drop { $0 == " " }
      guard bare.count > 4, bare.allSatisfy({ $0 == "─" }) else { return [] }
      let heading = lines[..<i].reversed()
        .prefix { !$0.isEmpty && !$0.hasSuffix(":") && !$0.contains { $0.isNumber || $0 == "─" } }
        .prefix(3).reversed()
      return heading.isEmpty ? [] : heading + [String(repeating: "─", count: lines[i].count)]
    }
  }

  @Test("every table and every sentence fits 80 columns, and nothing steers a terminal")
  func widths() throws {
    var record = ""
    let runs = OutputsPageTests.runs.map { ($0.section, $0.arguments) } + Self.further
    for (section, arguments) in runs {
      // Without a folder 'synth' prints the file itself.
      let outcome = try Self.text(
        arguments, section == "synth" ? ["-o", Self.folder.get().path] : [])
      #expect(outcome.code == .done, "\(section): \(outcome.error)")
      let long = outcome.output.split(separator: "\n").map(String.init).filter { $0.count > 80 }
      // A path of a scratch folder is one word, which is never broken.
      #expect(
        long.allSatisfy { $0.contains("/") }, "\(section): \(long.first ?? "")")
      for text in [outcome.output, outcome.error] {
        #expect(
          !text.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" || $0.value == 0x7F },
          "\(section)")
      }
      let tables = Self.headings(outcome.output)
      if !tables.isEmpty {
        record += "\(section)\n\n" + tables.map { $0 + "\n" }.joined() + "\n"
      }
    }
    try expectGolden(record, "terminal-tables.txt")
  }

  @Test("--wide prints every column and notes in full") func wide() throws {
    let narrow = try Self.text("compare @/site.yaml")
    let wide = try Self.text("compare @/site.yaml", ["--wide"])
    #expect(narrow.output.contains("More columns (--wide): "))
    #expect(narrow.output.contains("Notes in full: "))
    #expect(!wide.output.contains("(--wide)"))
    #expect(!wide.output.contains("Notes in full"))
    #expect(wide.output.contains("load MAE kW"))
    #expect(!narrow.output.contains("load MAE kW  "))
    // The verdict comes before everything else but the name of the scenario.
    let lines = narrow.output.split(separator: "\n")
    #expect(lines[0] == "Four days of a shop")
    #expect(lines[1].hasPrefix("Planned with "))
  }

  @Test("documents for programs are never folded") func documents() throws {
    #expect(try Self.text("synth @/site.yaml").output.hasPrefix("time_utc,"))
    let folder = try Self.folder.get().path
    let json = try Self.text("compare @/site.yaml", ["--json"])
    _ = try JSONSerialization.jsonObject(with: Data(json.output.utf8))
    let policy = try Self.text("derate --show residential")
    #expect(policy.output == wattif("derate", "--show", "residential").output)
    #expect(!folder.isEmpty)
  }

  @Test(
    "every subcommand that works long takes the style of progress",
    arguments: [
      "compare", "replay", "size", "stress", "benchmark", "plan", "bill", "twin", "forecast",
      "shadow",
      "thermal", "ingest", "runs", "synth", "check",
    ])
  func style(name: String) {
    let help = wattif(name, "--help").output
    #expect(help.contains("--progress STYLE"))
    #expect(
      wattif(name, "--progress", "dots").error.hasPrefix(
        "error: '--progress' must be bar, lines, json or none, found 'dots'\n"))
  }

  @Test("a program is told of progress where it asks") func programs() throws {
    let asked = try Self.text("replay @/site.yaml", ["--progress", "json"])
    let first = try #require(asked.error.split(separator: "\n").first)
    let object =
      try JSONSerialization.jsonObject(with: Data(first.utf8)) as? [String: Any]
    #expect(object?["event"] as? String == "progress")
    #expect(object?["task"] as? String == "replay")
    for silent in [["--progress", "none"], ["--quiet"], ["-q", "--progress", "json"]] {
      #expect(try !Self.text("replay @/site.yaml", silent).error.contains("progress"))
    }
  }
}
