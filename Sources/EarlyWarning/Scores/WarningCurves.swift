import Numerics

/// What scores sum up, at every threshold and over the range of what is said: for pictures.
extension WarningStudy {
  /// A range of chances and how often what they announce came.
  package struct CalibrationBin: Sendable, Equatable {
    /// Rows in it.
    package var rows = 0
    /// Mean of the chances; NaN without rows.
    package var chance = Double.nan
    /// Share of the rows before which the limit was reached within the lead; NaN without rows.
    package var share = Double.nan

    static func bins(_ pairs: [(chance: Double, came: Bool)], count: Int) -> [CalibrationBin] {
      var bins = [CalibrationBin](repeating: CalibrationBin(), count: count)
      var sums = [(chance: Double, came: Double)](repeating: (0, 0), count: count)
      for pair in pairs {
        let bin = min(count - 1, Int(pair.chance * Double(count)))
        bins[bin].rows += 1
        sums[bin].chance += pair.chance
        sums[bin].came += pair.came ? 1 : 0
      }
      for bin in bins.indices where bins[bin].rows > 0 {
        bins[bin].chance = sums[bin].chance / Double(bins[bin].rows)
        bins[bin].share = sums[bin].came / Double(bins[bin].rows)
      }
      return bins
    }
  }

  /// A range of predicted changes and the changes that came. [K]
  package struct ChangeBin: Sendable, Equatable {
    /// Middle of the range.
    package var predictedK: Double
    /// Rows in it.
    package var rows: Int
    /// Mean, and the tenth and ninetieth percentile, of what came; NaN for fewer than ten rows.
    package var meanK = Double.nan
    package var lowK = Double.nan
    package var highK = Double.nan

    /// Sorts changes that came by what was predicted; nothing where one change is predicted always, or none.
    static func bins(_ predicted: [Double], _ came: [Double], count: Int) -> [ChangeBin]? {
      guard predicted.allSatisfy(\.isFinite), let low = predicted.min(), let high = predicted.max(),
        high > low
      else { return nil }
      let width = (high - low) / Double(count)
      var parts = [[Double]](repeating: [], count: count)
      for (said, came) in zip(predicted, came) where came.isFinite {
        parts[min(count - 1, Int((said - low) / width))].append(came)
      }
      return parts.enumerated().map { place, values in
        var bin = ChangeBin(predictedK: low + (Double(place) + 0.5) * width, rows: values.count)
        guard values.count >= 10 else { return bin }
        bin.meanK = Statistics.mean(values)
        let sorted = values.sorted()
        bin.lowK = Statistics.quantile(sorted: sorted, probability: 0.1)
        bin.highK = Statistics.quantile(sorted: sorted, probability: 0.9)
        return bin
      }
    }
  }

  /// What was measured and said around a moment.
  package struct Course: Sendable {
    /// What it is around, in words.
    package var title: String
    /// Times, counted from the moment. [s]
    package var seconds: [Double] = []
    /// Temperature at each time. [°C]
    package var temperatureC: [Double] = []
    /// What each kind said of the temperature at each time, one lead before; NaN where nothing was said. [°C]
    package var foreseenC: [WarningModel.Kind: [Double]] = [:]
    /// What each kind says at each time of the lead to come.
    package var chance: [WarningModel.Kind: [Double]] = [:]
  }

  /// Positions among the scored rows of those that are not hot, on which chances are judged.
  private var coldPlaces: [Int] { scoredRows.indices.filter { !data.isHot(scoredRows[$0]) } }

  /// Chances of a kind on rows that are not hot, with what came; nothing where it says one chance always, or none.
  private func chances(of kind: WarningModel.Kind) -> [(chance: Double, came: Bool)]? {
    guard let said = predictions[kind] else { return nil }
    let pairs = coldPlaces.map {
      (chance: said[$0].probability, came: data.isHotWithinLead(scoredRows[$0]))
    }
    guard let first = pairs.first, pairs.allSatisfy({ $0.chance.isFinite }),
      pairs.contains(where: { $0.chance != first.chance })
    else { return nil }
    return pairs
  }

