import Documents

/// Points with names that never touch each other.
struct ScatterChart: PageChart {
  /// One point.
  struct Point: Sendable {
    var name: String
    var x: Double
    var y: Double
    /// Number of its colour and shape.
    var series = 0
  }

  var title: String
  var note: String?
  var xTitle: String
  var yTitle: String
  var points: [Point]
  var xDecimals = 3
  var yDecimals = 2

  private var drawn: [Point] { points.filter { $0.x.isFinite && $0.y.isFinite } }

  var isEmpty: Bool { drawn.count < 2 }

  var data: PageTable? {
    PageTable(
      header: ["", xTitle, yTitle],
      rows: points.map {
        [
          $0.name, NumberText.fixed($0.x.isFinite ? $0.x : nil, decimals: xDecimals),
          NumberText.fixed($0.y.isFinite ? $0.y : nil, decimals: yDecimals),
        ]
      })
  }

  func drawing(width: Double) -> Drawing {
    let xAxis = ChartAxis(covering: drawn.map(\.x), parts: max(3, Int(width / 120)))
    let yAxis = ChartAxis(covering: drawn.map(\.y))
    let left = (yAxis.ticks.map { TextWidth.of($0.text, size: 11) }.max() ?? 0) + 12
    let (top, height) = (24.0, 270.0)
    let right = width - 16
    func px(_ x: Double) -> Double { left + xAxis.share(x) * (right - left) }
    func py(_ y: Double) -> Double { top + (1 - yAxis.share(y)) * height }
    var drawing = Drawing(width: width, height: top + height + 40)
    drawing.text(yTitle, x: 0, y: 12, kind: .strong)
    for tick in yAxis.ticks {
      drawing.line(left, py(tick.at), right, py(tick.at), "grid")
      drawing.text(tick.text, x: left - 6, y: py(tick.at) + 4, anchor: .end)
    }
    for tick in xAxis.ticks {
      drawing.textIfFree(
        tick.text, x: px(tick.at), y: top + height + 16, anchor: .middle, room: 4)
    }
    drawing.textIfFree(xTitle, x: (left + right) / 2, y: top + height + 34, anchor: .middle)
    for point in drawn {
      let (x, y) = (px(point.x), py(point.y))
      drawing.mark(
        point.series, x: x, y: y, size: 5,
        tooltip: "\(point.name): \(NumberText.fixed(point.x, decimals: xDecimals)), "
          + NumberText.fixed(point.y, decimals: yDecimals))
      drawing.reserve(Drawing.Box(left: x - 6, top: y - 6, right: x + 6, bottom: y + 6))
    }
    for point in drawn { name(point, px(point.x), py(point.y), in: &drawing) }
    return drawing
  }

  /// Writes a name at the nearest free place, with a line to its point where that is far.
  private func name(_ point: Point, _ x: Double, _ y: Double, in drawing: inout Drawing) {
    let text = TextWidth.fitted(point.name, size: 12, width: drawing.width * 0.45)
    for distance in [10.0, 22, 36, 52, 70, 90, 112] {
      for (dx, dy, anchor) in [
        (1, 0, Drawing.Anchor.start), (-1, 0, .end), (0.7, -0.7, .start), (0.7, 0.7, .start),
        (-0.7, -0.7, .end), (-0.7, 0.7, .end), (0, -1, .middle), (0, 1, .middle),
      ] {
        let place = (x: x + dx * distance, y: y + dy * distance + 4)
        let box = Drawing.box(text, x: place.x, y: place.y, anchor: anchor, kind: .label)
        guard drawing.isFree(box) else { continue }
        if distance > 10 { drawing.line(x, y, place.x, place.y - 4, "lead") }
        drawing.text(text, x: place.x, y: place.y, anchor: anchor, kind: .label)
        return
      }
    }
  }
}
