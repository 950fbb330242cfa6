/// A model that gives a distribution of its own.
protocol DistributionModel: SlotModel {
  /// One column per level, NaN where it has none; nothing before it can say anything.
  mutating func quantiles(
    _ levels: [Double], _ frame: IssueFrame, state: QuantityState
  ) throws -> [[Double]]?
}
