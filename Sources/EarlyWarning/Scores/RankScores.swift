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
}
