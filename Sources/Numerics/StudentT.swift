/// Student's t distribution for a whole number of degrees of freedom.
///
/// The finite series of M. Abramowitz, I. A. Stegun, Handbook of Mathematical Functions, 26.7.3
/// and 26.7.4.
package struct StudentT: Sendable {
  /// Degrees of freedom, at least 1.
  package let degreesOfFreedom: Int

  /// Sets up the distribution.
  package init(degreesOfFreedom: Int) {
    precondition(degreesOfFreedom > 0, "there is at least one degree of freedom")
    self.degreesOfFreedom = degreesOfFreedom
  }

  /// Probability of a value between −t and t, for t ≥ 0.
  package func central(_ t: Double) -> Double {
    guard t.isFinite else { return 1 }
    let n = Double(degreesOfFreedom)
    let radius = (n + t * t).squareRoot()
    let cosine2 = n / (radius * radius)
    let sine = t / radius
    let isOdd = degreesOfFreedom % 2 == 1
    var term = isOdd ? cosine2.squareRoot() : 1
    var sum = degreesOfFreedom == 1 ? 0 : term
    var k = isOdd ? 3 : 2
    while k < degreesOfFreedom {
      term *= Double(k - 1) / Double(k) * cosine2
      sum += term
      k += 2
    }
    guard isOdd else { return min(1, sine * sum) }
    return min(1, 2 / Double.pi * (arctangent(t / n.squareRoot()) + sine * sum))
  }

  /// Probability of a value further from zero than t on either side.
  package func twoSided(_ t: Double) -> Double { max(0, 1 - central(abs(t))) }

  /// The value below which a probability of at least one half lies.
  ///
  /// - Parameter probability: ½ ≤ p < 1.
  /// - Returns: The quantile, at least 0, to 14 digits.
  package func quantile(_ probability: Double) -> Double {
    precondition(probability >= 0.5 && probability < 1, "a probability in the upper half")
    let wanted = 2 * probability - 1
    var high = 1.0
    while central(high) < wanted, high < 1e12 { high *= 2 }
    var low = 0.0
    for _ in 0..<200 where high - low > 1e-14 * high {
      let middle = 0.5 * (low + high)
      if central(middle) < wanted { low = middle } else { high = middle }
    }
    return 0.5 * (low + high)
  }
}
