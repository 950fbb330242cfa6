import Diagnostics
import Foundation
import Planning
import Scenarios
import Studies
import TestSupport
import Testing

@Suite("Contest documents", .tags(.endToEnd)) struct ContestDocumentTests {
  private func write(_ name: String, _ text: String, in folder: URL) throws {
    try Data(text.utf8).write(to: folder.appendingPathComponent(name))
  }

  private func folder() throws -> URL {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("contest-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    return folder
  }

  /// A day of hours: 10 kW, 20 kW in hour 3, at 100 EUR/MWh; the price is stamped at its end on a clock of UTC+10.
  private func site(in folder: URL, activities: String? = nil) throws -> String {
    var load = "time,a,b\n"
    var price = "t,p\n"
    for hour in 0..<24 {
      let stamp = hour < 10 ? "0\(hour)" : "\(hour)"
      load += "2020-10-01T\(stamp):00Z,\(hour == 3 ? 16 : 6),\(hour == 5 ? "" : "4")\n"
      let end = hour + 11
      let day = end < 24 ? 1 : 2
      let clock = end % 24 < 10 ? "0\(end % 24)" : "\(end % 24)"
      price += "2020/10/0\(day) \(clock):00:00,\(hour == 3 ? 200 : 100)\n"
    }
    try write("load.csv", load, in: folder)
    try write("price.csv", price, in: folder)
    if let activities { try write("act.csv", activities, in: folder) }
    try write(
      "c.yaml",
      """
      name: small
      currency: EUR
      period: {from: 2020-10-01, to: 2020-10-02, step_s: 3600, warm_up_days: 0}
      files:
        - file: load.csv
          time_column: time
          columns:
            - {column: a, quantity: load, unit: kW}
            - {column: b, quantity: load, unit: kW, fill: zero}
        - file: price.csv
          time_column: t
          time_zone: Australia/Brisbane
          label: end
          columns: [{column: p, quantity: price, unit: EUR/MWh}]
      batteries: [{name: one, energy_kwh: 5, power_kw: 5, round_trip_efficiency: 1}]
      peak_per_kw2: 0.005
      \(activities == nil ? "" : "activities: act.csv")
      """, in: folder)
    return folder.appendingPathComponent("c.yaml").path
  }

  // 22 hours of 10 kW, one of 20 at the double price, one of 6 (building b is missing and counts as zero): 220 + 6 kWh at
  // 0.10, 20 at 0.20 and 0.005 x 400. The full battery gives 5 kWh in hour 3: 1.00 less energy, 0.005 x (400 - 225) less.
  @Test(
    "a gap of one building stands for that building alone, prices for the hour before their stamp")
  func small() throws {
    let folder = try folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let (contest, _) = try ContestDocument.read(path: site(in: folder), environment: [:]).contest()
    let scores = try contest.scores()
    #expect(isClose(scores[0].scored.energyCost, 22.6 + 4, relative: 1e-12))
    #expect(isClose(scores[0].scored.peakCost, 2, relative: 1e-12))
    #expect(isClose(scores[1].scored.cost, 26.6 - 1 + 0.005 * 225, relative: 1e-9))
    #expect(contest.unpricedSlots == 0)
  }

  // Two rows: 3 kW on hour 3 by its number, 2 kW on the last hour by its time.
  @Test("a schedule of activities comes on top of the load")
  func activities() throws {
    let folder = try folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = try site(
      in: folder, activities: "building,slot,kw\na,3,3\nb,2020-10-01T23:00Z,2\n")
    let (contest, _) = try ContestDocument.read(path: path, environment: [:]).contest()
    let none = try contest.scores()[0]
    #expect(isClose(none.scored.energyCost, 26.6 + 0.6 + 0.2, relative: 1e-12))
    #expect(none.scored.peakKW == 23)
    try write("act.csv", "building,slot,kw\na,24,3\n", in: folder)
    #expect(throws: InputError.self) {
      _ = try ContestDocument.read(path: path, environment: [:]).contest()
    }
  }

  // The energy and peak parts are the published figures of the month without batteries; 34,271.08 is the cost of the same
  // month with batteries of any power, as a linear program with 1,601 tangents of the square (HiGHS 1.11 by SciPy
  // 1.17), which no plan at full power or rest goes below.
  @Test("October 2020 of the IEEE-CIS challenge", .enabled(if: RealData.folder != nil))
  func october() throws {
    let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("scenarios/contest/ieee-cis-2021.yaml").path
    let (contest, _) = try ContestDocument.read(
      path: path, environment: ["WATTIF_DATA": RealData.folder ?? ""]
    ).contest()
    let scores = try contest.scores()
    #expect(isClose(scores[0].scored.energyCost, 16_429.58, absolute: 0.005))
    #expect(isClose(scores[0].scored.peakCost, 21_274.69, absolute: 0.005))
    let truth = scores[1].scored.cost
    #expect(truth >= 34_271.07)
    #expect(truth <= 34_271.08 * 1.001)
    #expect(scores[2].scored.cost > truth)
    #expect(scores[2].scored.cost < scores[0].scored.cost)
    #expect(contest.unpricedSlots == 40)
  }
}
