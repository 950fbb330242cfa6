import Commands
import Diagnostics
import Foundation
import Store
import Testing
import TimeSeries

@Suite("Forecast") struct ForecastCommandTests {
  private static let rows = """
    version,quantity,issued_at,valid_at,quantile,value
    vendor,load,2024-01-01T00:00:00Z,2024-01-01T00:00:00Z,,1.5
    vendor,load,2024-01-01T00:00:00Z,2024-01-01T01:00:00Z,,2.5
    vendor,load,2024-01-01T00:00:00Z,2024-01-01T01:00:00Z,0.9,3.5
    vendor,pv,2024-01-01T00:00:00Z,2024-01-01T01:00:00Z,,0

    """

  @Test("imported rows are counted and kept") func importing() throws {
    let folder = try DataCommandTests.Folder()
    let file = try folder.file("f.csv", Self.rows)
    let path = "\(folder.path)/p.sqlite"
    let outcome = wattif("forecast", "import", file, "--store", path, "--site", "home", "--json")
    #expect(outcome.code == .done && outcome.error.isEmpty)
    let root = try #require(
      try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    #expect(root["schema"] as? String == "wattif.forecast/1")
    let versions = try #require(root["versions"] as? [[String: Any]])
    #expect(versions.map { $0["rows"] as? Int } == [3, 1])
    let store = try ProjectStore(path: path)
    #expect(try store.forecastVersions(site: "home", quantity: .load) == ["vendor"])
    let kept = try #require(
      try store.forecast(
        site: "home", quantity: .load, version: "vendor", asOf: 1_704_067_200))
    #expect(kept.values.map(\.value) == [1.5, 2.5, 3.5])
  }

  @Test("a row issued after its slot fails with its place") func leak() throws {
    let folder = try DataCommandTests.Folder()
    let file = try folder.file(
      "f.csv",
      "version,quantity,issued_at,valid_at,value\n"
        + "v,load,2024-01-01T02:00:00Z,2024-01-01T01:00:00Z,1\n")
    let outcome = wattif("forecast", "import", file)
    #expect(outcome.code == .badInput)
    #expect(
      outcome.error
        == "\(file):2:3: error: a forecast is issued before the slot it is about, found issue"
        + " 2024-01-01T02:00:00Z for 2024-01-01T01:00:00Z\n")
  }

  @Test("an unknown kind is refused with a suggestion") func kind() {
    let outcome = wattif("forecast", "backtest", "a.yaml", "--kind", "rigde")
    #expect(outcome.code == .badCommandLine)
    #expect(outcome.error.hasPrefix("error: there is no kind 'rigde'; did you mean 'ridge'?\n"))
  }
}
