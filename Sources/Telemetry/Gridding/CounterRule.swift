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
  /// A single step to this many times the usual power is no energy, even where no largest power is given.
  private static let impossibleTimes = 20.0
  /// Nor is one below this power called impossible. [kW]
  private static let leastImpossibleKW = 50.0
  /// Steps that may be called impossible; more of them are what the site does.
  private static let mostImpossible = 3

  /// Spreads the differences of readings over the slots between them.
  ///
  /// Between two readings the power is taken as constant. A reading below `resetFraction` of the one
  /// before is a restart from zero, so the reading itself is the energy, unless it would take many times the power
  /// that the counter usually shows: then another meter goes on there, and nobody knows the energy between. A
  /// smaller drop is noise, and counting goes on when the total passes its old height. Readings that leave the
  /// line, down or up, and come back to it are left out. The sum of slots is last − first + the totals
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
    let line = CounterLine(readings, resetFraction: resetFraction)
    outcome.blips = line.blips.sorted()
    let limitKW = maximumKW ?? impossibleKW(readings, line)
    if maximumKW == nil {
      outcome.limitText = "is possible beside its other steps, \(readable(limitKW ?? 0)) kW"
    }
    guard let first = readings.indices.first(where: { !line.blips.contains($0) }) else {
      return outcome
    }
    var last = readings[first]
    var height = last.totalKWh
    for k in readings.indices.dropFirst(first + 1) {
      let reading = readings[k]
      let milliseconds = reading.time - last.time
      guard milliseconds > 0, !stale.contains(k), !line.blips.contains(k) else { continue }
      var energy = reading.totalKWh - height
      var mark = SlotQuality.ok
      let hours = Double(milliseconds) / 3_600_000
      if reading.totalKWh < height * resetFraction {
        energy = reading.totalKWh
        height = reading.totalKWh
        mark = .reset
        if let usual = line.usualKW, energy > max(4 * usual, 1) * hours, energy > 1 {
          outcome.exchanges.append(k)
          outcome.accumulator.add(.nan, from: last.time, to: reading.time, mark: .gap)
          last = reading
          continue
        }
        outcome.resets.append(k)
      } else if energy < 0 {
        energy = 0
      } else {
        height = reading.totalKWh
      }
      let powerKW = energy / hours
      let isGap = milliseconds > gapSeconds * 1000
      if let limitKW, powerKW > limitKW {
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

  /// Power that no step of the counter can have, judged by its other steps; nothing when they do not tell. [kW]
  private func impossibleKW(_ readings: [CounterReading], _ line: CounterLine) -> Double? {
    guard let usual = line.usualKW else { return nil }
    let limit = max(Self.impossibleTimes * usual, Self.leastImpossibleKW)
    var found = 0
    var last = readings[0]
    for k in readings.indices.dropFirst() where !line.blips.contains(k) {
      let hours = Double(max(1, readings[k].time - last.time)) / 3_600_000
      if (readings[k].totalKWh - last.totalKWh) / hours > limit { found += 1 }
      last = readings[k]
    }
    return found <= Self.mostImpossible ? limit : nil
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
