import Foundation
import TestSupport
import Testing

@Suite("A scenario to start from") struct InitCommandTests {
  /// Hours of a home with a roof, from a Monday: stamps as the columns say.
  private func table(
    _ header: String, days: Int, step: Int = 3600, from: Int = 1_704_067_200,
    row: (_ second: Int, _ stamp: String) -> String
  ) -> String {
    let format = ISO8601DateFormatter()
    return
      ([header]
      + (0..<days * 86_400 / step).map { k in
        row(k * step, format.string(from: Date(timeIntervalSince1970: Double(from + k * step))))
      }).joined(separator: "\n") + "\n"
  }

  private func withFolder(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("wattif-init-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder.path)
  }

  @Test("columns, units, clock and step are found, and what is written runs as it is")
  func runs() throws {
    try withFolder { folder in
      // Stamps of Berlin's summer and winter time around the change of 31 March 2024.
      let csv = table("time,load_kw,pv_w,price_eur_per_mwh", days: 20, from: 1_710_892_800) {
        second, _ in
        let instant = 1_710_892_800 + second
        let offset = instant < 1_711_846_800 ? 3600 : 7200
        let local = ISO8601DateFormatter().string(
          from: Date(timeIntervalSince1970: Double(instant + offset))
        ).dropLast()
        let hour = second / 3600 % 24
        return "\(local)+0\(offset / 3600):00,\(hour < 7 ? 0.3 : 0.9),"
          + "\(hour > 8 && hour < 17 ? 2400 : 0),\(hour > 16 ? 140 : 60)"
      }
      try csv.write(toFile: "\(folder)/house.csv", atomically: true, encoding: .utf8)
      let made = wattif(["init", "\(folder)/house.csv", "-o", "\(folder)/house.yaml"])
      #expect(made.code == .done, "\(made.error)")
      let text = try String(contentsOfFile: "\(folder)/house.yaml", encoding: .utf8)
      for line in [
        "  time_zone: Europe/Berlin", "  step_s: 3600", "    - file: \"house.csv\"",
        "      time_column: \"time\"", "        - column: \"load_kw\"", "          quantity: pv",
        "          quantity: price", "      spot_multiplier: 1", "  period: scale_to_year",
        "  pv_kwp: 2.4",
      ] { #expect(text.contains("\n\(line)"), "\(line)") }
      // Every guess says so.
      #expect(text.components(separatedBy: "# guessed").count > 6)
      // Seven nights hours of 0.3 kW and 17 of 0.9 kW: 17.4 kWh a day, of which half is near 7.5.
      #expect(text.contains("  capacity_kwh: 7.5"))
      for words in [
        ["check", "\(folder)/house.yaml", "--json"],
        ["compare", "\(folder)/house.yaml", "-q", "--json"],
        ["size", "\(folder)/house.yaml", "-q", "--json"],
      ] {
        let outcome = wattif(words)
        #expect(outcome.code == .done, "\(words): \(outcome.error)")
      }
      // Without --output it stands on standard output, with the file as seen from here.
      let printed = wattif(["init", "\(folder)/house.csv"])
      #expect(printed.output.hasPrefix("# A scenario to start from"))
    }
  }

  @Test("a column that no header explains is guessed, and said so") func guessed() throws {
    try withFolder { folder in
      let csv = table("when;usage", days: 9) { second, stamp in
        "\(stamp);\(second % 86_400 / 3600 + 1)"
      }
      try csv.write(toFile: "\(folder)/m.csv", atomically: true, encoding: .utf8)
      let made = wattif(["init", "\(folder)/m.csv", "-o", "\(folder)/m.yaml"])
      #expect(made.code == .done, "\(made.error)")
      #expect(made.error.contains("'usage' is taken for it, in kW"))
      let text = try String(contentsOfFile: "\(folder)/m.yaml", encoding: .utf8)
      #expect(text.contains("- column: \"usage\""))
      #expect(text.contains("# guessed: the first column of numbers"))
      #expect(text.contains("unit: \"kW\""))
      #expect(text.contains("  time_zone: UTC"))
      #expect(wattif(["check", "\(folder)/m.yaml"]).code == .done)
      // Named by hand nothing of it is a guess.
      let named = wattif([
        "init", "\(folder)/m.csv", "--column", "usage=load:W", "--time-zone", "Europe/Paris",
      ])
      #expect(named.code == .done && named.output.contains("unit: \"W\""), "\(named.error)")
      #expect(!named.output.contains("first column of numbers"))
      #expect(named.output.contains("time_zone: Europe/Paris"))
    }
  }

  @Test("a year and more is sized as a year, gaps are counted, seconds become quarter hours")
  func long() throws {
    try withFolder { folder in
      let csv = table("time,load_kw", days: 420) { second, stamp in
        // An hour in fifty is missing.
        second / 3600 % 50 == 7 ? "\(stamp)," : "\(stamp),\(second % 86_400 / 3600 < 8 ? 0.2 : 1)"
      }
      try csv.write(toFile: "\(folder)/y.csv", atomically: true, encoding: .utf8)
      let made = wattif(["init", "\(folder)/y.csv", "-o", "\(folder)/y.yaml"])
      #expect(made.code == .done, "\(made.error)")
      let text = try String(contentsOfFile: "\(folder)/y.yaml", encoding: .utf8)
      #expect(!text.contains("scale_to_year"))
      // 420 days from 2024-01-01 end at 2025-02-24.
      #expect(text.contains("  from: 2024-02-25") && text.contains("  to: 2025-02-24"))
      #expect(text.contains("  missing: previous_day"))
      let fine = table("time,load_kw", days: 4, step: 30) { _, stamp in "\(stamp),1" }
      try fine.write(toFile: "\(folder)/f.csv", atomically: true, encoding: .utf8)
      let seconds = wattif(["init", "\(folder)/f.csv"])
      #expect(seconds.output.contains("  step_s: 900"), "\(seconds.error)")
    }
  }

  @Test("a file that no scenario can be made of is refused in words") func refused() throws {
    try withFolder { folder in
      func refusal(_ text: String) throws -> String {
        try text.write(toFile: "\(folder)/x.csv", atomically: true, encoding: .utf8)
        let outcome = wattif(["init", "\(folder)/x.csv"])
        #expect(outcome.code == .badInput && outcome.output.isEmpty)
        return outcome.error
      }
      let short = try refusal(table("time,load_kw", days: 1) { "\($1),1" })
      #expect(short.contains("a replay needs three whole days of 'UTC', the file holds 1"))
      let prices = try refusal(table("time,price_eur_per_mwh", days: 9) { "\($1),1" })
      #expect(prices.contains("no column looks like a load"))
      let coarse = try refusal(table("time,load_kw", days: 90, step: 86_400) { "\($1),1" })
      #expect(coarse.contains("a replay needs steps of an hour at most, the file has 86400 s"))
    }
  }
}
