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
  ///   - first: First step of each frame that is wanted.
  ///   - twinExcessK: Temperature minus the twin's at the last step, where its stretch began before the frame. [K]
  /// - Returns: What it says.
  /// - Throws: `InputError` for a column that the frames cannot give.
  package func answer(
    _ frames: [TelemetryFrame], from first: Int = 0, twinExcessK: Double? = nil
  ) throws(InputError) -> Answer {
    let known = try frames.first.map { frame throws(InputError) in try checkColumns(frame) } ?? []
    let data = WarningData(
      frames, task: model.task, without: Set(known).subtracting(model.featureKeys),
      allSteps: true, from: first)
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

  /// Looks whether a frame gives every column of the model.
  ///
  /// - Returns: The columns that it gives.
  /// - Throws: `InputError` that names one that it does not.
  @discardableResult
  func checkColumns(_ frame: TelemetryFrame) throws(InputError) -> [String] {
    let known = WarningFeature.all(frame, task: model.task).map(\.key)
    if let key = model.featureKeys.first(where: { !known.contains($0) }) {
      throw InputError(
        "the model needs the column '\(key)', which steps of \(frame.typicalSeconds) s do not give; "
          + "it was fitted on steps of \(typicalSeconds) s")
    }
    return known
  }
}
