/// What the other models of a chemistry say of the same use: for the mean cell, hour by hour.
///
/// Models fitted to other cells tell losses that differ several times over; the spread is part of the result.
struct OtherAgeing: Sendable, Codable, Equatable {
  private struct Opinion: Sendable, Codable, Equatable {
    let model: AgeingModel
    var state: AgeingState
    var integral = SIMD8<Double>()
    var previous: SIMD8<Double>?
  }
  private var opinions: [Opinion]
  private var sinceLookS = 0.0

  /// Time between looks. [s]
  static let lookSeconds = 3600.0

  init(beside model: AgeingModel, chemistry: Chemistry) {
    opinions = AgeingModel.all(of: chemistry).filter { $0 != model }.map {
      Opinion(model: $0, state: AgeingState($0))
    }
  }

  /// Capacity that each model says is left, as a share of the new one.
  var capacityFactors: [(model: AgeingModel, capacityFactor: Double)] {
    opinions.map { ($0.model, $0.state.capacityFactor($0.model)) }
  }

  /// Looks at the mean temperature and charge of the cells.
  mutating func sample(_ pack: CellPack, seconds: Double, isLast: Bool) {
    sinceLookS += seconds
    guard sinceLookS >= OtherAgeing.lookSeconds || isLast else { return }
    let count = Double(pack.cellCount)
    let celsius = pack.temperatureC.reduce(0, +) / count
    let soc = min(max(pack.meanSOC, 0), 1)
    for k in opinions.indices {
      let rates = opinions[k].model.rates(kelvin: celsius + 273.15, socFraction: soc)
      let earlier = opinions[k].previous ?? rates
      opinions[k].integral += (rates + earlier) * (0.5 * sinceLookS)
      opinions[k].previous = rates
    }
    sinceLookS = 0
  }

  /// Brings every model forward by a window.
  mutating func advance(_ window: AgeingWindow) {
    for k in opinions.indices {
      opinions[k].state.add(opinions[k].model, window, integral: opinions[k].integral)
      opinions[k].integral = SIMD8()
    }
  }
}
