import Diagnostics
import Foundation
import Testing
import TestSupport
import TimeSeries

@testable import Tariffs

@Suite("Rate records") struct URDBImportTests {
  static let folder = RealData.folder.map { "\($0)/tariffs_urdb" }

  static func record(_ name: String) throws -> URDBImport {
    let path = "\(folder ?? "")/\(name)"
    let bytes = Array(FileManager.default.contents(atPath: path) ?? Data())
    return try URDBImport(bytes, file: name)
  }

  static let names = [
    "sce_gs2_tou_b_55fc81d7682bea28da64f9ae.json",
    "pge_e19_secondary_5cef0a415457a33576f60fe2.json",
    "entergy_ar_lps_tou_5a592c995457a3371c423a7d.json",
    "pysam_two_tier_tou_demand_unlabelled.json", "reopt_tiered_tou_demand_unlabelled.json",
    "seward_d28_539fb6c7ec4f024bc1dc0445_no_schedule.json",
  ]

  @Test(
    "every field of a real record is accounted for",
    .enabled(if: RealData.folder != nil, "no real data"), arguments: names)
  func complete(name: String) throws {
    let found = try Self.record(name)
    let reported = Set(found.fields.map(\.field))
    for field in found.record.fields.keys { #expect(reported.contains(field), "\(field)") }
    #expect(found.fields.allSatisfy { !$0.text.isEmpty })
    if name.hasPrefix("seward") {
      #expect(found.tariff == nil)
      #expect(
        found.diagnostics.filter { $0.severity == .error }.map(\.message) == [
          "'energyweekdayschedule[0][0]' names period 1, but 'energyratestructure' has periods 0 to 0"
        ])
    } else {
      let tariff = try found.requireTariff()
      let zone = try Zone("America/Los_Angeles")
      let start = zone.startOfDay(CivilCalendar.days(year: 2017, month: 1, day: 1))
      let grid = TimeGrid(start: start, stepSeconds: 900, count: 35_040)
      let schedule = try BillingSchedule(tariff, grid: grid, zone: zone, spotPerKWh: nil)
      let bill = schedule.bill(
        importKW: [Double](repeating: 100, count: grid.count),
        exportKW: [Double](repeating: 0, count: grid.count))
      #expect(bill.total > 0 && bill.months.count == 12)
    }
  }

