import Numerics

extension TreeModel: DistributionModel {
  mutating func quantiles(
    _ levels: [Double], _ frame: IssueFrame, state: QuantityState
  ) throws -> [[Double]]? {
    guard case .pinball(let own) = loss, own.count > 1 else { return nil }
    let columns = try outputs(frame, state: state)
    guard columns.count == own.count else { return nil }
    return levels.map { level in
      (0..<frame.count).map { k in
        // Rearranged, so that crossing levels do no harm.
        let sorted = columns.map { $0[k] }.sorted()
        guard !sorted.contains(where: \.isNaN) else { return .nan }
        return LinearTable(x: own, y: sorted)(level)
      }
    }
  }
}
