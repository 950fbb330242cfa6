import Documents
import Numerics
import Store
import Testing

@testable import Reports

@Suite("What changed between two runs") struct RunDifferenceTests {
  func run(
    _ number: Int, scenario: String = "battery: {capacity_kwh: 10}\n", cost: Double = 100,
    version: String = "ridge", from: String = "2024-01-01T00:00:00Z", inputs: [RunInput] = [],
    options: [String] = []
  ) throws -> KeptRun {
    let result = """
      {"currency":"EUR","period":{"from":"\(from)","to":"2024-02-01T00:00:00Z"},"scenario":"x",
       "versions":[{"version":"oracle-like","cost":1,"oracle":true},
                   {"version":"\(version)","cost":\(cost),"bill":\(cost + 1),"equivalent_full_cycles":7}]}
      """
    return try KeptRun(
      StoredRun(
        number: number, hash: "0123456789abcdef", command: "compare", document: "site.yaml",
        options: options, versions: [version], programVersion: "0.1", seed: "1",
        scenario: scenario, result: result), inputs: inputs)
  }

  func text(_ first: KeptRun, _ second: KeptRun) -> String {
    RunDifferenceReport(RunDifference(first, second), names: ("run 1", "run 2")).text
  }

  @Test("equal runs are said to be equal") func equal() throws {
    let text = try text(run(1), run(2))
    #expect(
      text
        == "Run 1 and run 2 are the same: settings, data and result to the byte.\n")
  }

  @Test("settings, data and money stand in tables, the difference in a sentence") func tables()
    throws
  {
    let before = RunInput(kind: .history, name: "load", values: [1, 2, .nan])
    let after = RunInput(kind: .history, name: "load", values: [1, 3, 2])
    let first = try run(1, inputs: [before])
    let second = try run(
      2, scenario: "battery: {capacity_kwh: 12}\ngrid: {import_limit_kw: 5}\n", cost: 92.5,
      inputs: [after], options: ["--battery=big"])
    let (a, b) = (before.fingerprint.text.prefix(8), after.fingerprint.text.prefix(8))
    // By hand: 92.5 − 100 = −7.5, and the bills differ by as much; means (1 + 2) / 2 and (1 + 3 + 2) / 3.
    let text = text(first, second)
    #expect(
      text == """
        The cost of 'ridge' in run 2 is 92.50 EUR, 7.50 EUR less than in run 1; 3 settings and 1 input differ.

        What was set:
        setting               run 1  run 2
        ──────────────────────────────────────────
        options               none   --battery=big
        battery.capacity_kwh  10     12
        grid.import_limit_kw  –      5

        What was read:
        read     name                  run 1     run 2
        ──────────────────────────────────────────────
        history  load  slots               3         3
        history  load  missing             1         0
        history  load  mean           1.5000    2.0000
        history  load  fingerprint  \(a)  \(b)

        What came out:
        amount                 run 1  run 2  change EUR
        ───────────────────────────────────────────────
        versions[ridge].cost  100.00  92.50       -7.50
        versions[ridge].bill  101.00  93.50       -7.50

        """)
  }

  @Test("money of other periods, of other versions and of one run only is not compared")
  func others() throws {
    let other = try text(
      run(1),
      run(
        2, scenario: "period: {from: 2023-12-01}\n", from: "2023-12-01T00:00:00Z"))
    #expect(
      other.hasPrefix(
        "The two runs are of different periods, so that their money does not compare;"))
    let version = try text(run(1), run(2, cost: 101, version: "blend"))
    #expect(
      version.hasPrefix(
        "The cost of 'blend' in run 2 is 101.00 EUR, 1.00 EUR more than in run 1 with 'ridge'; 1 setting differs."
      ))
    // Three numbers of 'ridge' and three of 'blend'.
    #expect(version.hasSuffix("6 figures of one run only; --json has all.\n"))
  }

  @Test("a result that changed without a reason is told as what it is") func contradiction() throws
  {
    let text = try text(run(1), run(2, cost: 101))
    #expect(
      text.hasPrefix(
        "Settings and data of run 1 and run 2 are the same, and their results differ: that should not be; 2 figures"
      ))
  }

  @Test("elements of lists go by their names, or by their places where these are not enough")
  func paths() throws {
    let yaml = try YAMLParser.parse(
      "a: [{name: x, v: 1}, {name: y, v: 2}]\nb: [{name: x}, {name: x}]\nc: [4, 5]\nd: {}\n",
      file: "a")
    #expect(
      Leaves.of(yaml).map { "\($0.path)=\($0.value)" } == [
        "a[x].name=x", "a[x].v=1", "a[y].name=y", "a[y].v=2", "b[1].name=x", "b[2].name=x",
        "c[1]=4", "c[2]=5", "d={}",
      ])
    let json = try JSONReader(file: "a").read(
      Array("{\"v\":[{\"battery_kwh\":10,\"npv\":1},{\"battery_kwh\":20,\"npv\":null}]}".utf8))
    #expect(
      Leaves.numbers(of: json).map { "\($0.path)=\($0.value)" } == [
        "v[10].battery_kwh=10.0", "v[10].npv=1.0", "v[20].battery_kwh=20.0",
      ])
  }
}
