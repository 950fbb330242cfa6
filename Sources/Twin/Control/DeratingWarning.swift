package import Diagnostics

/// A rule that foresees a temperature and cuts power by levels of alarm.
///
/// The temperature at the end of the lead is taken to be normal about its forecast, so that the probability of
/// being above the limit by then is Φ((T + ΔT − limit)/error).
public struct DeratingWarning: Sendable, Equatable {
  /// A level of alarm: it holds when everything that it states does.
  public struct Level: Sendable, Equatable {
    /// Least probability of being above the limit at the end of the lead.
    public var probability: Double?
    /// Least rise within the lead. [K]
    public var riseK: Double?
    /// Least temperature now. [°C]
    public var aboveC: Double?
    /// Share of the rating that it leaves.
    public var fraction: Double

    /// Sets the conditions of a level and what it leaves.
    public init(
      probability: Double? = nil, riseK: Double? = nil, aboveC: Double? = nil, fraction: Double
    ) {
      self.probability = probability
      self.riseK = riseK
      self.aboveC = aboveC
      self.fraction = fraction
    }
  }

  /// How the temperature is foreseen.
  public var foresight: ThermalForesight
  /// A kept model that foresees it in place of `foresight`.
  ///
  /// While its past is not whole, the temperature is taken to stay as it is.
  public var model: KeptHeatModel?
  /// How far ahead. [s]
  public var leadSeconds: Double
  /// Temperature that is to be avoided. [°C]
  public var limitC: Double
  /// Standard deviation of the forecast's error. [K]
  public var errorK: Double
  /// Levels in order: the first that holds counts, and the whole rating is left where none does.
  public var levels: [Level]
  /// How far the temperature must have moved back before power returns. [K]
  public var hysteresisK: Double
  /// Time without a further cut before power returns. [s]
  public var dwellSeconds: Double
  /// Fastest return, as a share of the rating. [1/min]
  public var risePerMinute: Double

  /// Sets up a rule; by default power returns as soon as the level is over.
  public init(
    foresight: ThermalForesight = .trend, model: KeptHeatModel? = nil, leadSeconds: Double,
    limitC: Double, errorK: Double, levels: [Level], hysteresisK: Double = 0,
    dwellSeconds: Double = 0,
    risePerMinute: Double = .infinity
  ) {
    self.foresight = foresight
    self.model = model
    self.leadSeconds = leadSeconds
    self.limitC = limitC
    self.errorK = errorK
    self.levels = levels
    self.hysteresisK = hysteresisK
    self.dwellSeconds = dwellSeconds
    self.risePerMinute = risePerMinute
  }

  /// Returns the share that is left.
  ///
  /// - Parameters:
  ///   - temperatureC: Temperature now. [°C]
  ///   - riseK: By how much it rises within the lead. [K]
  ///   - probability: Probability of being above the limit, where something else than the rise tells it.
  /// - Returns: The share of the first level that holds; 1 where none does.
  func share(temperatureC: Double, riseK: Double, probability: Double? = nil) -> Double {
    let risk = probability ?? self.probability(temperatureC: temperatureC, riseK: riseK)
    let level = levels.first { level in
      level.probability.map { risk >= $0 } ?? true && level.riseK.map { riseK >= $0 } ?? true
        && level.aboveC.map { temperatureC >= $0 } ?? true
    }
    return level?.fraction ?? 1
  }

  /// Returns the probability of being above the limit at the end of the lead.
  func probability(temperatureC: Double, riseK: Double) -> Double {
    PortableMath.normalCDF((temperatureC + riseK - limitC) / errorK)
  }

  /// Returns everything that makes the rule impossible.
  package func problems() -> Findings {
    var found = Findings()
    for (key, value) in [("lead_s", leadSeconds), ("error_k", errorK)] where !(value > 0) {
      found.error("'\(key)' must be positive, found '\(value)'", key: key)
    }
    if leadSeconds > 3600 {
      found.error("'lead_s' must be at most 3600, found '\(leadSeconds)'", key: "lead_s")
    }
    if let forecast = model?.forecast {
      for (key, own, stated) in [
        ("lead_s", forecast.leadSeconds, leadSeconds), ("limit_c", forecast.limitC, limitC),
      ] where own != stated {
        found.error(
          "'\(key)' must be that of the model, \(plain(own)), found '\(plain(stated))'", key: key)
      }
    }
    for level in levels {
      if level.probability == nil, level.riseK == nil, level.aboveC == nil {
        found.error(
          "a level needs 'probability', 'rise_k' or 'above_c'", key: "levels")
      }
      if !(level.fraction >= 0 && level.fraction <= 1) {
        found.error(
          "'fraction' must be a fraction from 0 to 1, found '\(level.fraction)'", key: "levels")
      }
    }
    return found
  }
}

/// What a warning remembers between steps.
struct WarningMemory: Sendable, Equatable, Codable {
  private(set) var share = 1.0
  private var waitS = 0.0

  /// Moves by one step.
  ///
  /// - Parameters:
  ///   - rule: The rule.
  ///   - temperatureC: Temperature now. [°C]
  ///   - riseK: By how much it rises within the lead. [K]
  ///   - probability: Probability of being above the limit, where something else than the rise tells it.
  ///   - seconds: Length of the step. [s]
  mutating func update(
    _ rule: DeratingWarning, temperatureC: Double, riseK: Double, probability: Double?,
    seconds: Double
  ) {
    let now = rule.share(temperatureC: temperatureC, riseK: riseK, probability: probability)
    if now < share {
      share = now
      waitS = 0
      return
    }
    waitS += seconds
    let safe = rule.share(
      temperatureC: temperatureC + rule.hysteresisK, riseK: riseK, probability: probability)
    guard seconds > 0, waitS > rule.dwellSeconds, safe > share else { return }
    share = min(safe, share + rule.risePerMinute * seconds / 60)
  }
}
