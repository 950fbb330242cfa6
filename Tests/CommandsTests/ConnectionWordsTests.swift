import CommandLine
import Foundation
import TestSupport
import Testing

@Suite("The connection in words") struct ConnectionWordsTests {
  @Test("check says what a connection lets through and what the battery may do there")
  func words() throws {
    let place = try TwinFolder()
    let text = try String(contentsOfFile: TwinFolder.scenario, encoding: .utf8)
    let old = "  import_limit_kw: 100\n  export_limit_kw: 60\n"
    #expect(text.contains(old))
    func said(_ grid: String) throws -> String {
      let path = try place.write("s.yaml", text.replacing(old, with: grid))
      let outcome = wattif("check", path, "--wide")
      #expect(outcome.code == .done, "\(outcome.error)")
      return outcome.output
    }
    #expect(try said(old).contains("import 100 kW, export 60 kW"))
    let windows = """
        import_limit_kw: {kw: 90, windows: [{times: "17:00 to 19:00", kw: 40}]}
        export_limit_kw: 12
        grid_charging: false
        battery_export: false

      """
    #expect(
      try said(windows).contains(
        "import 90 kW, at times down to 40 kW, export 12 kW; the battery charges from production alone; "
          + "the battery feeds nothing in"))
  }
}
