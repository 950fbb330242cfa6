import Forecasting
import Planning
import Replay
import Studies
import Tariffs
import Testing

@testable import Reports

@Suite("Measures") struct MeasuresTests {
  struct Kettle: Sendable {
    var name: String
    var litres: Double?
    var boils = 0
    var readyInYears: Double?
  }

  private let measures = MeasureList<Kettle>([
    Measure("name", header: "kettle", unit: .words, "Name.") { .text($0.name) },
    Measure(
      "price", header: "price", unit: .currency, decimals: 1, jsonDefault: .number(0), "Price."
    ) { .number($0.litres.map { $0 * 2 }) },
    Measure(
      "full_fraction", path: "water.full_fraction", header: "full", unit: .fraction, decimals: 1,
      "Share of water."
    ) { .number($0.litres) },
    Measure("boils", path: "water.boils", in: .json, "Times it boiled.", remark: "times boiled") {
      .integer($0.boils)
    },
    Measure("ready_years", header: "ready", unit: .years, decimals: 0, "When it is ready.") {
      .time($0.readyInYears)
    },
    Measure("note", unit: .words, in: .json, isOptional: true, "Left out where there is none.") {
      .text($0.boils > 0 ? "used" : nil)
    },
  ])
  private let full = Kettle(name: "red, round", litres: 0.5, boils: 3, readyInYears: 2)
  private let empty = Kettle(name: "blue")

  @Test("tables have headings with units, fractions in percent and a dash for what does not exist")
  func tables() {
    #expect(
      measures.table([full, empty], currency: "EUR").text == """
        kettle      price EUR    full  ready years
        ──────────────────────────────────────────
        red, round        1.0  50.0 %            2
        blue                –       –        never

        """)
    #expect(measures.row(cells: ["name": "bound", "price": "7"]) == ["bound", "7", "–", "–"])
    #expect(
      measures.totals([full, full, empty], named: "total", without: "ready_years")
        == ["total", "2.0", "100.0 %", ""])
  }

  @Test("CSV quotes names, takes the shortest numbers and leaves empty what does not exist")
  func csv() {
    #expect(
      measures.csv([full, empty]) == """
        name,price,full_fraction,ready_years
        "red, round",1,0.5,2
        blue,,,never

        """)
    #expect(measures.scores(full) == ["price": 1, "full_fraction": 0.5, "ready_years": 2])
    #expect(measures.scores(empty) == [:])
  }

  @Test("JSON nests groups, and says null, the stated default or nothing where there is no value")
  func json() {
    #expect(
      measures.json(full) == [
        "name": "red, round", "price": 1.0, "water": ["full_fraction": 0.5, "boils": 3],
        "ready_years": 2.0, "note": "used",
      ])
    #expect(
      measures.json(empty) == [
        "name": "blue", "price": 0.0, "water": ["full_fraction": nil, "boils": 0],
        "ready_years": "never",
      ])
  }

  @Test("counts above zero are told in words")
  func remarks() {
    #expect(measures.measures.flatMap { $0.remarks(full) } == ["3 times boiled"])
    #expect(measures.measures.flatMap { $0.remarks(empty) }.isEmpty)
  }

  @Test("the measures of a part keep everything but their place in JSON")
  func parts() {
    struct Kitchen: Sendable { var kettle: Kettle }
    let whole = measures.only("name", "boils").of(group: "kettle") { (kitchen: Kitchen) in
      kitchen.kettle
    }
    let kitchen = Kitchen(kettle: full)
    #expect(whole.json(kitchen) == ["kettle": ["name": "red, round", "water": ["boils": 3]]])
    #expect(whole.csv([kitchen]) == "name\n\"red, round\"\n")
    #expect(whole.row(kitchen) == ["red, round"])
    #expect(whole.measures.flatMap { $0.remarks(kitchen) } == ["3 times boiled"])
  }

  @Test("no key and no place in JSON is declared twice, and every measure says what it means")
  func declarations() {
    func check<Subject>(_ list: MeasureList<Subject>, _ comment: Comment) {
      let measures = list.measures
      let columns = measures.filter { $0.places.contains(.csv) }.map(\.key)
      let paths = measures.filter { $0.places.contains(.json) }.map(\.path)
      #expect(Set(columns).count == columns.count, comment)
      #expect(Set(paths).count == paths.count, comment)
      for measure in measures {
        #expect(measure.meaning.hasSuffix(".") && measure.meaning.count > 4, "\(measure.key)")
      }
    }
    check(VersionScore.measures, "result")
    check(PairedInterval.measures, "pair")
    check(SizingCandidate.measures, "candidate")
    check(StressCell.measures, "cell")
    check(PolicyScore.measures, "policy")
    check(HeatKnowledge.measures, "knowing")
    check(StressCampaign.Score.measures, "campaign")
    check(CampaignRow.measures, "campaign day")
    check(MonthBill.measures, "month")
    check(BillLine.measures, "line")
    check(BacktestScores.measures, "backtest")
    check(BacktestComparison.measures, "difference")
    check(ModelRecord.measures, "model")
    check(ReplayCase.settingsMeasures, "settings")
    check(PlanCounts.measures, "plans")
  }
}
