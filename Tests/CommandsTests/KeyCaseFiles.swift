import CommandLine
import Foundation
import TimeSeries

/// The files that the cases of keys read: two weeks of a home, as loggers write them, right and wrong.
struct KeyCaseFiles {
  /// Written once for all cases.
  static let shared = Result { try KeyCaseFiles() }

  let folder = FileManager.default.temporaryDirectory
    .appendingPathComponent("wattif-keys-\(ProcessInfo.processInfo.processIdentifier)").path
  /// 2024-05-24T00:00Z.
  static let start = 1_716_508_800
  static let hours = 24 * 14
  /// The slot in which something is wrong, on the second day of the period.
  static let wrong = 24 * 11 + 5

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
    try writeSessions()
    try writeOutages()
    try writeLimits()
    try writeFaults()
    try writeCounters()
    try writeForecasts()
    try fillStores()
    try writeProgram()
    try writeModels()
  }

  /// Models of heat, of a limit that is reached, of one that is not and of one always exceeded, on the battery's steps of 5 min.
  private func writeModels() throws {
    try write("cell.csv", ThermalCommandTests.telemetry(stepSeconds: 300))
    for (name, limit) in [("heat", "27"), ("heat2", "95"), ("heat3", "5")] {
      let outcome = wattif(
        "thermal", "train", "\(folder)/cell.csv", "--run", "run", "--temperature", "temp_c",
        "--current",
        "current_a", "--limit", limit, "--lead", "900", "--window", "900", "--model", "ridge",
        "--save",
        "\(folder)/\(name).json")
      guard outcome.code == .done else { throw CocoaError(.fileWriteUnknown) }
    }
  }

  func write(_ name: String, _ text: String) throws {
    try Data(text.utf8).write(to: URL(fileURLWithPath: "\(folder)/\(name)"))
  }

  /// Writes a table with one row per hour; nothing leaves the row out.
  func table(
    _ name: String, _ header: String, from start: Int = Self.start, hours: Int = Self.hours,
    every: Int = 1, _ row: (_ hour: Int, _ stamp: String) -> String?
  ) throws {
    let rows = stride(from: 0, to: hours, by: every).compactMap { hour in
      row(hour, Instant.utcText(start + hour * 3600))
    }
    try write(name, ([header] + rows).joined(separator: "\n") + "\n")
  }

  // MARK: Loads

  /// A car in the first evening of the period, with two amounts of energy.
  private func writeSessions() throws {
    for (name, energy) in [("sessions.csv", 8), ("sessions2.csv", 5)] {
      try write(
        name,
        "arrival,departure,energy_kwh\n2024-06-03T18:00,2024-06-04T07:00,\(energy)\n")
    }
  }

  /// An outage in the second evening of the period, short and long.
  private func writeOutages() throws {
    for (name, end) in [("outages.csv", 21), ("outages2.csv", 23)] {
      try write(name, "start,end\n2024-06-04T18:00,2024-06-04T\(end):00\n")
    }
  }

  /// A network operator that leaves little import in the evening.
  private func writeLimits() throws {
    try table("limits.csv", "time,limit") { hour, stamp in
      "\(stamp),\((17..<20).contains(hour % 24) ? "0.4" : "")"
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
