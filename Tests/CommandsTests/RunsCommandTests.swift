import CommandLine
import Foundation
import Testing

@testable import Commands
@testable import Store

@Suite("The ledger of runs on the command line") struct RunsCommandTests {
  private static let scenario = """
    name: One day
    site: {time_zone: Europe/Berlin, latitude_deg: 48.4, longitude_deg: 10.0}
    period: {from: 2024-05-01, to: 2024-05-02, step_s: 900, warm_up_days: 8}
    history:
      source: synthetic
      seed: 11
      load: {kind: home, annual_kwh: 4500}
    forecasts: {versions: [naive_day, baseline_7_day_avg]}
    battery: {capacity_kwh: 5, chemistry: lfp}
    inverter: {power_kw: 3}
    tariff: tariff.yaml

    """

  private static func tariff(_ price: String) -> String {
    "name: Flat\ncurrency: EUR\nenergy:\n  - name: all hours\n    price_per_kwh: \(price)\n"
  }

  /// A folder with two runs: at 0.30 and then at 0.60 a kWh.
  private func kept() throws -> DataCommandTests.Folder {
    let folder = try DataCommandTests.Folder()
    let site = try folder.file("site.yaml", Self.scenario)
    for price in ["0.30", "0.60"] {
      _ = try folder.file("tariff.yaml", Self.tariff(price))
      let outcome = wattif("replay", site, "-q", "-o", "\(folder.path)/out", "--seed", "5")
      #expect(outcome.code == .done, "\(outcome.error)")
    }
    return folder
  }

  private func object(_ text: String) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  @Test("list and show name what made a run, from the folder of the store") func list() throws {
    let folder = try kept()
    let outcome = wattif("runs", "list", "\(folder.path)/out", "--json")
    let runs = try #require(try object(outcome.output)["runs"] as? [[String: Any]])
    #expect(runs.count == 2)
    #expect(runs[0]["document"] as? String == "../site.yaml")
    #expect(runs[0]["options"] as? String == "--seed=5")
    #expect(runs[0]["versions"] as? String == "naive_day")
    let text = wattif("runs", "list", "\(folder.path)/out/wattif.sqlite").output
    // The local dates of the scenario, not the evening before in UTC.
    #expect(text.contains("One day   2024-05-01  2024-05-02"), "\(text)")
    let show = wattif("runs", "show", "\(folder.path)/out", "1").output
    #expect(show.contains("\n  wattif replay ../site.yaml --seed=5\n"), "\(show)")
    #expect(show.contains("file     tariff.yaml"), "\(show)")
  }

