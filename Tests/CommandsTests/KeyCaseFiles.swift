import CommandLine
import Foundation
import TimeSeries

/// The files that the cases of keys read: two weeks of a home, as loggers write them, right and wrong.
struct KeyCaseFiles {
  /// Written once for all cases.
  static let shared = Result { try KeyCaseFiles() }

  private let folder = FileManager.default.temporaryDirectory
    .appendingPathComponent("wattif-keys-\(ProcessInfo.processInfo.processIdentifier)").path
  /// 2024-05-24T00:00Z.
  private static let start = 1_716_508_800
  private static let hours = 24 * 14
  /// The slot in which something is wrong, on the second day of the period.
  private static let wrong = 24 * 11 + 5

  /// Runs a command on a document.
  func outcome(of document: KeyDocument, by command: KeyCase.Command) throws -> Outcome {
    let path = "\(folder)/\(UUID().uuidString).yaml"
    try Data(document.yaml(folder: folder).utf8).write(to: URL(fileURLWithPath: path))
    defer { try? FileManager.default.removeItem(atPath: path) }
    switch command {
    case .twin: return wattif("twin", path, "--power", "\(folder)/p.csv", "--json", "--quiet")
    case .check: return wattif("check", path)
    case .program: return wattif("replay", path, "--json", "--quiet", "--allow-exec")
    default: return wattif(command.rawValue, path, "--json", "--quiet")
    }
  }

