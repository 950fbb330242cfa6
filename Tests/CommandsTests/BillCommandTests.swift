import CommandLine
import Commands
import Foundation
import Testing

@Suite("wattif bill and wattif tariff") struct BillCommandTests {
  private let place: DataCommandTests.Folder
  private var folder: String { place.path }
  static let tariffs = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("tariffs").path

  init() throws { place = try DataCommandTests.Folder() }

  private func write(_ name: String, _ text: String) throws -> String {
    let path = "\(folder)/\(name)"
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    return path
  }

  private func series(_ header: String, hours: Int, _ value: (Int) -> Double) -> String {
    var text = "time,\(header)\n"
    for hour in 0..<hours {
      let day = hour / 24 + 1
      let clock = hour % 24
      text += "2024-01-\(day < 10 ? "0" : "")\(day)T\(clock < 10 ? "0" : "")\(clock):00:00Z"
      text += ",\(value(hour))\n"
    }
    return text
  }

  private let tariff = """
    name: day and night
    currency: EUR
    energy:
      - name: energy
        periods:
          - {name: night, times: "00:00 to 06:00", price_per_kwh: 0.1}
          - {name: day, rest: true, price_per_kwh: 0.3}
    demand:
      - name: peak
        metering_minutes: 60
        price_per_kw: 4
    """

