import Diagnostics
import Documents
import Foundation
import Scenarios
import Tariffs
import Testing
import TimeSeries

@Suite("Tariff documents") struct TariffDocumentTests {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("tariffs")
    .path

  static let files = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [])
    .filter { $0.hasSuffix(".yaml") }.sorted()

  @Test("the repository's tariffs are read and bill a leap year", arguments: files)
  func shipped(file: String) throws {
    let tariff = try TariffDocument.read("\(Self.folder)/\(file)")
    #expect(tariff.source != nil)
    let zone = try Zone("Europe/Stockholm")
    let start = zone.startOfDay(CivilCalendar.days(year: 2024, month: 1, day: 1))
    let grid = TimeGrid(start: start, stepSeconds: 900, count: 366 * 96)
    let schedule = try BillingSchedule(
      tariff, grid: grid, zone: zone, spotPerKWh: [Double](repeating: 0.1, count: grid.count))
    let bill = schedule.bill(
      importKW: [Double](repeating: 1, count: grid.count),
      exportKW: [Double](repeating: 0, count: grid.count))
    #expect(bill.months.count == 12)
    #expect(bill.total > 0)
    for month in bill.months {
      let lines = month.lines.reduce(0) { $0 + $1.amount }
      #expect(abs(lines - month.total) < 1e-9)
    }
  }

  @Test("a tariff written as a document reads back to the same bill", arguments: files)
  func roundTrip(file: String) throws {
    let tariff = try TariffDocument.read("\(Self.folder)/\(file)")
    let text = TariffDocument.text(of: tariff)
    let again = try TariffDocument.parse(Array(text.utf8), file: "written.yaml")
    let zone = try Zone("Europe/Stockholm")
    let start = zone.startOfDay(CivilCalendar.days(year: 2024, month: 1, day: 1))
    let grid = TimeGrid(start: start, stepSeconds: 3600, count: 366 * 24)
    let load = grid.indices.map { Double($0 * 7919 % 1000) / 50 }
    let export = grid.indices.map { Double($0 * 104_729 % 1000) / 100 }
    let spot = grid.indices.map { Double($0 * 31 % 100) / 500 - 0.02 }
    let bills = try [tariff, again].map {
      try BillingSchedule($0, grid: grid, zone: zone, spotPerKWh: spot).bill(
        importKW: load, exportKW: export)
    }
    #expect(bills[0] == bills[1])
    #expect(TariffDocument.text(of: again) == text)
  }

  @Test("an hour-long net billing record and others are read by their file name")
  func records() throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent(
      "wattif-record-\(ProcessInfo.processInfo.processIdentifier).json")
    let text = "{\"name\": \"r\", \"energyratestructure\": [[{\"rate\": 0.5}]]}"
    try Data(text.utf8).write(to: path)
    defer { try? FileManager.default.removeItem(at: path) }
    #expect(try TariffDocument.read(path.path).name == "r")
  }

  @Test("what a record leaves out is a finding of the scenario that names it") func recordWarnings()
    throws
  {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try Data("{\"energyratestructure\": [[{\"rate\": 0.5}]], \"servicetype\": \"Energy\"}".utf8)
      .write(to: folder.appendingPathComponent("r.json"))
    let context = DecodingContext(folder: folder.path)
    let reader = MappingReader(
      try YAMLParser.parse("tariff: r.json", file: "s.yaml"), context: context)
    let tariff = try #require(TariffDocument.tariff(key: "tariff", in: reader))
    #expect(tariff.warnings.count == 3)
    #expect(context.findings.all.map(\.message) == tariff.warnings.map(\.message))
    #expect(context.errorCount == 0)
  }

  @Test("who a tariff applies to is read, written and checked") func applicability() throws {
    let text = """
      name: t
      currency: EUR
      energy: [{name: e, price_per_kwh: 1}]
      applies: {from: 2024-01-01, through: 2024-12-31, peak_kw_min: 1, peak_kw_max: 2.5,
                month_kwh_min: 3, month_kwh_max: 4}
      """
    let tariff = try TariffDocument.parse(Array(text.utf8), file: "t.yaml")
    let limits = Applicability(
      fromDay: CivilCalendar.days(year: 2024, month: 1, day: 1),
      throughDay: CivilCalendar.days(year: 2024, month: 12, day: 31), leastPeakKW: 1,
      highestPeakKW: 2.5, leastMonthKWh: 3, highestMonthKWh: 4)
    #expect(tariff.applicability == limits)
    let written = TariffDocument.text(of: tariff)
    #expect(
      try TariffDocument.parse(Array(written.utf8), file: "w.yaml").applicability == limits)
    #expect(
      findings(text.replacing("peak_kw_max: 2.5", with: "peak_kw_max: 0.5"))
        == ["t.yaml:4:79: error: 'peak_kw_max' must not lie below 'peak_kw_min'"])
  }

  @Test("there are tariffs in the repository") func thereAreTariffs() {
    #expect(Self.files.count >= 8)
  }

  private func findings(_ text: String) -> [String] {
    do {
      _ = try TariffDocument.parse(Array(text.utf8), file: "t.yaml")
      return []
    } catch let error as InputError {
      return error.diagnostics.map(\.description)
    } catch {
      return ["\(error)"]
    }
  }

  @Test("all mistakes are reported at once, with their places") func allFindings() {
    let found = findings(
      """
      name: bad
      currency: EUR
      holidays: SX
      import_limit_kw: -5
      energy:
        - name: energy
          periods:
            - name: day
              times: 06:00 to 22:00
              price_per_kwh: 0.30
            - name: night
              times: 21:00 to 05:00
              tiers:
                - {up_to: 500, price_per_kwh: 0.1}
                - {up_to: 300, price_per_kwh: 0.2}
                - {price_per_kwh: 0.3}
        - name: levy
          currency: SEK
          pirce_per_kwh: 0.01
      demand:
        - name: peak
          price_per_kw: 5
          metering_minutes: 7
      """)
    #expect(
      found == [
        "t.yaml:3:11: error: unknown holiday rule 'SX'; did you mean 'SE'?\n"
          + "t.yaml:3:11: note: holiday rules known here: AT, AU, BE, CH, DE, DK, ES, ES-GRID, FI, FR,"
          + " GB, IT, NL, NO, PL, PT, SE, US, US-CA-UTILITIES",
        "t.yaml:4:18: error: 'import_limit_kw' must be zero or more, found '-5'",
        "t.yaml:6:5: error: no period of 'energy' applies on 01-01 (weekday) from 05:00 to 06:00",
        "t.yaml:11:9: error: the tiers of 'energy' 'night' must rise, found '300.0' after '500.0'",
        "t.yaml:11:9: error: periods 'day' and 'night' of 'energy' overlap on 01-01 (weekday) from"
          + " 21:00",
        "t.yaml:17:5: error: missing key 'price_per_kwh' in 'energy'",
        "t.yaml:19:5: error: unknown key 'pirce_per_kwh'; did you mean 'price_per_kwh'?",
        "t.yaml:21:5: error: the metering interval of 'peak' must divide a day, found '420' s",
      ])
  }

  @Test("a currency mix is refused") func currencies() {
    let found = findings(
      """
      name: bad
      currency: EUR
      energy:
        - {name: energy, currency: SEK, price_per_kwh: 1}
      """)
    #expect(found == ["t.yaml:4:5: error: a tariff has one currency, 'EUR', found 'SEK'"])
  }

  @Test("dated values, seasons and a rest period are read") func values() throws {
    let text = """
      name: dated
      currency: SEK
      vat_fraction: 0.25
      seasons:
        winter: 11-01 to 03-31
      energy:
        - name: tax
          price_per_kwh: [{value: 0.4}, {from: 2025-01-01, value: 0.5}]
        - name: transfer
          periods:
            - {name: high, seasons: winter, days: weekday, times: 06:00 to 22:00, price_per_kwh: 1}
            - {name: low, rest: true, price_per_kwh: 0.25}
      """
    let tariff = try TariffDocument.parse(Array(text.utf8), file: "t.yaml")
    let zone = try Zone("Europe/Stockholm")
    // Tuesday 2024-12-31 and Wednesday 2025-01-01, 12:00 to 13:00 local.
    for (day, tax) in [(31, 0.4), (32, 0.5)] {
      let number = CivilCalendar.days(year: 2024, month: 12, day: day)
      let grid = TimeGrid(start: zone.startOfDay(number) + 12 * 3600, stepSeconds: 3600, count: 1)
      let schedule = try BillingSchedule(tariff, grid: grid, zone: zone, spotPerKWh: nil)
      #expect(abs(schedule.buyPerKWh[0] - (tax + 1) * 1.25) < 1e-12)
    }
  }

  /// A document that asks for every key once; what it says need not be billed.
  private static let everyKey = """
    name: n
    currency: EUR
    source: s
    vat_fraction: [{from: 2024-01-01, value: 0.2}]
    holidays: {country: DE, dates: [2024-12-24]}
    seasons: {summer: 06-01 to 09-30}
    day_kinds:
      - {name: red, dates: [2024-01-09], starts: "06:00", known_from: "11:00",
         events: [{start: 2024-02-01T10:00, end: 2024-02-01T11:00}]}
    energy:
      - {name: a, tier_convention: pro_rata, tier_basis: kwh, includes_vat: true, netted: true,
         currency: EUR, tiers: [{up_to: 5, price_per_kwh: 1}, {price_per_kwh: 2}]}
      - name: b
        periods:
          - {name: p, seasons: summer, dates: 01-01 to 02-02, days: weekday, times: "07:00 to 09:00",
             spot_multiplier: 1, adder_per_kwh: 0.1, floor_per_kwh: 0, cap_per_kwh: 1, bank: x,
             when_spot_below: {spot_per_kwh: 0, price_per_kwh: 0, from: 2025-02-25}}
          - {name: q, windows: [{days: weekend}], tiers: [{up_to: 1, price_per_kwh: 1}, {price_per_kwh: 1}]}
          - {name: r, rest: true, price_per_kwh: 1}
      - {name: c, spot_multiplier: 1, adder_per_kwh: 0, floor_per_kwh: 0, cap_per_kwh: 1, bank: y,
         when_spot_below: {spot_per_kwh: 0, price_per_kwh: 0, from: 2025-02-25}}
    demand:
      - name: d
        measure: mean_of_highest
        count: 3
        different_days: true
        metering_minutes: 15
        per: month
        minimum_kw: 1
        cap_per_kwh: 1
        includes_vat: false
        currency: EUR
        events: [{start: 2024-01-01T10:00, end: 2024-01-01T11:00}]
        power_factor: {assumed: 0.9, required: 0.95}
        ratchet: {fraction: 0.5, lookback_months: 3, earlier_peaks_kw: [1], counts_actual_peak: true,
                  scope: site}
        periods:
          - {name: p, seasons: summer, days: weekday, times: "07:00 to 09:00", price_per_kw: 1, weight: 1}
          - {name: q, windows: [{dates: 10-01 to 11-01}], tiers: [{up_to_kw: 1, price_per_kw: 1}, {price_per_kw: 2}]}
          - {name: r, rest: true, price_per_kw: 1}
      - {name: e, measure: mean_of_monthly_peaks, months: 12, earlier_peaks_kw: [1], price_per_kw: 1,
         weight: 1, ratchet: {fraction: 0.5, lookback_calendar_months: [1]}}
      - {name: f, tiers: [{up_to_kw: 1, price_per_kw: 1}, {price_per_kw: 2}]}
      - {name: v, price_per_kw2: 1}
      - name: w
        periods: [{name: p, price_per_kw2: 1}]
      - {name: k, steps: [{up_to_kw: 1, amount: 1}, {amount: 2}]}
      - {name: o, measure: yearly_peak_in_windows, significant_percent: 20, significant_kw: 100,
         least_percent: 20, price_per_kw: 1}
      - name: l
        periods:
          - {name: p, dates: 04-01 to 10-01, steps: [{up_to_kw: 1, amount: 1}, {amount: 2}]}
          - {name: q, rest: true, price_per_kw: 1}
    contracted:
      - {name: g, contracted_kw: 1, price_per_kw: 1, overdraw_price_per_kw: 2, per: month,
         metering_minutes: 15, includes_vat: false}
      - name: u
        overdraw_per: day
        overdraw: highest
        holds_for_year: true
        assumed_power_factor: 0.9
        periods:
          - {name: p, seasons: summer, days: weekday, times: "07:00 to 09:00", contracted_kw: 1,
             price_per_kw: 1, overdraw_price_per_kw: 1}
          - {name: q, windows: [{dates: 10-01 to 11-01}], contracted_kw: 1, price_per_kw: 1}
          - {name: r, rest: true, contracted_kw: 1, price_per_kw: 1}
    reactive:
      - {name: h, assumed_power_factor: 0.9, free_fraction: 0.3, price_per_kvar: 1,
         metering_minutes: 15, includes_vat: false}
    hours_of_use:
      - {name: m, switch_h: 2500, planned_h: 2000, below: {price_per_kw: 1, price_per_kwh: 2},
         above: {price_per_kw: 3, price_per_kwh: 1}, metering_minutes: 15, includes_vat: false}
    fixed: [{name: i, amount: 1, per: month, includes_vat: false, currency: EUR}]
    export:
      arrangement: net_billing_carry_over
      same_month_first: true
      true_up_month: 12
      true_up_per_kwh: 0.1
      credit_expires: false
      netting_ratio: 1
      credit_months: 12
      refund_fraction: 0.2
      pays_vat: false
      tier_convention: chronological
      periods: [{name: all, rest: true, price_per_kwh: 0.1}]
    minimums: [{name: j, amount: 1, per: month, includes_vat: false}]
    settlement: {minutes: 60, nets_import_and_export: true}
    import_limit_kw: 5
    export_limit_kw: 5
    carbon:
      credits_export: true
      periods:
        - {name: p, seasons: summer, days: weekday, times: "07:00 to 09:00", kg_per_kwh: 0.3}
        - {name: q, windows: [{dates: 10-01 to 11-01}], kg_per_kwh: 0.3}
        - {name: r, rest: true, kg_per_kwh: 0.3}
    applies: {from: 2024-01-01, through: 2024-12-31, peak_kw_min: 1, peak_kw_max: 2,
              month_kwh_min: 3, month_kwh_max: 4}
    """

  @Test("schema and documentation name every demand measure, and every measure is read and written")
  func measures() throws {
    let names = DemandMeasure.kinds.map(\.name)
    let data = try Data(contentsOf: URL(fileURLWithPath: "\(Self.folder)/tariff.schema.json"))
    let schema = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    let sections = try #require(schema["properties"] as? [String: [String: Any]])
    let demand = try #require(sections["demand"]?["items"] as? [String: Any])
    let properties = try #require(demand["properties"] as? [String: [String: Any]])
    #expect(properties["measure"]?["enum"] as? [String] == names)
    let page = try String(
      contentsOfFile: "\(Self.folder)/../Sources/wattif/Documentation.docc/Tariffs.md",
      encoding: .utf8)
    for name in names { #expect(page.contains("| `\(name)` |"), "\(name)") }
    for kind in DemandMeasure.kinds {
      for parameter in kind.parameters { #expect(properties[parameter.key] != nil) }
      let measure = kind.measure(
        kind.parameters.map { parameter in
          switch parameter.form {
          case .wholeNumber(let range, _): .wholeNumber(range.upperBound - 1)
          case .flag(let standard): .flag(!standard)
          case .powersKW: .powersKW([1.5, 2])
          }
        })
      let tariff = try Tariff(
        name: "t", currency: "EUR", energy: [.flat("energy", pricePerKWh: 1)],
        demand: [
          DemandCharge(
            "peak", periods: [DemandPeriod("all", pricePerKW: 1)], measure: measure)
        ])
      let text = TariffDocument.text(of: tariff)
      let again = try TariffDocument.parse(Array(text.utf8), file: "written.yaml")
      #expect(again.demand[0].measure == measure, "\(kind.name)")
    }
  }

  @Test(
    "a price per kW and year is one for the year's peak, unless the document says otherwise",
    arguments: [
      ("per: year", DemandMeasure.yearlyPeak), ("per: month", .monthlyPeak),
      ("per: year, measure: monthly_peak", .monthlyPeak),
      ("per: year, ratchet: {fraction: 0.5}", .monthlyPeak),
    ])
  func yearly(keys: String, measure: DemandMeasure) throws {
    let text = """
      name: t
      currency: EUR
      energy: [{name: e, price_per_kwh: 0}]
      demand: [{name: d, price_per_kw: 120, \(keys)}]
      """
    let tariff = try TariffDocument.parse(Array(text.utf8), file: "t.yaml")
    #expect(tariff.demand[0].measure == measure)
    let written = TariffDocument.text(of: tariff)
    #expect(
      try TariffDocument.parse(Array(written.utf8), file: "w.yaml").demand[0].measure == measure)
  }

  @Test("steps are read and written, and stand alone") func steps() throws {
    func parse(_ keys: String) throws -> Tariff {
      try TariffDocument.parse(
        Array(
          "name: t\ncurrency: NOK\nenergy: [{name: e, price_per_kwh: 0}]\ndemand: [{name: d, \(keys)}]"
            .utf8), file: "t.yaml")
    }
    let steps = "steps: [{up_to_kw: 2, amount: 125}, {up_to_kw: 5, amount: 200}, {amount: 320}]"
    let tariff = try parse(steps)
    #expect(
      tariff.demand[0].periods[0].steps == [
        DemandStep(upToKW: 2, amount: 125), DemandStep(upToKW: 5, amount: 200),
        DemandStep(amount: 320),
      ])
    let again = try TariffDocument.parse(
      Array(TariffDocument.text(of: tariff).utf8), file: "w.yaml")
    #expect(again.demand[0].periods[0].steps == tariff.demand[0].periods[0].steps)
    for (keys, message) in [
      ("\(steps), price_per_kw: 1", "give 'steps' or 'price_per_kw', not both"),
      (
        "steps: [{up_to_kw: 2, amount: 1}, {up_to_kw: 2, amount: 2}, {amount: 3}]",
        "the tiers of 'd' 'all' must rise, found '2.0' after '2.0'"
      ),
      (
        "steps: [{up_to_kw: 2, amount: 1}]",
        "the last tier of 'd' 'all' must have no upper limit, found '2.0'"
      ),
    ] {
      let error = #expect(throws: InputError.self) { try parse(keys) }
      #expect(error?.diagnostics.map(\.message) == [message])
    }
  }

  /// Keys below the properties of a schema, as paths without list positions.
  private func paths(_ node: Any?, _ schema: [String: Any], _ prefix: String) -> Set<String> {
    guard var object = node as? [String: Any] else { return [] }
    if let name = (object["$ref"] as? String)?.split(separator: "/").last,
      let definitions = schema["$defs"] as? [String: Any],
      let target = definitions[String(name)] as? [String: Any]
    {
      object = target
    }
    var result: Set<String> = []
    for (key, value) in object["properties"] as? [String: Any] ?? [:] {
      let path = prefix.isEmpty ? key : "\(prefix).\(key)"
      result.insert(path)
      result.formUnion(paths(value, schema, path))
    }
    result.formUnion(paths(object["items"], schema, prefix))
    for choice in object["oneOf"] as? [Any] ?? [] {
      result.formUnion(paths(choice, schema, prefix))
    }
    return result
  }

  @Test("the JSON schema names exactly the keys that the reader knows") func schema() throws {
    let data = try Data(contentsOf: URL(fileURLWithPath: "\(Self.folder)/tariff.schema.json"))
    let schema = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    var known: Set<String> = []
    let forms = [
      Self.everyKey,
      // The short forms of export, which exclude each other.
      "export: {charges: [{name: a, price_per_kwh: 1}]}", "export: {price_per_kwh: 1}",
      "export: {price_per_kwh: 1, when_spot_below: {}}",
      "export: {spot_multiplier: 1, adder_per_kwh: 0}", "carbon: {kg_per_kwh: 0.3}",
      "export: {spot_multiplier: 1, tiers: [{up_to: 1, price_per_kwh: 1}, {price_per_kwh: 2}]}",
      """
      export:
        periods:
          - {name: a, windows: [{days: weekday}], spot_multiplier: 1, adder_per_kwh: 1, when_spot_below: {}}
          - {name: b, rest: true, tiers: [{up_to: 1, price_per_kwh: 1}, {price_per_kwh: 2}]}
      """,
    ]
    for form in forms {
      let context = DecodingContext()
      let reader = MappingReader(try YAMLParser.parse(form, file: "t.yaml"), context: context)
      _ = TariffDocument.tariff(reader)
      reader.finish()
      if form == Self.everyKey {
        let unknown = context.findings.all.filter { $0.message.contains("unknown key") }
        #expect(unknown.isEmpty, "\(unknown)")
      }
      known.formUnion(context.knownKeys)
    }
    known = known.filter { !$0.hasPrefix("seasons.") && !$0.hasPrefix("export.charges.") }
    // A dated number may stand wherever the schema refers to one; the reader asks its keys where
    // the document has a list.
    func plain(_ keys: Set<String>) -> Set<String> {
      keys.filter { !$0.hasSuffix(".from") && !$0.hasSuffix(".value") }
    }
    let named = plain(paths(schema, schema, "")).filter { !$0.hasPrefix("export.charges.") }
    #expect(named.subtracting(known).sorted() == [], "in the schema only")
    #expect(plain(known).subtracting(named).sorted() == [], "in the reader only")
  }
}
