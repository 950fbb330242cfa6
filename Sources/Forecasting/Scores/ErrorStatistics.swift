/// Error measures of a forecast version, gathered pair by pair.
///
/// The error is forecast minus actual. Pairs with a missing side are counted and left out. Each
/// valid slot may come in once per issue; leads are kept apart.
package struct ErrorStatistics: Sendable {
  /// Sums over pairs; measures are NaN without pairs.
  package struct Sums: Sendable, Hashable {
    /// Number of pairs.
    package var count = 0
    var absoluteError = 0.0
    var squaredError = 0.0
    var error = 0.0
    var absoluteActual = 0.0

    /// Holds no pair.
    package init() {}

    /// Mean absolute error, in the unit of the quantity.
    package var mae: Double { absoluteError / Double(count) }
    /// Root mean squared error, in the unit of the quantity.
    package var rmse: Double { (squaredError / Double(count)).squareRoot() }
    /// Mean error, positive when the forecast is too high, in the unit of the quantity.
    package var bias: Double { error / Double(count) }
    /// Sum of absolute errors over the sum of absolute actual values.
    package var nmae: Double { absoluteError / absoluteActual }

    mutating func add(_ forecast: Double, _ actual: Double) {
      let e = forecast - actual
      count += 1
      absoluteError += abs(e)
      squaredError += e * e
      error += e
      absoluteActual += abs(actual)
    }

    mutating func add(_ other: Sums) {
      count += other.count
      absoluteError += other.absoluteError
      squaredError += other.squaredError
      error += other.error
      absoluteActual += other.absoluteActual
    }
  }

  /// Over all pairs.
  package private(set) var total = Sums()
  /// By lead in slots; position 0 is the slot that begins at the issue time.
  package private(set) var byLead: [Sums] = []
  /// Pairs left out because one side was missing.
  package private(set) var missingPairs = 0

  /// Holds no pair.
  package init() {}

  /// Mean absolute error, in the unit of the quantity.
  package var mae: Double { total.mae }
  /// Root mean squared error, in the unit of the quantity.
  package var rmse: Double { total.rmse }
  /// Mean error, positive when the forecast is too high, in the unit of the quantity.
  package var bias: Double { total.bias }
  /// Sum of absolute errors over the sum of absolute actual values.
  package var nmae: Double { total.nmae }
  /// Number of pairs.
  package var count: Int { total.count }

  /// Takes in one pair.
  ///
  /// - Parameters:
  ///   - forecast: Point forecast.
  ///   - actual: What happened.
  ///   - lead: Slots from the issue time to the valid time.
  package mutating func add(forecast: Double, actual: Double, lead: Int) {
    guard forecast.isFinite, actual.isFinite else {
      missingPairs += 1
      return
    }
    total.add(forecast, actual)
    while byLead.count <= lead { byLead.append(Sums()) }
    byLead[lead].add(forecast, actual)
  }

  /// Takes in the pairs of a whole forecast; `actual` has one value per slot of it.
  package mutating func add(_ forecast: Forecast, actual: some Collection<Double>) {
    for (lead, (value, truth)) in zip(forecast.values, actual).enumerated() {
      add(forecast: value, actual: truth, lead: lead)
    }
  }

  /// Returns the measures over a range of leads, in slots.
  package func over(leads: Range<Int>) -> Sums {
    var sums = Sums()
    for lead in leads where lead < byLead.count { sums.add(byLead[lead]) }
    return sums
  }
}
