/// Takes a twin through a test protocol.
///
/// A step of the protocol is divided into steps of the twin. Where a voltage or a charge is reached within one of
/// them it is cut there, so that what ends a step does not depend on how long they are.
public struct TestRun: Sendable {
  /// The surroundings of a step.
  public struct Surroundings: Sendable, Equatable {
    /// Temperature of the air. [°C]
    public var airC: Double
    /// Sun on the enclosure. [W/m²]
    public var irradianceWPerM2: Double

    /// Sets both.
    public init(airC: Double, irradianceWPerM2: Double = 0) {
      self.airC = airC
      self.irradianceWPerM2 = irradianceWPerM2
    }
  }

  private let test: TestProtocol
  /// What each step came to, so far.
  public private(set) var records: [TestRecord] = []
  /// Time since the start of the protocol. [s]
  public private(set) var elapsedSeconds = 0.0

  /// Longest time of a step that nothing ends. [s]
  public static let longestSeconds = 200 * 3600.0

  /// Prepares a run.
  public init(_ test: TestProtocol) { self.test = test }

  /// Runs all steps.
  ///
  /// - Parameters:
  ///   - twin: The battery.
  ///   - surroundings: Air and sun at a time since the start; the air of a step of the protocol goes before. [s]
  ///   - entry: Is told each step of the twin, its length and the air around it, after it. [s] [°C]
  /// - Throws: `ImpossibleState` as the twin does, and what the closures throw.
  public mutating func run(
    _ twin: inout DigitalTwin, surroundings: (Double) throws -> Surroundings,
    entry: (TwinStep, DigitalTwin, Double, Double) throws -> Void
  ) throws {
    for place in test.places {
      let record = try run(place, &twin, surroundings: surroundings, entry: entry)
      records.append(record)
    }
  }

  private mutating func run(
    _ place: TestProtocol.Place, _ twin: inout DigitalTwin,
    surroundings: (Double) throws -> Surroundings,
    entry: (TwinStep, DigitalTwin, Double, Double) throws -> Void
  ) throws -> TestRecord {
    var goal = TestGoal(place.step, of: twin)
    var record = TestRecord(place, startSeconds: elapsedSeconds)
    let limit = min(place.step.seconds ?? Self.longestSeconds, Self.longestSeconds)
    var end: TestRecord.End?
    while end == nil {
      let left = limit - record.seconds
      guard left > 1e-6 else {
        end = place.step.seconds == nil ? .longest : .time
        break
      }
      var around = try surroundings(elapsedSeconds)
      if let air = place.step.ambientC { around.airC = air }
      let part = try self.part(twin, goal, around, seconds: min(test.stepSeconds, left))
      if let (after, step) = part.done {
        twin = after
        record.add(step, after, seconds: part.seconds)
        elapsedSeconds += part.seconds
        try entry(step, after, part.seconds, around.airC)
        end = goal.limitEnd(step)
      }
      if let met = part.met { end = goal.end(after: met) }
    }
    record.end = end ?? .time
    record.endPackV = twin.pack.packV
    record.endLowestV = twin.pack.lowestV
    record.endHighestV = twin.pack.highestV
    record.endSOC = twin.socFraction
    return record
  }

  /// A step of the twin up to what it met; nothing was done where that was met from the start.
  private struct Part {
    var done: (DigitalTwin, TwinStep)?
    var seconds: Double
    var met: TestRecord.End?
  }

  /// Tries a step of the twin and cuts it where it meets what the step of the protocol is for.
  private func part(
    _ twin: DigitalTwin, _ goal: TestGoal, _ around: Surroundings, seconds: Double
  ) throws -> Part {
    func tried(_ seconds: Double) throws -> (twin: DigitalTwin, step: TwinStep) {
      var trial = twin
      let step = try trial.step(
        goal.request, ambientC: around.airC, seconds: seconds,
        irradianceWPerM2: around.irradianceWPerM2)
      return (trial, step)
    }
    let whole = try tried(seconds)
    guard var met = goal.met(whole.step, whole.twin) else {
      return Part(done: whole, seconds: seconds, met: nil)
    }
    // The longest part of the step that does not pass it, halved to a millisecond.
    var (low, high) = (0.0, seconds)
    var done: (DigitalTwin, TwinStep)?
    while high - low > 1e-3 {
      let middle = 0.5 * (low + high)
      let half = try tried(middle)
      if let sooner = goal.met(half.step, half.twin) {
        high = middle
        met = sooner
      } else {
        low = middle
        done = half
      }
    }
    return Part(done: done, seconds: low, met: met)
  }
}

extension TestRecord {
  /// Adds a step of the twin.
  fileprivate mutating func add(_ step: TwinStep, _ twin: DigitalTwin, seconds: Double) {
    let hours = seconds / 3600
    self.seconds += seconds
    if step.isHeld { heldSeconds += seconds }
    chargeAh += step.packA * hours
    packKWh += step.packA * twin.pack.meanVoltageV / 1000 * hours
    acKWh += step.deliveredKW * hours
    hottestC = max(hottestC, step.hottestCellC)
    refusedKWh += step.clippedKW * hours
    if let cause = step.cause, step.clippedKW * hours > mostRefusedKWh {
      mostRefusedKWh = step.clippedKW * hours
      self.cause = cause
    }
  }
}
