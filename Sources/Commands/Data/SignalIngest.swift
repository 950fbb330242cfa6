import Documents
import Reports
import Telemetry
import TimeSeries

/// The part of `wattif ingest` that joins fast signals on one clock.
struct SignalIngest {
  let log: SignalLog
  let report: IngestReport
  /// Positions of steps at rest; nothing where the battery's current is not known.
  let idle: [Range<Int>]?
  /// Values held on even steps as a file, and the share of slots with a value by signal; nothing where that was not
  /// asked for.
  let held: (text: String, shares: [Double])?
  private let current: String?
  private let cells: [CellReport]

  /// Largest current of a battery at rest, where the command line has none. [A]
  static let usualIdleCurrentA = 0.1
  /// Shortest stretch of rest that counts. [s]
  private static let idleSeconds = 60

  /// Reads the files; each is known by the end of its path.
  init(
    files: [String], timeColumn: String?, stepSeconds: Int, zone: Zone, idleCurrentA: Double,
    holdSeconds: Int?
  ) throws {
    let sources = try files.map { path in
      let outline = try CSVOutline(path: path)
      let name = path.split(separator: "/").last.map(String.init) ?? path
      return SignalFile(
        path: path, name: name.hasSuffix(".csv") ? String(name.dropLast(4)) : name,
        timeColumn: timeColumn ?? outline.timeColumn ?? "Time", zone: zone)
    }
    let (log, report) = try readSignalLog(sources, stepSeconds: stepSeconds)
    self.log = log
    self.report = report
    let pack = log.packCurrent
    current = pack?.name
    idle = pack.map { log.idleSpans($0, limit: idleCurrentA, seconds: Self.idleSeconds) }
    held = try holdSeconds.map { try log.heldCSV(maxAgeSeconds: $0) }
    cells = [log.cellVoltages, log.cellTemperatures].compactMap { CellReport(log, names: $0) }
  }

  private var idleSteps: Int { (idle ?? []).reduce(0) { $0 + $1.count } }

  /// Logger restarts that spoil temperatures, rest, and signals whose mean says nothing.
  var remarks: [String] {
    var remarks = log.temperatures.compactMap { signal -> String? in
      let ramps = log.restartRamps(signal.name)
      if ramps.isEmpty { return nil }
      let steps = ramps.reduce(0) { $0 + $1.count }
      return "'\(signal.name)' climbs from the logger's start-up in \(steps) steps after "
        + "\(ramps.count) restarts"
    }
    for signal in log.signals where signal.alternates {
      remarks.append(
        "'\(signal.name)' alternates: its mean says nothing, its root mean square is "
          + "\(NumberText.fixed(signal.totalRMS, decimals: 3)) \(signal.unit)")
    }
    if let current, let idle {
      remarks.append(
        "by '\(current)' the battery rests in \(idleSteps) of \(log.instants.count) steps, in "
          + "\(idle.count) stretches of \(Self.idleSeconds) s or more")
    }
    return remarks + cells.map(sentence)
  }

  /// What a report says of the cells, in a sentence.
  private func sentence(_ report: CellReport) -> String {
    func text(_ value: Double) -> String {
      report.unit == "V"
        ? "\(NumberText.fixed(value * 1000, decimals: 1)) mV"
        : "\(NumberText.fixed(value, decimals: 2)) \(report.unit)"
    }
    var sentence =
      "\(report.cells.count) cells lie \(text(report.meanSpread)) apart on average, \(text(report.largestSpread.value)) "
      + "at most at \(Instant.utcText(report.largestSpread.instant))"
    if report.unit == "V", let weakest = report.weakest {
      sentence +=
        "; '\(weakest.name)' lies lowest, \(text(-weakest.meanDeviation)) below the mean and the lowest in "
        + "\(NumberText.percent(weakest.lowestShare)) of the steps"
    } else if let hottest = report.strongest {
      sentence +=
        "; '\(hottest.name)' is hottest, \(text(hottest.meanDeviation)) above the mean, and "
        + "\(text(report.highest.value)) is the highest, of '\(report.highest.name ?? "")'"
    }
    return sentence
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
    members["signals"] = .array(log.signals.indices.map(signal))
    members["idle"] =
      idle.map { spans in
        [
          "current": .optional(current), "steps": .integer(idleSteps),
          "spans": .array(
            spans.map {
              [
                "from": .string(Instant.utcText(log.instants[$0.lowerBound])),
                "to": .string(
                  Instant.utcText(log.instants[$0.upperBound - 1] + log.stepSeconds)),
              ]
            }),
        ]
      } ?? .null
    members["cells"] = .array(cells.map { CellReport.json($0) })
    members["remarks"] = .array(remarks.map { .string($0) })
    return .object(members)
  }

