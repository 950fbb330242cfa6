import Diagnostics
import Documents
import Studies
import Twin

/// One thing that goes wrong.
private struct FaultPart {
  var name: String
  var battery: [FaultSpecification] = []
  var spikes: LoadSpikes?
  var gap: LoggerGap?
}

extension StressFault {
  /// Reads one fault, or several that act together under one name.
  init?(_ reader: MappingReader, battery: BatterySystemSpecification?, period: PeriodSettings?) {
    guard reader.has("together") else {
      guard let part = FaultPart(reader, battery: battery, period: period) else { return nil }
      self.init(name: part.name, of: [part])
      return
    }
    let name = reader.text("name")
    self.init(
      name: name,
      of: reader.list("together") { FaultPart($0, battery: battery, period: period) })
  }

  private init(name: String, of parts: [FaultPart]) {
    self.init(
      name: name, battery: parts.flatMap(\.battery), spikes: parts.compactMap(\.spikes),
      gaps: parts.compactMap(\.gap))
  }
}

extension FaultPart {
  /// Reads its kind, its strength and when it is there.
  fileprivate init?(
    _ reader: MappingReader, battery: BatterySystemSpecification?, period: PeriodSettings?
  ) {
    guard let kind = reader.choice("kind", FaultKind.self) else {
      reader.passOver()
      return nil
    }
    name = reader.text("name", default: kind.rawValue)
    let from = reader.optionalNumber("from_day", .zeroOrMore) ?? 0
    let end =
      reader.optionalNumber("days", .positive).map { (from + $0) * 86_400 } ?? .infinity
    if let period {
      reader.require(
        from * 86_400 < Double(period.end - period.start), "from_day",
        "'from_day' lies after the end of the period")
    }
    if kind == .logger {
      let every = reader.optionalInteger("every_s", 1...2_678_400)
      let length = reader.optionalInteger("length_s", 1...2_678_400)
      reader.require(
        (every == nil) == (length == nil), every == nil ? "length_s" : "every_s",
        "'every_s' and 'length_s' must be given together")
      if let every, let length {
        reader.require(length <= every, "length_s", "'length_s' must be at most 'every_s'")
      }
      let whole = period.map { Double($0.end - $0.start) } ?? 0
      let gap = LoggerGap(
        startSeconds: from * 86_400, endSeconds: end,
        train: every.flatMap { every in
          length.map {
            LoggerGap.Train(everySeconds: Double(every), lengthSeconds: Double($0))
          }
        })
      self.gap = gap
      // What control sees is of the same logger.
      self.battery = gap.spans(until: whole).map {
        FaultSpecification(.sensorGap, startSeconds: $0.lowerBound, endSeconds: $0.upperBound)
      }
      return
    }
    if kind == .spikes {
      let every = reader.integer("every_s", 1...2_678_400)
      let length = reader.integer("length_s", 1...2_678_400)
      reader.require(length <= every, "length_s", "'length_s' must be at most 'every_s'")
      spikes = LoadSpikes(
        heightKW: reader.number("height_kw", .within(-1e6...1e6)), everySeconds: max(1, every),
        lengthSeconds: length, startSeconds: from * 86_400, endSeconds: end)
      return
    }
    let specification = FaultSpecification(
      FaultPart.specification(kind, reader), startSeconds: from * 86_400, endSeconds: end)
    if let battery, reader.isSound {
      reader.add(specification.problems(cellCount: battery.cellCount))
    }
    self.battery = [specification]
  }

  private static func specification(
    _ kind: FaultKind, _ reader: MappingReader
  ) -> FaultSpecification.Kind {
    switch kind {
    case .fan, .spikes, .logger: return .fanFailure
    case .hvac: return .hvacFailure
    case .vent:
      let first = reader.integer("first_cell", default: 0)
      let count = reader.integer("cell_count", 1...100_000)
      return .blockedVent(
        cells: first..<first + count,
        remaining: reader.number("remaining_fraction", .fraction, default: 0))
    case .hotCell:
      return .hotCell(
        index: reader.integer("cell", default: 0), factor: reader.number("factor", .positive))
    case .weakCell:
      return .weakCell(
        index: reader.integer("cell", default: 0), factor: reader.number("factor", .efficiency))
    case .imbalance:
      return .imbalance(
        index: reader.integer("cell", default: 0),
        socDifference: reader.number("soc_difference_fraction", .within(-1...1)))
    case .bias: return .sensorBias(kelvin: reader.number("bias_k", .within(-50...50)))
    case .stuck:
      return .sensorStuck(temperatureC: reader.number("temperature_c", .within(-50...100)))
    case .late: return .sensorLate(seconds: reader.number("lag_s", .positive))
    case .gap: return .sensorGap
    case .sun: return .sunOnDoor(apertureM2: reader.number("aperture_m2", .zeroOrMore))
    case .aged:
      return .agedPack(
        capacityFactor: reader.number("capacity_factor", .efficiency, default: 0.8),
        resistanceFactor: reader.number("resistance_factor", .atLeast(1), default: 1.5))
    }
  }
}
