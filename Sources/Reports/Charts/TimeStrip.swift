import Documents
import TimeSeries

/// Rows of bars over time, one row per cause, each as high as something was.
struct TimeStrip: PageChart {
  /// One row.
  struct Row: Sendable {
    var name: String
    /// One value per stretch; zero and not a number draw nothing.
    var values: [Double]
  }

  var title: String
  var note: String?
  /// Unit of the values; empty for rows that only say whether something was the case.
  var unit: String
  var rows: [Row]
  /// Where each stretch begins, and where the last one ends. [UTC epoch s]
  var edges: [Double]
  var zone: Zone
  var decimals = 1

  private static let rowHeight = 42.0
  private static let barHeight = 20.0

  var isEmpty: Bool { !rows.contains { $0.values.contains { $0 > 0 } } }

  var data: PageTable? {
    let filled = edges.indices.dropLast().filter { i in rows.contains { $0.values[i] > 0 } }
    return PageTable(
      header: ["from"] + rows.map { unit.isEmpty ? $0.name : "\($0.name) \(unit)" },
      rows: filled.map { i in
        [Instant.localText(Int(edges[i]), zone: zone)]
          + rows.map {
            unit.isEmpty
              ? ($0.values[i] > 0 ? "yes" : "") : NumberText.fixed($0.values[i], decimals: decimals)
          }
      })
  }

  func drawing(width: Double) -> Drawing {
    let (left, right) = (4.0, width - 4)
    let (from, to) = (edges.first ?? 0, edges.last ?? 1)
    let axis = ChartAxis(
      from: Int(from), to: Int(to), zone: zone, most: max(3, Int(width / 62)))
    func px(_ x: Double) -> Double { left + axis.share(x) * (right - left) }
    let base = Double(rows.count) * Self.rowHeight
    var drawing = Drawing(width: width, height: base + 40)
    let highest = rows.flatMap(\.values).filter(\.isFinite).max() ?? 1
    for tick in axis.ticks { drawing.line(px(tick.at), 0, px(tick.at), base, "grid") }
    for (place, row) in rows.enumerated() {
      let top = Double(place) * Self.rowHeight
      let floor = top + Self.rowHeight - 4
      let most = row.values.filter(\.isFinite).max() ?? 0
      let words =
        unit.isEmpty ? "" : ", at most \(NumberText.fixed(most, decimals: decimals)) \(unit)"
      drawing.text(
        TextWidth.fitted(row.name + words, size: 12, width: width - 8), x: left, y: top + 14,
        kind: .label)
      drawing.line(left, floor, right, floor, "grid")
      for run in Self.runs(row.values) {
        let value = row.values[run.lowerBound]
        let begin = px(edges[run.lowerBound])
        // A bar that would be too thin to be seen is a line.
        let tall = max(1.5, Self.barHeight * value / highest)
        drawing.rect(
          x: begin, y: floor - tall, width: max(1, px(edges[run.upperBound]) - begin), height: tall,
          style: "f \(Drawing.colour(place))")
      }
    }
    for tick in axis.ticks {
      drawing.textIfFree(tick.text, x: px(tick.at), y: base + 15, anchor: .middle, room: 4)
    }
    drawing.textIfFree(
      ChartAxis.timeTitle(from: Int(from), to: Int(to), zone: zone), x: (left + right) / 2,
      y: base + 33, anchor: .middle)
    return drawing
  }

  /// Stretches of equal values above zero.
  private static func runs(_ values: [Double]) -> [Range<Int>] {
    var runs: [Range<Int>] = []
    for (place, value) in values.enumerated() where value > 0 {
      if let last = runs.last, last.upperBound == place, values[place - 1] == value {
        runs[runs.count - 1] = last.lowerBound..<place + 1
      } else {
        runs.append(place..<place + 1)
      }
    }
    return runs
  }
}
