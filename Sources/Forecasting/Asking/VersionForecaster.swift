import TimeSeries

/// A built-in version: a model per quantity, the guards and the stated fallback around it.
///
/// A slot for which the model has no value is filled with the mean of its newest seven known days
/// (else of 28 days, else of the last day, else the newest value, else 0) and counted.
package struct VersionForecaster: Forecaster {
  private let makeModel: @Sendable (Quantity) -> any SlotModel
  private let site: SiteContext
  private let levels: [Double]
  private let schedule: TrainingSchedule
  private let adaptiveRate: Double?
  private var residuals: [Quantity: ResidualQuantiles] = [:]
  private var states: [Quantity: QuantityState] = [:]
  private var models: [Quantity: any SlotModel] = [:]
  /// Time of the newest forecast that fitted its version. [s]
  private(set) var fitSeconds: [Quantity: Double] = [:]

  init(
    site: SiteContext, levels: [Double] = [], schedule: TrainingSchedule = TrainingSchedule(),
    adaptiveRate: Double? = nil,
    makeModel: @escaping @Sendable (Quantity) -> any SlotModel
  ) {
    self.site = site
    self.levels = levels
    self.schedule = schedule
    self.adaptiveRate = adaptiveRate
    self.makeModel = makeModel
  }

  package mutating func forecast(_ request: ForecastRequest) throws -> Forecast {
    let frame = try request.frame()
    let quantity = request.quantity
    let values =
      request.past[quantity] ?? ArraySlice(repeating: .nan, count: request.past.grid.count)
    // Taken out while it is worked on, so that its columns have one owner and are not copied.
    var kept = states.removeValue(forKey: quantity)
    if kept?.isContinued(by: request.past, values: values) == false {
      kept = nil
      models[quantity] = nil
      residuals[quantity] = nil
    }
    var model = models.removeValue(forKey: quantity) ?? makeModel(quantity)
    var state =
      kept.take()
      ?? QuantityState(
        quantity: quantity, site: site, start: request.past.grid.start,
        stepSeconds: request.past.grid.stepSeconds, columns: model.columns)
    state.advance(
      to: request.past, values: values, weather: request.weather,
      reach: frame.first + frame.count + 1)
    let answer: Result<Forecast, any Error>
    do {
      answer = .success(try forecast(request, frame, &model, state))
    } catch {
      answer = .failure(error)
    }
    // Handed on, as a copy would hold every column twice.
    states[quantity] = consume state
    models[quantity] = model
    return try answer.get()
  }

  /// Forecasts with a state that has taken in all that is known.
  private mutating func forecast(
    _ request: ForecastRequest, _ frame: IssueFrame, _ model: inout any SlotModel,
    _ state: QuantityState
  ) throws -> Forecast {
    let quantity = request.quantity
    // A measurement for the record of the model; no forecast depends on it.
    let begin = ContinuousClock.now
    let fittedBefore = model.fittedUntil
    var ownErrors: ResidualQuantiles?
    if !levels.isEmpty, frame.known > 0, !(model is any DistributionModel) || isPointOnly(model) {
      var errors =
        residuals.removeValue(forKey: quantity)
        ?? ResidualQuantiles(schedule: schedule, adaptiveRate: adaptiveRate)
      try errors.observe(&model, frame, state: state)
      residuals[quantity] = errors
      ownErrors = errors
    }
    var point = [Double](repeating: .nan, count: frame.count)
    // Before the first slot there is nothing to go on but the fallback.
    if frame.known > 0 { try model.predict(frame, state: state, into: &point) }
    if model.fittedUntil != fittedBefore {
      fitSeconds[quantity] = (ContinuousClock.now - begin) / .seconds(1)
    }
    var forecast = Forecast(grid: request.grid, values: point)
    if frame.known > 0 { forecast.counts += model.counts }
    for k in 0..<frame.count where !forecast.values[k].isFinite {
      forecast.values[k] = state.profile.fallback(frame.first + k, known: frame.known)
      // A plant in the dark needs no stand-in: the guards give zero there.
      if quantity != .pv || !ForecastGuards.isDark(frame.first + k, frame, state) {
        forecast.counts.filled += 1
      }
    }
    if !levels.isEmpty {
      var columns: [[Double]]?
      if let ownErrors {
        columns = ownErrors.quantiles(levels, around: forecast.values, frame, state: state)
      } else if frame.known > 0, var distribution = model as? any DistributionModel {
        columns = try distribution.quantiles(levels, frame, state: state)
        model = distribution
      }
      if let columns { forecast.setQuantiles(levels, columns) }
    }
    ForecastGuards.apply(frame, state: state, to: &forecast)
    return forecast
  }

  /// Whether the model of a quantity has been fitted.
  func isFitted(_ quantity: Quantity) -> Bool { (models[quantity]?.fittedUntil ?? -1) > 0 }

  /// The model and the state of a quantity, once it has been asked for.
  func fitted(_ quantity: Quantity) -> (model: any SlotModel, state: QuantityState)? {
    guard let model = models[quantity], let state = states[quantity] else { return nil }
    return (model, state)
  }

  /// Trees of a single level or of squared error have no distribution of their own.
  private func isPointOnly(_ model: any SlotModel) -> Bool {
    guard let trees = model as? TreeModel else { return false }
    if case .pinball(let levels) = trees.loss { return levels.count < 2 }
    return true
  }
}

extension Forecast {
  /// Takes in quantiles; a missing one becomes the point, crossing ones are put in order.
  mutating func setQuantiles(_ levels: [Double], _ columns: [[Double]]) {
    quantileLevels = levels
    quantiles = columns
    for q in quantiles.indices {
      for k in values.indices where !quantiles[q][k].isFinite { quantiles[q][k] = values[k] }
    }
    sortQuantiles()
  }
}
