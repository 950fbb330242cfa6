/// What a twin has done since it was built.
public struct TwinLedger: Sendable, Equatable, Codable {
  /// Energy asked for and not given, in charge and discharge together, by cause. [kWh]
  public var clippedKWh: [ClipCause: Double] {
    ClipTally(values: refused.charge.values + refused.discharge.values).found
  }
  var refused = LimitTally()
  /// What derating rules kept from the rated power, asked for or not, and for how long. [kWh] [s]
  var withheld = LimitTally()
  var withheldTime = LimitTally()
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
  /// balancing, connections, hysteresis, charge sent and not kept, what cells and strings side by
  /// side exchange while their currents decay within a step, and charge given at the voltage of the surface instead
  /// of that of the mean charge. [kWh]
  public var seriesLossKWh: Double { parts[0] }
  public var pairsLossKWh: Double { parts[1] }
  public var bleedLossKWh: Double { parts[2] }
  public var linkLossKWh: Double { parts[3] }
  public var hysteresisLossKWh: Double { parts[5] }
  public var chargeLossKWh: Double { parts[6] }
  public var sharingLossKWh: Double { parts[7] }
  public internal(set) var lagLossKWh = 0.0
  /// What the parts do not explain of the cells' loss. [kWh]
  ///
  /// Straight lines over a step miss the bends of the curves; it falls with the square of the step.
  public var curvatureLossKWh: Double {
    cellLossKWh - seriesLossKWh - pairsLossKWh - bleedLossKWh - linkLossKWh - hysteresisLossKWh
      - chargeLossKWh - sharingLossKWh - lagLossKWh
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
  /// Time in which a derating rule left less than the rated power in either direction, asked for or not;
  /// the same for cold cells, and for warm cells or a warm inverter. [s]
  public internal(set) var derateSeconds = 0.0
  public internal(set) var coldSeconds = 0.0
  public internal(set) var heatSeconds = 0.0
  /// AC energy asked for that derating rules refused. [kWh]
  public var deratedKWh: Double {
    // In the order of causes: a dictionary has another one in every run of the program.
    ClipCause.allCases.reduce(0) {
      $1.isDerating ? $0 + (refused.charge[$1] + refused.discharge[$1]) : $0
    }
  }
  /// Hottest and coldest temperature of any cell. [°C]
  public internal(set) var hottestCellC = -Double.infinity
  public internal(set) var coldestCellC = Double.infinity
  /// Largest difference between two cells at one time. [K]
  public internal(set) var largestSpreadK = 0.0
  /// Time with a cell above the temperature limit. [s]
  public internal(set) var secondsAboveLimit = 0.0
  /// Times that a cell's temperature opened the circuit, and how long it was open. [s]
  public internal(set) var cutOffs = 0
  public internal(set) var cutOffSeconds = 0.0
  /// Time in which a policy's kept model said nothing, as its past was not whole. [s]
  public internal(set) var unforeseenSeconds = 0.0
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
  /// Share used up of the life that was left when the twin was built, by the cell that comes to its end first;
  /// nil when all cells were new, or one had none left.
  public internal(set) var leftLifeUsedFraction: Double?
  /// The same by the model of the chemistry that says least and by the one that says most, up to the last full day.
  public internal(set) var leastLifeUsedFraction = 0.0
  public internal(set) var mostLifeUsedFraction = 0.0
  /// Time outside of what the model of ageing was measured under, up to the last full day. [s]
  public internal(set) var beyondAgeingModelSeconds = 0.0
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
