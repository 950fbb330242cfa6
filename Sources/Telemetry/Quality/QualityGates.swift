import Diagnostics
import Documents
package import TimeSeries

/// Limits that a data set must keep to be used where it matters.
package struct QualityGates: Sendable, Hashable {
  /// Largest number of rows with a stamp that had occurred before.
  package var maximumDuplicates: Int
  /// Largest share of missing slots of a required quantity.
  package var maximumMissingFraction: Double
  /// Largest share of slots outside the physical range.
  package var maximumSpikeFraction: Double
  /// Quantities that must be there.
  package var required: [Quantity]

  /// The usual gates: no duplicate stamps, less than 0.1 % missing, less than 0.1 % out of range.
  package init(
    maximumDuplicates: Int = 0, maximumMissingFraction: Double = 0.001,
    maximumSpikeFraction: Double = 0.001, required: [Quantity] = [.load]
  ) {
    self.maximumDuplicates = maximumDuplicates
    self.maximumMissingFraction = maximumMissingFraction
    self.maximumSpikeFraction = maximumSpikeFraction
    self.required = required
  }

  /// Returns one error for each gate that the data did not pass.
  package func failures(of report: IngestReport) -> [IngestFinding] {
    var failures: [IngestFinding] = []
    func fail(_ message: String) {
      failures.append(IngestFinding(kind: .gate, diagnostic: .error(message)))
    }
    if report.duplicates > maximumDuplicates {
      fail("\(report.duplicates) duplicate stamps are more than \(maximumDuplicates)")
    }
    for quantity in required {
      guard let slots = report.slots[quantity], slots.total > 0 else {
        fail("'\(quantity.rawValue)' is required and not there")
        continue
      }
      let missing = Double(slots.gap + slots.spike) / Double(slots.total)
      if missing > maximumMissingFraction {
        fail(
          "'\(quantity.rawValue)' lacks \(percent(missing)) of its slots, more than "
            + percent(maximumMissingFraction))
      }
      let spikes = Double(slots.spike) / Double(slots.total)
      if spikes > maximumSpikeFraction {
        fail(
          "'\(quantity.rawValue)' is out of range in \(percent(spikes)) of its slots, more than "
            + percent(maximumSpikeFraction))
      }
    }
    return failures
  }

  private func percent(_ fraction: Double) -> String {
    NumberText.rounded(fraction * 100, decimals: 2) + " %"
  }
}

/// Looks for marks of a broken sensor in a history that reads well.
///
/// - Parameter history: What was read.
/// - Returns: Warnings of kind `stuck` (the same value for longer than the quantity honestly repeats it: load
///   12 h, production above zero 3 h, temperature 48 h, and at least six slots) and `catchUp` (load of exactly zero for two
///   slots or more, then at least twice the 99th percentile at once).
package func sensorFindings(_ history: SiteHistory) -> [IngestFinding] {
  var findings: [IngestFinding] = []
  let hours: [(Quantity, Double)] = [(.load, 12), (.pv, 3), (.ambient, 48)]
  for (quantity, longest) in hours {
    guard let values = history[quantity] else { continue }
    findings += stuckRuns(values, quantity, history.grid, hours: longest)
  }
  if let load = history[.load] { findings += catchUps(load, history.grid) }
  return findings
}

/// Calls `body` for each run of equal values.
private func runs(of values: [Double], _ body: (Range<Int>, Double) -> Void) {
  var first = 0
  while first < values.count {
    var last = first + 1
    while last < values.count, values[last] == values[first] { last += 1 }
    if !values[first].isNaN { body(first..<last, values[first]) }
    first = last
  }
}

private func stuckRuns(
  _ values: [Double], _ quantity: Quantity, _ grid: TimeGrid, hours: Double
) -> [IngestFinding] {
  var findings: [IngestFinding] = []
  runs(of: values) { run, value in
    guard run.count >= 6, Double(run.count) * grid.stepHours >= hours,
      quantity != .pv || value > 0, findings.count < FindingLog.keptPerKind
    else { return }
    findings.append(
      IngestFinding(
        kind: .stuck,
        diagnostic: .warning(
          "'\(quantity.rawValue)' stays at exactly \(readable(value)) \(quantity.unit) from "
            + "\(Instant.utcText(grid.instant(run.lowerBound))) to "
            + Instant.utcText(grid.instant(run.upperBound)))))
  }
  return findings
}

private func catchUps(_ load: [Double], _ grid: TimeGrid) -> [IngestFinding] {
  let sorted = load.filter { !$0.isNaN && $0 > 0 }.sorted()
  guard let high = sorted.isEmpty ? nil : sorted[min(sorted.count - 1, sorted.count * 99 / 100)]
  else { return [] }
  var findings: [IngestFinding] = []
  runs(of: load) { run, value in
    guard value == 0, run.count >= 2, run.upperBound < load.count,
      load[run.upperBound] >= 2 * high
    else { return }
    findings.append(
      IngestFinding(
        kind: .catchUp,
        diagnostic: .warning(
          "'load' is zero in \(run.count) slots from "
            + "\(Instant.utcText(grid.instant(run.lowerBound))) and then "
            + "\(readable(load[run.upperBound])) kW at once, as after an outage of the meter")))
  }
  return findings
}
