/// How well scores tell events from the rest, whatever threshold is chosen.
enum RankScores {
  /// Share of pairs of an event and another row in which the event has the higher score; half for ties.
  ///
  /// - Returns: 0…1, NaN without both kinds.
  static func areaUnderCurve(_ scores: [Double], _ isEvent: [Bool]) -> Double {
    let order = scores.indices.sorted { scores[$0] < scores[$1] }
    var (below, pairs, events) = (0.0, 0.0, 0.0)
    var first = 0
    while first < order.count {
      var last = first
      while last < order.count, scores[order[last]] == scores[order[first]] { last += 1 }
      let hits = Double(order[first..<last].count { isEvent[$0] })
      let rest = Double(last - first) - hits
      pairs += hits * (below + rest / 2)
      events += hits
      below += rest
      first = last
    }
    return pairs / (events * below)
  }

  /// Mean precision over the events, from the highest score down; rows of one score are taken together.
  ///
  /// - Returns: 0…1, NaN without an event.
  static func averagePrecision(_ scores: [Double], _ isEvent: [Bool]) -> Double {
    let order = scores.indices.sorted { scores[$0] > scores[$1] }
    var (hits, taken, sum) = (0.0, 0.0, 0.0)
    var first = 0
    while first < order.count {
      var last = first
      while last < order.count, scores[order[last]] == scores[order[first]] { last += 1 }
      let found = Double(order[first..<last].count { isEvent[$0] })
      hits += found
      taken += Double(last - first)
      sum += found * hits / taken
      first = last
    }
    return sum / hits
  }

  /// Highest precision at which shares of the events are found; rows of one score are taken together.
  ///
  /// Between thresholds the better one of the higher recall counts.
  ///
  /// - Parameters:
  ///   - scores: One per row.
  ///   - isEvent: One per row.
  ///   - recalls: Shares of the events, rising.
  /// - Returns: One per share, NaN without an event.
  static func precision(
    _ scores: [Double], _ isEvent: [Bool], atRecalls recalls: [Double]
  ) -> [Double] {
    let events = Double(isEvent.count { $0 })
    guard events > 0 else { return recalls.map { _ in .nan } }
    let order = scores.indices.sorted { scores[$0] > scores[$1] }
    var points: [(recall: Double, precision: Double)] = []
    var (first, found) = (0, 0.0)
    while first < order.count {
      var last = first
      while last < order.count, scores[order[last]] == scores[order[first]] { last += 1 }
      found += Double(order[first..<last].count { isEvent[$0] })
      points.append((found / events, found / Double(last)))
      first = last
    }
    for k in points.indices.dropLast().reversed() {
      points[k].precision = max(points[k].precision, points[k + 1].precision)
    }
    var place = 0
    return recalls.map { recall in
      while place + 1 < points.count, points[place].recall < recall { place += 1 }
      return points[place].precision
    }
  }
}
