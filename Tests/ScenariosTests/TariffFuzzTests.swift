import Diagnostics
import Foundation
import Numerics
import Scenarios
import Tariffs
import Testing
import TimeSeries

/// Broken documents end in findings or in a tariff that bills, never in a trap.
@Suite("Broken tariffs") struct TariffFuzzTests {
  private func bills(_ tariff: Tariff) {
    let grid = TimeGrid(start: 1_709_247_600, stepSeconds: 3600, count: 40 * 24)
    guard let zone = try? Zone("Europe/Berlin") else { return }
    let schedule = try? BillingSchedule(
      tariff, grid: grid, zone: zone, spotPerKWh: [Double](repeating: 0.1, count: grid.count))
    _ = schedule?.bill(
      importKW: [Double](repeating: 1, count: grid.count),
      exportKW: [Double](repeating: 0.5, count: grid.count))
    _ = PlanningTariff(tariff, grid: grid, zone: zone).prices(
      over: 10..<46, spotPerKWh: [Double](repeating: 0.1, count: 36)[...], meter: nil,
      peakPricing: .daysLeft)
  }

  @Test("documents with random damage", arguments: TariffDocumentTests.files)
  func documents(file: String) throws {
    let path = "\(TariffDocumentTests.folder)/\(file)"
    let original = Array(try Data(contentsOf: URL(fileURLWithPath: path)))
    let words = ["-1", "1e308", "0", "nan", "[]", "{}", "~", "rest: true", "24:00 to 00:00", ": "]
    var generator = SeededGenerator(seed: 7)
    for _ in 0..<40 {
      var bytes = original
      for _ in 0...Int.random(in: 0...3, using: &generator) {
        let at = Int.random(in: 0..<bytes.count, using: &generator)
        switch Int.random(in: 0...3, using: &generator) {
        case 0: bytes[at] = UInt8.random(in: 32...126, using: &generator)
        case 1: bytes.remove(at: at)
        case 2:
          let word = words[Int.random(in: 0..<words.count, using: &generator)]
          bytes.insert(contentsOf: Array(word.utf8), at: at)
        default:
          let end = min(bytes.count, at + Int.random(in: 1...40, using: &generator))
          bytes.removeSubrange(at..<end)
        }
      }
      do {
        bills(try TariffDocument.parse(bytes, file: file))
      } catch let error as InputError {
        #expect(!error.diagnostics.isEmpty)
      }
    }
  }

  @Test("records with fields of the wrong kind") func records() throws {
    let fields = [
      "energyratestructure", "energyweekdayschedule", "energyweekendschedule",
      "demandratestructure", "demandweekdayschedule", "demandweekendschedule",
      "flatdemandstructure", "flatdemandmonths", "flatdemandunit", "demandrateunit",
      "demandwindow", "lookbackpercent", "lookbackmonths", "lookbackrange", "mincharge",
      "minchargeunits", "fixedchargefirstmeter", "fixedchargeunits", "fueladjustmentsmonthly",
      "dgrules", "startdate", "enddate", "coincidentratestructure", "coincidentrateschedule",
      "demandratchetpercentage", "demandreactivepowercharge", "servicetype", "annualmincharge",
    ]
    let row = "[" + [String](repeating: "0", count: 24).joined(separator: ",") + "]"
    let matrix = "[" + [String](repeating: row, count: 12).joined(separator: ",") + "]"
    let values = [
      "1e300", "-1", "0", "null", "true", "\"x\"", "[]", "{}", "[[]]", "[[{}]]", "[[{\"rate\":1}]]",
      "[[{\"rate\":1,\"max\":-5},{\"rate\":2}]]", "[1,2,3]", matrix, "\"kW daily\"", "1e-300",
      "[0,0,0,0,0,0,0,0,0,0,0,1e300]",
    ]
    var generator = SeededGenerator(seed: 11)
    for _ in 0..<600 {
      var parts = [
        "\"energyratestructure\":[[{\"rate\":0.1}]]", "\"energyweekdayschedule\":\(matrix)",
        "\"energyweekendschedule\":\(matrix)",
      ]
      for _ in 0...Int.random(in: 0...5, using: &generator) {
        let field = fields[Int.random(in: 0..<fields.count, using: &generator)]
        let value = values[Int.random(in: 0..<values.count, using: &generator)]
        parts.removeAll { $0.hasPrefix("\"\(field)\"") }
        parts.append("\"\(field)\":\(value)")
      }
      let text = "{\(parts.joined(separator: ","))}"
      let found = try URDBImport(Array(text.utf8), file: "r.json")
      if let tariff = found.tariff {
        bills(tariff)
      } else {
        #expect(found.diagnostics.contains { $0.severity == .error }, "\(text)")
      }
    }
  }
}
