/// A local time that occurs twice, when clocks are set back.
struct RepeatedTime {
  /// Position of the row in its table.
  let row: Int
  /// The two instants it can mean. [ms]
  let earlier: Int
  let later: Int
}

extension SampleTable {
  /// Tells apart rows of a local time that occurs twice, by their order in the file.
  ///
  /// Files have the hour twice in order of time, forwards or backwards, or, sorted by text, each time beside its
  /// like. A time that occurs once is the earlier one.
  ///
  /// - Parameters:
  ///   - repeats: The rows, in order of the file.
  ///   - kinds: What each row of the table is of, when several kinds of rows have the same stamps.
  mutating func tellApart(_ repeats: [RepeatedTime], kinds: [Int]) {
    guard !repeats.isEmpty else { return }
    let isBackwards = (stamps.first ?? 0) > (stamps.last ?? 0)
    var clusters: [[RepeatedTime]] = []
    var open: [Int: Int] = [:]
    for time in repeats {
      let kind = kinds.isEmpty ? 0 : kinds[time.row]
      if let at = open[kind], let first = clusters[at].first,
        abs(time.earlier - first.earlier) < 21_600_000
      {
        clusters[at].append(time)
      } else {
        open[kind] = clusters.count
        clusters.append([time])
      }
    }
    for cluster in clusters { settle(isBackwards ? cluster.reversed() : cluster) }
  }

  private mutating func settle(_ times: [RepeatedTime]) {
    var places: [Int: [Int]] = [:]
    for (k, time) in times.enumerated() { places[time.earlier, default: []].append(k) }
    let twice = places.values.filter { $0.count > 1 }
    let isSortedByText = !twice.isEmpty && twice.allSatisfy { $0[1] == $0[0] + 1 }
    var wrap = times.count
    if !twice.isEmpty, !isSortedByText {
      wrap = times.indices.dropFirst().first { times[$0].earlier <= times[$0 - 1].earlier } ?? wrap
    }
    for (k, time) in times.enumerated() {
      let isLater = isSortedByText ? (places[time.earlier]?.first ?? k) < k : k >= wrap
      stamps[time.row] = isLater ? time.later : time.earlier
      if !ends.isEmpty, ends[time.row] != Int.min, ends[time.row] <= stamps[time.row] {
        ends[time.row] += time.later - time.earlier
      }
    }
  }
}
