import Diagnostics
import Documents
import Scenarios
import Testing

@Suite("Typed values of a section") struct MappingReaderTests {
  private enum Colour: String, CaseIterable { case red, green, blue }

  private func findings(
    _ text: String, environment: [String: String] = [:], folder: String = "",
    _ body: (MappingReader) -> Void
  ) throws -> [String] {
    let context = DecodingContext(folder: folder, environment: environment)
    let reader = MappingReader(
      try YAMLParser.parse(text, file: "site.yaml"), context: context)
    body(reader)
    reader.finish()
    do {
      try context.throwIfErrors()
      return []
    } catch let error as InputError {
      return error.diagnostics.map(\.description)
    }
  }

  @Test(
    "a number is checked against its rule",
    arguments: [
      ("power_kw: -50", "site.yaml:1:11: error: 'power_kw' must be positive, found '-50'"),
      ("power_kw: abc", "site.yaml:1:11: error: 'power_kw' must be a number, found 'abc'"),
      ("power_kw: .inf", "site.yaml:1:11: error: 'power_kw' must be a finite number, found '.inf'"),
      ("power_kw: [1]", "site.yaml:1:11: error: 'power_kw' must be a number, found a list"),
      ("power_kw:", "site.yaml:1:1: error: 'power_kw' has no value"),
      ("other: 1", "site.yaml:1:1: error: missing key 'power_kw'"),
      (
        "power_kw: 1_000",
        "site.yaml:1:11: error: 'power_kw' must be a number, found '1_000'\n"
          + "site.yaml:1:11: note: digits are not grouped; write 1000"
      ),
      (
        "power_kw: 0,5",
        "site.yaml:1:11: error: 'power_kw' must be a number, found '0,5'\n"
          + "site.yaml:1:11: note: decimals take a point; write 0.5"
      ),
      (
        "power_kw: 50 kW",
        "site.yaml:1:11: error: 'power_kw' must be a number, found '50 kW'\n"
          + "site.yaml:1:11: note: the unit is part of the key; write the number alone"
      ),
      (
        "power_kw: '50'",
        "site.yaml:1:11: error: 'power_kw' must be a number, found '50'\n"
          + "site.yaml:1:11: note: a value in quotes is text; write it without them"
      ),
    ])
  func numbers(text: String, expected: String) throws {
    let found = try findings(text) { _ = $0.number("power_kw", .positive) }
    #expect(found.first == expected)
  }

  @Test("percent in the place of a fraction is explained") func percent() throws {
    #expect(
      try findings("soc_min_fraction: 20") { _ = $0.number("soc_min_fraction", .fraction) } == [
        "site.yaml:1:19: error: 'soc_min_fraction' must be a fraction from 0 to 1, found '20'\n"
          + "site.yaml:1:19: note: fractions, not percent: 20 % is 0.2"
      ])
  }

  @Test("a key that is known but not read is not called unknown") func idle() throws {
    #expect(
      try findings("mode: a\npower_kw: 3\n") { reader in
        _ = reader.text("mode")
        _ = reader.has("power_kw")
      } == [
        "site.yaml:2:1: error: 'power_kw' does not act beside the other keys here; leave it out"
      ])
  }

  @Test("all mistakes come at once, in the order of the file") func together() throws {
    let text = """
      inverter:
        power_kw: -50
        efficeincy: 0.9
      colour: gren
      grid: 4
      whatever: 1
      """
    let found = try findings(text) { reader in
      _ = reader.choice("colour", default: Colour.red)
      _ = reader.section("grid") { $0.number("limit_kw") }
      _ = reader.section("inverter") {
        ($0.number("power_kw", .positive), $0.number("efficiency", .efficiency, default: 1))
      }
    }
    #expect(
      found == [
        "site.yaml:2:13: error: 'power_kw' must be positive, found '-50'",
        "site.yaml:3:3: error: unknown key 'efficeincy'; did you mean 'efficiency'?",
        "site.yaml:4:9: error: 'colour' must be red, green or blue, found 'gren'; did you mean 'green'?",
        "site.yaml:5:7: error: 'grid' must be a section of 'key: value' lines, found '4'",
        "site.yaml:6:1: error: unknown key 'whatever'\n"
          + "site.yaml:6:1: note: keys known here: 'colour', 'grid', 'inverter'",
      ])
  }

  @Test("defaults stand in for keys left out or left empty") func defaults() throws {
    let found =
      try findings("a:\nb: 2\n") { reader in
        #expect(reader.number("a", default: 7) == 7)
        #expect(reader.integer("b", default: 1) == 2)
        #expect(reader.optionalText("c") == nil)
        #expect(reader.boolean("d", default: true))
      }
    #expect(found == [])
  }

  @Test("dates and times of day exist or are refused") func times() throws {
    let text = "from: 2023-02-29\nto: 2024-02-29\nat: 24:00\nbad: 7.30\nday: '2024-3-1'\n"
    let found = try findings(text) { reader in
      _ = reader.date("from")
      #expect(reader.date("to")?.description == "2024-02-29T00:00")
      #expect(reader.optionalMinuteOfDay("at") == 1440)
      _ = reader.optionalMinuteOfDay("bad")
      _ = reader.date("day")
    }
    #expect(
      found == [
        "site.yaml:1:7: error: 'from' is not a day of the calendar, found '2023-02-29'",
        "site.yaml:4:6: error: 'bad' must be a time of day from 00:00 to 24:00, found '7.30'",
        "site.yaml:5:6: error: 'day' must be a date such as 2024-03-31, found '2024-3-1'",
      ])
  }

  @Test("paths start at the document and may name variables") func paths() throws {
    let text = "a: load.csv\nb: ${DATA}/pv.csv\nc: ${NONE}/x\nd: ${open\n"
    let found = try findings(text, environment: ["DATA": "/data"], folder: "sites") { reader in
      #expect(reader.path("a") == "sites/load.csv")
      #expect(reader.path("b") == "/data/pv.csv")
      _ = reader.path("c")
      _ = reader.path("d")
    }
    #expect(
      found == [
        "site.yaml:3:4: error: environment variable 'NONE' in 'c' is not set",
        "site.yaml:4:4: error: 'd' has '${' without '}', found '${open'",
      ])
  }

  /// A key that the document leaves out is placed at the section that should hold it.
  @Test(
    "what a type finds is placed at the key it carries",
    arguments: [("series", 2, 11), ("box.walls", 3, 17), ("box.fan", 3, 8), (nil, 2, 3)]
      as [(String?, Int, Int)])
  func attempts(_ key: String?, _ line: Int, _ column: Int) throws {
    let found = try findings("cells:\n  series: 0\n  box: { walls: [] }\n") { reader in
      _ = reader.section("cells") { cells in
        _ = cells.integer("series")
        _ = cells.optionalSection("box") { $0.node("walls") }
        return cells.attempt { () throws -> Int in
          throw InputError([.error("no such pack", key: key)])
        }
      }
    }
    #expect(found == ["site.yaml:\(line):\(column): error: no such pack"])
  }
}