  private init() throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try writeHome()
    try writeFaults()
    try writeCounters()
    try writeForecasts()
    try fillStores()
    try writeProgram()
  }

  private func write(_ name: String, _ text: String) throws {
    try Data(text.utf8).write(to: URL(fileURLWithPath: "\(folder)/\(name)"))
  }

  /// Writes a table with one row per hour; nothing leaves the row out.
  private func table(
    _ name: String, _ header: String, from start: Int = Self.start, hours: Int = Self.hours,
    every: Int = 1, _ row: (_ hour: Int, _ stamp: String) -> String?
  ) throws {
    let rows = stride(from: 0, to: hours, by: every).compactMap { hour in
      row(hour, Instant.utcText(start + hour * 3600))
    }
    try write(name, ([header] + rows).joined(separator: "\n") + "\n")
  }

  // MARK: The home

  private static func load(_ hour: Int) -> Double {
    let evening = (18...20).contains(hour % 24) ? 1.5 : 0
    return rounded(0.7 - 0.3 * wave(hour, period: 24) + evening + 0.01 * Double(hour % 7))
  }

  private static func air(_ hour: Int) -> Double { rounded(18 - 6 * wave(hour - 3, period: 24)) }

  private static func price(_ hour: Int) -> Double {
    rounded(80 + 60 * wave(hour - 2, period: 12))
  }

  private static func pv(_ hour: Int) -> Double {
    max(0, 4 - 0.09 * Double((hour % 24 - 12) * (hour % 24 - 12)))
  }

  /// A wave of parabolas, between −1 at the start and 1 at half its period.
  private static func wave(_ hour: Int, period: Int) -> Double {
    let turn = Double((hour % period + period) % period) / Double(period)
    return 16 * turn * (1 - turn) * 0.5 - 1
  }

  private static func rounded(_ value: Double) -> Double { (value * 1000).rounded() / 1000 }

  private func writeHome() throws {
    try table("h.csv", "time,later,load,air,price,pv,kind") { hour, stamp in
      let later = Instant.utcText(Self.start + hour * 3600 + 3600)
      return "\(stamp),\(later),\(Self.load(hour)),\(Self.air(hour)),\(Self.price(hour)),"
        + "\(Self.pv(hour)),\(hour % 2 == 0 ? "b" : "a")"
    }
    try table("h2.csv", "time,load") { "\($1),\(2 * Self.load($0))" }
    try table("half.csv", "time,pv") { "\($1),\(Self.pv($0))" }
    try table("sum.csv", "time,one,two") { "\($1),\(Self.pv($0)),\(Self.pv($0))" }
    try table("cols.csv", "time,load") { "\($1),\(1.1 * Self.load($0) + 0.05 * Double($0 % 5))" }
    let profile = [-3.2, -3.2, -2, 0, 3, 3.6, 3.6, 0]
    // 2024-06-03T00:00Z, the first day of the period.
    try table("p.csv", "time,power_kw", from: Self.start + 10 * 86_400, hours: 40) {
      "\($1),\(profile[$0 % 8])"
    }
    let hours = 0..<Self.hours
    let stamps = hours.map { "\"\(Instant.utcText(Self.start + $0 * 3600).dropLast(4))\"" }
    try write(
      "om.json",
      """
      {"latitude": 48.4, "longitude": 10.0, "utc_offset_seconds": 0, "timezone": "GMT",
       "hourly_units": {"time": "iso8601", "temperature_2m": "°C"},
       "hourly": {"time": [\(stamps.joined(separator: ","))],
        "temperature_2m": [\(hours.map { "\(Self.air($0))" }.joined(separator: ","))]}}
      """)
  }

  private func writeFaults() throws {
    func damaged(_ name: String, _ cell: String) throws {
      try table(name, "time,load,air") { hour, stamp in
        "\(stamp),\(hour == Self.wrong ? cell : "\(Self.load(hour))"),\(Self.air(hour))"
      }
    }
    try damaged("gap.csv", "")
    try damaged("word.csv", "offline")
    try damaged("bad.csv", "12x")
    func local(_ name: String, from start: Int) throws {
      try table(name, "time,load,air", from: start) {
        "\($1.dropLast()),\(Self.load($0)),\(Self.air($0))"
      }
    }
    try local("local.csv", from: Self.start)
    // 2024-03-20T00:00, so that the night of 31 March, when clocks are put forward, is in it.
    try local("dst.csv", from: 1_710_892_800)
    // Days up to the twelfth, which may be taken for months.
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    try table("days.csv", "time,pv", from: Self.start + 8 * 86_400, hours: 24 * 12) { hour, _ in
      "\(two(hour / 24 + 1))/06/2024 \(two(hour % 24)):00,\(Self.pv(hour))"
    }
    try table("semi.csv", "time;load;air") { hour, stamp in
      "\(stamp);\(Self.load(hour));\(Self.air(hour))".replacing(".", with: ",")
    }
    try table("whole.csv", "time,load") { "\($1),1.\(100 + $0 % 24)" }
    try table("events.csv", "time,pv", every: 5) { "\($1),\(1 + $0 % 3)" }
    try table("gaps.csv", "time,pv") { hour, stamp in
      [0, 7, 8, 9, 23].contains(hour % 24) ? nil : "\(stamp),\(Self.pv(hour))"
    }
  }

  /// Totals of an energy meter that restart, miss hours, stand still and jump.
  private func writeCounters() throws {
    let restart = 24 * 11
    try table("total.csv", "time,total") { hour, stamp in
      if (restart + 6..<restart + 9).contains(hour) { return nil }
      let before = 1000 + 0.5 * Double(min(hour, restart))
      let after = 0.4 * Double(hour - restart)
      return "\(stamp),\(hour < restart ? before : 0.93 * before + after)"
    }
    try table("stale.csv", "time,total") { hour, stamp in
      let read = (restart + 6..<restart + 12).contains(hour) ? restart + 6 : hour
      return "\(stamp),\(1000 + 0.5 * Double(read))"
    }
    try table("jump.csv", "time,total") { hour, stamp in
      "\(stamp),\(1000 + 0.5 * Double(hour) + (hour >= restart + 6 ? 400 : 0))"
    }
  }

  // MARK: Forecasts

  /// Issues of every midnight for two days: two versions of the load, two of the weather.
  private func writeForecasts() throws {
    for (name, factor) in [("f.csv", 1.0), ("f2.csv", 1.2)] {
      var rows = ["version,quantity,issued_at,valid_at,quantile,value"]
      for day in 0..<14 {
        let issued = Instant.utcText(Self.start + day * 86_400)
        for lead in 0..<48 {
          let hour = day * 24 + lead
          let valid = Instant.utcText(Self.start + hour * 3600)
          func row(_ version: String, _ quantity: String, _ value: Double) {
            rows.append("\(version),\(quantity),\(issued),\(valid),,\(value)")
          }
          row("one", "load", factor * Self.load(hour % 24))
          row("two", "load", 1.4 * Self.load(hour % 24))
          for (version, dimmed) in [("nwp", 1.0), ("nwp2", 0.7)] {
            row(version, "irradiance", dimmed * ((7..<18).contains(hour % 24) ? 600 : 0))
            row(version, "cloud_cover", dimmed * 0.3)
            row(version, "ambient", dimmed * Self.air(lead))
          }
        }
      }
      try write(name, rows.joined(separator: "\n") + "\n")
    }
  }

  private func fillStores() throws {
    for (store, site, factor, forecasts) in [
      ("p.sqlite", "home", 1, "f.csv"), ("p.sqlite", "cabin", 2, "f2.csv"),
      ("q.sqlite", "home", 3, "f.csv"),
    ] {
      let read = wattif(
        "ingest", "\(folder)/h.csv", "--store", "\(folder)/\(store)", "--site", site, "--time",
        "time", "--column", "load=load:kW*\(factor)", "--column", "air=ambient:°C")
      let imported = wattif(
        "forecast", "import", "\(folder)/\(forecasts)", "--store", "\(folder)/\(store)", "--site",
        site)
      guard read.code == .done, imported.code == .done else {
        throw CocoaError(.fileWriteUnknown, userInfo: ["why": read.error + imported.error])
      }
    }
  }

  /// A program that answers every question with a number of its file and the length of the question.
  private func writeProgram() throws {
    try write(
      "answer.sh",
      """
      while IFS= read -r line; do
        id=${line#*\\"id\\":}; id=${id%%[,\\}]*}
        count=${line#*\\"horizon\\":}; count=${count%%[,\\}]*}
        sleep "$2"
        value=$(cat "$(dirname "$0")/$1").$((10000 + ${#line}))
        all=$value; i=1
        while [ $i -lt $count ]; do all=$all,$value; i=$((i + 1)); done
        printf '{"id":%s,"values":[%s]}\\n' "$id" "$all"
      done

      """)
    try write("zero", "0")
    try write("one", "1")
    // Answers of a day on which the program said 9.
    try write("said", "9")
    guard
      let kept = KeyCase.all.first(where: { $0.key == "forecasts.versions.answers" })
    else { return }
    _ = try outcome(of: kept.after, by: .program)
    try write("said", "2")
  }
}
