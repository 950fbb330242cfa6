import Foundation
import TestSupport
import Testing

@testable import Twin

/// BLAST-Lite 1.1.1 and SimSES 2.1.1: `reference/twin/ageing`.
@Suite(
  "Ageing against BLAST-Lite and SimSES", .tags(.physics),
  .enabled(if: RealData.reference != nil, "no reference folder: WATTIF_REFERENCE"))
struct AgeingReferenceTests {
  struct Case: CustomTestStringConvertible {
    var series: String
    var model: AgeingModel
    var file: String
    var testDescription: String { "\(series) \(model.rawValue)" }
  }

  static let cases = [
    Case(series: "A", model: .lfpGasper250, file: "A_Lfp_Gr_250AhPrismatic_daily"),
    Case(series: "A", model: .lfpNREL3, file: "A_Lfp_Gr_SonyMurata3Ah_Battery_daily"),
    Case(series: "A", model: .nmcSchmalstieg2, file: "A_Nmc111_Gr_Sanyo2Ah_Battery_daily"),
    Case(series: "B", model: .lfpGasper250, file: "B_Lfp_Gr_250AhPrismatic_daily"),
    Case(series: "B", model: .nmcKokam75, file: "B_Nmc111_Gr_Kokam75Ah_Battery_daily"),
  ]

  @Test("daily windows agree to 1e-9", arguments: cases)
  func daily(_ example: Case) throws {
    let folder = try #require(RealData.reference)
    let series = try ReferenceTable("ageing/\(example.series)_series.csv", in: folder)
    let daily = try ReferenceTable("ageing/\(example.file).csv", in: folder)
    let (t, z, c) = (series["t_s"], series["soc"], series["T_C"])
    var replay = AgeingReplay(example.model)
    var capacity = Deviation()
    var resistance = Deviation()
    let expected = daily["q"]
    let growth = daily["r"]
    for day in 0..<daily.count {
      let window = t.indices.filter {
        t[$0] >= Double(day) * 86400 && t[$0] <= Double(day + 1) * 86400
      }
      replay.addWindow(
        timeS: window.map { t[$0] }, socFraction: window.map { z[$0] },
        temperatureC: window.map { c[$0] })
      capacity.add(replay.state.capacityFactor(example.model), expected[day])
      if !growth.isEmpty {
        resistance.add(replay.state.resistanceFactor(example.model), growth[day])
      }
    }
    #expect(capacity.largest <= 1e-9, "capacity \(capacity)")
    #expect(resistance.largest <= 1e-9, "resistance \(resistance)")
    // BLAST's own breakpoints over the whole run: 1e-3 on the capacity.
    let summary = try JSONSerialization.jsonObject(
      with: Data(contentsOf: URL(fileURLWithPath: folder + "/twin/ageing/summary.json")))
    let rows = try #require(summary as? [[String: Any]])
    let name = example.file.dropFirst(2).dropLast(6)
    let row = try #require(
      rows.first {
        $0["series"] as? String == example.series && $0["model"] as? String == String(name)
      })
    let whole = try #require(row["q_wholerun"] as? Double)
    #expect(abs(replay.state.capacityFactor(example.model) - whole) <= 1e-3)
  }

  @Test("Naumann's model by half cycles agrees to 1e-9", arguments: ["A", "B"])
  func naumann(_ name: String) throws {
    let folder = try #require(RealData.reference)
    let series = try ReferenceTable("ageing/\(name)_series.csv", in: folder)
    let daily = try ReferenceTable("ageing/\(name)_naumann_lfp_daily.csv", in: folder)
    let (t, z, c) = (series["t_s"], series["soc"], series["T_C"])
    var cell = HalfCycleAgeing(socFraction: z[0])
    var day = 0
    let columns = ["soh_Q", "soh_R", "qloss_cal", "qloss_cyc"].map { daily[$0] }
    var worst = [Deviation](repeating: Deviation(), count: 4)
    for i in 1..<t.count {
      cell.add(socFraction: z[i], temperatureC: c[i], seconds: t[i] - t[i - 1])
      guard t[i] >= Double(day + 1) * 86400, day < daily.count else { continue }
      let state = cell.state
      let found = [
        state.capacityFactor(.lfpNaumann3), state.resistanceFactor(.lfpNaumann3),
        state.calendarLoss, state.cycleLoss,
      ]
      for k in 0..<4 { worst[k].add(found[k], columns[k][day]) }
      day += 1
    }
    #expect(day == daily.count)
    for k in 0..<4 { #expect(worst[k].largest <= 1e-9, "\(k): \(worst[k])") }
  }
}
