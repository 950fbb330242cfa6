import TimeSeries

/// Gathers samples that each cover a stretch of time into the slots of a grid.
///
/// A slot's value is the mean of what covers it, weighted by overlap: longer steps are averaged down and
/// shorter ones held, and power keeps its energy.
struct SlotAccumulator {
  let grid: TimeGrid
  /// Value × covered time per slot. [value·ms]
  private(set) var sum: [Double]
  /// Covered time per slot. [ms]
  private(set) var covered: [Double]
  /// Worst quality of the samples of a slot.
  private(set) var marks: [SlotQuality]
  /// Where the newest sample ended, and the slot that begins there; neighbours mostly follow one another.
  private var following = (time: Int.min, slot: 0)

  init(grid: TimeGrid) {
    self.grid = grid
    sum = [Double](repeating: 0, count: grid.count)
    covered = sum
    marks = [SlotQuality](repeating: .ok, count: grid.count)
  }

  /// Adds a value that holds over `from..<to`. [ms]
  mutating func add(_ value: Double, from: Int, to: Int, mark: SlotQuality = .ok) {
    let startMS = grid.start * 1000
    let stepMS = grid.stepSeconds * 1000
    let low = max(from, startMS)
    let high = min(to, startMS + grid.count * stepMS)
    guard low < high else { return }
    var slot = low == following.time ? following.slot : (low - startMS) / stepMS
    var at = low
    while at < high {
      let slotEnd = startMS + (slot + 1) * stepMS
      let end = min(high, slotEnd)
      if value.isNaN {
        if mark != .ok { marks[slot] = mark }
      } else {
        let time = Double(end - at)
        sum[slot] += value * time
        covered[slot] += time
        if mark != .ok { marks[slot] = mark }
      }
      at = end
      if end == slotEnd { slot += 1 }
    }
    following = (at, slot)
  }

  /// Adds a straight line from one value to another over `from..<to`. [ms]
  mutating func addLine(_ first: Double, _ last: Double, from: Int, to: Int, mark: SlotQuality) {
    guard from < to else { return }
    let startMS = grid.start * 1000
    let stepMS = grid.stepSeconds * 1000
    var at = max(from, startMS)
    let high = min(to, startMS + grid.count * stepMS)
    while at < high {
      let end = min(high, startMS + ((at - startMS) / stepMS + 1) * stepMS)
      // The mean of a line over a stretch is its value in the middle.
      let middle = Double(at - from + end - from) / Double(2 * (to - from))
      add(first + (last - first) * middle, from: at, to: end, mark: mark)
      at = end
    }
  }

  /// Means of slots that are covered for at least a share of their length.
  func means(minimumCoverage: Double) -> (values: [Double], quality: [SlotQuality]) {
    var values = [Double](repeating: .nan, count: grid.count)
    var quality = marks
    let needed = Double(grid.stepSeconds) * 1000 * minimumCoverage
    for i in grid.indices {
      if covered[i] > 0, covered[i] >= needed {
        values[i] = sum[i] / covered[i]
        if quality[i] == .spike { quality[i] = .ok }
      } else if quality[i] != .spike {
        quality[i] = .gap
      }
    }
    return (values, quality)
  }

  /// Sums over the whole slot, so that energy is conserved; slots not wholly covered are marked as gaps.
  func totals() -> (values: [Double], quality: [SlotQuality]) {
    var values = [Double](repeating: .nan, count: grid.count)
    var quality = marks
    let whole = Double(grid.stepSeconds) * 1000
    for i in grid.indices {
      if covered[i] > 0 {
        values[i] = sum[i] / whole
        if covered[i] < whole * 0.999, quality[i] == .ok { quality[i] = .gap }
      } else if quality[i] != .spike {
        quality[i] = .gap
      }
    }
    return (values, quality)
  }
}
