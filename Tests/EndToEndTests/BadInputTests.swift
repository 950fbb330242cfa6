import Foundation
import Testing
import TestSupport

@Suite("Bad input ends with a message and code 65", .tags(.endToEnd)) struct BadInputTests {
  /// One thing that is wrong, and what is said about it.
  struct Case: Sendable, CustomTestStringConvertible {
    var name: String
    var find: String
    var replace: String
    var error: String
    var testDescription: String { name }

    init(_ name: String, _ find: String, _ replace: String, _ error: String) {
      self.name = name
      self.find = find
      self.replace = replace
      self.error = error
    }
  }

  @Test("the scenario that is broken below is right") func control() throws {
    try withFolder { folder in
      try folder.write(GoodScenario.synthetic, to: "s.yaml")
      try folder.write(GoodScenario.files, to: "f.yaml")
      try folder.write(GoodScenario.load, to: "load.csv")
      for name in ["s.yaml", "f.yaml"] {
        let outcome = try BuiltTool.run(["check", name], folder: folder)
        #expect(outcome.code == 0)
        #expect(outcome.error == "")
      }
    }
  }

  @Test(
    "in the document",
    arguments: [
      Case(
        "broken YAML", "  capacity_kwh: 5", "  capacity_kwh: [5",
        """
        s.yaml:19:9: error: not valid YAML: did not find expected ',' or ']'
        s.yaml:19:9: note: while parsing a flow sequence that starts at line 18, column 17

        """),
      Case(
        "a tab", "  capacity_kwh: 5", "\tcapacity_kwh: 5",
        """
        s.yaml:18:1: error: not valid YAML: found character that cannot start any token
        s.yaml:18:1: note: while scanning for the next token that starts at line 18, column 1

        """),
      Case(
        "a battery of zero size", "capacity_kwh: 5", "capacity_kwh: 0",
        "s.yaml:18:17: error: 'capacity_kwh' must be positive, found '0'\n"),
      Case(
        "a negative power", "power_kw: 3", "power_kw: -3",
        "s.yaml:20:13: error: 'power_kw' must be positive, found '-3'\n"),
      Case(
        "a number with its unit", "power_kw: 3", "power_kw: 3 kW",
        """
        s.yaml:20:13: error: 'power_kw' must be a number, found '3 kW'
        s.yaml:20:13: note: the unit is part of the key; write the number alone

        """),
      Case(
        "a price that is not a number", "price_per_kwh: 0.3", "price_per_kwh: .nan",
        "s.yaml:28:22: error: 'price_per_kwh' must be a finite number, found '.nan'\n"),
      Case(
        "a misspelt key", "import_limit_kw", "imprt_limit_kw",
        "s.yaml:22:3: error: unknown key 'imprt_limit_kw'; did you mean 'import_limit_kw'?\n"),
      Case(
        "a key in the wrong unit", "power_kw: 3", "power_w: 3000",
        """
        s.yaml:20:3: error: missing key 'power_kw' in 'inverter'
        s.yaml:20:3: error: unknown key 'power_w'; did you mean 'power_kw'?

        """),
      Case(
        "a missing section", "inverter:\n  power_kw: 3\n", "",
        "s.yaml:1:1: error: missing key 'inverter'\n"),
      Case(
        "an unknown zone", "Europe/Berlin", "Europe/Berln",
        "s.yaml:2:14: error: 'time_zone' must be a zone of the IANA database such as "
          + "Europe/Berlin, found 'Europe/Berln'; did you mean 'Europe/Berlin'?\n"),
      Case(
        "a day that is not in the calendar", "from: 2024-03-29", "from: 2024-02-30",
        "s.yaml:6:9: error: 'from' is not a day of the calendar, found '2024-02-30'\n"),
      Case(
        "a period without days", "to: 2024-04-01", "to: 2024-03-29",
        "s.yaml:7:7: error: 'to' is the day after the last one, so it must be later than 'from'\n"
      ),
      Case(
        "a step that does not divide a day", "step_s: 3600", "step_s: 3500",
        "s.yaml:8:11: error: 'step_s' must divide a day and be whole minutes or divide one, "
          + "found '3500'\n"),
      Case(
        "a planning step that the period's step does not divide", "horizon_h: 24",
        "step_s: 5400",
        """
        s.yaml:30:11: error: 'step_s' of the planner must be a multiple of the period's step of \
        3600 s, found '5400'

        """),
      Case(
        "a horizon that ends before the next plan", "horizon_h: 24",
        "{horizon_h: 2, replan_every_h: 4}",
        "s.yaml:30:15: error: 'horizon_h' must reach the next plan, 'replan_every_h' is 4\n"),
      Case(
        "a grid limit below standby", "import_limit_kw: 20", "import_limit_kw: 0.001",
        "s.yaml:22:20: error: 'import_limit_kw' must cover the inverter's standby of 0.006 kW, "
          + "found '0.001'\n"),
      Case(
        "an unknown forecaster", "[persistence]", "[persistance]",
        "s.yaml:16:14: error: unknown forecaster 'persistance'; did you mean 'persistence'?\n"),
      Case(
        "two versions of one name", "[persistence]", "[persistence, persistence]",
        """
        s.yaml:16:27: error: forecast versions need distinct names, found 'persistence' again
        s.yaml:16:27: note: first given at line 16

        """),
      Case(
        "percent for a fraction", "capacity_kwh: 5", "{capacity_kwh: 5, soc_max_fraction: 95}",
        """
        s.yaml:18:39: error: 'soc_max_fraction' must be a fraction from 0 to 1, found '95'
        s.yaml:18:39: note: fractions, not percent: 95 % is 0.95

        """),
    ])
  func documents(_ bad: Case) throws {
    try withFolder { folder in
      #expect(GoodScenario.synthetic.contains(bad.find))
      let text = GoodScenario.synthetic.replacing(bad.find, with: bad.replace, maxReplacements: 1)
      try folder.write(text, to: "s.yaml")
      let outcome = try BuiltTool.run(["check", "s.yaml"], folder: folder)
      #expect(outcome.error == bad.error)
      #expect(outcome.code == 65)
      #expect(outcome.output == "")
    }
  }

  @Test(
    "in the data files",
    arguments: [
      Case(
        "text in a number column", "05:00,0.5,80", "05:00,half,80",
        "load.csv:6:18: error: 'half' is not a number for 'load'\n"),
      Case(
        "a time stamp that does not exist", "05:00,0.5,80", "02:15,0.5,80",
        "load.csv:6:1: error: 2024-03-31T02:15 does not exist in Europe/Berlin\n"),
      Case(
        "a price that is not a number", "05:00,0.5,80", "05:00,0.5,NaN",
        "load.csv:6:22: error: 'NaN' is not a number for 'price'; leave the cell empty when it is "
          + "missing\n"),
      Case(
        "a stamp that is none", "2024-03-31T05:00,0.5,80", "yesterday,0.5,80",
        "load.csv:6:1: error: 'yesterday' is not a time stamp\n"),
      Case(
        "a missing price", "05:00,0.5,80", "05:00,0.5,",
        """
        f.yaml:9:3: error: 'price' is missing in 1 of 23 slots of the period, the first at \
        2024-03-31T05:00+02:00
        f.yaml:9:3: note: 'missing' of the history may be 'previous_day', 'hold' or 'zero'

        """),
      Case(
        "a missing load", "05:00,0.5,80", "05:00,,80",
        """
        f.yaml:9:3: error: 'load' is missing in 1 of 23 slots of the period, the first at \
        2024-03-31T05:00+02:00
        f.yaml:9:3: note: 'missing' of the history may be 'previous_day', 'hold' or 'zero'

        """),
      Case(
        "a file without the column", "time,load,price", "time,laod,price",
        """
        load.csv:1:1: error: there is no column 'load'; did you mean 'laod'?
        load.csv:1:1: note: the columns are 'time', 'laod', 'price'

        """),
      Case("an empty file", GoodScenario.load, "", "load.csv: error: the file is empty\n"),
    ])
  func dataFiles(_ bad: Case) throws {
    try withFolder { folder in
      #expect(GoodScenario.load.contains(bad.find))
      try folder.write(GoodScenario.files, to: "f.yaml")
      let text = GoodScenario.load.replacing(bad.find, with: bad.replace, maxReplacements: 1)
      try folder.write(text, to: "load.csv")
      let outcome = try BuiltTool.run(["check", "f.yaml"], folder: folder)
      #expect(outcome.error == bad.error)
      #expect(outcome.code == 65)
      #expect(outcome.output == "")
    }
  }

  @Test(
    "in what the document says of the data",
    arguments: [
      Case(
        "a file that is not there", "file: load.csv", "file: laod.csv",
        "f.yaml:12:13: error: no such file: 'laod.csv'\n"),
      Case(
        "an unset variable", "file: load.csv", "file: ${NO_SUCH_FOLDER}/load.csv",
        "f.yaml:12:13: error: environment variable 'NO_SUCH_FOLDER' in 'file' is not set\n"),
      Case(
        "a unit of something else", "unit: kW", "unit: °C",
        "f.yaml:17:17: error: '°C' is a unit of temperature; 'load' takes kW, W, kWh or Wh\n"),
      Case(
        "a unit nobody knows", "unit: kW", "unit: horses",
        "f.yaml:17:17: error: unknown unit 'horses'; 'load' takes kW, W, kWh or Wh\n"),
      Case(
        "a connection too small for the load", "inverter:",
        "grid: {import_limit_kw: 0.01}\ninverter:",
        """
        f.yaml:25:25: error: 'import_limit_kw' of 0.01 cannot be kept: in 23 slots the load exceeds \
        it by more than the inverter gives, the first at 2024-03-31T00:00+01:00

        """),
    ])
  func descriptions(_ bad: Case) throws {
    try withFolder { folder in
      #expect(GoodScenario.files.contains(bad.find))
      let text = GoodScenario.files.replacing(bad.find, with: bad.replace, maxReplacements: 1)
        .replacing("power_kw: 3", with: "power_kw: 0.1")
      try folder.write(text, to: "f.yaml")
      try folder.write(GoodScenario.load, to: "load.csv")
      let outcome = try BuiltTool.run(["check", "f.yaml"], folder: folder)
      #expect(outcome.error == bad.error)
      #expect(outcome.code == 65)
      #expect(outcome.output == "")
    }
  }

  @Test("a scenario that is not there, and one that is a folder") func noDocument() throws {
    try withFolder { folder in
      let missing = try BuiltTool.run(["check", "none.yaml"], folder: folder)
      #expect(missing.error == "none.yaml: error: no such file\n")
      #expect(missing.code == 65)
      let directory = try BuiltTool.run(["check", "."], folder: folder)
      #expect(directory.error == ".: error: a folder, not a file\n")
      #expect(directory.code == 65)
    }
  }

  @Test("a tariff that is not there, or wrong in its own file") func tariffs() throws {
    try withFolder { folder in
      let section = try #require(GoodScenario.synthetic.firstRange(of: "tariff:\n"))
      let end = try #require(GoodScenario.synthetic.firstRange(of: "planner:\n"))
      var text = GoodScenario.synthetic
      text.replaceSubrange(section.lowerBound..<end.lowerBound, with: "tariff: t.yaml\n")
      try folder.write(text, to: "s.yaml")
      let missing = try BuiltTool.run(["check", "s.yaml"], folder: folder)
      #expect(missing.error == "s.yaml:23:9: error: no such file: 't.yaml'\n")
      #expect(missing.code == 65)
      try folder.write(
        "name: t\ncurrency: EUR\nenergy: [{name: e, price_per_kwh: much}]\n", to: "t.yaml")
      let wrong = try BuiltTool.run(["check", "s.yaml"], folder: folder)
      #expect(wrong.error == "t.yaml:3:35: error: 'price_per_kwh' must be a number, found 'much'\n")
      #expect(wrong.code == 65)
    }
  }

  @Test(
    "every subcommand that reads a scenario says the same",
    arguments: ["compare", "replay", "size", "stress", "plan", "check", "synth"])
  func everywhere(subcommand: String) throws {
    try withFolder { folder in
      let text = GoodScenario.synthetic.replacing("capacity_kwh: 5", with: "capacity_kwh: 0")
      try folder.write(text, to: "s.yaml")
      let outcome = try BuiltTool.run([subcommand, "s.yaml", "--json"], folder: folder)
      #expect(
        outcome.error == "s.yaml:18:17: error: 'capacity_kwh' must be positive, found '0'\n")
      #expect(outcome.code == 65)
      #expect(outcome.output == "")
    }
  }

  @Test("a study without its section is a mistake of the document", arguments: ["size", "stress"])
  func noSection(subcommand: String) throws {
    try withFolder { folder in
      try folder.write(GoodScenario.synthetic, to: "s.yaml")
      let outcome = try BuiltTool.run([subcommand, "s.yaml"], folder: folder)
      #expect(
        outcome.error == "s.yaml: error: the scenario needs a section '\(subcommand)'\n")
      #expect(outcome.code == 65)
    }
  }
}