  @Test(
    "what is no rate record is refused with the field named",
    .enabled(if: RealData.folder != nil, "no real data"),
    arguments: ["dominion-va-schedule-1", "ladwp-r1a", "sce-tou-d-4-9pm", "sdge-ev-tou-5"])
  func otherSchema(name: String) throws {
    let found = try Self.record("ratebook_cc0/\(name).json")
    #expect(found.tariff == nil)
    #expect(
      found.diagnostics.map(\.message) == ["a rate record must have 'energyratestructure'"])
    #expect(throws: InputError.self) { try Self.record("sdge_al_tou_2020_dervet.csv") }
  }

  @Test(
    "a July bill of GS-2 by hand", .enabled(if: RealData.folder != nil, "no real data"))
  func july() throws {
    let tariff = try Self.record(Self.names[0]).requireTariff()
    let zone = try Zone("America/Los_Angeles")
    let start = zone.startOfDay(CivilCalendar.days(year: 2015, month: 7, day: 1))
    let grid = TimeGrid(start: start, stepSeconds: 3600, count: 31 * 24)
    let schedule = try BillingSchedule(tariff, grid: grid, zone: zone, spotPerKWh: nil)
    let bill = schedule.bill(
      importKW: [Double](repeating: 50, count: grid.count),
      exportKW: [Double](repeating: 0, count: grid.count))
    // July 2015 has 23 weekdays and 8 weekend days. A weekday has 6 h on peak (12 to 18), 9 h mid
    // peak (8 to 12 and 18 to 23) and 9 h off peak.
    let onPeak = 23.0 * 6 * 0.1355
    let midPeak = 23.0 * 9 * 0.08888
    let offPeak = (23.0 * 9 + 8 * 24) * 0.066
    #expect(isClose(bill.months[0].energy, 50 * (onPeak + midPeak + offPeak), absolute: 1e-9))
    #expect(isClose(bill.months[0].demand, 50 * (13.2 + 5.3 + 18.11), absolute: 1e-9))
    #expect(isClose(bill.months[0].fixed, 259.2, absolute: 1e-9))
  }

  private func imported(_ extra: String, options: URDBImport.Options = .init()) throws -> URDBImport
  {
    let row = "[" + [String](repeating: "0", count: 24).joined(separator: ",") + "]"
    let matrix = "[" + [String](repeating: row, count: 12).joined(separator: ",") + "]"
    let text = """
      {"name": "test", "energyratestructure": [[{"rate": 0.1, "adj": 0.02, "unit": "kWh"}]],
       "energyweekdayschedule": \(matrix), "energyweekendschedule": \(matrix)\(extra)}
      """
    return try URDBImport(Array(text.utf8), file: "r.json", options: options)
  }

  private func outcome(_ found: URDBImport, _ field: String) -> FieldReport.Outcome? {
    found.fields.first { $0.field == field }?.outcome
  }

  private func month(_ found: URDBImport, kW: Double) throws -> MonthBill {
    let start = CivilCalendar.days(year: 2023, month: 6, day: 1) * 86_400
    let grid = TimeGrid(start: start, stepSeconds: 900, count: 30 * 96)
    return try BillingSchedule(
      found.requireTariff(), grid: grid, zone: .utc, spotPerKWh: nil
    ).bill(
      importKW: [Double](repeating: kW, count: grid.count),
      exportKW: [Double](repeating: 0, count: grid.count)
    ).months[0]
  }

  @Test("adjustments, fuel and daily fixed charges are billed") func adders() throws {
    let found = try imported(
      """
      , "fueladjustmentsmonthly": [0,0,0,0,0,0.03,0,0,0,0,0,0],
      "fixedchargefirstmeter": 2, "fixedchargeunits": "$/day", "fixedchargeeaaddl": 1
      """)
    let bill = try month(found, kW: 1)
    #expect(isClose(bill.energy, 720 * 0.15, absolute: 1e-9))
    #expect(isClose(bill.fixed, 60, absolute: 1e-9))
    #expect(outcome(found, "fueladjustmentsmonthly") == .honoured)
    #expect(outcome(found, "fixedchargeeaaddl") == .notBilled)
  }

  @Test("demand in horsepower, window, look-back months and minimums") func demand() throws {
    let found = try imported(
      """
      , "flatdemandstructure": [[{"rate": 7.457}]], "flatdemandmonths": [0,0,0,0,0,0,0,0,0,0,0,0],
      "flatdemandunit": "hp", "demandwindow": 30, "lookbackpercent": 60,
      "lookbackmonths": [true,true,true,false,false,false,false,false,false,false,false,false],
      "mincharge": 1000, "minchargeunits": "$/month"
      """)
    let bill = try month(found, kW: 10)
    #expect(isClose(bill.demand, 100, absolute: 1e-9))
    #expect(isClose(bill.energy, 7200 * 0.12, absolute: 1e-9))
    #expect(isClose(bill.minimumAdjustment, 1000 - 964, absolute: 1e-9))
    let charge = try #require(found.tariff?.demand.first)
    #expect(charge.meteringSeconds == 1800)
    #expect(charge.ratchet?.lookback == .months([1, 2, 3]))
    #expect(charge.ratchet?.fractionByMonth == [Double](repeating: 0.6, count: 12))
  }

  @Test("tiers that scale with demand: 100 kWh per kW at the first price") func perKW() throws {
    let text = """
      {"name": "t", "energyratestructure": [[{"rate": 0.2, "max": 100, "unit": "kWh/kW"},
       {"rate": 0.1, "unit": "kWh/kW"}]]}
      """
    let found = try URDBImport(Array(text.utf8), file: "r.json")
    // 10 kW all June: 1 000 kWh at 0.2 and 6 200 kWh at 0.1.
    #expect(isClose(try month(found, kW: 10).energy, 1000 * 0.2 + 6200 * 0.1, absolute: 1e-6))
    #expect(
      found.diagnostics.map(\.message) == [
        "the record has no 'energyweekdayschedule'; its only period is applied at all times",
        Self.noExportRule,
      ])
  }

  private static let noExportRule =
    "the record has no 'dgrules': export is taken as net billing and earns nothing"

  @Test("reactive power needs a power factor, and a part of a bill is warned about")
  func warnings() throws {
    let found = try imported(
      ", \"demandreactivepowercharge\": 0.5, \"servicetype\": \"Delivery\", \"novelty\": 1")
    #expect(outcome(found, "demandreactivepowercharge") == .notBilled)
    #expect(outcome(found, "servicetype") == .notBilled)
    #expect(outcome(found, "novelty") == .notBilled)
    #expect(
      found.diagnostics.map(\.message) == [
        "'demandreactivepowercharge' is not billed without a power factor of the site",
        "the record covers 'Delivery' only and is not a full bill", Self.noExportRule,
        "'novelty' is not known and not billed",
      ])
    // Whoever bills the tariff sees the same.
    #expect(try found.requireTariff().warnings == found.diagnostics)
    var options = URDBImport.Options()
    options.powerFactor = 0.8
    let assumed = try imported(", \"demandreactivepowercharge\": 0.5", options: options)
    // At a power factor of 0.8 there are 0.75 kVAr per kW.
    #expect(isClose(try month(assumed, kW: 10).demand, 10 * 0.75 * 0.5, absolute: 1e-9))
  }

  @Test(
    "records that cannot be billed are refused with the field",
    arguments: [
      (", \"dgrules\": \"Barter\"", "dgrules"), (", \"dgrules\": 3", "dgrules"),
      (", \"usenetmetering\": \"maybe\"", "usenetmetering"),
      (", \"demandratestructure\": [[{\"max\": 5}]]", "demandratestructure"),
      (", \"demandwindow\": 7", "demandwindow"),
      (", \"fueladjustmentsmonthly\": [1, 2]", "fueladjustmentsmonthly"),
      (", \"fixedchargefirstmeter\": 1, \"fixedchargeunits\": \"$/moon\"", "fixedchargeunits"),
      (", \"fixedchargefirstmeter\": 1, \"fixedchargeunits\": 30", "fixedchargeunits"),
      (", \"fixedchargefirstmeter\": \"9 $\"", "fixedchargefirstmeter"),
      (", \"mincharge\": -1", "mincharge"), (", \"lookbackpercent\": 50", "lookbackpercent"),
      (", \"lookbackPercent\": \"80%\", \"lookbackRange\": 11", "lookbackPercent"),
      (", \"lookbackpercent\": -0.8, \"lookbackrange\": 11", "lookbackpercent"),
      (", \"lookbackpercent\": 50, \"lookbackrange\": \"all\"", "lookbackrange"),
      (
        ", \"lookbackpercent\": 50, \"lookbackmonths\": [1,0,0,0,0,0,0,0,0,0,0,\"x\"]",
        "lookbackmonths"
      ),
      (", \"demandratchetpercentage\": [0,0,0,0,0,0,0,0,0,0,0,\"x\"]", "demandratchetpercentage"),
      (", \"demandreactivepowercharge\": \"0,5\"", "demandreactivepowercharge"),
      (", \"flatdemandstructure\": [[{\"rate\": 1}]], \"flatdemandunit\": 7", "flatdemandunit"),
      (", \"flatdemandstructure\": [[{\"rate\": \"1,5\"}]]", "flatdemandstructure"),
      (", \"flatdemandstructure\": [[{\"rate\": 1, \"unit\": \"MW\"}]]", "flatdemandstructure"),
      (
        ", \"flatdemandstructure\": [[{\"rate\": 1, \"unit\": \"hp\"}]], \"flatdemandunit\": \"kW\"",
        "flatdemandstructure"
      ),
      (
        ", \"flatdemandstructure\": [[{\"rate\": 1, \"unit\": \"hp\", \"max\": 2}, {\"rate\": 1,"
          + " \"unit\": \"kW\"}]]", "flatdemandstructure"
      ),
    ])
  func refused(extra: String, field: String) throws {
    let found = try imported(extra)
    #expect(found.tariff == nil)
    #expect(outcome(found, field) == .refused)
    #expect(found.diagnostics.contains { $0.severity == .error && $0.message.contains(field) })
  }

  @Test(
    "a number of a tier that is no number is refused with its place in the record",
    arguments: ["rate", "adj", "sell", "max"])
  func tierNumbers(key: String) throws {
    let rate = key == "rate" ? "" : "\"rate\": 0.1, "
    let text = "{\"energyratestructure\": [[{\(rate)\"\(key)\": \"0,05\"}]]}"
    let found = try URDBImport(Array(text.utf8), file: "r.json")
    #expect(found.tariff == nil)
    #expect(
      found.diagnostics.filter { $0.severity == .error }.map(\.message)
        == ["'energyratestructure[0][0].\(key)' must be a number, found '0,05'"])
  }

  @Test("what is wrong with a record is told with its line and column") func positions() throws {
    let text = """
      {
        "energyratestructure": [
          [{"rate": 0.1, "max": 5}, {"rate": 0.2, "max": 3}, {"rate": 0.3}],
          [{"rate": 0.1, "unit": "therm"}]
        ],
        "lookbackPercent": "80%",
        "novelty": 1
      }
      """
    let found = try URDBImport(Array(text.utf8), file: "r.json")
    #expect(
      found.diagnostics.map(\.description) == [
        "r.json:4:28: error: 'energyratestructure[1][0].unit' is not known, found 'therm'",
        "r.json:6:22: error: 'lookbackPercent' must be a share of 0 to 1 or 0 to 100, found '80%'",
      ])
    // What only the whole tariff shows, at the period that it concerns.
    let falling = try URDBImport(
      Array(
        text.replacing("therm", with: "kWh").replacing("\"80%\"", with: "0")
          .replacing("    [{\"rate\": 0.1, \"unit\": \"kWh\"}]\n", with: "")
          .replacing("{\"rate\": 0.3}],", with: "{\"rate\": 0.3}]").utf8), file: "r.json")
    #expect(
      falling.diagnostics.filter { $0.severity == .error }.map(\.description) == [
        "r.json:3:5: error: the tiers of 'energy' 'period 0' must rise, found '3.0' after '5.0'"
      ])
    let error = #expect(throws: InputError.self) {
      try URDBImport(Array("{\"a\": 1,\n \"b\" 2}".utf8), file: "r.json")
    }
    #expect(error?.diagnostics.map(\.description) == ["r.json:2:6: error: ':' was expected"])
  }

  @Test("numbers, flags and units written as text are read where they are plain") func plainText()
    throws
  {
    let found = try imported(
      """
      , "flatdemandstructure": [[{"rate": "7.457", "unit": "hp"}]], "usenetmetering": "True",
      "lookbackpercent": "80", "lookbackrange": "11"
      """)
    // 7.457 per hp are 10 per kW.
    #expect(isClose(try month(found, kW: 10).demand, 100, absolute: 1e-9))
    let tariff = try found.requireTariff()
    #expect(tariff.export.arrangement == .netMeteringEnergy)
    #expect(tariff.demand.first?.ratchet?.fractionByMonth.first == 0.8)
    #expect(outcome(found, "flatdemandunit") == .honoured)
    #expect(found.diagnostics.isEmpty)
  }

  @Test("what exporters write for an absent field counts as absent") func emptyFields() throws {
    let found = try imported(
      """
      , "demandratestructure": null, "flatdemandstructure": [], "demandweekdayschedule": [],
      "fixedchargefirstmeter": null, "dgrules": null, "lookbackpercent": "", "fixedchargeunits": null
      """)
    let bill = try month(found, kW: 1)
    #expect(isClose(bill.total, 720 * 0.12, absolute: 1e-9))
    #expect(found.diagnostics.map(\.message) == [Self.noExportRule])
    #expect(outcome(found, "demandratestructure") == .description)
  }

  @Test("coincident demand is billed by either spelling of its schedule, with a warning")
  func coincident() throws {
    // Period 1 from 17:00 to 18:00; 6 per kW on 10 kW.
    let row = "[" + (0..<24).map { $0 == 17 ? "1" : "0" }.joined(separator: ",") + "]"
    let matrix = "[" + [String](repeating: row, count: 12).joined(separator: ",") + "]"
    for spelling in ["coincidentschedule", "coincidentrateschedule"] {
      let found = try imported(
        ", \"coincidentratestructure\": [[{\"rate\": 0}], [{\"rate\": 6}]], \"\(spelling)\": \(matrix)"
      )
      #expect(isClose(try month(found, kW: 10).demand, 60, absolute: 1e-9))
      #expect(outcome(found, spelling) == .honoured)
      #expect(found.diagnostics.contains { $0.message.contains("'coincidentratestructure'") })
    }
  }

  @Test("a record of the bulk download, and one alone in a list") func bulk() throws {
    let text = """
      [{"_id": {"$oid": "53a"}, "rateName": "GS", "utilityName": "own",
       "energyRateStrux": [{"energyRateTiers": [{"rate": 0.1, "unit": "kWh"}]}],
       "flatDemandStrux": [{"flatDemandTiers": [{"rate": 4}]}], "flatDemandUnits": "kW",
       "fixedChargeFirstMeter": 10, "fixedChargeUnits": "$/month", "demandMax": 50,
       "effectiveDate": {"$date": "2023-01-01T07:00:00.000Z"}, "endDate": null,
       "dgRules": "Net Billing Instantaneous"}]
      """
    let found = try URDBImport(Array(text.utf8), file: "r.json")
    let bill = try month(found, kW: 1)
    #expect(isClose(bill.total, 720 * 0.1 + 4 + 10, absolute: 1e-9))
    let tariff = try found.requireTariff()
    #expect(tariff.name == "own, GS")
    #expect(
      tariff.source == "Utility Rate Database record 53a, from 2023-01-01")
    let start = CivilCalendar.days(year: 2023, month: 1, day: 1)
    #expect(tariff.applicability == Applicability(fromDay: start, highestPeakKW: 50))
    for (text, message) in [
      ("[]", "a list must hold one rate record, found 0"),
      (
        "[{}, {}]",
        "a list must hold one rate record, found 2; choose one by its label with '--record'"
      ),
      ("3", "a rate record must be a JSON object, found 3"),
    ] {
      let error = #expect(throws: InputError.self) {
        try URDBImport(Array(text.utf8), file: "r.json")
      }
      #expect(error?.diagnostics.map(\.message) == [message])
    }
  }

  @Test("dates and classes of a record become limits that bills are compared with") func limits()
    throws
  {
    // 1556690400 is 2019-05-01T06:00Z, midnight in the mountains.
    let found = try imported(
      """
      , "startdate": 1556690400, "enddate": "2019-06-30T06:00:00Z", "peakkwcapacitymin": 500,
      "peakkwcapacitymax": 999, "peakkwhusagemax": "1000", "peakkwhusagemin": "few"
      """)
    #expect(
      try found.requireTariff().applicability
        == Applicability(
          fromDay: CivilCalendar.days(year: 2019, month: 5, day: 1),
          throughDay: CivilCalendar.days(year: 2019, month: 6, day: 30), leastPeakKW: 500,
          highestPeakKW: 999, highestMonthKWh: 1000))
    #expect(
      found.diagnostics.map(\.message) == [
        "'peakkwhusagemin' is not understood as a limit, found 'few'", Self.noExportRule,
      ])
  }

  @Test("a missing rate and missing schedules are named") func missing() throws {
    for (text, message) in [
      (
        "{\"energyratestructure\": [[{\"max\": 5}]]}", "'energyratestructure[0][0].rate' is missing"
      ),
      (
        "{\"energyratestructure\": [[{\"rate\": 1}], [{\"rate\": 2}]]}",
        "'energyratestructure' has 2 periods but the record has no 'energyweekdayschedule'"
      ),
    ] {
      let found = try URDBImport(Array(text.utf8), file: "r.json")
      #expect(found.tariff == nil)
      #expect(found.diagnostics.map(\.message) == [message])
    }
  }
}