  // 2 kW at a power factor of 0.8 are 1.5 kVAr, of which 0.6 are free: 0.9 at 10. At 0.6 they are 2.667, 2.067 billed.
  // Tiers: 6 hours in the first period, 18 in the second; a counter of its own for each leaves both in the first tier.
  @Test("the command line says the power factor and how tiers combine") func assumptions() throws {
    let document = try write(
      "t.yaml",
      """
      name: assumed
      currency: EUR
      energy:
        - name: energy
          periods:
            - {name: night, times: "00:00 to 06:00", tiers: [{up_to: 20, price_per_kwh: 0.1}, {price_per_kwh: 1}]}
            - {name: day, rest: true, tiers: [{up_to: 40, price_per_kwh: 0.1}, {price_per_kwh: 1}]}
      reactive:
        - {name: r, assumed_power_factor: 0.8, free_fraction: 0.3, price_per_kvar: 10, metering_minutes: 60}
      """)
    let load = try write("load.csv", series("load_kw", hours: 24) { _ in 2 })
    func total(_ options: String...) throws -> Double {
      let outcome = wattif(
        ["bill", document, load, "--json", "--time-zone", "UTC"] + options)
      let object = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8))
      return try #require((object as? [String: Any])?["total"] as? Double, "\(outcome.error)")
    }
    let plain = 40 * 0.1 + 8 * 1.0
    #expect(abs(try total() - (plain + 9)) < 1e-9)
    let kvar = 2 * (4.0 / 3 - 0.3)
    #expect(abs(try total("--power-factor", "0.6") - (plain + kvar * 10)) < 1e-9)
    #expect(abs(try total("--tier-convention", "per_period") - (4.8 + 9)) < 1e-9)
    let wrong = wattif("bill", document, load, "--power-factor", "1.5")
    #expect(wrong.code == .badCommandLine)
    #expect(wrong.error.contains("'--power-factor' must be above 0 and at most 1"))
  }

  @Test("check says in words what a tariff is") func checkWords() throws {
    let document = try write("t.yaml", tariff)
    let outcome = wattif("tariff", "check", document)
    #expect(outcome.code == .done)
    #expect(outcome.output.contains("no mistakes found"))
    #expect(outcome.output.contains("'energy': 0.1 to 0.3 EUR a kWh in 2 periods"))
    #expect(
      outcome.output.contains(
        "'peak': 4 EUR a kW and month of each period's highest power of the month, over 60 min"))
  }

  @Test("a day's bill in JSON has the keys of the design") func json() throws {
    let document = try write("t.yaml", tariff)
    let load = try write("load.csv", series("load_kw", hours: 24) { $0 == 12 ? 3 : 1 })
    let outcome = wattif("bill", document, load, "--json", "--time-zone", "Europe/London")
    #expect(outcome.code == .done, "\(outcome.error)")
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    #expect(object["schema"] as? String == "wattif.bill/1")
    // 6 h at 0.1, 18 h at 0.3 and 2 kWh more at noon; 3 kW at 4.
    #expect(abs((object["total"] as? Double ?? 0) - (0.6 + 20 * 0.3 + 12)) < 1e-9)
    let verdict =
      "The bill under 'day and night' for 2024-01 is 18.60 EUR: energy 6.60, demand 12.00."
    #expect(object["verdict"] as? String == verdict)
    let text = wattif("bill", document, load, "--time-zone", "Europe/London")
    #expect(text.output.hasPrefix(verdict + "\n"))
    let month = try #require((object["months"] as? [[String: Any]])?.first)
    #expect(
      Set(month.keys).isSuperset(of: [
        "month", "energy", "demand", "fixed", "export", "minimum_adjustment", "total", "lines",
      ]))
    let line = try #require((month["lines"] as? [[String: Any]])?.first)
    #expect(Set(line.keys) == ["part", "rule", "quantity", "unit", "price", "amount"])
    #expect(month["month"] as? String == "2024-01")
  }

  @Test("the text shows months, lines and the rules of a day") func text() throws {
    let document = try write("t.yaml", tariff)
    let load = try write("load.csv", series("load_kw", hours: 24) { _ in 1 })
    let outcome = wattif(
      "bill", document, load, "--explain", "2024-01-01", "--output", folder)
    let csv = try String(contentsOfFile: "\(folder)/bill.csv", encoding: .utf8)
    #expect(
      csv.hasPrefix(
        "month,part,rule,quantity,unit,price,amount\n2024-01,energy,energy: night,6,kWh,")
    )
    let ledger = try String(contentsOfFile: "\(folder)/ledger.csv", encoding: .utf8)
    // An hour of the night at 0.1 and one of the day at 0.3.
    #expect(ledger.contains("\n2024-01-01T03:00:00Z,1,0,2024-01,1,0,0.1,0,0.1,0\n"), "\(ledger)")
    #expect(ledger.contains("\n2024-01-01T12:00:00Z,1,0,2024-01,1,0,0.3,0,0.3,0\n"))
    #expect(outcome.code == .done)
    #expect(
      outcome.error.hasPrefix(
        "note: times are billed in UTC; give '--time-zone' for local time\nnote: wrote 3 files into "
      ))
    #expect(outcome.output.contains("energy: night"))
    #expect(outcome.output.contains("prices of the day, a weekday"))
    #expect(
      outcome.output.contains(
        "2024-01-01T00:00+00:00  2024-01-01T06:00+00:00  0.1000  0.0000  energy: night 0.1000;"
          + " peak: all 4.00/kW"))
  }

  @Test("generation reduces the bill, spot tariffs need spot prices") func generation() throws {
    let document = try write(
      "spot.yaml",
      "name: s\ncurrency: EUR\nenergy: [{name: e, spot_multiplier: 1}]\nexport: {price_per_kwh: 0.05}"
    )
    let load = try write("load.csv", series("load_kw", hours: 24) { _ in 1 })
    let sun = try write("pv.csv", series("pv_kw", hours: 24) { $0 == 12 ? 3 : 0 })
    let spot = try write("spot.csv", series("price_eur_per_mwh", hours: 24) { _ in 100 })
    let refused = wattif("bill", document, load, "--time-zone", "UTC")
    #expect(refused.code == .badInput)
    #expect(refused.error == "error: 's' follows the spot market and needs spot prices\n")
    let outcome = wattif(
      "bill", document, load, "--generation", sun, "--spot", spot, "--time-zone", "UTC", "--json")
    #expect(outcome.code == .done, "\(outcome.error)")
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    #expect(abs((object["total"] as? Double ?? 0) - (23 * 0.1 - 2 * 0.05)) < 1e-9)
  }

  @Test("tariffs are ranked, each with the battery planned for it") func compare() throws {
    try FileManager.default.createDirectory(
      atPath: "\(folder)/set", withIntermediateDirectories: true)
    _ = try write("set/a.yaml", tariff)
    _ = try write(
      "set/b.yaml", "name: flat\ncurrency: EUR\nenergy: [{name: e, price_per_kwh: 0.2}]")
    _ = try write("set/c.yaml", "name: broken\ncurrency: EUR\nenergy: []")
    let load = try write("load.csv", series("load_kw", hours: 72) { $0 % 24 == 18 ? 4 : 1 })
    let outcome = wattif(
      "bill", "\(folder)/set", load, "--compare", "--battery-kwh", "6", "--battery-kw", "3",
      "--time-zone", "UTC", "--json")
    #expect(outcome.code == .done, "\(outcome.error)")
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    let ranking = try #require(object["ranking"] as? [[String: Any]])
    #expect(ranking.map { $0["tariff"] as? String } == ["flat", "day and night", ""])
    // 81 kWh at 0.2.
    #expect(
      (object["verdict"] as? String)?.hasPrefix(
        "Cheapest of 2 tariffs in EUR is 'flat' at 16.20 EUR over 3 days with the battery and the load known in advance, "
      ) == true)
    #expect(
      (object["verdict"] as? String)?.hasSuffix(
        " EUR below 'day and night'; 1 of 3 could not be billed.") == true)
    // A flat price gives a battery nothing to do.
    let flat = ranking[0]
    #expect(abs((flat["total"] as? Double ?? 0) - (flat["with_battery"] as? Double ?? 1)) < 1e-6)
    let other = ranking[1]
    #expect((other["with_battery"] as? Double ?? 99) < (other["total"] as? Double ?? 0) - 5)
    #expect(abs(other["surrogate_gap"] as? Double ?? 1) < 1e-6)
    #expect((ranking[2]["reason"] as? String)?.isEmpty == false)
  }

  @Test("the three rules for a month's peak are billed side by side") func peakRules() throws {
    let document = try write("t.yaml", tariff)
    // Evening peaks that grow through the month: an early plan cannot know them.
    let load = try write(
      "load.csv", series("load_kw", hours: 744) { $0 % 24 == 18 ? 4 + Double($0 / 24) / 10 : 1 })
    let outcome = wattif(
      "bill", document, load, "--battery-kwh", "4", "--battery-kw", "3", "--time-zone", "UTC",
      "--json")
    #expect(outcome.code == .done, "\(outcome.error)")
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    let rules = try #require(object["peak_pricing"] as? [[String: Any]])
    #expect(
      rules.map { $0["rule"] as? String } == ["full_price", "days_left", "monthly_target"])
    let totals = rules.compactMap { $0["total"] as? Double }
    let without = try #require(object["total"] as? Double)
    #expect(totals.count == 3 && totals.allSatisfy { $0 < without })
    // The searched target includes a target of zero, which is the full price.
    #expect(totals[2] <= totals[0] + 1e-6)
    let month = try #require((rules[2]["months"] as? [[String: Any]])?.first)
    #expect(month["surrogate_gap"] is Double && month["target_share"] is Double)
  }

  @Test("a record is imported with a report and written as a document") func importing() throws {
    let record = try write(
      "rate.json", "{\"name\": \"R\", \"energyratestructure\": [[{\"rate\": 0.2}]], \"eiaid\": 7}")
    let outcome = wattif("tariff", "import", record, "--output", folder)
    #expect(outcome.code == .done, "\(outcome.error)")
    #expect(outcome.output.contains("energyratestructure    honoured     1 period"))
    #expect(outcome.error.contains("its only period is applied at all times"))
    #expect(wattif("tariff", "check", "\(folder)/rate.yaml").code == .done)
    let refused = wattif("tariff", "import", try write("bad.json", "{\"name\": \"R\"}"))
    #expect(refused.code == .badInput)
    #expect(refused.error.contains("a rate record must have 'energyratestructure'"))
  }

  @Test("what a record leaves out is printed and in the JSON of every bill made with it")
  func recordWarnings() throws {
    let record = try write(
      "rate.json",
      "{\"name\": \"R\", \"energyratestructure\": [[{\"rate\": 0.2}]], \"servicetype\": \"Delivery\","
        + " \"peakkwcapacitymax\": 2, \"startdate\": 1706745600}")
    let load = try write("load.csv", series("load_kw", hours: 24) { $0 == 12 ? 3 : 1 })
    let outcome = wattif("bill", record, load, "--json", "--time-zone", "UTC")
    #expect(outcome.code == .done, "\(outcome.error)")
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    let warnings = try #require(object["warnings"] as? [String])
    #expect(
      warnings == [
        "the record has no 'energyweekdayschedule'; its only period is applied at all times",
        "the record covers 'Delivery' only and is not a full bill",
        "the record has no 'dgrules': export is taken as net billing and earns nothing",
        "the data run from 2024-01-01 to 2024-01-01, but 'R' holds from 2024-02-01",
        "'R' applies up to a peak of 2.0 kW a month; 1 of 1 months lie above, 2024-01 with 3.0 kW",
      ])
    for warning in warnings { #expect(outcome.error.contains(warning)) }
    let ranked = wattif("bill", "--compare", folder, load, "--json", "--time-zone", "UTC")
    #expect(ranked.code == .done, "\(ranked.error)")
    for warning in warnings {
      #expect(ranked.error.contains(warning))
      #expect(ranked.output.contains(warning))
    }
  }

  // 48 h of 1 kW with 3 kW of sun in every sixth hour: 8 · 2 kWh at −0.05 are 0.80, which a site that may
  // throw them away does not pay.
  @Test("what throwing production away is worth is a line of its own") func curtailment() throws {
    let document = try write(
      "t.yaml",
      "name: t\ncurrency: EUR\nenergy: [{name: e, price_per_kwh: 0.2}]\nexport: {price_per_kwh: -0.05}\n"
    )
    let load = try write(
      "load.csv",
      "time,load_kw,pv_kw\n"
        + (0..<48).map { hour in
          "2024-01-0\(1 + hour / 24)T\(hour % 24 < 10 ? "0" : "")\(hour % 24):00,1,\(hour % 6 == 0 ? 3 : 0)\n"
        }.joined())
    func bill(_ options: String...) -> Outcome {
      wattif(
        [
          "bill", document, load, "--pv", "pv_kw", "--time-zone", "UTC", "--battery-kwh", "0.1",
          "--battery-kw", "0.1",
        ] + options)
    }
    #expect(
      bill().output.contains(
        "Without a battery 16.00 kWh of production are curtailed ('free'), which saves 0.80 EUR; no "
          + "part of a battery's saving."))
    for (setting, value) in [("free", 0.8), ("export_limit", 0), ("none", 0)] {
      let object = try #require(
        try JSONSerialization.jsonObject(
          with: Data(bill("--json", "--curtailment", setting).output.utf8)) as? [String: Any])
      #expect(object["curtailment"] as? String == setting)
      #expect(abs((object["curtailment_value"] as? Double ?? 9) - value) < 1e-9)
      #expect(abs((object["curtailed_kwh"] as? Double ?? 9) - 20 * value) < 1e-9)
      // 40 kWh at 0.20 are bought; what is fed in is billed as metered.
      #expect(abs((object["total"] as? Double ?? 0) - 8.8) < 1e-9)
    }
  }

  @Test("options that do not belong together are refused") func usage() {
    #expect(
      wattif("bill", "t", "l", "--curtailment", "free").error.contains("needs '--battery-kwh'"))
    #expect(
      wattif("bill", "t", "l", "--battery-kwh", "5").error.contains("belong together"))
    #expect(wattif("bill", "nosuch.yaml", "nosuch.csv").code == .badInput)
  }
}
