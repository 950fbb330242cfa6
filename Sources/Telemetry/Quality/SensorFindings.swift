import Diagnostics
package import TimeSeries

/// Looks for marks of a broken sensor in a history that reads well.
///
/// - Parameter history: What was read.
/// - Returns: Warnings of kind `stuck` (the same value for longer than the quantity honestly repeats it: load
///   12 h, production above zero 3 h, temperature 48 h, and at least six slots) and `catchUp` (load of exactly zero for two
///   slots or more, then at least twice the 99th percentile at once).
/// - Throws: Where the history is kept elsewhere and cannot be read.
package func sensorFindings(_ history: some HistoryColumns) throws -> [IngestFinding] {
  var findings: [IngestFinding] = []
  let hours: [(Quantity, Double)] = [(.load, 12), (.pv, 3), (.ambient, 48)]
  for (quantity, longest) in hours where history.quantities.contains(quantity) {
    findings += try stuckRuns(history, quantity, hours: longest)
  }
  if history.quantities.contains(.load) { findings += try catchUps(history) }
  return findings
}

/// A run of equal values that comes to its end in one of the stretches of a column.
private struct EqualRuns {
  private var slot = 0
  private var first = 0
  private var value = Double.nan

  /// Adds the values that follow and calls a body for each run that they end, with the value behind it.
  mutating func add(_ values: [Double], _ ended: (Range<Int>, Double, Double) -> Void) {
    for next in values {
      if next != value {
        if !value.isNaN { ended(first..<slot, value, next) }
        first = slot
        value = next
      }
      slot += 1
    }
  }

  /// Calls a body for the run that the column ends with.
  func finish(_ ended: (Range<Int>, Double, Double) -> Void) {
    if !value.isNaN { ended(first..<slot, value, .nan) }
  }
}

/// Calls `body` for each run of equal values of a column, with the value behind it.
private func runs(
  _ history: some HistoryColumns, _ quantity: Quantity,
  _ body: (_ slots: Range<Int>, _ value: Double, _ next: Double) -> Void
) throws {
  var runs = EqualRuns()
  try history.forEachPart(quantity) { _, part in runs.add(part.values, body) }
  runs.finish(body)
}

private func stuckRuns(
  _ history: some HistoryColumns, _ quantity: Quantity, hours: Double
) throws -> [IngestFinding] {
  let grid = history.grid
  var findings: [IngestFinding] = []
  try runs(history, quantity) { run, value, _ in
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

private func catchUps(_ history: some HistoryColumns) throws -> [IngestFinding] {
  guard let high = try highLoad(history) else { return [] }
  let grid = history.grid
  var findings: [IngestFinding] = []
  try runs(history, .load) { run, value, next in
    guard value == 0, run.count >= 2, next >= 2 * high else { return }
    findings.append(
      IngestFinding(
        kind: .catchUp,
        diagnostic: .warning(
          "'load' is zero in \(run.count) slots from "
            + "\(Instant.utcText(grid.instant(run.lowerBound))) and then "
            + "\(readable(next)) kW at once, as after an outage of the meter")))
  }
  return findings
}

/// The 99th percentile of the loads above zero; nothing where there are none. [kW]
///
/// Positive numbers are in the order of their bits, so that it is found 16 bits at a time, without a sorted copy.
private func highLoad(_ history: some HistoryColumns) throws -> Double? {
  var known: UInt64 = 0
  var rank = -1
  for shift in [48, 32, 16, 0] {
    var counts = [Int](repeating: 0, count: 1 << 16)
    try history.forEachPart(.load) { _, part in
      for value in part.values where value > 0 {
        let bits = value.bitPattern
        if shift == 48 || bits >> (UInt64(shift) + 16) == known {
          counts[Int(bits >> UInt64(shift) & 0xFFFF)] += 1
        }
      }
    }
    if shift == 48 {
      let total = counts.reduce(0, +)
      guard total > 0 else { return nil }
      rank = min(total - 1, total * 99 / 100)
    }
    var digit = 0
    while rank >= counts[digit] {
      rank -= counts[digit]
      digit += 1
    }
    known = known << 16 | UInt64(digit)
  }
  return Double(bitPattern: known)
}
