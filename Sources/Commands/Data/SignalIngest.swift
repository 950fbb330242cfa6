import Documents
import Telemetry
import TimeSeries

/// The part of `wattif ingest` that joins fast signals on one clock.
struct SignalIngest {
  let log: SignalLog
  let report: IngestReport

  /// Reads the files; each is known by the end of its path.
  init(files: [String], timeColumn: String?, stepSeconds: Int, zone: Zone) throws {
    let sources = try files.map { path in
      let outline = try CSVOutline(path: path)
      let name = path.split(separator: "/").last.map(String.init) ?? path
      return SignalFile(
        path: path, name: name.hasSuffix(".csv") ? String(name.dropLast(4)) : name,
        timeColumn: timeColumn ?? outline.timeColumn ?? "Time", zone: zone)
    }
    (log, report) = try readSignalLog(sources, stepSeconds: stepSeconds)
  }

  /// Missing in required signals, and logger restarts that spoil temperatures.
  var remarks: [String] {
    log.signals.compactMap { signal in
      let ramps = log.restartRamps(signal.name)
      guard signal.unit == "°C" || signal.name.hasSuffix("_temp"), !ramps.isEmpty else {
        return nil
      }
      let steps = ramps.reduce(0) { $0 + $1.count }
      return "'\(signal.name)' climbs from the logger's start-up in \(steps) steps after "
        + "\(ramps.count) restarts"
    }
  }

  var json: JSONValue {
    var members = report.members()
    members["schema"] = "wattif.ingest/1"
    members["step_s"] = .integer(log.stepSeconds)
    members["typical_s"] = .integer(log.typicalSeconds)
    members["steps"] = .integer(log.instants.count)
    members["gaps"] = .array(
      log.gaps.map {
        [
          "from": .string(Instant.utcText($0.lowerBound)),
          "to": .string(Instant.utcText($0.upperBound)),
        ]
      })
    members["signals"] = .array(
      log.signals.map { signal in
        let known = signal.mean.filter { !$0.isNaN }
        return [
          "file": .string(signal.file), "maximum": .optional(known.max()),
          "mean": known.isEmpty ? nil : .number(known.reduce(0, +) / Double(known.count)),
          "minimum": .optional(known.min()), "missing": .integer(signal.mean.count - known.count),
          "name": .string(signal.name), "unit": .string(signal.unit),
        ]
      })
    members["remarks"] = .array(remarks.map { .string($0) })
    return .object(members)
  }

  var table: String {
    var table = TextTable([
      ("signal", .left), ("unit", .left), ("steps", .right), ("missing", .right),
      ("minimum", .right), ("mean", .right), ("maximum", .right),
    ])
    for signal in log.signals {
      let known = signal.mean.filter { !$0.isNaN }
      let mean = known.isEmpty ? nil : known.reduce(0, +) / Double(known.count)
      table.add([
        signal.name, signal.unit, "\(known.count)", "\(signal.mean.count - known.count)",
        NumberText.fixed(known.min(), decimals: 3), NumberText.fixed(mean, decimals: 3),
        NumberText.fixed(known.max(), decimals: 3),
      ])
    }
    let missing = log.gaps.reduce(0) { $0 + $1.count / log.typicalSeconds }
    let first = log.instants.first.map(Instant.utcText) ?? "–"
    let last = log.instants.last.map(Instant.utcText) ?? "–"
    return """
      \(log.instants.count) steps of \(log.stepSeconds) s, most of them \(log.typicalSeconds) s apart, from \
      \(first) to \(last)
      \(report.rowsIn) rows read, \(report.rowsKept) kept, \(report.rowsReported) reported; \
      \(log.gaps.count) gaps with \(missing) steps

      \(table.text)
      \(remarks.isEmpty ? "" : remarks.joined(separator: "\n") + "\n")
      """
  }
}
