/// The cells of a battery by when they were bought, and what they have lost.
struct CellCohorts: Sendable {
  /// Cells bought together.
  struct Cohort: Sendable {
    /// Capacity when new, as a share of the battery's nominal one.
    var share: Double
    /// Time since they were new. [a]
    var age: Double
    /// Share of their own capacity lost.
    var lost: Double
    /// Share of their own resistance gained.
    var grown: Double
  }

  private(set) var cohorts: [Cohort]

  init(share: Double = 1, age: Double = 0, lost: Double = 0, grown: Double = 0) {
    cohorts = [Cohort(share: share, age: age, lost: lost, grown: grown)]
  }

  /// Capacity left over the nominal one, when the weakest cells have lost a number of times as much as the mean.
  func capacity(weakness: Double = 1) -> Double {
    cohorts.reduce(0) { $0 + $1.share * (1 - min(1, weakness * $1.lost)) }
  }

  /// Resistance over that of new cells: cohorts are side by side.
  var resistance: Double {
    1 / cohorts.reduce(0) { $0 + $1.share / (1 + $1.grown) }
  }

  /// Age of the cells, weighted by capacity. [a]
  var age: Double {
    let shares = cohorts.reduce(0) { $0 + $1.share }
    return cohorts.reduce(0) { $0 + $1.share * $1.age } / shares
  }

  /// Lets time pass.
  ///
  /// - Parameters:
  ///   - years: The time. [a]
  ///   - law: The course of the losses.
  ///   - scale: What is lost over what the law says.
  mutating func advance(
    years: Double, law: FadeLaw, scale: (capacity: Double, resistance: Double)
  ) {
    for i in cohorts.indices {
      let age = cohorts[i].age
      let lost = law.losses(from: age, to: age + years)
      cohorts[i].lost += scale.capacity * lost.capacity
      cohorts[i].grown += scale.resistance * lost.resistance
      cohorts[i].age += years
    }
  }

  /// Returns the time until the weakest cells have come down to a capacity; nothing where that takes longer.
  func time(
    untilCapacity end: Double, weakness: Double, within years: Double, law: FadeLaw,
    scale: (capacity: Double, resistance: Double)
  ) -> Double? {
    func left(after time: Double) -> Double {
      var later = self
      later.advance(years: time, law: law, scale: scale)
      return later.capacity(weakness: weakness)
    }
    guard left(after: years) <= end else { return nil }
    var (low, high) = (0.0, years)
    for _ in 0..<50 {
      let middle = 0.5 * (low + high)
      if left(after: middle) > end { low = middle } else { high = middle }
    }
    return high
  }

  /// Adds new cells that make up for what is lost.
  ///
  /// - Returns: Their capacity as a share of the nominal one.
  mutating func augment() -> Double {
    let missing = max(0, 1 - capacity())
    cohorts.append(Cohort(share: missing, age: 0, lost: 0, grown: 0))
    return missing
  }
}
