/// A load that needs an amount of energy within a stretch of time and does not care when.
public struct DeferrableLoad: Sendable, Hashable {
  /// Name of the load.
  public var name: String
  /// Highest power. [kW]
  public var powerKW: Double
  /// What has to be done, in slots of the plan.
  public var tasks: [Task]

  /// An amount of energy within a stretch of slots.
  public struct Task: Sendable, Hashable {
    /// Slots in which the load may run.
    public var slots: Range<Int>
    /// Energy it needs there. [kWh]
    public var energyKWh: Double

    /// Creates a task.
    public init(slots: Range<Int>, energyKWh: Double) {
      self.slots = slots
      self.energyKWh = energyKWh
    }
  }

  /// Creates a load.
  public init(name: String, powerKW: Double, tasks: [Task]) {
    self.name = name
    self.powerKW = powerKW
    self.tasks = tasks
  }
}
