package import Diagnostics

extension WarningModelFile {
  /// What a model says of every step of telemetry that has the past it needs.
  package struct Answer: Sendable {
    /// The steps.
    package let data: WarningData
    /// What it says of each.
    package let predictions: [WarningModel.Prediction]
    /// Whether the chance reaches the threshold, one per step; never without a threshold.
    package let isAlarm: [Bool]
  }

  /// Predicts from every step of frames.
  ///
  /// - Parameters:
  ///   - frames: Frames with the signals of `columns`.
  ///   - twinExcessK: Temperature minus the twin's at the last step, where its stretch began before the frame. [K]
  /// - Returns: What it says.
  /// - Throws: `InputError` for a column that the frames cannot give.
  package func answer(
    _ frames: [TelemetryFrame], twinExcessK: Double? = nil
  ) throws(InputError) -> Answer {
    let known = frames.first.map { WarningFeature.all($0, task: model.task).map(\.key) } ?? []
    let missing = model.featureKeys.filter { !known.contains($0) }
    if let key = missing.first {
      throw InputError(
        "the model needs the column '\(key)', which steps of \(frames.first?.typicalSeconds ?? 0) s do not give; "
          + "it was fitted on steps of \(typicalSeconds) s")
    }
    let data = WarningData(
      frames, task: model.task, without: Set(known).subtracting(model.featureKeys),
      allSteps: true)
    var values = data.values(twin: model.twin)
    if let twinExcessK, data.count > 0,
      let column = data.features.firstIndex(where: { $0.source == .twinExcess })
    {
      values[(data.count - 1) * data.features.count + column] = twinExcessK
    }
    let predictions = model.predictions(
      data, rows: Array(0..<data.count), features: values)
    let limit = threshold ?? .infinity
    return Answer(
      data: data, predictions: predictions, isAlarm: predictions.map { $0.probability >= limit })
  }
}
