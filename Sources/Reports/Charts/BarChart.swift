import Documents

/// Bars from zero, in groups that share their series, each with its value beside it.
struct BarChart: PageChart {
  /// One group of bars.
  struct Group: Sendable {
    var name: String
    /// One value per series; not a number leaves a place out.
    var values: [Double]
  }

  var title: String
  var note: String?
  var unit: String
  var series: [String]
  var groups: [Group]
  var decimals = 2

  private static let barHeight = 16.0
  private static let nameHeight = 20.0

  var isEmpty: Bool { !groups.contains { $0.values.contains { $0.isFinite } } }

  var data: PageTable? {
    PageTable(
      header: [""] + series.map { "\($0) \(unit)" },
      rows: groups.map { [$0.name] + $0.values.map(text) })
  }

  private func text(_ value: Double) -> String {
    NumberText.fixed(value.isFinite ? value : nil, decimals: decimals)
  }

  func drawing(width: Double) -> Drawing {
    var drawing = Drawing(width: width)
    var top = legend(in: &drawing)
    let values = groups.flatMap(\.values).filter(\.isFinite)
    // Room for the value beside the longest bar.
    let room = (values.map { TextWidth.of(text($0), size: 12) }.max() ?? 0) + 10
    let axis = ChartAxis(
      covering: values, includesZero: true, parts: max(3, Int(width / 120)))
    let from = values.contains { $0 < 0 } ? room : 4
    let inner = width - from - room
    func px(_ x: Double) -> Double { from + axis.share(x) * inner }
    let begin = top
    let base =
      begin
      + groups.reduce(0) { $0 + Self.nameHeight + Double($1.values.count) * Self.barHeight + 6 }
    for tick in axis.ticks {
      drawing.line(px(tick.at), begin, px(tick.at), base, tick.at == 0 ? "zero" : "grid")
    }
    for group in groups {
      drawing.text(
        TextWidth.fitted(group.name, size: 12, width: width - 4), x: 0, y: top + 14, kind: .strong)
      top += Self.nameHeight
      for (place, value) in group.values.enumerated() {
        defer { top += Self.barHeight }
        guard value.isFinite else { continue }
        let (low, high) = (px(min(0, value)), px(max(0, value)))
        // A bar that would be too thin to be seen is a line.
        drawing.rect(
          x: low, y: top, width: max(1, high - low), height: Self.barHeight - 3,
          style: "f \(Drawing.colour(place))")
        drawing.text(
          text(value), x: value < 0 ? low - 5 : high + 5, y: top + 11,
          anchor: value < 0 ? .end : .start, kind: .label)
      }
      top += 6
    }
    drawing.height = base + 38
    for tick in axis.ticks {
      drawing.textIfFree(tick.text, x: px(tick.at), y: base + 14, anchor: .middle, room: 4)
    }
    drawing.textIfFree(unit, x: from + inner / 2, y: base + 31, anchor: .middle)
    return drawing
  }

  /// Writes the names of the series in rows and returns where the bars begin.
  private func legend(in drawing: inout Drawing) -> Double {
    guard series.count > 1 else { return 0 }
    var (x, y) = (0.0, 12.0)
    for (place, name) in series.enumerated() {
      let text = TextWidth.fitted(name, size: 12, width: drawing.width - 20)
      let wide = TextWidth.of(text, size: 12) + 34
      if x > 0, x + wide - 16 > drawing.width { (x, y) = (0, y + 17) }
      drawing.rect(
        x: x, y: y - 10, width: 12, height: 12, style: "f \(Drawing.colour(place))")
      drawing.text(text, x: x + 17, y: y, kind: .label)
      x += wide
    }
    return y + 12
  }
}
