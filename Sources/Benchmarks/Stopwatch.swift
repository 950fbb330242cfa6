import Glibc

/// Processor time, which other programs on the machine disturb less than the time of day.
enum Stopwatch {
  /// Returns the processor seconds of this thread that a piece of work takes.
  static func seconds(_ work: () throws -> Void) rethrows -> Double {
    let start = now()
    try work()
    return now() - start
  }

  /// Returns the median of the processor seconds of several repeats, after one that is not counted.
  static func median(repeats: Int = 5, _ work: () throws -> Void) rethrows -> Double {
    try work()
    var times: [Double] = []
    for _ in 0..<repeats { times.append(try seconds(work)) }
    return median(times)
  }

  /// Returns the middle value, or the mean of the two middle ones.
  static func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    let middle = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
  }

  private static func now() -> Double {
    var time = timespec()
    unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}
