import TimeSeries

/// Output per irradiance, learned for each slot of the day; needs an irradiance forecast and no
/// geometry.
///
/// `G' = G·(1 − .004·(T + .03·G − 25))`, `g = (Σ w·y·G' + λ·ḡ)/(Σ w·G'² + λ)` over 45 days and the
/// slot and its neighbours with weights 1, ½, ½; λ is 3/24 of the mean of `Σ w·G'²` over the slots;
/// `f = g·G'`.
struct SlotGainModel: SlotModel {
  static let days = 45

  mutating func predict(
    _ frame: IssueFrame, state: QuantityState, into values: inout [Double]
  ) {
    guard frame.ahead[.irradiance] != nil, let irradiance = state.observed[.irradiance] else {
      return
    }
    let day = state.profile.slotsPerDay
    let covariates = CovariateColumns(frame: frame, state: state)
    func effective(_ v: Int, _ light: Double) -> Double {
      let air = covariates.value(.ambient, v)
      return light * (1 - 0.004 * ((air.isFinite ? air : 20) + 0.03 * light - 25))
    }
    var products = [Double](repeating: 0, count: day)
    var squares = products
    for i in max(0, frame.known - SlotGainModel.days * day)..<frame.known {
      let light = effective(i, irradiance[irradiance.startIndex + i])
      let output = state.profile.values[i]
      guard light.isFinite, output.isFinite else { continue }
      products[i % day] += output * light
      squares[i % day] += light * light
    }
    let allSquares = squares.reduce(0, +)
    guard allSquares > 0 else { return }
    let mean = products.reduce(0, +) / allSquares
    func weighted(_ sums: [Double], _ slot: Int) -> Double {
      sums[slot] + 0.5 * (sums[(slot + 1) % day] + sums[(slot + day - 1) % day])
    }
    // Every slot's sum appears once with weight 1 and twice with ½.
    let penalty = 3.0 / 24 * 2 * allSquares / Double(day)
    for k in 0..<frame.count {
      let v = frame.first + k
      let light = effective(v, covariates.value(.irradiance, v))
      let gain =
        (weighted(products, v % day) + penalty * mean) / (weighted(squares, v % day) + penalty)
      values[k] = gain * light
    }
  }
}
