import Numerics
import Replay
package import Twin

/// A random day of a campaign: what goes wrong, when, and how warm it is.
package struct CampaignDay: Sendable {
  /// Place of the day in the period.
  package let day: Int
  /// What goes wrong; times count from the start of the day.
  package let fault: StressFault
  /// What is added to the air at most, negative for a cold snap. [K]
  package let ambientOffsetK: Double

  /// Ranges that parameters are drawn from evenly.
  package enum Ranges {
    package static let faults = 1...3
    package static let startHours = 0.0...18
    package static let lengthHours = 1.0...24
    package static let remainingFraction = 0.0...0.5
    package static let hotCellFactor = 1.5...4.0
    package static let weakCellFactor = 0.6...0.95
    package static let socDifference = -0.2...0.2
    package static let biasK = -10.0...10
    package static let stuckC = 10.0...35
    package static let lagSeconds = 300.0...3600
    /// Per 10 kWh of the battery. [m²]
    package static let doorM2 = 0.05...0.5
    package static let capacityFactor = 0.7...1.0
    package static let resistanceFactor = 1.0...2.0
    /// Shares of the inverter's rating.
    package static let spikeShare = 0.2...1.0
    package static let spikeEverySeconds = 300...1800
    package static let spikeLengthSeconds = 30...300
    /// Every second day is warmer or colder than it was. [K]
    package static let weatherK = -10.0...10
  }

  /// Draws a day.
  ///
  /// - Parameters:
  ///   - index: Which day of the campaign; equal seeds and places give equal days.
  ///   - seed: Seed of the campaign.
  ///   - days: Number of days in the period.
  ///   - battery: The battery that things happen to.
  ///   - own: Faults of the scenario, which may be drawn as well: as they are, at other times.
  package init(
    _ index: Int, seed: UInt64, days: Int, battery: TwinSpecification, own: [StressFault] = []
  ) {
    var generator = SeededGenerator(seed: seed, label: "campaign/\(index)")
    day = generator.index(below: max(1, days))
    // A day is asked for what was planned without faults: a silent logger could change sensors alone.
    var choices =
      FaultKind.allCases.filter {
        ($0 != .hvac || battery.enclosure.hvac != nil) && $0 != .logger
      }.map { Choice.kind($0) } + own.filter { !$0.isNone }.map { Choice.own($0) }
    let count =
      Ranges.faults.lowerBound
      + generator.index(below: Ranges.faults.upperBound - Ranges.faults.lowerBound + 1)
    var names: [String] = []
    var faults: [FaultSpecification] = []
    var spikes: [LoadSpikes] = []
    for _ in 0..<count {
      let choice = choices.remove(at: generator.index(below: choices.count))
      let start = 3600 * generator.uniform(Ranges.startHours)
      let end = start + 3600 * generator.uniform(Ranges.lengthHours)
      guard case .kind(let kind) = choice else {
        if case .own(let fault) = choice {
          let moved = fault.moved(to: start..<end)
          names.append(fault.name)
          faults += moved.battery
          spikes += moved.spikes
        }
        continue
      }
      names.append(kind.rawValue)
      if kind == .spikes {
        spikes.append(
          LoadSpikes(
            heightKW: battery.converter.ratedKW * generator.uniform(Ranges.spikeShare),
            everySeconds: generator.whole(Ranges.spikeEverySeconds),
            lengthSeconds: generator.whole(Ranges.spikeLengthSeconds), startSeconds: start,
            endSeconds: end))
      } else {
        faults.append(
          FaultSpecification(
            CampaignDay.fault(kind, battery: battery, &generator), startSeconds: start,
            endSeconds: end))
      }
    }
    fault = StressFault(
      name: names.joined(separator: " + "), battery: faults, spikes: spikes)
    let isOdd = generator.uniform() < 0.5
    ambientOffsetK = isOdd ? generator.uniform(Ranges.weatherK) : 0
  }

  /// What may go wrong: a kind of which place and strength are drawn too, or a fault of the scenario as it is.
  private enum Choice {
    case kind(FaultKind)
    case own(StressFault)
  }

  private static func fault(
    _ kind: FaultKind, battery: TwinSpecification, _ generator: inout SeededGenerator
  ) -> FaultSpecification.Kind {
    let cells = battery.cellCount
    switch kind {
    case .fan, .spikes, .logger: return .fanFailure
    case .hvac: return .hvacFailure
    case .vent:
      let first = generator.index(below: cells)
      let last = first + 1 + generator.index(below: cells - first)
      return .blockedVent(
        cells: first..<last, remaining: generator.uniform(Ranges.remainingFraction))
    case .hotCell:
      return .hotCell(
        index: generator.index(below: cells), factor: generator.uniform(Ranges.hotCellFactor))
    case .weakCell:
      return .weakCell(
        index: generator.index(below: cells), factor: generator.uniform(Ranges.weakCellFactor))
    case .imbalance:
      return .imbalance(
        index: generator.index(below: cells),
        socDifference: generator.uniform(Ranges.socDifference))
    case .bias: return .sensorBias(kelvin: generator.uniform(Ranges.biasK))
    case .stuck: return .sensorStuck(temperatureC: generator.uniform(Ranges.stuckC))
    case .late: return .sensorLate(seconds: generator.uniform(Ranges.lagSeconds))
    case .gap: return .sensorGap
    case .sun:
      return .sunOnDoor(
        apertureM2: battery.nominalEnergyKWh / 10 * generator.uniform(Ranges.doorM2))
    case .aged:
      return .agedPack(
        capacityFactor: generator.uniform(Ranges.capacityFactor),
        resistanceFactor: generator.uniform(Ranges.resistanceFactor))
    }
  }

  /// What the day is like around the battery.
  var surroundings: PlannedDays.Surroundings {
    let offset = ambientOffsetK
    let spikes = fault.spikes
    return PlannedDays.Surroundings(
      ambientOffsetK: { _ in offset },
      extraLoadKW: { from, to in
        spikes.reduce(0) { $0 + $1.meanKW(from: from, to: to) }
      })
  }
}

extension SeededGenerator {
  /// Draws evenly from a range.
  fileprivate mutating func uniform(_ range: ClosedRange<Double>) -> Double {
    uniform(range.lowerBound, range.upperBound)
  }

  /// Draws a whole number evenly from a range.
  fileprivate mutating func whole(_ range: ClosedRange<Int>) -> Int {
    range.lowerBound + index(below: range.count)
  }
}
