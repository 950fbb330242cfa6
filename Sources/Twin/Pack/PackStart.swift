import Diagnostics

/// What the cells of a pack have behind them when a twin is built, by the modules that say so.
struct PackStart: Sendable {
  /// What one module has behind it.
  struct Module: Sendable {
    /// Factors on capacity and resistance of a new cell, besides those of `state`.
    var capacity = 1.0
    var resistance = 1.0
    /// Ageing so far; that of a new cell when nil.
    var state: AgeingState?
    /// Capacity and resistance over those of a new cell, all in all.
    var capacityFactor = 1.0
    var resistanceFactor = 1.0
    var socDifference = 0.0
  }

  private let modules: [Module]
  /// Module of each cell, −1 for none; empty where no module is named.
  private let places: [Int]

  /// Works out what modules have behind them; they were checked before.
  init(
    _ conditions: [ModuleCondition], series: Int, parallel: Int, strings: Int,
    chemistry: Chemistry, ageing: AgeingSpecification?
  ) {
    modules = conditions.map {
      Module($0, model: ageing.map { $0.model ?? .standard(for: chemistry) })
    }
    var places: [Int] = []
    if !conditions.isEmpty {
      places = [Int](repeating: -1, count: series * parallel * strings)
      for (index, condition) in conditions.enumerated() {
        for cell in condition.numbers(series: series, parallel: parallel, strings: strings) {
          places[cell] = index
        }
      }
    }
    self.places = places
  }

  /// Number of the module that a cell belongs to.
  func module(ofCell cell: Int) -> Int? {
    guard !places.isEmpty, places[cell] >= 0 else { return nil }
    return places[cell]
  }

  /// What a cell has behind it; nil for a new one.
  func cell(_ cell: Int) -> Module? { module(ofCell: cell).map { modules[$0] } }

  /// Whether all cells are new and charged alike.
  var isFresh: Bool { places.isEmpty }

  /// Least capacity and largest resistance of any cell over those of a new one.
  var leastCapacity: Double { modules.reduce(1) { min($0, $1.capacityFactor) } }
  var largestResistance: Double { modules.reduce(1) { max($0, $1.resistanceFactor) } }
  /// Largest resistance over the smallest one.
  var resistanceRatio: Double {
    largestResistance / modules.reduce(1) { min($0, $1.resistanceFactor) }
  }
}

extension PackStart.Module {
  /// Works out what a module has behind it.
  ///
  /// - Parameters:
  ///   - condition: What is known of it.
  ///   - model: The model by which it goes on ageing; nil when it does not.
  init(_ condition: ModuleCondition, model: AgeingModel?) {
    socDifference = condition.socDifference
    guard let model else {
      capacity = condition.capacityFactor ?? 1
      resistance = condition.resistanceFactor ?? 1
      (capacityFactor, resistanceFactor) = (capacity, resistance)
      return
    }
    guard
      condition.age != nil || condition.capacityFactor != nil
        || condition.resistanceFactor != nil
    else { return }
    // What is measured of a cell of unknown age was lost as a cell does that is used every day.
    let usual = CellAge(years: 10, fullCycles: 3652.5)
    var state = AgeingState(model)
    if condition.age != nil || condition.capacityFactor.map({ $0 < 1 }) ?? false {
      state = AgeingState(model, after: condition.age ?? usual)
      if let share = condition.capacityFactor { state.setCapacity(model, factor: share) }
    }
    if let factor = condition.resistanceFactor ?? (condition.age == nil ? 1 : nil) {
      state.setGrowth(to: max(0, factor - 1))
      resistance = factor / state.resistanceFactor(model)
    }
    capacityFactor = state.capacityFactor(model)
    resistanceFactor = resistance * state.resistanceFactor(model)
    guard capacityFactor != AgeingState(model).capacityFactor(model) || resistanceFactor != 1
    else {
      // As good as new; a new cell to the last bit.
      (capacityFactor, resistanceFactor, resistance) = (1, 1, 1)
      return
    }
    self.state = state
  }
}

extension TwinSpecification {
  /// Returns everything that makes the modules of a pack impossible; the pack itself is possible.
  static func problems(
    of modules: [ModuleCondition], series: Int, parallel: Int, strings: Int,
    ageing: AgeingSpecification?
  ) -> Findings {
    var found = Findings()
    var names: Set<String> = []
    var owner: [Int: String] = [:]
    for module in modules {
      if !names.insert(module.name).inserted {
        found.error("modules need distinct names, found '\(module.name)' again", key: "name")
      }
      let own = module.problems(
        series: series, parallel: parallel, strings: strings, ageing: ageing)
      found.append(contentsOf: own.all)
      guard own.all.isEmpty else { continue }
      var other: String?
      for cell in module.numbers(series: series, parallel: parallel, strings: strings) {
        other = other ?? owner[cell]
        owner[cell] = module.name
      }
      if let other {
        found.error("modules '\(other)' and '\(module.name)' share cells", key: "groups")
      }
    }
    return found
  }
}
