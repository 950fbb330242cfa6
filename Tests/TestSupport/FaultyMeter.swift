import Numerics
package import TimeSeries

/// A meter that counts the energy of a power series, with the faults that meters have.
package struct FaultyMeter: Sendable, Hashable {
  /// One reading.
  package struct Reading: Sendable, Hashable {
    /// When it was taken. [UTC epoch s]
    package var instant: Int
    /// The total. [kWh]
    package var totalKWh: Double
  }

  /// Total at the start. [kWh]
  package var startKWh: Double
  /// Smallest change that the meter shows. [kWh]
  package var resolutionKWh: Double
  /// Time between readings. [s]
  package var everySeconds: Int
  /// Instants at which the meter starts again from zero. [UTC epoch s]
  package var resets: [Int]
  /// Stretches without readings.
  package var outages: [Range<Int>]
  /// Share of readings that are too low by up to `dipFraction` of the total.
  package var dipShare: Double
  /// Largest size of such a dip relative to the total.
  package var dipFraction: Double

  /// Creates a meter without faults.
  package init(
    startKWh: Double = 0, resolutionKWh: Double = 0.001, everySeconds: Int = 300,
    resets: [Int] = [], outages: [Range<Int>] = [], dipShare: Double = 0,
    dipFraction: Double = 0.02
  ) {
    self.startKWh = startKWh
    self.resolutionKWh = resolutionKWh
    self.everySeconds = everySeconds
    self.resets = resets
    self.outages = outages
    self.dipShare = dipShare
    self.dipFraction = dipFraction
  }

  /// Reads the meter while a power flows.
  ///
  /// - Parameters:
  ///   - power: Power over time, not negative; a missing value counts as none. [kW]
  ///   - seed: Equal seeds give equal dips.
  /// - Returns: Readings from the start to the end of the series; a restart loses nothing that
  ///   was counted before the reading that shows it, except what flowed between that reading's
  ///   predecessor and the restart.
  package func readings(of power: Series, seed: UInt64) -> [Reading] {
    var generator = SeededGenerator(seed: seed, label: "counter")
    var readings: [Reading] = []
    var total = startKWh
    var instant = power.grid.start
    var pending = resets.sorted()[...]
    while instant <= power.grid.end {
      let shown = (total / resolutionKWh).rounded(.down) * resolutionKWh
      let isDip = generator.uniform() < dipShare
      let dip = isDip ? generator.uniform(0, dipFraction) : 0
      if !outages.contains(where: { $0.contains(instant) }) {
        readings.append(Reading(instant: instant, totalKWh: shown * (1 - dip)))
      }
      let next = instant + everySeconds
      var at = instant
      while at < min(next, power.grid.end), let slot = power.grid.index(containing: at) {
        var end = min(next, power.grid.instant(slot + 1))
        if let reset = pending.first, reset < end {
          end = max(at, reset)
          pending = pending.dropFirst()
          total = 0
          at = end
          continue
        }
        let value = power.values[slot]
        if !value.isNaN { total += value * Double(end - at) / 3600 }
        at = end
      }
      instant = next
    }
    return readings
  }
}
