import Foundation
import TestSupport
import Testing

@Suite("wattif ingest and synth", .tags(.endToEnd)) struct IngestTests {
  @Test("a history read back from the database is the one that went in") func roundTrip() throws {
    try withFolder { folder in
      try folder.write(GoodScenario.synthetic, to: "s.yaml")
      let stored = GoodScenario.synthetic.replacing(
        """
          source: synthetic
          load:
            kind: home
            annual_kwh: 4000
        """, with: "  source: store\n  file: p.sqlite\n  site: house")
      try folder.write(stored, to: "t.yaml")
      let ingest = try BuiltTool.run(
        ["ingest", "s.yaml", "--store", "p.sqlite", "--site", "house"], folder: folder)
      #expect(ingest.code == 0)
      #expect(ingest.error == "")
      let made = try BuiltTool.run(["synth", "s.yaml"], folder: folder)
      let read = try BuiltTool.run(["synth", "t.yaml"], folder: folder)
      #expect(read.error == "")
      #expect(made.output == read.output)
      // Three days and two of warm-up, less the hour skipped on 31 March, and the header.
      #expect(made.output.split(separator: "\n").count == 120)
    }
  }

  @Test("a site that the database does not hold is refused") func unknownSite() throws {
    try withFolder { folder in
      try folder.write(GoodScenario.synthetic, to: "s.yaml")
      _ = try BuiltTool.run(
        ["ingest", "s.yaml", "--store", "p.sqlite", "--site", "house"], folder: folder)
      let stored = GoodScenario.synthetic.replacing(
        """
          source: synthetic
          load:
            kind: home
            annual_kwh: 4000
        """, with: "  source: store\n  file: p.sqlite\n  site: hous")
      try folder.write(stored, to: "t.yaml")
      let outcome = try BuiltTool.run(["check", "t.yaml"], folder: folder)
      #expect(
        outcome.error
          == "t.yaml:13:9: error: the store holds no site 'hous'; did you mean 'house'?\n")
      #expect(outcome.code == 65)
      try folder.write("not a database at all", to: "p.sqlite")
      let broken = try BuiltTool.run(["check", "t.yaml"], folder: folder)
      #expect(broken.error.hasPrefix("t.yaml:12:9: error: "))
      #expect(broken.code == 65)
    }
  }

  @Test("the files of a known logger are read by their channels") func logs() throws {
    try withFolder { folder in
      var states = ["entity_id,state,last_changed"]
      for hour in 0..<24 {
        let stamp = "2024-03-30T\(hour < 10 ? "0" : "")\(hour):00:00.000Z"
        states.append("sensor.load,\(hour == 7 ? "unavailable" : "500"),\(stamp)")
      }
      try folder.write(states.joined(separator: "\n") + "\n", to: "history.csv")
      let text = GoodScenario.files.replacing("2024-03-31\n", with: "2024-03-30\n")
        .replacing("to: 2024-04-01", with: "to: 2024-03-31")
        .replacing("Europe/Berlin", with: "UTC")
      let start = try #require(text.firstRange(of: "  files:\n"))
      let end = try #require(text.firstRange(of: "forecasts:"))
      let logs = """
          missing: hold
          files:
            - file: history.csv
              format: ha_history_csv
              held_for_s: 3600
              columns:
                - column: sensor.load
                  quantity: load
                  unit: W

        """
      let document =
        text[..<start.lowerBound] + logs
        + text[end.lowerBound...].replacing("spot_multiplier: 1", with: "price_per_kwh: 0.3")
      try folder.write(String(document), to: "s.yaml")
      let outcome = try BuiltTool.run(["synth", "s.yaml"], folder: folder)
      #expect(outcome.error == "")
      let rows = outcome.output.split(separator: "\n")
      #expect(rows.count == 25)
      #expect(rows.dropFirst().allSatisfy { $0.contains(",0.5,") && $0.hasSuffix(",20") })
    }
  }
}
