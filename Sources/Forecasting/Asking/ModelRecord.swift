import Numerics
package import TimeSeries

/// What a fitted version was made from, for the record.
package struct ModelRecord: Sendable, Hashable {
  /// Name of the version.
  package var version: String
  /// What it forecasts.
  package var quantity: Quantity
  /// Names of the columns it was fitted on; empty for versions that are not fitted.
  package var features: [String] = []
  /// Begin of the training window. [UTC epoch s]
  package var trainedFrom: Int?
  /// End of the training window. [UTC epoch s]
  package var trainedTo: Int?
  /// Number of rows it was fitted on.
  package var rows = 0
  /// Identifies settings and fitted values, 16 hexadecimal digits; with the library's version.
  package var hash: String
  /// Seed of everything random in it.
  package var seed: UInt64
  /// Share of the loss reduction by column, one per feature; empty where that means nothing.
  package var gainShares: [Double] = []
  /// Names and weights of the members of a blend.
  package var members: [String] = []
  /// Weight of each member, summing to 1.
  package var weights: [Double] = []
  /// What the fit says of itself, by name, in the unit of the quantity: `held_out_rmse` of the rows
  /// that chose ridge's `penalty`; `training_mae` of trees; `trailing_mae_…` of the members of a blend.
  package var metrics: [String: Double] = [:]
  /// Time that the forecast took for which the version was fitted; nothing results from it. [s]
  package var seconds: Double?
}

/// What a model tells about its fit.
struct FitSummary {
  var features: [String] = []
  var from: Int?
  var to: Int?
  var rows = 0
  var fingerprint: UInt64 = 0
  var gains: [Double] = []
  var members: [String] = []
  var weights: [Double] = []
  var metrics: [String: Double] = [:]
}

/// A model that is fitted, and can tell on what.
protocol FittedModel: SlotModel {
  /// Nothing before the first fit.
  func summary(_ state: QuantityState) -> FitSummary?
}

extension RidgeModel: FittedModel {
  func summary(_ state: QuantityState) -> FitSummary? {
    guard let fit else { return nil }
    var fingerprint = Fingerprint()
    for value in [fit.constant, fit.penalty] + fit.weights {
      fingerprint.combine(word: value.bitPattern)
    }
    var metrics = ["penalty": fit.penalty]
    metrics["held_out_rmse"] = fit.heldOutRMSE
    return FitSummary(
      features: columnNames, from: schedule.windowStart(fittedUntil, state), to: fittedUntil,
      rows: rowCount, fingerprint: fingerprint.value, metrics: metrics)
  }
}

extension TreeModel: FittedModel {
  func summary(_ state: QuantityState) -> FitSummary? {
    guard !ensembles.isEmpty else { return nil }
    var gains = ensembles[0].gains
    for trees in ensembles.dropFirst() {
      for i in gains.indices { gains[i] += trees.gains[i] }
    }
    return FitSummary(
      features: TreeFeatures.names(for: state.quantity, weather: weather ?? []),
      from: schedule.windowStart(fittedUntil, state), to: fittedUntil, rows: targets.count,
      fingerprint: ensembles.fingerprint, gains: gains,
      metrics: ["training_mae": trainingMAE])
  }
}

extension AuroraModel: FittedModel {
  func summary(_ state: QuantityState) -> FitSummary? {
    guard !ensembles.isEmpty else { return nil }
    return FitSummary(
      features: AuroraModel.calendar + (weather ?? []).map(\.rawValue),
      from: windowStart(fittedUntil, state), to: fittedUntil, rows: rowCount,
      fingerprint: ensembles.fingerprint, gains: ensembles[1].gains)
  }
}

extension [TreeEnsemble] {
  /// A hash of all of them, in order.
  fileprivate var fingerprint: UInt64 { reduce(0) { ($0 &* 31) ^ $1.fingerprint } }
}

extension BlendModel: FittedModel {
  var fittedUntil: Int {
    members.reduce(-1) { max($0, $1.fittedUntil) }
  }

  var counts: ForecastCounts {
    members.reduce(ForecastCounts()) { $0.combined(with: $1.counts, max) }
  }

  func summary(_ state: QuantityState) -> FitSummary? {
    var fingerprint = Fingerprint()
    for weight in weights { fingerprint.combine(word: weight.bitPattern) }
    let parts = members.compactMap { ($0 as? any FittedModel)?.summary(state) }
    for part in parts { fingerprint.combine(word: part.fingerprint) }
    return FitSummary(
      from: parts.compactMap(\.from).min(), to: parts.compactMap(\.to).max(),
      rows: parts.map(\.rows).max() ?? 0, fingerprint: fingerprint.value, members: names,
      weights: weights,
      metrics: Dictionary(
        uniqueKeysWithValues: zip(names, trailingErrors).filter { $1.isFinite }
          .map { ("trailing_mae_\($0)", $1) }))
  }
}

extension VersionForecaster {
  /// End of the window the version's model of a quantity was fitted on. [UTC epoch s]
  ///
  /// Nothing before a first fit, and for versions that are not fitted. A change is a refit.
  package func fittedUntil(_ quantity: Quantity) -> Int? {
    // Most versions are not fitted; their state is not copied to find out.
    guard isFitted(quantity), let (model, state) = fitted(quantity) else { return nil }
    return state.profile.start + model.fittedUntil * state.profile.stepSeconds
  }

  /// Returns what the version's model of a quantity was fitted on, as of its last forecast.
  ///
  /// - Parameters:
  ///   - quantity: What is forecast.
  ///   - version: Name of the version.
  ///   - seed: Seed of the version.
  /// - Returns: Nothing before a first forecast.
  package func record(of quantity: Quantity, version: String, seed: UInt64) -> ModelRecord? {
    guard let (model, state) = fitted(quantity) else { return nil }
    let summary = (model as? any FittedModel)?.summary(state)
    let total = summary?.gains.reduce(0, +) ?? 0
    func instant(_ slot: Int?) -> Int? {
      slot.map { state.profile.start + $0 * state.profile.stepSeconds }
    }
    let text = "\(version) \(summary?.fingerprint ?? 0) \(seed) \(BoostedTrees.libraryVersion)"
    return ModelRecord(
      version: version, quantity: quantity, features: summary?.features ?? [],
      trainedFrom: instant(summary?.from), trainedTo: instant(summary?.to),
      rows: summary?.rows ?? 0, hash: Fingerprint(text).text, seed: seed,
      gainShares: total > 0 ? summary?.gains.map { $0 / total } ?? [] : [],
      members: summary?.members ?? [], weights: summary?.weights ?? [],
      metrics: summary?.metrics ?? [:], seconds: fitSeconds[quantity])
  }
}
