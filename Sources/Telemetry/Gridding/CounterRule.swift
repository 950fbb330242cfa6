import TimeSeries

/// How a counter is read.
package struct CounterRule: Sendable, Hashable {
  /// A drop to less than this share of the reading before is a restart from zero; a smaller drop is noise.
  package var resetFraction: Double
  /// Spread the energy of a gap evenly over it (true), or leave the gap missing (false).
  package var spreadsGaps: Bool
  /// More energy than this power could deliver since the last reading is a spike. [kW]
  package var maximumKW: Double?
  /// Time from the stamp to the reading: the step for statistics whose stamp is the start of the interval
  /// and whose total is that of its end. [s]
  package var delaySeconds: Int
  /// How long a total must stay exactly the same to count as not read. [s]
  ///
  /// What it then catches up is spread over that time as over a gap. For loads, which never rest; not for
  /// production, which rests at night.
  package var staleSeconds: Int?

  /// The rule of Home Assistant's statistics: a restart below 0.9 of the reading before.
  package init(
    resetFraction: Double = 0.9, spreadsGaps: Bool = true, maximumKW: Double? = nil,
    delaySeconds: Int = 0, staleSeconds: Int? = nil
  ) {
    self.resetFraction = resetFraction
    self.spreadsGaps = spreadsGaps
    self.maximumKW = maximumKW
    self.delaySeconds = delaySeconds
    self.staleSeconds = staleSeconds
  }
}

extension CounterRule {
  /// Spreads the differences of readings over the slots between them.
  ///
  /// Between two readings the power is taken as constant. A reading below `resetFraction` of the one
  /// before is a restart from zero, so the reading itself is the energy; a smaller drop is noise, and
  /// counting goes on when the total passes its old height. The sum of slots is last − first + the totals
  /// at the restarts.
  ///
  /// - Parameters:
  ///   - readings: In order of time.
  ///   - grid: The slots.
  ///   - gapSeconds: A longer distance of readings is a gap. [s]
  /// - Returns: Energy over covered time per slot, and what happened on the way.
  func slots(_ readings: [CounterReading], grid: TimeGrid, gapSeconds: Int) -> CounterOutcome {
    var outcome = CounterOutcome(accumulator: SlotAccumulator(grid: grid))
    let stale = stalePositions(readings)
    guard var last = readings.first else { return outcome }
    var height = last.totalKWh
    for (k, reading) in readings.enumerated().dropFirst() {
      let milliseconds = reading.time - last.time
      guard milliseconds > 0, !stale.contains(k) else { continue }
      var energy = reading.totalKWh - height
      var mark = SlotQuality.ok
      if reading.totalKWh < height * resetFraction {
        energy = reading.totalKWh
        height = reading.totalKWh
        mark = .reset
        outcome.resets.append(k)
      } else if energy < 0 {
        energy = 0
      } else {
        height = reading.totalKWh
      }
      let powerKW = energy / (Double(milliseconds) / 3_600_000)
      let isGap = milliseconds > gapSeconds * 1000
      if let maximumKW, powerKW > maximumKW {
        outcome.spikes.append(k)
        outcome.accumulator.add(.nan, from: last.time, to: reading.time, mark: .spike)
      } else if isGap, !spreadsGaps {
        outcome.accumulator.add(.nan, from: last.time, to: reading.time, mark: .gap)
      } else {
        outcome.energyKWh += energy
        outcome.accumulator.add(
          powerKW, from: last.time, to: reading.time,
          mark: isGap && mark == .ok ? .gap : mark)
      }
      last = reading
    }
    return outcome
  }

  /// Positions of readings that only repeat the one before for longer than a load can.
  private func stalePositions(_ readings: [CounterReading]) -> Set<Int> {
    guard let staleSeconds else { return [] }
    var stale: Set<Int> = []
    var first = 0
    for k in readings.indices.dropFirst() {
      if readings[k].totalKWh == readings[first].totalKWh { continue }
      if readings[k - 1].time - readings[first].time >= staleSeconds * 1000 {
        stale.formUnion(first + 1..<k)
      }
      first = k
    }
    return stale
  }
}
