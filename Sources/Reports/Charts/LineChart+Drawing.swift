extension LineChart {
  private static let titleHeight = 28.0
  private static let gap = 16.0
  private static let axisHeight = 40.0
  private static let lineHeight = 15.0

  /// Where a panel is drawn.
  private struct Frame {
    let left: Double
    let right: Double
    let top: Double
    let height: Double
    let xAxis: ChartAxis
    let yAxis: ChartAxis

    func px(_ x: Double) -> Double { left + xAxis.share(x) * (right - left) }
    func py(_ y: Double) -> Double { top + (1 - yAxis.share(y)) * height }
  }

  func drawing(width: Double) -> Drawing {
    let isWide = width > ChartWidth.narrow + 100
    let yAxes = panels.map(yAxis)
    let ticks = yAxes.flatMap { $0.ticks.map { TextWidth.of($0.text, size: 11) } }.max() ?? 20
    let left = ticks + 12
    let names = panels.flatMap(named).map { TextWidth.of($0.name, size: 12) }.max() ?? 0
    let labels = isWide ? min(220, names + 16) : 12
    let right = width - labels
    let xAxis = axis(width: right - left)
    var drawing = Drawing(width: width)
    drawing.plot = (left, right)
    var top = 0.0
    for (panel, yAxis) in zip(panels, yAxes) {
      // Names that have no room at the ends of their lines stand above.
      let isNamedAtEnds =
        isWide && Double(named(panel).count) * Self.lineHeight <= panel.height + 6
      drawing.text(panel.title, x: 0, y: top + 14, kind: .strong)
      top += Self.titleHeight
      if !isNamedAtEnds { top = legend(panel, top: top, in: &drawing) }
      let frame = Frame(
        left: left, right: right, top: top, height: panel.height, xAxis: xAxis, yAxis: yAxis)
      draw(panel, frame, in: &drawing)
      if isNamedAtEnds { name(panel, frame, in: &drawing) }
      top += panel.height + Self.gap
    }
    top -= Self.gap
    drawing.height = top + Self.axisHeight
    for tick in xAxis.ticks {
      let x = left + xAxis.share(tick.at) * (right - left)
      drawing.textIfFree(tick.text, x: x, y: top + 15, anchor: .middle, room: 4)
    }
    drawing.textIfFree(
      axisTitle, x: (left + right) / 2, y: top + 33, anchor: .middle)
    return drawing
  }

  private func yAxis(_ panel: Panel) -> ChartAxis {
    let values =
      panel.lines.flatMap(\.values) + panel.bands.flatMap { $0.low + $0.high }
      + panel.levels.map(\.value)
    return ChartAxis(
      covering: values, includesZero: panel.includesZero, parts: max(2, Int(panel.height / 44)))
  }

  private func colour(_ line: Line, _ place: Int) -> Int { line.colour ?? place }

  private func dash(_ line: Line, _ place: Int) -> String {
    line.isDashed.map { $0 ? "5 3" : "" } ?? Drawing.dash(colour(line, place))
  }

  private func draw(_ panel: Panel, _ frame: Frame, in drawing: inout Drawing) {
    for tick in frame.yAxis.ticks {
      let y = frame.py(tick.at)
      drawing.line(frame.left, y, frame.right, y, tick.at == 0 ? "zero" : "grid")
      drawing.text(tick.text, x: frame.left - 6, y: y + 4, anchor: .end)
    }
    if case .times = places {
      for tick in frame.xAxis.ticks {
        let x = frame.px(tick.at)
        drawing.line(x, frame.top, x, frame.top + frame.height, "grid")
      }
    }
    let across = x.map(frame.px)
    for band in panel.bands {
      drawing.area(
        across, low: band.low.map(frame.py), high: band.high.map(frame.py),
        style: "b \(Drawing.colour(band.colour))")
    }
    for level in panel.levels {
      let y = frame.py(level.value)
      drawing.add(
        "<line class=\"l c6\" stroke-dasharray=\"1 3\" x1=\"\(frame.left)\" x2=\"\(frame.right)\" "
          + "y1=\"\(y)\" y2=\"\(y)\"/>\n")
    }
    for (place, line) in panel.lines.enumerated() {
      var points = zip(across, line.values.map(frame.py)).map { (x: $0, y: $1) }
      if line.style == .steps, case .times(_, let until, _) = places, let last = points.last {
        points.append((x: frame.px(until), y: last.y))
      }
      if line.style != .marks {
        drawing.path(
          points, isStepped: line.style == .steps,
          style: "l \(Drawing.colour(colour(line, place)))",
          dash: dash(line, place))
      }
      guard line.style == .marks || line.style == .markedLine else { continue }
      for (i, point) in points.enumerated() where point.y.isFinite {
        drawing.mark(
          colour(line, place), x: point.x, y: point.y,
          tooltip: "\(line.name): \(valueText(line.values[i], panel))")
      }
    }
  }

  /// Everything in a panel that has a name, with the last value that it is drawn at.
  private func named(_ panel: Panel) -> [(
    name: String, colour: Int, dash: String, end: Double, isBand: Bool
  )] {
    panel.lines.enumerated().map { place, line in
      (
        line.name, colour(line, place), line.style == .marks ? "" : dash(line, place),
        line.values.last(where: \.isFinite) ?? .nan, false
      )
    }
      + panel.bands.map { band in
        let last = band.low.indices.last { band.low[$0].isFinite && band.high[$0].isFinite }
        return (
          band.name, band.colour, "", last.map { (band.low[$0] + band.high[$0]) / 2 } ?? .nan, true
        )
      } + panel.levels.map { ($0.name, 6, "1 3", $0.value, false) }
  }

  /// Writes the names at the ends, moved apart where they would touch.
  private func name(_ panel: Panel, _ frame: Frame, in drawing: inout Drawing) {
    var ends = named(panel).filter { $0.end.isFinite }.map { item in
      (item: item, y: frame.py(item.end), end: frame.py(item.end))
    }
    ends.sort { $0.y < $1.y }
    for i in ends.indices.dropFirst() {
      ends[i].y = max(ends[i].y, ends[i - 1].y + Self.lineHeight)
    }
    if let last = ends.indices.last {
      ends[last].y = min(ends[last].y, frame.top + frame.height)
      for i in ends.indices.dropLast().reversed() {
        ends[i].y = min(ends[i].y, ends[i + 1].y - Self.lineHeight)
      }
    }
    for (item, y, end) in ends {
      let style = Drawing.colour(item.colour)
      drawing.path(
        [(frame.right + 1, end), (frame.right + 9, y)], style: "l \(style)", dash: item.dash)
      let text = TextWidth.fitted(
        item.name, size: 12, width: drawing.width - frame.right - 12)
      drawing.text(text, x: frame.right + 12, y: y + 4, kind: .label)
    }
  }

  /// Writes the names above the plot and returns where that begins.
  private func legend(_ panel: Panel, top: Double, in drawing: inout Drawing) -> Double {
    let items = named(panel)
    guard items.count > 1 else { return top }
    var (x, y) = (0.0, top + 10)
    for item in items {
      let text = TextWidth.fitted(item.name, size: 12, width: drawing.width - 30)
      let wide = TextWidth.of(text, size: 12) + 40
      if x > 0, x + wide - 12 > drawing.width { (x, y) = (0, y + 16) }
      let style = Drawing.colour(item.colour)
      if item.isBand {
        drawing.rect(x: x, y: y - 8, width: 20, height: 9, style: "b \(style)")
      } else {
        drawing.path([(x, y - 4), (x + 20, y - 4)], style: "l \(style)", dash: item.dash)
      }
      drawing.text(text, x: x + 25, y: y, kind: .label)
      x += wide
    }
    return y + 10
  }
}