  private func signal(_ place: Int) -> JSONValue {
    let signal = log.signals[place]
    let known = signal.mean.filter { !$0.isNaN }
    return [
      "file": .string(signal.file), "maximum": .optional(signal.maximum.filter(\.isFinite).max()),
      "mean": known.isEmpty ? nil : .number(known.reduce(0, +) / Double(known.count)),
      "minimum": .optional(signal.minimum.filter(\.isFinite).min()),
      "missing": .integer(signal.mean.count - known.count),
      "alternates": .boolean(signal.alternates), "rms": .optional(signal.totalRMS),
      "absolute_mean": .optional(signal.totalAbsoluteMean),
      "held_share": .optional(held?.shares[place]),
      "name": .string(signal.name), "unit": .string(signal.unit),
    ]
  }

  var table: String {
    var table = TextTable([
      ("signal", .left), ("unit", .left), ("steps", .right), ("missing", .right),
      ("minimum", .right), ("mean", .right), ("maximum", .right), ("RMS", .right),
    ])
    for signal in log.signals {
      let known = signal.mean.filter { !$0.isNaN }
      let mean = known.isEmpty ? nil : known.reduce(0, +) / Double(known.count)
      table.add([
        signal.name, signal.unit, "\(known.count)", "\(signal.mean.count - known.count)",
        NumberText.fixed(signal.minimum.filter(\.isFinite).min(), decimals: 3),
        NumberText.fixed(mean, decimals: 3),
        NumberText.fixed(signal.maximum.filter(\.isFinite).max(), decimals: 3),
        signal.alternates ? NumberText.fixed(signal.totalRMS, decimals: 3) : "–",
      ])
    }
    let missing = log.gaps.reduce(0) { $0 + $1.count / log.typicalSeconds }
    let first = log.instants.first.map(Instant.utcText) ?? "–"
    let last = log.instants.last.map(Instant.utcText) ?? "–"
    let layouts = report.layouts.map { "layout of \($0.text)\n" }.joined()
    return """
      \(layouts)\(log.instants.count) steps of \(log.stepSeconds) s, most of them \(log.typicalSeconds) s apart, from \
      \(first) to \(last)
      \(report.rowsIn) rows read, \(report.rowsKept) kept, \(report.rowsReported) reported; \
      \(log.gaps.count) gaps with \(missing) steps

      \(table.text)
      \(remarks.isEmpty ? "" : remarks.joined(separator: "\n") + "\n")
      """
  }
}

extension CellReport {
  /// The report as other programs read it.
  fileprivate static func json(_ report: CellReport) -> JSONValue {
    func extreme(_ extreme: Extreme) -> JSONValue {
      [
        "value": .number(extreme.value), "cell": .optional(extreme.name),
        "at": .string(Instant.utcText(extreme.instant)),
      ]
    }
    return [
      "unit": .string(report.unit), "steps": .integer(report.steps),
      "mean_spread": .number(report.meanSpread), "largest_spread": extreme(report.largestSpread),
      "lowest": extreme(report.lowest), "highest": extreme(report.highest),
      "cells": .array(
        report.cells.map {
          [
            "name": .string($0.name), "mean_deviation": .number($0.meanDeviation),
            "lowest_share": .number($0.lowestShare), "highest_share": .number($0.highestShare),
          ]
        }),
    ]
  }
}
