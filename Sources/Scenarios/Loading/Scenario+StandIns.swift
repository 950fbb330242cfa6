import Diagnostics
import Tariffs
import Telemetry
import TimeSeries

/// Slots of the period in which a value of one quantity stands in for a measurement.
package struct StandIns: Sendable, Hashable {
  /// Slots of the period.
  package var slots = 0
  /// Slots that a column's rule held or interpolated.
  package var byFillRule = 0
  /// Slots that the rule for missing values filled.
  package var byMissingRule = 0
  /// Of all these, slots after the last measurement.
  package var beyondEnd = 0
  /// End of the last slot that was measured; nothing when none was. [UTC epoch s]
  package var measuredUntil: Int?

  /// Slots that nobody measured and that have a value all the same.
  package var total: Int { byFillRule + byMissingRule }
  /// Their share of the period.
  package var share: Double { slots > 0 ? Double(total) / Double(slots) : 0 }
}

extension Scenario {
  /// Share of stand-ins from which a warning stands above every result.
  private static let warnedShare = 0.05

  /// Replaces what is missing within the period, counts what stands in, and refuses too much of it.
  func standIn(for loaded: inout LoadedHistory) throws {
    let grid = loaded.history.grid
    let first = (period.start - grid.start) / grid.stepSeconds
    var findings = Findings()
    for quantity in [Quantity.load, .pv, .price] {
      if quantity == .price, !tariff.usesSpot { continue }
      guard var values = loaded.history[quantity] else { continue }
      var found = StandIns(slots: grid.count - first)
      var marks = byFillRule(quantity, loaded)
      found.byFillRule = marks[first...].count { $0 }
      let last = grid.indices.last { values[$0].isFinite && !marks[$0] }
      let missing = (first..<grid.count).filter { !values[$0].isFinite }
      // A price cannot be left out: it values the slots around it as well.
      var unfilled: [Int] = []
      if history.missing != .leave || quantity == .price {
        for slot in missing {
          guard let value = standIn(quantity, slot, values, grid), value.isFinite else {
            unfilled.append(slot)
            continue
          }
          values[slot] = value
          // In the dark a plant gives nothing, measured or not.
          guard !(quantity == .pv && value == 0 && isDark(slot, grid)) else { continue }
          marks[slot] = true
          found.byMissingRule += 1
        }
      }
      found.measuredUntil = last.map { grid.instant($0 + 1) }
      found.beyondEnd = (max(first, (last ?? -1) + 1)..<grid.count).count { marks[$0] }
      loaded.history[quantity] = values
      loaded.history.setStandIns(marks, of: quantity)
      if found.total > 0 { loaded.standIns[quantity] = found }
      if let slot = unfilled.first {
        let text = Instant.localText(grid.instant(slot), zone: site.zone)
        findings.error(
          "'\(quantity.rawValue)' is missing in \(unfilled.count) of \(grid.count - first) slots "
            + "of the period, the first at \(text)",
          at: positions["history"],
          notes: history.missing == .refuse || history.missing == .leave
            ? ["'missing' of the history may be 'previous_day', 'hold' or 'zero'"]
              + (history.missing == .leave
                ? ["a price cannot be left missing: it values the slots around it as well"] : [])
            : [])
      } else {
        judge(found, of: quantity, warnings: &loaded.warnings, &findings)
      }
    }
    // What the battery did is not made up where it is missing, but a column's rule may have.
    if loaded.history[.batteryPower] != nil {
      loaded.history.setStandIns(byFillRule(.batteryPower, loaded), of: .batteryPower)
    }
    try findings.throwIfErrors()
  }

  /// The value that stands in for a missing one; nothing where the rule has none.
  private func standIn(
    _ quantity: Quantity, _ slot: Int, _ values: [Double], _ grid: TimeGrid
  ) -> Double? {
    switch history.missing {
    case .refuse, .leave: return nil
    case .zero: return 0
    case .hold: return slot > 0 ? values[slot - 1] : nil
    case .previousDay:
      let days = (grid.instant(slot) - grid.start) / 86_400
      return (1..<days + 2).lazy.compactMap { day -> Double? in
        let then =
          quantity.followsClock
          ? site.zone.instant(grid.instant(slot), daysBefore: day)
          : grid.instant(slot) - day * 86_400
        guard then >= grid.start, let i = grid.index(containing: then) else { return nil }
        return values[i]
      }.first { $0.isFinite }
    }
  }

  /// Slots that a column's rule made up from their neighbours; a rule that says what an absent value means
  /// makes nothing up.
  private func byFillRule(_ quantity: Quantity, _ loaded: LoadedHistory) -> [Bool] {
    let none = [Bool](repeating: false, count: loaded.history.grid.count)
    if quantity == .load, loaded.history[.net] != nil {
      // A load that follows from others is measured where they are.
      return [Quantity.net, .pv, .batteryPower].map { byFillRule($0, loaded) }
        .reduce(none) { zip($0, $1).map { $0 || $1 } }
    }
    guard case .files(let files) = history.source, let quality = loaded.report?.quality[quantity]
    else { return none }
    let makesUp = files.flatMap(\.columns).contains { column in
      guard column.quantity == quantity else { return false }
      switch column.fill {
      case .hold, .interpolate: return true
      case .none, .zero, .zeroAtNight: return false
      }
    }
    return makesUp ? quality.map { $0 == .filled } : none
  }

  private func isDark(_ slot: Int, _ grid: TimeGrid) -> Bool {
    guard let place = site.place else { return false }
    return [grid.instant(slot), grid.instant(slot) + grid.stepSeconds / 2, grid.instant(slot + 1)]
      .allSatisfy { SunPosition(at: $0, place: place).elevationDeg <= 0 }
  }

  private func judge(
    _ found: StandIns, of quantity: Quantity, warnings: inout [Diagnostic],
    _ findings: inout Findings
  ) {
    guard found.share > min(Self.warnedShare, history.filledMaxFraction) else { return }
    let percent = plain((found.share * 1000).rounded() / 10)
    var text =
      "'\(quantity.rawValue)' is filled, not measured, in \(percent) % of the period"
    if found.beyondEnd > 0, let until = found.measuredUntil {
      let days = plain((Double(found.beyondEnd * period.stepSeconds) / 8640).rounded() / 10)
      text +=
        ", \(days) days of it after the last measurement at "
        + Instant.localText(until, zone: site.zone)
    }
    if found.share > history.filledMaxFraction {
      findings.error(
        "\(text); at most \(plain(history.filledMaxFraction * 100)) % may be",
        at: positions["history.filled_max_fraction"] ?? positions["history"],
        notes: [
          "end the period where the data end, or allow more with 'filled_max_fraction' of the history"
        ])
    } else if found.share > Self.warnedShare {
      warnings.append(.warning(text, at: positions["history"]))
    }
  }
}
