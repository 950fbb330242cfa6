import Documents

/// Bars from zero, in groups that share their series, each with its value beside it.
struct BarChart {
  /// One group of bars.
  struct Group {
    var name: String
    /// One value per series; not a number leaves a place out.
    var values: [Double]
  }

  var title: String
  var unit: String
  var series: [String]
  var groups: [Group]

  private static let width = 640.0
  private static let left = 16.0
  private static let right = 16.0
  /// Room for a value beside the longest bar.
  private static let valueWidth = 84.0
  private static let barHeight = 15.0
  private static let nameHeight = 22.0
  private static let bottom = 40.0

  /// The chart as an HTML figure.
  var html: String {
    "<figure>\n<figcaption>\(HTML.escaped(title))</figcaption>\n\(legend)"
      + "<div class=\"scroll\">\(svg)</div>\n</figure>\n"
  }

  private var svg: String {
    let axis = ChartAxis(covering: groups.flatMap(\.values), includesZero: true)
    let hasNegative = groups.contains { $0.values.contains { $0 < 0 } }
    let from = Self.left + (hasNegative ? Self.valueWidth : 0)
    let inner = Self.width - from - Self.right - Self.valueWidth
    func n(_ value: Double) -> String { NumberText.rounded(value, decimals: 2) }
    func px(_ x: Double) -> Double { from + axis.share(x) * inner }
    let groupHeight = Self.nameHeight + Double(series.count) * Self.barHeight + 6
    let base = groupHeight * Double(groups.count)
    var svg =
      "<svg class=\"bars\" viewBox=\"0 0 \(n(Self.width)) \(n(base + Self.bottom))\" role=\"img\" "
      + "aria-label=\"\(HTML.escaped(title))\">\n"
    for tick in axis.ticks {
      let x = n(px(tick))
      svg += "<line class=\"grid\" x1=\"\(x)\" x2=\"\(x)\" y1=\"0\" y2=\"\(n(base))\"/>"
      svg += "<text class=\"tick\" x=\"\(x)\" y=\"\(n(base + 15))\" text-anchor=\"middle\">"
      svg += "\(axis.text(tick))</text>\n"
    }
    for (place, group) in groups.enumerated() {
      let top = groupHeight * Double(place)
      svg += "<text class=\"label\" x=\"\(n(Self.left))\" y=\"\(n(top + 15))\" font-weight=\"600\">"
      svg += "\(HTML.escaped(group.name))</text>\n"
      for (k, value) in group.values.enumerated() where value.isFinite {
        let y = top + Self.nameHeight + Double(k) * Self.barHeight
        let (low, high) = (px(min(0, value)), px(max(0, value)))
        // A bar that would be too thin to be seen is a line.
        svg += "<rect x=\"\(n(low))\" y=\"\(n(y))\" width=\"\(n(max(1, high - low)))\" "
        svg +=
          "height=\"\(n(Self.barHeight - 3))\" fill=\"\(Chart.colours[k % Chart.colours.count])\"/>"
        let isLeft = value < 0
        svg += "<text class=\"label\" x=\"\(n(isLeft ? low - 5 : high + 5))\" y=\"\(n(y + 10))\""
        svg += isLeft ? " text-anchor=\"end\">" : ">"
        svg += "\(NumberText.fixed(value, decimals: 2))</text>\n"
      }
    }
    svg += "<text class=\"axis\" x=\"\(n(from + inner / 2))\" y=\"\(n(base + 34))\" "
    svg += "text-anchor=\"middle\">\(HTML.escaped(unit))</text>\n"
    return svg + "</svg>\n"
  }

  private var legend: String {
    let items = series.enumerated().map { k, name in
      "<span><i style=\"background:\(Chart.colours[k % Chart.colours.count])\"></i>"
        + "\(HTML.escaped(name))</span>"
    }
    return "<p class=\"legend\">\(items.joined(separator: " "))</p>\n"
  }
}
