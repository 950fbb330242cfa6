import Numerics
package import TimeSeries

/// A deliberate change of a synthetic history, for stress studies and for tests of the ingest.
package enum Disturbance: Sendable, Hashable {
  /// Adds up to `peakK` to the ambient temperature, rising and falling over a day at either end.
  case heatWave(from: Int, to: Int, peakK: Double)
  /// Adds pulses to a quantity: one every `everySeconds`, each `lengthSeconds` long.
  case spikeTrain(
    quantity: Quantity, from: Int, to: Int, height: Double, everySeconds: Int, lengthSeconds: Int)
  /// Multiplies a quantity, for example to make a quiet week.
  case scale(quantity: Quantity, from: Int, to: Int, factor: Double)
  /// Adds a square wave of mean 0, for example to make a cycling week; the result stays at or above 0.
  case cycle(quantity: Quantity, from: Int, to: Int, amplitude: Double, periodSeconds: Int)
  /// Telemetry fault: nothing was recorded.
  case gap(quantity: Quantity, from: Int, to: Int)
  /// Telemetry fault: the value at the start is repeated.
  case stuck(quantity: Quantity, from: Int, to: Int)
  /// Telemetry fault: one slot holds an absurd value.
  case spike(quantity: Quantity, at: Int, value: Double)
  /// Telemetry faults at random times: gaps of 1 to 12 h, stuck values of 2 to 24 h, single spikes of
  /// twenty times the largest value.
  case randomFaults(
    quantity: Quantity, gapsPerMonth: Double, stuckPerMonth: Double, spikesPerMonth: Double)

  func apply(to history: inout SiteHistory, site: SyntheticSite, seed: UInt64, position: Int) {
    let grid = history.grid
    switch self {
    case .heatWave(let from, let to, let peakK):
      change(&history, .ambient, from, to) { values, slot in
        let instant = grid.instant(slot) + grid.stepSeconds / 2
        let edge = Double(min(instant - from, to - instant)) / 86_400
        values[slot] += peakK * limited(edge, 0, 1)
      }
    case .spikeTrain(let quantity, let from, let to, let height, let every, let length):
      change(&history, quantity, from, to) { values, slot in
        var seconds = 0
        for instant in stride(from: grid.instant(slot), to: grid.instant(slot + 1), by: 1)
        where instant >= from && instant < to && (instant - from) % max(1, every) < length {
          seconds += 1
        }
        values[slot] += height * Double(seconds) / Double(grid.stepSeconds)
      }
    case .scale(let quantity, let from, let to, let factor):
      change(&history, quantity, from, to) { values, slot in values[slot] *= factor }
    case .cycle(let quantity, let from, let to, let amplitude, let period):
      change(&history, quantity, from, to) { values, slot in
        let phase = (grid.instant(slot) - from) % max(1, period)
        values[slot] = max(0, values[slot] + (phase * 2 < period ? amplitude : -amplitude))
      }
    case .gap(let quantity, let from, let to):
      change(&history, quantity, from, to) { values, slot in values[slot] = .nan }
    case .stuck(let quantity, let from, let to):
      guard let first = grid.index(containing: max(from, grid.start)) else { return }
      change(&history, quantity, from, to) { values, slot in values[slot] = values[first] }
    case .spike(let quantity, let at, let value):
      change(&history, quantity, at, at + 1) { values, slot in values[slot] = value }
    case .randomFaults(let quantity, let gaps, let stuck, let spikes):
      randomFaults(
        &history, quantity, perMonth: [gaps, stuck, spikes], site: site, seed: seed,
        position: position)
    }
  }

  /// Changes the slots that overlap a stretch of time.
  private func change(
    _ history: inout SiteHistory, _ quantity: Quantity, _ from: Int, _ to: Int,
    _ body: (inout [Double], Int) -> Void
  ) {
    let grid = history.grid
    guard var values = history[quantity], from < to, from < grid.end, to > grid.start else {
      return
    }
    let first = (max(from, grid.start) - grid.start) / grid.stepSeconds
    let last = (min(to, grid.end) - 1 - grid.start) / grid.stepSeconds
    for slot in first...last { body(&values, slot) }
    history[quantity] = values
  }

  private func randomFaults(
    _ history: inout SiteHistory, _ quantity: Quantity, perMonth: [Double], site: SyntheticSite,
    seed: UInt64, position: Int
  ) {
    let grid = history.grid
    let largest = (history[quantity] ?? []).reduce(0) { max($0, $1) }
    var generator = SeededGenerator(seed: seed, label: "faults/\(quantity.rawValue)/\(position)")
    let month = 30.4 * 86_400
    for (kind, rate) in perMonth.enumerated() where rate > 0 {
      var at = Double(grid.start) + generator.exponential(mean: month / rate)
      while at < Double(grid.end) {
        let from = Int(at)
        let hours = kind == 0 ? generator.uniform(1, 12) : generator.uniform(2, 24)
        let fault: Disturbance
        switch kind {
        case 0: fault = .gap(quantity: quantity, from: from, to: from + Int(hours * 3600))
        case 1: fault = .stuck(quantity: quantity, from: from, to: from + Int(hours * 3600))
        default: fault = .spike(quantity: quantity, at: from, value: largest * 20 + 100)
        }
        fault.apply(to: &history, site: site, seed: seed, position: position)
        at += generator.exponential(mean: month / rate)
      }
    }
  }
}
