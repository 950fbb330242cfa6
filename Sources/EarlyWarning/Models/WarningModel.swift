import Forecasting
import Numerics

/// A rule, a learned model or the twin: the change over the lead, and the chance that the limit is reached.
package struct WarningModel: Sendable {
  /// What kind it is.
  package enum Kind: String, Sendable, CaseIterable {
    /// Warns where the limit is reached already.
    case hotNow = "hot_now"
    /// The temperature stays as it is.
    case noChange = "no_change"
    /// The temperature goes on changing as it did.
    case trend
    case ridge
    case logistic
    case boosting
    case twin

    /// Whether it is a rule that learns nothing but the spread of its errors.
    package var isTrivial: Bool { [.hotNow, .noChange, .trend].contains(self) }
  }

  /// What it says of a step.
  package struct Prediction: Sendable, Equatable {
    /// Change over the lead; NaN for a kind that says none. [K]
    package var changeK: Double
    /// Chance that the limit is reached within the lead; NaN where nothing can be said.
    package var probability: Double
  }

  /// What kind it is.
  package let kind: Kind
  /// What it looks ahead for.
  package let task: WarningTask
  /// Columns that it learned from; empty for rules.
  package let featureKeys: [String]
  /// Spread of the errors of the change on the rows that it was fitted on; 0 where it says none. [K]
  package internal(set) var spreadK = 0.0
  var linear: LinearWarning?
  var changeTrees: TreeEnsemble?
  var oddsTrees: TreeEnsemble?
  /// The twin, for the kind of that name and for the column that compares with it.
  package internal(set) var twin: OneNodeTwin?

  /// Importance of each column, summing to 1; empty for rules and the twin.
  package var importances: [(key: String, share: Double)] {
    let shares: [Double]
    if let linear {
      shares = linear.importances
    } else if let gains = (oddsTrees ?? changeTrees)?.gains {
      let sum = gains.reduce(0, +)
      shares = gains.map { sum > 0 ? $0 / sum : 0 }
    } else {
      shares = []
    }
    return zip(featureKeys, shares).map { ($0, $1) }
  }

  init(kind: Kind, task: WarningTask, featureKeys: [String]) {
    self.kind = kind
    self.task = task
    self.featureKeys = featureKeys
  }

  /// Fits a kind on some rows.
  ///
  /// Ridge has a penalty of 10, trees have 15 leaves and 150 rounds. The chance is that of the logistic
  /// regression or of trees on the label; otherwise that a normal error of the fitted spread lifts the predicted
  /// temperature to the limit.
  ///
  /// - Parameters:
  ///   - kind: The kind.
  ///   - data: The rows.
  ///   - rows: Positions of the rows to fit on.
  ///   - features: Values of the columns of all rows of `data`.
  ///   - twin: The twin fitted on the same rows.
  ///   - seed: Seed of the draws of the trees.
  /// - Returns: The model, or nothing where the rows do not tell.
  /// - Throws: `TreeTrainingFailure`.
  static func fit(
    _ kind: Kind, _ data: WarningData, rows: [Int], features: [Double], twin: OneNodeTwin?,
    seed: UInt64
  ) throws -> WarningModel? {
    let isLearned = [Kind.ridge, .logistic, .boosting].contains(kind)
    var model = WarningModel(
      kind: kind, task: data.task, featureKeys: isLearned ? data.features.map(\.key) : [])
    model.twin = twin
    let width = data.features.count
    let change = rows.map { data.changeK[$0] }
    var table: [Double] = []
    if isLearned {
      table.reserveCapacity(rows.count * width)
      for row in rows { table += features[row * width..<(row + 1) * width] }
    }
    switch kind {
    case .hotNow, .noChange, .trend: break
    case .twin:
      guard twin != nil else { return nil }
    case .ridge:
      guard let linear = LinearWarning.ridge(table, width: width, targets: change) else {
        return nil
      }
      model.linear = linear
    case .logistic:
      guard
        let linear = LinearWarning.logistic(
          table, width: width, targets: rows.map { data.willBeHot[$0] })
      else { return nil }
      model.linear = linear
    case .boosting:
      let floats = table.map { Float($0) }
      var settings = Self.changeSettings
      model.changeTrees = try BoostedTrees.fitSquaredError(
        rows: floats, width: width, targets: change.map { Float($0) }, settings: settings,
        seed: seed)
      settings.minChildWeight = 1
      let hot = rows.map { Float(data.willBeHot[$0]) }
      if hot.contains(0), hot.contains(1) {
        model.oddsTrees = try BoostedTrees.fitLogOdds(
          rows: floats, width: width, targets: hot, settings: settings, seed: seed)
      }
    }
    let errors = zip(model.changes(data, rows: rows, features: features), change)
      .map { $0 - $1 }.filter(\.isFinite)
    if !errors.isEmpty {
      model.spreadK = (errors.reduce(0) { $0 + $1 * $1 } / Double(errors.count)).squareRoot()
    }
    return model
  }

  /// Predictions for some rows.
  func predictions(
    _ data: WarningData, rows: [Int], features: [Double]
  ) -> [Prediction] {
    let changes = changes(data, rows: rows, features: features)
    let odds = logOdds(data, rows: rows, features: features)
    return rows.indices.map { i in
      let now = data.temperatureC[rows[i]]
      let probability: Double =
        switch kind {
        case .hotNow: now >= task.limitC ? 1 : 0
        case _ where odds != nil: Probability.logistic(odds?[i] ?? .nan)
        default:
          changes[i].isFinite
            ? max(
              now >= task.limitC ? 0.5 : 0,
              Probability.exceeding(now + changes[i], limit: task.limitC, spread: spreadK)) : .nan
        }
      return Prediction(changeK: changes[i], probability: probability)
    }
  }

  /// Trees of 15 leaves in 150 rounds.
  static var changeSettings: TreeSettings {
    var settings = TreeSettings()
    settings.leaves = 15
    settings.depth = 0
    settings.eta = 0.1
    settings.minChildWeight = 20
    return settings
  }

  private func table(_ data: WarningData, rows: [Int], features: [Double]) -> [Double] {
    let width = data.features.count
    var table: [Double] = []
    table.reserveCapacity(rows.count * width)
    for row in rows { table += features[row * width..<(row + 1) * width] }
    return table
  }

  private func changes(
    _ data: WarningData, rows: [Int], features: [Double]
  ) -> [Double] {
    switch kind {
    case .hotNow, .logistic: return rows.map { _ in .nan }
    case .noChange: return rows.map { _ in 0 }
    case .trend: return rows.map { data.trendK[$0] }
    case .twin: return twin.map { data.twinChanges($0, rows: rows) } ?? rows.map { _ in .nan }
    case .ridge:
      return linear?.values(table(data, rows: rows, features: features)) ?? rows.map { _ in .nan }
    case .boosting:
      let floats = table(data, rows: rows, features: features).map { Float($0) }
      return changeTrees?.values(rows: floats, width: featureKeys.count).map { Double($0) }
        ?? rows.map { _ in .nan }
    }
  }

  private func logOdds(
    _ data: WarningData, rows: [Int], features: [Double]
  ) -> [Double]? {
    switch kind {
    case .logistic: return linear?.values(table(data, rows: rows, features: features))
    case .boosting:
      let floats = table(data, rows: rows, features: features).map { Float($0) }
      return oddsTrees?.values(rows: floats, width: featureKeys.count).map { Double($0) }
    default: return nil
    }
  }
}
