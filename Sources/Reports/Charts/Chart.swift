import Documents

/// A chart as inline SVG with title, units, legend and a table of its data.
///
/// It needs no script and no network, and prints its numbers with a fixed count of decimals, so the
/// same data give the same bytes.
struct Chart {
  /// How the values of a line are drawn.
  enum Style {
    case line
    /// A value holds until the next one.
    case steps
    case dots
  }

  /// One set of points.
  struct Line {
    var name: String
    var x: [Double]
    var y: [Double]
    var style = Style.line
    /// Words beside each point, for dots.
    var labels: [String] = []
  }

  var title: String
  var xTitle: String
  var yTitle: String
  var lines: [Line]
  var xAxis: ChartAxis?
  var includesZero = false
  var height = 260.0

  private static let width = 860.0
  private static let left = 72.0
  private static let right = 16.0
  private static let top = 12.0
  private static let bottom = 42.0
  /// Colours that stay apart for people who do not see all of them (Okabe and Ito, 2008).
  static let colours = [
    "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#8A8A00",
  ]

  /// The chart as an HTML figure.
  var html: String {
    "<figure>\n<figcaption>\(HTML.escaped(title))</figcaption>\n\(svg)\(legend)\(dataTable)"
      + "</figure>\n"
  }

  private var svg: String {
    let xAxis = self.xAxis ?? ChartAxis(covering: lines.flatMap(\.x))
    let yAxis = ChartAxis(covering: lines.flatMap(\.y), includesZero: includesZero)
    let inner = (
      width: Self.width - Self.left - Self.right, height: height - Self.top - Self.bottom
    )
    func px(_ x: Double) -> Double { Self.left + xAxis.share(x) * inner.width }
    func py(_ y: Double) -> Double { Self.top + (1 - yAxis.share(y)) * inner.height }
    func n(_ value: Double) -> String { plain(value) }

    var svg =
      "<svg viewBox=\"0 0 \(n(Self.width)) \(n(height))\" role=\"img\" "
      + "aria-label=\"\(HTML.escaped(title))\">\n"
    for tick in yAxis.ticks {
      let y = n(py(tick))
      svg += "<line class=\"grid\" x1=\"\(n(Self.left))\" x2=\"\(n(Self.width - Self.right))\" "
      svg += "y1=\"\(y)\" y2=\"\(y)\"/>"
      svg += "<text class=\"tick\" x=\"\(n(Self.left - 6))\" y=\"\(y)\" dy=\"4\" "
      svg += "text-anchor=\"end\">\(yAxis.text(tick))</text>\n"
    }
    for tick in xAxis.ticks where tick >= xAxis.low && tick <= xAxis.high {
      svg += "<text class=\"tick\" x=\"\(n(px(tick)))\" y=\"\(n(height - Self.bottom + 16))\" "
      svg += "text-anchor=\"middle\">\(xAxis.text(tick))</text>\n"
    }
    svg += "<text class=\"axis\" x=\"\(n(Self.left + inner.width / 2))\" y=\"\(n(height - 6))\" "
    svg += "text-anchor=\"middle\">\(HTML.escaped(xTitle))</text>\n"
    svg += "<text class=\"axis\" transform=\"translate(14,\(n(Self.top + inner.height / 2))) "
    svg += "rotate(-90)\" text-anchor=\"middle\">\(HTML.escaped(yTitle))</text>\n"
    for (i, line) in lines.enumerated() {
      svg += drawn(line, colour: Self.colours[i % Self.colours.count], px: px, py: py)
    }
    return svg + "</svg>\n"
  }

  private func drawn(
    _ line: Line, colour: String, px: (Double) -> Double, py: (Double) -> Double
  ) -> String {
    if line.style == .dots {
      var dots = ""
      for i in line.x.indices where line.x[i].isFinite && line.y[i].isFinite {
        let x = plain(px(line.x[i]))
        let y = plain(py(line.y[i]))
        dots += "<circle cx=\"\(x)\" cy=\"\(y)\" r=\"5\" fill=\"\(colour)\"/>"
        if i < line.labels.count {
          let isRight = px(line.x[i]) > Self.width * 0.75
          dots += "<text class=\"label\" x=\"\(x)\" y=\"\(y)\" dx=\"\(isRight ? -8 : 8)\" dy=\"4\""
          dots += isRight ? " text-anchor=\"end\">" : ">"
          dots += "\(HTML.escaped(line.labels[i]))</text>\n"
        }
      }
      return dots
    }
    // A gap in the data is a gap in the line.
    var path = ""
    var isPenDown = false
    for i in line.x.indices {
      guard line.y[i].isFinite else {
        isPenDown = false
        continue
      }
      let x = plain(px(line.x[i]))
      let y = plain(py(line.y[i]))
      if isPenDown, line.style == .steps {
        path += "H\(x)V\(y)"
      } else {
        path += "\(isPenDown ? "L" : "M")\(x) \(y)"
      }
      isPenDown = true
    }
    return "<path d=\"\(path)\" fill=\"none\" stroke=\"\(colour)\" stroke-width=\"1.6\"/>\n"
  }

  private var legend: String {
    guard lines.count > 1 else { return "" }
    let items = lines.enumerated().map { i, line in
      "<span><i style=\"background:\(Self.colours[i % Self.colours.count])\"></i>"
        + "\(HTML.escaped(line.name))</span>"
    }
    return "<p class=\"legend\">\(items.joined(separator: " "))</p>\n"
  }

  /// At most this many rows are shown; longer data are thinned evenly and say so.
  private static let longestTable = 200

  private var dataTable: String {
    let longest = lines.map(\.x.count).max() ?? 0
    let every = max(1, (longest + Self.longestTable - 1) / Self.longestTable)
    var rows: [[String]] = []
    for line in lines {
      for i in stride(from: 0, to: line.x.count, by: every) {
        let label = i < line.labels.count ? line.labels[i] : line.name
        rows.append([
          label, NumberText.fixed(line.x[i], decimals: 4), NumberText.fixed(line.y[i], decimals: 4),
        ])
      }
    }
    let words = every > 1 ? "Data (one point in \(every))" : "Data"
    return "<details><summary>\(words)</summary>\n"
      + HTML.table(header: ["", xTitle, yTitle], rows: rows) + "</details>\n"
  }

  /// A coordinate with two decimals, without group marks.
  private func plain(_ value: Double) -> String { NumberText.rounded(value, decimals: 2) }
}
