/// The half-width of an interval as a function of its level: Student's quantile times a scale.
package struct StudentSpread: Sendable, Hashable {
  /// Half-width for a quantile of one, at least zero.
  package let scale: Double
  /// Degrees of freedom of the quantile, at least 1.
  package let degreesOfFreedom: Int

  /// Sets up a spread; fewer than one degree of freedom counts as one.
  package init(scale: Double, degreesOfFreedom: Int) {
    self.scale = scale
    self.degreesOfFreedom = max(1, degreesOfFreedom)
  }

  /// Returns the half-width of a two-sided interval.
  ///
  /// - Parameter level: Coverage, 0…1.
  /// - Returns: The half-width, in the unit of the scale.
  package func halfWidth(level: Double) -> Double {
    if scale == 0 { return 0 }
    return scale * StudentT(degreesOfFreedom: degreesOfFreedom).quantile(0.5 + level / 2)
  }
}
