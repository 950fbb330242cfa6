/// Changes of step that keep the mean, so that energy is conserved.
extension Series {
  /// Returns the series on another grid.
  ///
  /// A longer step takes the mean of the intervals it covers and is missing when any of them is;
  /// a shorter step repeats the value. Intervals outside this series are missing.
  ///
  /// - Parameter target: A grid whose step is a multiple or a divisor of this step and whose
  ///   start lies on a boundary of the finer of the two.
  /// - Returns: One value per interval of the target.
  package func resampled(to target: TimeGrid) -> Series {
    if target == grid { return self }
    let fine = min(grid.stepSeconds, target.stepSeconds)
    let coarse = max(grid.stepSeconds, target.stepSeconds)
    precondition(
      coarse % fine == 0 && (target.start - grid.start) % fine == 0, "aligned grids")
    var output = [Double](repeating: .nan, count: target.count)
    if target.stepSeconds >= grid.stepSeconds {
      let parts = coarse / fine
      for i in target.indices {
        let first = (target.instant(i) - grid.start) / fine
        guard target.instant(i) >= grid.start, first + parts <= grid.count else { continue }
        var sum = 0.0
        for j in first..<first + parts { sum += values[j] }
        output[i] = sum / Double(parts)
      }
    } else {
      for i in target.indices {
        if let source = grid.index(containing: target.instant(i)) { output[i] = values[source] }
      }
    }
    return Series(grid: target, values: output)
  }
}
