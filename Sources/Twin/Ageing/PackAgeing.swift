/// The ageing of all cells of a pack, fed step by step and brought forward day by day.
///
/// Calendar rates are integrated per cell over its own temperature and charge; cycles are counted on
/// the mean state of charge and scaled to each cell by its capacity.
struct PackAgeing: Sendable, Codable, Equatable {
  let model: AgeingModel
  let specification: AgeingSpecification
  private(set) var states: [AgeingState]
  private var integrals: [SIMD8<Double>]
  private var previous: [SIMD8<Double>]?
  private var sinceSampleS = 0.0
  private var sinceWindowS = 0.0
  private var counter = RainflowCounter()
  private var closed: [ClosedCycle] = []
  private var travel = 0.0
  private var lowest = 1.0
  private var highest = 0.0
  private var lastSOC: Double?
  private var others: OtherAgeing
  /// Time outside of what the model was measured under.
  private(set) var outside = AgeingOutside()
  /// Time that was looked at. [s]
  private(set) var seconds = 0.0

  struct ClosedCycle: Sendable, Codable, Equatable {
    var range: Double
    var count: Double
  }

  init(_ specification: AgeingSpecification, chemistry: Chemistry, cellCount: Int) {
    self.specification = specification
    model = specification.model ?? .standard(for: chemistry)
    states = [AgeingState](repeating: AgeingState(model), count: cellCount)
    integrals = [SIMD8<Double>](repeating: SIMD8(), count: cellCount)
    others = OtherAgeing(beside: model, chemistry: chemistry)
  }

  /// Share of the new capacity that no cell falls below.
  static let leastCapacity = 0.05

  /// Gives a cell a past; to be called before the first step.
  mutating func start(cell: Int, from state: AgeingState) { states[cell] = state }

  /// Takes one step; true when it is time for a sample of the cells.
  mutating func add(
    meanSOC: Double, coldestC: Double, hottestC: Double, dischargeC: Double, seconds: Double
  ) -> Bool {
    self.seconds += seconds
    outside.add(
      model.range, coldestC: coldestC, hottestC: hottestC, dischargeC: dischargeC, seconds: seconds)
    if let lastSOC { travel += abs(meanSOC - lastSOC) }
    lastSOC = meanSOC
    lowest = min(lowest, meanSOC)
    highest = max(highest, meanSOC)
    if specification.counting == .rainflow {
      counter.add(meanSOC) { closed.append(ClosedCycle(range: $0.range, count: $0.count)) }
    }
    sinceSampleS += seconds
    return sinceSampleS >= specification.sampleSeconds
  }

  /// Looks at the cells; true when a day is full and they must be brought forward.
  mutating func sample(_ pack: CellPack) -> Bool {
    let rates = model.rates(of: pack)
    // The first stretch counts at its end.
    let earlier = previous ?? rates
    for j in states.indices { integrals[j] += (rates[j] + earlier[j]) * (0.5 * sinceSampleS) }
    previous = rates
    sinceWindowS += sinceSampleS
    others.sample(pack, seconds: sinceSampleS, isLast: sinceWindowS >= 86400)
    sinceSampleS = 0
    return sinceWindowS >= 86400
  }

  /// Ages every cell by the window that has passed and starts the next.
  mutating func advance(capacityAh: [Double]) {
    guard sinceWindowS > 0 else { return }
    let rate = travel / (sinceWindowS / 3600)
    let mean = capacityAh.reduce(0, +) / Double(capacityAh.count)
    var windowCycles = closed
    if specification.counting == .dayWindow, highest > lowest {
      windowCycles = [
        ClosedCycle(range: highest - lowest, count: 0.5 * travel / (highest - lowest))
      ]
    }
    let window = AgeingWindow(
      seconds: sinceWindowS, cycles: windowCycles.map { ($0.range, $0.count) }, cRate: rate)
    for j in states.indices {
      states[j].add(
        model, window, integral: integrals[j], depthFactor: mean / capacityAh[j])
      integrals[j] = SIMD8()
    }
    others.advance(window)
    sinceWindowS = 0
    travel = 0
    lowest = lastSOC ?? 1
    highest = lastSOC ?? 0
    closed.removeAll(keepingCapacity: true)
  }

  /// Capacity of the most aged cell, as a share of its new one.
  var lowestCapacityFactor: Double {
    states.reduce(1) { min($0, $1.capacityFactor(model)) }
  }

  /// Capacity that other models of the chemistry say is left of the mean cell; nothing where cells have a past.
  func otherCapacityFactors(since starts: PackStart) -> [(
    model: AgeingModel, capacityFactor: Double
  )] {
    starts.leastCapacity < 0.999 ? [] : others.capacityFactors
  }

  /// Share of the life that was used up since the twin was built, by the cell that used most.
  func lifeUsedFraction(since starts: PackStart) -> Double {
    var used = 1 - lowestCapacityFactor
    if !starts.isFresh {
      used = states.indices.reduce(0) {
        max($0, (starts.cell($1)?.capacityFactor ?? 1) - states[$1].capacityFactor(model))
      }
    }
    return max(0, used / (1 - specification.endOfLifeFraction))
  }

  /// Share of the life that cells had left when the twin was built that was used up since, by the cell that
  /// comes to its end first; nil when all cells were new.
  func leftLifeUsedFraction(since starts: PackStart) -> Double? {
    let end = specification.endOfLifeFraction
    guard starts.leastCapacity < 1, starts.leastCapacity > end else { return nil }
    return states.indices.reduce(0) {
      let start = starts.cell($1)?.capacityFactor ?? 1
      return max($0, (start - states[$1].capacityFactor(model)) / (start - end))
    }
  }
}
