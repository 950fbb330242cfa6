/// A measurement that a kept model of temperatures may look at, by the word of documents.
public enum HeatSignal: String, Sendable, CaseIterable, Codable {
  case hottestCell = "hottest_c"
  case coldestCell = "coldest_c"
  case charge = "soc_fraction"
  case lowestVoltage = "lowest_v"
  case highestVoltage = "highest_v"
  case heatsink = "heatsink_c"
  case air = "ambient_c"
  case current = "current_a"
}

/// What was measured at the start of a step, and what is asked for next.
struct HeatReadings {
  var seen: DeratingPolicy.Reading
  var heatsinkC: Double
  /// Air around the inverter. [°C]
  var airC: Double
  /// Current that is asked for, positive in discharge; nil where nobody knows. [A]
  var plannedA: Double?

  func value(_ signal: HeatSignal, currentA: Double) -> Double {
    switch signal {
    case .hottestCell: seen.hottestC
    case .coldestCell: seen.coldestC
    case .charge: seen.lowestSOC
    case .lowestVoltage: seen.lowestV
    case .highestVoltage: seen.highestV
    case .heatsink: heatsinkC
    case .air: airC
    case .current: currentA
    }
  }
}

/// What a model says of the lead to come.
public struct HeatOutlook: Sendable, Equatable, Codable {
  /// Change of the temperature over the lead; nil where the model says chances alone. [K]
  public var riseK: Double?
  /// Chance that the limit is reached within the lead.
  public var probability: Double

  /// States a change and a chance.
  public init(riseK: Double?, probability: Double) {
    self.riseK = riseK
    self.probability = probability
  }
}

/// The samples that a model looks back on: all that it knows, and part of a twin's state.
public struct HeatPast: Sendable, Equatable, Codable {
  /// Instants of the samples. [s]
  public var instants: [Int] = []
  /// One value per signal and sample.
  public var rows: [[Double]] = []
  /// Newest value of each signal, and when it was measured. [s]
  public var newest: [Double] = []
  public var newestAt: [Int?] = []
  /// First value of the first signal.
  public var first: Double?
  /// Temperature of a body that a model simulates along with the samples. [°C]
  public var bodyC: Double?
  /// What was said at the newest sample.
  public var outlook: HeatOutlook?

  /// Starts without a past.
  public init() {}
}

/// A model of temperatures that was fitted elsewhere and is asked step by step.
public protocol HeatForecast: Sendable {
  /// What the model looks at, the temperature that it foresees first.
  var signals: [HeatSignal] { get }
  /// How far ahead it looks. [s]
  var leadSeconds: Double { get }
  /// Temperature whose chance it tells. [°C]
  var limitC: Double { get }
  /// Distance of the samples that it was fitted on. [s]
  var stepSeconds: Double { get }
  /// Takes what is measured at an instant into the past and says what comes.
  ///
  /// - Parameters:
  ///   - past: What was measured so far.
  ///   - instant: Time, later than that of the past. [s]
  ///   - values: One per signal; not a number where nothing was measured.
  ///   - plannedA: Current that is to flow over the lead; nil where nobody knows. [A]
  /// - Returns: The outlook, or nothing while the past is not whole.
  func foresee(
    _ past: inout HeatPast, at instant: Int, _ values: [Double], plannedA: Double?
  ) -> HeatOutlook?
}

/// A kept model with what tells it from another.
public struct KeptHeatModel: Sendable, Equatable, CustomDebugStringConvertible {
  /// The model's document.
  public let path: String
  /// Identifies its numbers and what stands for its signals.
  public let fingerprint: String
  /// Whether the document pins the fingerprint.
  public let isPinned: Bool
  /// What stands for signals that no usual one does, by the model's names.
  public let signals: [String: HeatSignal]
  /// The model.
  public let forecast: any HeatForecast

  /// Names a model.
  public init(
    path: String, fingerprint: String, isPinned: Bool = false,
    signals: [String: HeatSignal] = [:], forecast: any HeatForecast
  ) {
    self.path = path
    self.fingerprint = fingerprint
    self.isPinned = isPinned
    self.signals = signals
    self.forecast = forecast
  }

  /// Equal numbers that look at the same signals are one model.
  public static func == (a: KeptHeatModel, b: KeptHeatModel) -> Bool {
    a.fingerprint == b.fingerprint && a.forecast.signals == b.forecast.signals
  }

  /// All that a specification's fingerprint needs to know of it.
  public var debugDescription: String {
    "KeptHeatModel(\(fingerprint), \(forecast.signals.map(\.rawValue).joined(separator: ",")))"
  }

  /// Longest step that leaves its past whole: a larger distance of samples is a gap. [s]
  public var longestStepSeconds: Double { 1.5 * forecast.stepSeconds }

  /// Takes a step's readings in, no denser than the model was fitted on, and returns what it says.
  func outlook(
    _ past: inout HeatPast, _ readings: HeatReadings, currentA: Double, now: Double
  ) -> HeatOutlook? {
    let instant = Int(now.rounded())
    // Steps a quarter shorter than its own still count: a logger's clock is not exact.
    if let last = past.instants.last, Double(instant - last) < 0.75 * forecast.stepSeconds {
      return past.outlook
    }
    let values = forecast.signals.map { readings.value($0, currentA: currentA) }
    past.outlook = forecast.foresee(&past, at: instant, values, plannedA: readings.plannedA)
    return past.outlook
  }
}
