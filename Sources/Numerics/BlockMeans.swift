extension Array<Double> {
  /// Returns the means of blocks of as many values.
  ///
  /// - Parameter size: Values of a block, which divides their number.
  /// - Returns: One mean per block.
  package func blockMeans(of size: Int) -> [Double] {
    precondition(size > 0 && count % size == 0, "whole blocks")
    return stride(from: 0, to: count, by: size).map {
      self[$0..<$0 + size].reduce(0, +) / Double(size)
    }
  }
}
