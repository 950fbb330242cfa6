import Diagnostics
import TimeSeries

extension ForecastRequest {
  /// Returns the positions asked for, counted from the first slot of the past.
  ///
  /// - Throws: `InputError` when the grids do not fit together, when a slot of the past reaches
  ///   beyond the issue time, or when a covariate has another length than the horizon.
  func frame() throws -> IssueFrame {
    var findings = Findings()
    let step = past.grid.stepSeconds
    if grid.stepSeconds != step {
      findings.error(
        "a forecast has the step of its history, found '\(grid.stepSeconds)' s for '\(step)' s")
    } else if (grid.start - past.grid.start) % step != 0 {
      findings.error("a forecast begins on a slot of its history")
    }
    if 86_400 % step != 0 {
      findings.error("a day must hold whole slots, found a step of '\(step)' s")
    }
    if past.grid.end > grid.start {
      findings.error(
        "history must end at the issue time \(Instant.utcText(grid.start)),"
          + " found a slot until \(Instant.utcText(past.grid.end))")
    }
    for covariate in [
      Quantity.load, .pv, .batteryPower, .stateOfCharge, .net, .importLimit, .exportLimit,
    ] {
      guard let column = knownFuture[covariate] else { continue }
      let row = column.prefix(grid.count).firstIndex { $0.isFinite }.map {
        ", found \(column[$0]) for \(Instant.utcText(grid.instant($0)))"
      }
      findings.error(
        "'\(covariate.rawValue)' is known only afterwards and cannot be given ahead of the issue"
          + " \(Instant.utcText(grid.start))\(row ?? "")")
    }
    for covariate in Quantity.allCases {
      if let column = knownFuture[covariate], column.count != grid.count {
        findings.error(
          "'\(covariate.rawValue)' known ahead must have one value per slot of the horizon,"
            + " found \(column.count) for \(grid.count)")
      }
    }
    try findings.throwIfErrors()
    return IssueFrame(
      known: past.grid.count, first: (grid.start - past.grid.start) / step, count: grid.count,
      ahead: knownAhead, issuedAt: issuedAt)
  }
}