  /// Returns the highest precision at which a share of the events is found, on rows that are not hot.
  ///
  /// - Parameters:
  ///   - kind: The kind.
  ///   - recalls: Shares, rising.
  /// - Returns: One per share; nothing without events, or where the kind says one chance always.
  package func precision(of kind: WarningModel.Kind, atRecalls recalls: [Double]) -> [Double]? {
    guard let pairs = chances(of: kind), pairs.contains(where: \.came) else { return nil }
    return RankScores.precision(pairs.map(\.chance), pairs.map(\.came), atRecalls: recalls)
  }

  /// Returns how often what is announced came, by ranges of chances of the same width, on rows that are not hot.
  ///
  /// - Returns: The ranges from 0 to 1; nothing where the kind says one chance always.
  package func calibration(of kind: WarningModel.Kind, bins count: Int) -> [CalibrationBin]? {
    chances(of: kind).map { CalibrationBin.bins($0, count: count) }
  }

  /// Returns the changes that came, by ranges of predicted changes of the same width.
  ///
  /// - Returns: The ranges; nothing for a kind that says no change, or one change always.
  package func changes(of kind: WarningModel.Kind, bins count: Int) -> [ChangeBin]? {
    predictions[kind].flatMap {
      ChangeBin.bins($0.map(\.changeK), scoredRows.map { data.change($0) }, count: count)
    }
  }

  /// An instant, or seconds of a run.
  private func when(_ step: Int, _ frame: TelemetryFrame) -> String {
    let text = frame.timeText(step)
    return Int(text) == nil ? text : "\(text) s"
  }

  private func run(of row: Int) -> String {
    data.runNames.count > 1 ? " of run \(data.runNames[data.run[row]])" : ""
  }

  /// Returns what was measured and said around onsets, or around the largest change where there is none.
  ///
  /// - Parameters:
  ///   - kinds: The kinds that are shown.
  ///   - most: Largest number of onsets; they are spread over all of them.
  /// - Returns: The courses, in the order of time.
  package func courses(_ kinds: [WarningModel.Kind], most: Int) -> [Course] {
    let lead = data.task.leadSeconds
    var places: [Int: [Int]] = [:]
    for (k, row) in scoredRows.enumerated() { places[data.stretch[row], default: []].append(k) }
    var moments: [(title: String, instant: Int, stretch: Int)] = []
    for stretch in places.keys.sorted() {
      guard let own = places[stretch], let first = own.first else { continue }
      let frame = data.frames[data.frame[scoredRows[first]]]
      let labels = data.labels[data.frame[scoredRows[first]]]
      for row in own.map({ scoredRows[$0] }) where !data.isHot(row) {
        // An onset that no row came before within the lead could not have been warned of.
        guard let onset = labels.onset(after: data.step[row]),
          case let instant = frame.instants[onset], instant - data.instant(row) <= lead,
          moments.last?.instant != instant
        else { continue }
        moments.append(
          ("the limit is reached at \(when(onset, frame))\(run(of: row))", instant, stretch))
      }
    }
    if moments.isEmpty,
      let widest = scoredRows.max(by: { abs(data.change($0)) < abs(data.change($1)) })
    {
      let frame = data.frames[data.frame[widest]]
      let words =
        "the largest change, from \(when(data.step[widest], frame))\(run(of: widest))"
      moments = [(words, data.instant(widest), data.stretch[widest])]
    }
    let shown = min(most, moments.count)
    return (0..<shown).map { i in
      let moment = moments[shown > 1 ? i * (moments.count - 1) / (shown - 1) : 0]
      var course = Course(title: moment.title)
      let own = (places[moment.stretch] ?? []).filter {
        let distance = data.instant(scoredRows[$0]) - moment.instant
        return distance >= -6 * lead && distance <= 3 * lead
      }
      var placeAt: [Int: Int] = [:]
      for (position, k) in own.enumerated() { placeAt[data.instant(scoredRows[k])] = position }
      course.seconds = own.map { Double(data.instant(scoredRows[$0]) - moment.instant) }
      course.temperatureC = own.map { data.temperature(scoredRows[$0]) }
      for kind in kinds {
        guard let said = predictions[kind] else { continue }
        course.chance[kind] = own.map { said[$0].probability }
        var foreseen = [Double](repeating: .nan, count: own.count)
        for k in own {
          guard let later = placeAt[data.instant(scoredRows[k]) + lead] else { continue }
          foreseen[later] = data.temperature(scoredRows[k]) + said[k].changeK
        }
        course.foreseenC[kind] = foreseen
      }
      return course
    }
  }
}
