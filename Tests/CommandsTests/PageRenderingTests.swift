import Foundation
import TestSupport
import Testing

/// Pages of every kind, opened as people open them.
@Suite("Pages in a browser", .enabled(if: Chromium.path != nil, Chromium.absence), .serialized)
struct PageRenderingTests {
  /// Kinds whose numbers are all in their JSON.
  static let studies = ["compare", "replay", "size", "stress", "twin", "backtest", "bill"]
  static let kinds = studies + ["thermal", "train", "predict"]

  /// Nine winter days of the workshop, with few plans.
  private static func scenario() throws -> String {
    var text = try String(contentsOfFile: TwinFolder.scenario, encoding: .utf8)
    for (old, new) in [
      ("from: 2024-01-01\n", "from: 2024-01-28\n"), ("to: 2025-01-01 ", "to: 2024-02-06 "),
      ("    - persistence\n    - naive_day\n    - naive_week\n", "    - naive_day\n"),
      ("    - slot_ewma\n", ""), ("warm_up_days: 70", "warm_up_days: 15"),
      ("    - name: ridge\n      kind: ridge\n      refit_days: 28\n", ""),
      ("replan_every_h: 1", "replan_every_h: 6"),
      ("size:\n", "size:\n  period: scale_to_year\n"),
      ("from_day: 180\n      days: 30", "from_day: 1\n      days: 3"),
      ("from: 2024-07-01\n      to: 2024-08-01", "from: 2024-01-30\n      to: 2024-02-02"),
    ] {
      #expect(text.contains(old), "\(old)")
      text = text.replacing(old, with: new)
    }
    return text
  }

  /// The command lines of every kind of result, without what is written.
  static func runs(in place: TwinFolder) throws -> [String: [String]] {
    let site = try place.write("site.yaml", try scenario())
    let profile = try place.write(
      "profile.csv", TwinFolder.profile { "\(25 * ($0 % 8 < 4 ? 1 : -1))" })
    var load = "time,load_kw\n"
    for hour in 0..<(24 * 60) {
      load += "2024-\(hour < 24 * 31 ? "01" : "02")-"
      let day = hour / 24 % 31 + 1
      load += "\(day < 10 ? "0" : "")\(day)T\(hour % 24 < 10 ? "0" : "")\(hour % 24):00Z,"
      load += "\(2 + hour % 7)\n"
    }
    let meter = try place.write("load.csv", load)
    let tariff = "\(TwinFolder.root)/tariffs/us-ca-pge-e19.yaml"
    let telemetry = try place.write("cell.csv", ThermalCommandTests.telemetry)
    let model = "\(place.path)/model.json"
    let early = [
      "--run", "run", "--temperature", "temp_c", "--current", "current_a", "--limit", "32",
      "--lead", "60", "--window", "120", "--plan",
    ]
    return [
      "compare": ["compare", site, "--explain", "all"], "replay": ["replay", site],
      "size": ["size", site], "stress": ["stress", site],
      "twin": ["twin", site, "--power", profile, "--ambient", "-4"],
      "backtest": [
        "forecast", "backtest", site, "--first-day", "10", "--quantiles", "--windows", "2",
        "--kind", "naive_day", "--kind", "baseline_7_day_avg",
      ],
      "bill": [
        "bill", tariff, meter, "--time-zone", "America/Los_Angeles", "--battery-kwh", "10",
        "--battery-kw", "5",
      ],
      "thermal": ["thermal", "evaluate", telemetry, "--leak"] + early,
      "train": ["thermal", "train", telemetry, "--save", model] + early,
      "predict": ["thermal", "predict", telemetry, "--run", "run", "--model-file", model],
    ]
  }

  /// The pages of every kind of result.
  private static func pages(in place: TwinFolder) throws -> [(name: String, html: String)] {
    let runs = try runs(in: place)
    return try kinds.map { kind in
      let file = "\(place.path)/\(kind).html"
      let outcome = wattif(try #require(runs[kind]) + ["--html", file, "--quiet"])
      #expect(outcome.code == .done, "\(kind): \(outcome.error)")
      return (kind, try String(contentsOfFile: file, encoding: .utf8))
    }
  }

  @Test(
    "pages of every kind open wide and narrow, light and dark and on paper, and no text covers another"
  )
  func every() throws {
    let place = try TwinFolder()
    let folder = URL(fileURLWithPath: place.path)
    let pages = try Self.pages(in: place)
    let screens = [
      RenderedPages.View(name: "wide", width: 1280), RenderedPages.View(name: "narrow", width: 390),
    ]
    // What touches and what leaves its drawing is found: the check can fail.
    let bad =
      "<figure><svg class='wide' aria-label='bad' viewBox='0 0 100 20'><rect width='9' height='9'/>"
      + "<g font-size='5'><text class='tick' x='1' y='10'>one</text><text class='tick' x='2' y='11'>two</text>"
      + "<text class='tick' x='95' y='10'>outside</text></g></svg></figure>"
    // A sheet of A4 less its margins of 11 mm is 188 mm wide, 711 pixels of a 96th of an inch.
    let sheet = RenderedPages.View(name: "paper", width: 711, isPaper: true)
    // Each kind by itself: a window of them all takes a browser minutes.
    var light: [RenderedPages.Found] = []
    for page in pages + [("bad", bad)] {
      let opened = try RenderedPages([page], screens + [sheet], in: folder)
      #expect(opened.console.isEmpty, "\(page.name): \(opened.console)")
      light += opened.found
    }
    var dark: [RenderedPages.Found] = []
    for page in pages {
      let opened = try RenderedPages(
        [page], screens, in: folder, options: ["--blink-settings=preferredColorScheme=0"])
      #expect(opened.console.isEmpty, "\(page.name), dark: \(opened.console)")
      dark += opened.found
    }
    #expect(light.count == 3 * pages.count + 3 && dark.count == 2 * pages.count)
    let known = try #require(light.first { $0.page == "bad" && $0.view == "wide" })
    #expect(known.overlaps.count == 1 && known.outside.count == 1)
    let good = light.filter { $0.page != "bad" }
    for found in good + dark {
      let what = "\(found.page), \(found.view)"
      #expect(found.figures > 1, "\(what)")
      // Each chart is drawn once, for the width that it has.
      #expect(found.drawn == found.figures, "\(what)")
      #expect(found.empty.isEmpty, "\(what): \(found.empty)")
      #expect(found.overlaps.isEmpty, "\(what): \(found.overlaps)")
      #expect(found.outside.isEmpty, "\(what): \(found.outside)")
      #expect(found.faint.isEmpty, "\(what): \(found.faint)")
      #expect(found.sideways <= 0, "\(what) is \(found.sideways) pixels too wide")
      if found.view == "paper" { #expect(found.cut.isEmpty, "\(what): \(found.cut)") }
    }
    #expect(good.allSatisfy { $0.background == "rgb(255, 255, 255)" })
    #expect(dark.allSatisfy { $0.background != "rgb(255, 255, 255)" })

    for page in pages {
      let file = folder.appendingPathComponent("\(page.name).html")
      let pdf = folder.appendingPathComponent("\(page.name).pdf")
      let printed = try Chromium.open(
        file, ["--print-to-pdf=\(pdf.path)", "--no-pdf-header-footer"])
      #expect(printed.console.isEmpty, "\(page.name), PDF: \(printed.console)")
      let bytes = try Data(contentsOf: pdf)
      #expect(bytes.starts(with: Data("%PDF".utf8)) && bytes.count > 20_000, "\(page.name)")
    }
  }
}
