/// What a laboratory does to a battery: steps in order, parts of them repeated.
public struct TestProtocol: Sendable, Equatable {
  /// A step, or steps that are repeated as cycles.
  public indirect enum Item: Sendable, Equatable {
    case step(TestStep)
    case cycles(Int, [Item])
  }

  /// A step as it is run, and where it stands.
  public struct Place: Sendable, Equatable {
    /// The step.
    public var step: TestStep
    /// Its number in the document, counted from 1.
    public var number: Int
    /// Cycle of the outermost repetition, counted from 1 over the whole protocol; nil outside of any.
    public var cycle: Int?
  }

  /// Name shown in results.
  public var name: String
  /// Steps and repetitions.
  public var items: [Item]
  /// Longest step of the twin. [s]
  public var stepSeconds: Double
  /// State of charge at the start; that of the scenario when nil.
  public var startSOC: Double?
  /// Temperature of everything at the start; that of the air when nil. [°C]
  public var startTemperatureC: Double?
  /// Air around the battery; that of the history when nil. [°C]
  public var ambientC: Double?

  /// Longest step of the twin when none is stated. [s]
  public static let usualStepSeconds = 10.0
  /// Most steps that a protocol may come to.
  public static let mostSteps = 10_000

  /// Puts a protocol together.
  public init(
    name: String, items: [Item], stepSeconds: Double = TestProtocol.usualStepSeconds,
    startSOC: Double? = nil, startTemperatureC: Double? = nil, ambientC: Double? = nil
  ) {
    self.name = name
    self.items = items
    self.stepSeconds = stepSeconds
    self.startSOC = startSOC
    self.startTemperatureC = startTemperatureC
    self.ambientC = ambientC
  }

  /// Number of steps that are run, or a number above `mostSteps` where there are more.
  public var count: Int { Self.count(items) }

  private static func count(_ items: [Item]) -> Int {
    var sum = 0
    for item in items {
      switch item {
      case .step: sum += 1
      case .cycles(let times, let inner):
        let (product, overflow) = times.multipliedReportingOverflow(by: count(inner))
        if overflow { return mostSteps + 1 }
        sum += min(product, mostSteps + 1)
      }
      if sum > mostSteps { return mostSteps + 1 }
    }
    return sum
  }

  /// Every step in the order in which it is run.
  public var places: [Place] {
    var places: [Place] = []
    var number = 0
    var cycle = 0
    func add(_ items: [Item], inCycle current: Int?) {
      for item in items {
        switch item {
        case .step(let step):
          number += 1
          places.append(Place(step: step, number: number, cycle: current))
        case .cycles(let times, let inner):
          let first = number
          for _ in 0..<times {
            // The same steps of the document again.
            number = first
            if current == nil { cycle += 1 }
            add(inner, inCycle: current ?? cycle)
          }
        }
      }
    }
    add(items, inCycle: nil)
    return places
  }
}
