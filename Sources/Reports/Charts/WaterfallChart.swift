import Documents

/// Steps from one amount to another, each with its change.
struct WaterfallChart: PageChart {
  /// A line of the chart.
  enum Step: Sendable {
    /// An amount that has been reached.
    case amount(String, Double)
    /// What changes the amount.
    case change(String, Double)
  }

  var title: String
  var note: String?
  var unit: String
  var steps: [Step]

  var isEmpty: Bool { steps.count < 2 }

  var data: PageTable? {
    PageTable(
      header: ["", unit],
      rows: steps.map { [Self.words($0).name, Self.words($0).value] })
  }

  private static func signed(_ value: Double) -> String {
    let text = NumberText.fixed(value, decimals: 2)
    return value > 0 && !text.allSatisfy({ "0.".contains($0) }) ? "+" + text : text
  }

  func drawing(width: Double) -> Drawing {
    var levels: [Double] = []
    var level = 0.0
    for step in steps {
      switch step {
      case .amount(_, let value): level = value
      case .change(_, let value): level += value
      }
      levels.append(level)
    }
    // On wide drawings names and values stand beside the bars, on narrow ones above them.
    let isWide = width > ChartWidth.narrow + 100
    let texts = steps.map { Self.words($0) }
    let names = texts.map { TextWidth.of($0.name, size: 12, isBold: $0.isStrong) }.max() ?? 0
    let values = texts.map { TextWidth.of($0.value, size: 12, isBold: $0.isStrong) }.max() ?? 0
    let left = isWide ? min(260, names) + 18 : 12
    let right = isWide ? width - values - 18 : width - 12
    let rowHeight = isWide ? 25.0 : 40
    let axis = ChartAxis(covering: levels, parts: max(3, Int((right - left) / 110)))
    func px(_ x: Double) -> Double { left + axis.share(x) * (right - left) }
    let base = rowHeight * Double(steps.count)
    var drawing = Drawing(width: width, height: base + 38)
    for tick in axis.ticks {
      drawing.line(px(tick.at), 0, px(tick.at), base, tick.at == 0 ? "zero" : "grid")
    }
    for (place, step) in steps.enumerated() {
      let top = rowHeight * Double(place)
      let y = isWide ? top + 6 : top + 20
      let before = place > 0 ? levels[place - 1] : levels[place]
      switch step {
      case .amount(_, let value):
        // An amount is a mark, not a bar: the axis need not begin at zero.
        drawing.rect(x: px(value) - 3, y: y, width: 6, height: 13, style: "f c6")
      case .change(_, let value):
        let (low, high) = (px(min(before, levels[place])), px(max(before, levels[place])))
        drawing.rect(
          x: low, y: y, width: max(1, high - low), height: 13, style: "f \(value > 0 ? "c1" : "c0")"
        )
      }
      if place + 1 < steps.count {
        drawing.line(px(levels[place]), y + 13, px(levels[place]), y + rowHeight, "lead")
      }
      let words = texts[place]
      let kind = words.isStrong ? Drawing.Kind.strong : .label
      let baseline = isWide ? top + 17 : top + 14
      let room = isWide ? left - 14 : width - values - 16
      drawing.text(words.value, x: width, y: baseline, anchor: .end, kind: kind)
      drawing.text(
        TextWidth.fitted(words.name, size: words.isStrong ? 13.2 : 12, width: room), x: 0,
        y: baseline, kind: kind)
    }
    for tick in axis.ticks {
      drawing.textIfFree(tick.text, x: px(tick.at), y: base + 14, anchor: .middle, room: 4)
    }
    drawing.textIfFree(unit, x: (left + right) / 2, y: base + 31, anchor: .middle)
    return drawing
  }

  /// Name and value of a step; amounts are written strongly.
  private static func words(_ step: Step) -> (name: String, value: String, isStrong: Bool) {
    switch step {
    case .amount(let name, let value): (name, NumberText.fixed(value, decimals: 2), true)
    case .change(let name, let value): (name, signed(value), false)
    }
  }
}