  @Test("diff says which file changed and what that makes in money") func diff() throws {
    let folder = try kept()
    let outcome = wattif("runs", "diff", "\(folder.path)/out", "--json")
    let found = try object(outcome.output)
    #expect((found["settings"] as? [Any])?.isEmpty == true)
    let inputs = try #require(found["inputs"] as? [[String: [String: Any]]])
    #expect(inputs.map { $0["second"]?["name"] as? String } == ["tariff.yaml"])
    let figures = try #require(found["figures"] as? [[String: Any]])
    let bill = try #require(figures.first { $0["path"] as? String == "bill" })
    let (first, second) = (bill["first"] as? Double ?? 0, bill["second"] as? Double ?? 0)
    // Without a peak and with one price all the time the battery has nothing to do, so the bill doubles.
    #expect(first > 0 && abs(second - 2 * first) < 1e-9)
    #expect(
      wattif("runs", "diff", "\(folder.path)/out", "2", "2").output
        == "Run 2 and run 2 are the same: settings, data and result to the byte.\n")
    #expect(
      wattif("runs", "diff", "\(folder.path)/out", "1", "2", "--other", "\(folder.path)/out").output
        .hasPrefix("The cost of 'naive_day' in \(folder.path)/out#2 is "))
  }

  @Test("rerun gives the same bytes on the same files, and says what moved on others") func rerun()
    throws
  {
    let folder = try kept()
    let newest = wattif("runs", "rerun", "\(folder.path)/out", "-q")
    #expect(
      newest
        == Outcome(
          code: .done,
          output: "Run 2 and the new run are the same: settings, data and result to the byte.\n",
          error: ""))
    // The scenario of the store counts, not the one that lies there now; the tariff is the one of run 2.
    _ = try folder.file("site.yaml", "name: [broken\n")
    let oldest = wattif(
      "runs", "rerun", "\(folder.path)/out", "1", "-q", "-o", "\(folder.path)/again")
    #expect(oldest.code == .unmet)
    #expect(oldest.output.contains("; 1 input differs."), "\(oldest.output)")
    let across = wattif(
      "runs", "diff", "\(folder.path)/out", "2", "--other", "\(folder.path)/again")
    #expect(across.output.contains("are the same: settings, data and result to the byte."))
  }

  @Test("one battery of several is repeated alone") func batteries() throws {
    let folder = try DataCommandTests.Folder()
    let site = try folder.file(
      "site.yaml",
      Self.scenario + "batteries: [{name: lfp}, {name: nmc, battery: {chemistry: nmc}}]\n")
    _ = try folder.file("tariff.yaml", Self.tariff("0.30"))
    #expect(wattif("compare", site, "-q", "-o", "\(folder.path)/out").code == .done)
    let outcome = wattif("runs", "rerun", "\(folder.path)/out/nmc", "-q")
    #expect(outcome.code == .done, "\(outcome.output)\(outcome.error)")
    #expect(wattif("runs", "rerun", "\(folder.path)/out", "-q").code == .done)
  }

  @Test("the page of a run comes back to the byte, however old the run") func page() throws {
    let folder = try DataCommandTests.Folder()
    let site = try folder.file("site.yaml", Self.scenario)
    var pages: [String] = []
    for price in ["0.30", "0.60"] {
      _ = try folder.file("tariff.yaml", Self.tariff(price))
      #expect(wattif("compare", site, "-q", "-o", "\(folder.path)/out").code == .done)
      pages.append(try String(contentsOfFile: "\(folder.path)/out/report.html", encoding: .utf8))
    }
    #expect(pages[0] != pages[1])
    for (run, page) in zip(["1", "2"], pages) {
      #expect(wattif("report", "\(folder.path)/out", run).output == page)
    }
    let written = wattif("report", "\(folder.path)/out", "1", "-o", "\(folder.path)/old.html")
    #expect(written.error == "wrote '\(folder.path)/old.html': run 1, compare of 'One day'\n")
    #expect(try String(contentsOfFile: "\(folder.path)/old.html", encoding: .utf8) == pages[0])
    let store = try ProjectStore(path: "\(folder.path)/out/wattif.sqlite")
    try store.connection.execute("UPDATE runs SET page = NULL")
    let none = wattif("report", "\(folder.path)/out", "1")
    #expect(none.code == .failed && none.error.hasPrefix("error: run 1 kept no page;"))
  }

  @Test("a store or a run that is not there is told, and none is made") func mistakes() throws {
    let folder = try DataCommandTests.Folder()
    let none = wattif("runs", "list", folder.path)
    #expect(none.code == .badInput)
    #expect(
      none.error
        == "\(folder.path)/wattif.sqlite: error: no such file; a subcommand that replays keeps its runs in wattif.sqlite "
        + "of --output\n")
    #expect(!FileManager.default.fileExists(atPath: "\(folder.path)/wattif.sqlite"))
    let kept = try kept()
    let unknown = wattif("runs", "show", "\(kept.path)/out", "7")
    #expect(unknown.code == .badCommandLine)
    #expect(unknown.error.contains("holds no run '7'; the newest are 1 ("))
    #expect(
      wattif("runs", "list", "\(kept.path)/out", "1").error.hasPrefix("error: 'list' takes no run"))
    #expect(
      wattif("runs", "show", "x", "--other", "y").error.hasPrefix("error: '--other' is for 'diff'"))
  }

  @Test("paths are kept from a folder and found again") func paths() {
    #expect(Paths.relative("/a/b/c.yaml", to: "/a/b/out") == "../c.yaml")
    #expect(Paths.relative("/a/b/c.yaml", to: "/a/b") == "c.yaml")
    #expect(Paths.relative("/x/c.yaml", to: "/a/b") == "../../x/c.yaml")
    #expect(Paths.resolved("../c.yaml", from: "/a/b/out") == "/a/b/out/../c.yaml")
    #expect(Paths.resolved("/c.yaml", from: "/a") == "/c.yaml")
  }
}
