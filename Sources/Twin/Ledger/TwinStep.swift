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
  /// A cell reached its lowest or highest voltage.
  case cellVoltage = "cell_voltage"
  /// A derating table over the temperature.
  case derateTemperature = "derate_temperature"
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
    case .derateTemperature: 5
    case .derateSOC: 6
    }
  }

  /// True when a derating rule, not a rating, was the cause.
  public var isDerating: Bool {
    switch self {
    case .derateTemperature, .derateSOC, .inverterTemperature: true
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

  /// The numbers that are above 0.
  var found: [ClipCause: Double] {
    var found: [ClipCause: Double] = [:]
    for cause in ClipCause.allCases where self[cause] > 0 { found[cause] = self[cause] }
    return found
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
    _ clippedKW: Double, _ cause: ClipCause, to ledger: inout TwinLedger, hours: Double
  ) {
    guard clippedKW > 0 else { return }
    totalKW += clippedKW
    ledger.clips[cause] += clippedKW * hours
    if clippedKW > largestKW {
      largestKW = clippedKW
      self.cause = cause
    }
    guard cause.isDerating else { return }
    if deratedKW == 0 { ledger.derateSeconds += hours * 3600 }
    deratedKW += clippedKW
    ledger.deratedKWh += clippedKW * hours
  }
}

/// What one step of the twin did; means over the step unless said otherwise.
public struct TwinStep: Sendable, Equatable {
  /// Battery power asked for at the AC terminals, positive in discharge. [kW]
  public var requestedKW: Double
  /// Battery power given at the AC terminals. [kW]
  public var deliveredKW: Double
  /// Draw of fan, air conditioning and idle inverter from the AC bus, in addition. [kW]
  public var auxiliaryKW: Double
  /// What was asked for and not given, at least 0. [kW]
  public var clippedKW: Double
  /// Why, when something was clipped: the cause of the largest part.
  public var cause: ClipCause?
  /// Loss in cells and inverter. [kW]
  public var lossKW: Double
  /// Mean state of charge of the cells at the end of the step.
  public var socFraction: Double
  /// Temperature of the hottest cell at the end of the step. [°C]
  public var hottestCellC: Double
  /// Energy above the lowest allowed state of charge at the end of the step. [kWh]
  public var storedEnergyKWh: Double
  /// True when a derating rule held back power for a part of the step.
  public var derated: Bool
}

/// What a twin has done since it was built.
public struct TwinLedger: Sendable, Equatable, Codable {
  /// Energy asked for and not given, by cause. [kWh]
  public var clippedKWh: [ClipCause: Double] { clips.found }
  var clips = ClipTally()
  /// AC energy taken in charge and given in discharge; with photovoltaics on the DC side, that of the
  /// inverter less what they brought. [kWh]
  public internal(set) var chargedKWh = 0.0
  public internal(set) var dischargedKWh = 0.0
  /// DC energy that a hybrid inverter took from photovoltaics, and what it left for want of room in
  /// the battery and the inverter, by cause. [kWh]
  public internal(set) var pvUsedKWh = 0.0
  public var pvUnusedKWh: [ClipCause: Double] { pvUnused.found }
  var pvUnused = ClipTally()
  /// Losses of cells and connections, and of the inverter. [kWh]
  public internal(set) var cellLossKWh = 0.0
  public internal(set) var converterLossKWh = 0.0
  /// Parts of the cells' loss, each with a sum of its own: series resistance, RC pairs, self-discharge and
  /// balancing, connections, hysteresis, charge sent and not kept, and what cells and strings side by
  /// side exchange while their currents decay within a step. [kWh]
  public var seriesLossKWh: Double { parts[0] }
  public var pairsLossKWh: Double { parts[1] }
  public var bleedLossKWh: Double { parts[2] }
  public var linkLossKWh: Double { parts[3] }
  public var hysteresisLossKWh: Double { parts[5] }
  public var chargeLossKWh: Double { parts[6] }
  public var sharingLossKWh: Double { parts[7] }
  /// What the parts do not explain of the cells' loss. [kWh]
  ///
  /// Straight lines over a step miss the bends of the curves; it falls with the square of the step.
  public var curvatureLossKWh: Double {
    cellLossKWh - seriesLossKWh - pairsLossKWh - bleedLossKWh - linkLossKWh - hysteresisLossKWh
      - chargeLossKWh - sharingLossKWh
  }
  /// Reversible heat given off, negative when taken up; it is no loss of charge. [kWh]
  public var entropicHeatKWh: Double { parts[4] }
  var parts = SIMD8<Double>()
  /// Part of the cells' loss that balancing bled. [kWh]
  public internal(set) var balancingKWh = 0.0
  /// Stored energy lost because cells faded. [kWh]
  public internal(set) var fadedKWh = 0.0
  /// Energy of fan, air conditioning and idle inverter. [kWh]
  public internal(set) var auxiliaryKWh = 0.0
  /// Discharge throughput over the nominal charge.
  public internal(set) var equivalentFullCycles = 0.0
  /// Time and AC energy held back by derating rules. [s] [kWh]
  public internal(set) var derateSeconds = 0.0
  public internal(set) var deratedKWh = 0.0
  /// Hottest and coldest temperature of any cell. [°C]
  public internal(set) var hottestCellC = -Double.infinity
  public internal(set) var coldestCellC = Double.infinity
  /// Largest difference between two cells at one time. [K]
  public internal(set) var largestSpreadK = 0.0
  /// Time with a cell above the temperature limit. [s]
  public internal(set) var secondsAboveLimit = 0.0
  /// Time with a cell so empty that the monitoring electronics were off. [s]
  public internal(set) var protectedSeconds = 0.0
  /// Lowest and highest voltage of any cell at the end of a step. [V]
  public internal(set) var lowestCellV = Double.infinity
  public internal(set) var highestCellV = -Double.infinity
  /// Lowest and highest mean state of charge.
  public internal(set) var lowestSOC = Double.infinity
  public internal(set) var highestSOC = -Double.infinity
  /// Share of the life to the end-of-life capacity that is used up.
  public internal(set) var lifeUsedFraction = 0.0
  /// Steps taken, after division.
  public internal(set) var steps = 0
  /// Time covered. [s]
  public internal(set) var seconds = 0.0

  /// Fall of the energy stored in all cells since the start, at the voltage at rest. [kWh]
  public internal(set) var releasedKWh = 0.0

  /// What the books do not explain: release minus delivery, losses and fading. [kWh]
  public var balanceErrorKWh: Double {
    releasedKWh - (dischargedKWh - chargedKWh) - lossKWh - fadedKWh
  }

  /// Starts an empty ledger.
  public init() {}

  /// Losses of cells, connections and inverter. [kWh]
  public var lossKWh: Double { cellLossKWh + converterLossKWh }
}
