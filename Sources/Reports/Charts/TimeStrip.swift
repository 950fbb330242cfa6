import Documents

/// Rows of bars over time: when something was the case.
struct TimeStrip {
  /// One row.
  struct Row {
    var name: String
    /// Whether it was the case, one per interval.
    var isOn: [Bool]
  }

  var title: String
  var xTitle: String
  var rows: [Row]
  /// Where each interval begins, and where the last one ends, on the axis.
  var edges: [Double]
  var xAxis: ChartAxis

  private static let width = 860.0
  private static let left = 150.0
  private static let right = 16.0
  private static let rowHeight = 24.0
  private static let bottom = 42.0

  /// The strip as an HTML figure.
  var html: String {
    let inner = Self.width - Self.left - Self.right
    let height = Double(rows.count) * Self.rowHeight + Self.bottom + 4
    func n(_ value: Double) -> String { NumberText.rounded(value, decimals: 2) }
    func px(_ x: Double) -> Double { Self.left + xAxis.share(x) * inner }
    var svg =
      "<svg viewBox=\"0 0 \(n(Self.width)) \(n(height))\" role=\"img\" "
      + "aria-label=\"\(HTML.escaped(title))\">\n"
    for (place, row) in rows.enumerated() {
      let y = Double(place) * Self.rowHeight + 4
      svg += "<text class=\"label\" x=\"\(n(Self.left - 8))\" y=\"\(n(y + 14))\" "
      svg += "text-anchor=\"end\">\(HTML.escaped(row.name))</text>"
      svg += "<line class=\"grid\" x1=\"\(n(Self.left))\" x2=\"\(n(Self.width - Self.right))\" "
      svg += "y1=\"\(n(y + 10))\" y2=\"\(n(y + 10))\"/>\n"
      for run in Self.runs(row.isOn) {
        let from = px(edges[run.lowerBound])
        // A bar that would be too thin to be seen is a line.
        let wide = max(1.2, px(edges[run.upperBound]) - from)
        svg += "<rect x=\"\(n(from))\" y=\"\(n(y + 2))\" width=\"\(n(wide))\" height=\"16\" "
        svg += "fill=\"#D55E00\"/>\n"
      }
    }
    for tick in xAxis.ticks where tick >= xAxis.low && tick <= xAxis.high {
      svg += "<text class=\"tick\" x=\"\(n(px(tick)))\" y=\"\(n(height - Self.bottom + 16))\" "
      svg += "text-anchor=\"middle\">\(xAxis.text(tick))</text>\n"
    }
    svg += "<text class=\"axis\" x=\"\(n(Self.left + inner / 2))\" y=\"\(n(height - 6))\" "
    svg += "text-anchor=\"middle\">\(HTML.escaped(xTitle))</text>\n</svg>\n"
    return "<figure>\n<figcaption>\(HTML.escaped(title))</figcaption>\n\(svg)</figure>\n"
  }

  /// Stretches in which something was the case.
  private static func runs(_ isOn: [Bool]) -> [Range<Int>] {
    var runs: [Range<Int>] = []
    var start: Int?
    for (place, value) in (isOn + [false]).enumerated() {
      if value, start == nil { start = place }
      if !value, let first = start {
        runs.append(first..<place)
        start = nil
      }
    }
    return runs
  }
}
