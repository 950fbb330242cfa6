/// Why a battery gave less than it was asked for.
public enum ClipCause: String, Sendable, CaseIterable, Codable, CodingKeyRepresentable {
  /// Rating of the inverter.
  case inverter
  /// The inverter's heatsink was too hot for its rating.
  case inverterTemperature = "inverter_temperature"
  /// Highest rate of the cells.
  case cRate = "c_rate"
  /// A cell reached its lowest or highest state of charge.
  case soc
  /// A cell reached its lowest or highest voltage, or a derating rule over voltage.
  case cellVoltage = "cell_voltage"
  /// A derating rule over the temperature of a cell on its cold side.
  case cold
  /// A derating rule over the temperature of a cell on its warm side.
  case heat
  /// A derating table over the state of charge.
  case derateSOC = "derate_soc"

  /// Where the cause stands among all, for a `ClipTally`.
  var place: Int {
    switch self {
    case .inverter: 0
    case .inverterTemperature: 1
    case .cRate: 2
    case .soc: 3
    case .cellVoltage: 4
    case .cold: 5
    case .heat: 6
    case .derateSOC: 7
    }
  }

  /// True when a derating rule, not a rating or the state of the cells, was the cause.
  public var isDerating: Bool {
    switch self {
    case .cold, .heat, .derateSOC, .inverterTemperature: true
    default: false
    }
  }
}

/// A number for each cause, 0 where nothing was clipped.
struct ClipTally: Sendable, Equatable, Codable {
  var values = SIMD8<Double>()

  subscript(cause: ClipCause) -> Double {
    get { values[cause.place] }
    set { values[cause.place] = newValue }
  }

  /// Adds to the number of a cause, as one operation over all of them: to write one place of a vector and read
  /// the whole of it again takes longer than a cell's step.
  mutating func add(_ value: Double, to cause: ClipCause) {
    let places = SIMD8<Double>(0, 1, 2, 3, 4, 5, 6, 7)
    let isOther = places .!= Double(cause.place)
    values += SIMD8(repeating: value).replacing(with: 0, where: isOther)
  }

  /// The numbers that are above 0.
  var found: [ClipCause: Double] {
    var found: [ClipCause: Double] = [:]
    for cause in ClipCause.allCases where self[cause] > 0 { found[cause] = self[cause] }
    return found
  }
}

/// A number for each cause and direction.
struct LimitTally: Sendable, Equatable, Codable {
  var charge = ClipTally()
  var discharge = ClipTally()

  subscript(direction: PowerDirection) -> ClipTally {
    get { direction == .charge ? charge : discharge }
    set { if direction == .charge { charge = newValue } else { discharge = newValue } }
  }
}

/// What was clipped in one step.
struct StepClip {
  private(set) var totalKW = 0.0
  /// What derating rules took. [kW]
  private(set) var deratedKW = 0.0
  /// The cause of the largest part.
  private(set) var cause: ClipCause?
  private var largestKW = 0.0

  /// Adds a part to the step and to the books.
  mutating func add(
    _ clippedKW: Double, _ cause: ClipCause, _ direction: PowerDirection,
    to ledger: inout TwinLedger, hours: Double
  ) {
    guard clippedKW > 0 else { return }
    totalKW += clippedKW
    if direction == .charge {
      ledger.refused.charge.add(clippedKW * hours, to: cause)
    } else {
      ledger.refused.discharge.add(clippedKW * hours, to: cause)
    }
    if clippedKW > largestKW {
      largestKW = clippedKW
      self.cause = cause
    }
    if cause.isDerating { deratedKW += clippedKW }
  }
}
