public import Tariffs

/// The peak that execution may not exceed, held over plans.
///
/// Every re-plan errs with its forecast. The latest one would let each error raise the peak, and the lowest
/// of a day is the luckiest: a battery that holds it runs empty before the real peak. So the target in
/// force is the median of the targets of the day's plans; no single plan moves it far. A realised peak above
/// it raises it, and a new day or billing month starts afresh.
public struct PeakGuard: Sendable {
  /// One demand price under guard.
  public struct Target: Sendable, Hashable {
    /// Name of the rule with its period.
    public var label: String
    /// Import not to exceed. [kW]
    public var levelKW: Double
    /// Peak so far where the level is a target that plans hold; import above it has a price. [kW]
    public var lineKW: Double?
  }

  /// Targets in force.
  public private(set) var targets: [Target] = []
  /// Targets of the plans of the day by demand price, lowest first.
  private var planned: [String: [Double]] = [:]
  private var sums: [(label: String, energyKWh: Double, seconds: Double)] = []
  private var day: Int?

  /// Guards nothing yet.
  public init() {}

  /// Takes in the targets of a new plan.
  ///
  /// - Parameters:
  ///   - plan: The new plan.
  ///   - demands: Its demand prices.
  ///   - day: Local day number; on a new day the plan's targets are taken as they are.
  public mutating func adopt(_ plan: Plan, demands: [DemandPrice], day: Int) {
    if self.day != day { planned = [:] }
    self.day = day
    var next: [Target] = []
    for (k, demand) in demands.enumerated() where demand.pricePerKW > 0 {
      var ofDay = planned[demand.label] ?? []
      let target = plan.peakTargetKW[k]
      ofDay.insert(target, at: ofDay.firstIndex { $0 > target } ?? ofDay.count)
      planned[demand.label] = ofDay
      // Of an even number of plans the lower middle one counts.
      let median = ofDay[(ofDay.count - 1) / 2]
      next.append(
        Target(
          label: demand.label, levelKW: max(median, demand.incurredKW),
          lineKW: demand.held?.meteredKW))
    }
    targets = next
  }

  /// Returns the import a tick may have so that the metering intervals it is in end at their targets.
  ///
  /// - Parameters:
  ///   - slot: The slot of the plan in force.
  ///   - demands: Its demand prices.
  ///   - meteringSeconds: Length of a metering interval. [s]
  /// - Returns: The highest import now; `infinity` where nothing is held. [kW]
  public func importAllowanceKW(
    slot: Int, demands: [DemandPrice], meteringSeconds: Double
  ) -> Double {
    var allowance = Double.infinity
    for demand in demands where slot < demand.applies.count && demand.applies[slot] {
      guard let target = targets.first(where: { $0.label == demand.label }) else { continue }
      allowance = min(
        allowance, allowanceKW(target.levelKW, demand.label, meteringSeconds: meteringSeconds))
    }
    return allowance
  }

  /// Returns the import a tick may have at most at the price of energy, and what more of it costs: the
  /// lines at the peaks so far where targets are held.
  ///
  /// - Parameters:
  ///   - slot: The slot of the plan in force.
  ///   - demands: Its demand prices.
  ///   - meteringSeconds: Length of a metering interval. [s]
  /// - Returns: One line per demand price that has one in the slot.
  public func importLines(
    slot: Int, demands: [DemandPrice], meteringSeconds: Double
  ) -> [ImportLine] {
    var lines: [ImportLine] = []
    for demand in demands where slot < demand.applies.count && demand.applies[slot] {
      guard let held = demand.held,
        let line = targets.first(where: { $0.label == demand.label })?.lineKW
      else { continue }
      lines.append(
        ImportLine(
          aboveKW: allowanceKW(line, demand.label, meteringSeconds: meteringSeconds),
          pricePerKWh: held.linePricePerKW * 3600 / meteringSeconds))
    }
    return lines
  }

  /// Import for the rest of a metering interval that brings its mean to a level. [kW]
  private func allowanceKW(
    _ levelKW: Double, _ label: String, meteringSeconds: Double
  ) -> Double {
    let sum = sums.first { $0.label == label }
    let left = (meteringSeconds - (sum?.seconds ?? 0)) / 3600
    let budget = levelKW * meteringSeconds / 3600 - (sum?.energyKWh ?? 0)
    return left > 0 ? max(0, budget / left) : levelKW
  }

  /// Enters what was imported in a tick; a full interval above the target or the peak so far raises it.
  public mutating func record(
    importKW: Double, seconds: Double, slot: Int, demands: [DemandPrice], meteringSeconds: Double
  ) {
    for demand in demands where slot < demand.applies.count && demand.applies[slot] {
      var place = sums.firstIndex { $0.label == demand.label }
      if place == nil {
        sums.append((demand.label, 0, 0))
        place = sums.count - 1
      }
      guard let place else { continue }
      sums[place].energyKWh += max(0, importKW) * seconds / 3600
      sums[place].seconds += seconds
      if sums[place].seconds >= meteringSeconds - 1e-6 {
        let mean = sums[place].energyKWh * 3600 / sums[place].seconds
        sums.remove(at: place)
        if let t = targets.firstIndex(where: { $0.label == demand.label }) {
          targets[t].levelKW = max(targets[t].levelKW, mean)
          targets[t].lineKW = targets[t].lineKW.map { max($0, mean) }
        }
      }
    }
  }
}

/// An import above which each kWh of a tick costs more than energy does.
public struct ImportLine: Sendable, Hashable {
  /// Import up to which energy costs no more. [kW]
  public var aboveKW: Double
  /// Price above, on top of the price of energy. [currency/kWh]
  public var pricePerKWh: Double

  /// Creates a line.
  public init(aboveKW: Double, pricePerKWh: Double) {
    self.aboveKW = aboveKW
    self.pricePerKWh = pricePerKWh
  }
}
