import Documents

/// A drawing in SVG that knows where its texts stand, so that none touches another.
package struct Drawing: Sendable {
  /// A rectangle with its sides along the axes.
  struct Box: Sendable, Hashable {
    var left: Double
    var top: Double
    var right: Double
    var bottom: Double

    func touches(_ other: Box) -> Bool {
      left < other.right && other.left < right && top < other.bottom && other.top < bottom
    }
  }

  /// Which side of a text its place is.
  enum Anchor: String {
    case start, middle, end
  }

  /// What a text is for, which decides its size.
  enum Kind: String {
    case tick, label, strong, cell

    var size: Double {
      switch self {
      case .tick: 11
      case .label, .strong: 12
      case .cell: 10
      }
    }
  }

  let width: Double
  var height: Double
  private(set) var body = ""
  /// Where texts stand, and what else texts must not cover.
  private(set) var boxes: [Box] = []
  /// Where the axis begins and ends, for charts whose rows of data stand along it.
  var plot: (left: Double, right: Double)?

  init(width: Double, height: Double = 0) {
    self.width = width
    self.height = height
  }

  /// Adds elements as they are.
  mutating func add(_ elements: String) { body += elements }

  /// Keeps texts out of a rectangle.
  mutating func reserve(_ box: Box) { boxes.append(box) }

  mutating func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ style: String) {
    body +=
      "<line class=\"\(style)\" x1=\"\(n(x1))\" y1=\"\(n(y1))\" x2=\"\(n(x2))\" y2=\"\(n(y2))\"/>\n"
  }

  /// Draws a rectangle, with a tooltip where one is given.
  mutating func rect(
    x: Double, y: Double, width: Double, height: Double, style: String, fill: String? = nil,
    tooltip: String = ""
  ) {
    body += "<rect class=\"\(style)\" x=\"\(n(x))\" y=\"\(n(y))\" width=\"\(n(max(0, width)))\" "
    body += "height=\"\(n(max(0, height)))\""
    if let fill { body += " fill=\"\(fill)\"" }
    body += tooltip.isEmpty ? "/>\n" : "><title>\(HTML.escaped(tooltip))</title></rect>\n"
  }

  /// Where a text of a kind would stand.
  static func box(
    _ text: String, x: Double, y: Double, anchor: Anchor, kind: Kind
  ) -> Box {
    let wide = TextWidth.of(text, size: kind.size, isBold: kind == .strong)
    let left: Double =
      switch anchor {
      case .start: x
      case .middle: x - wide / 2
      case .end: x - wide
      }
    return Box(
      left: left, top: y - 0.95 * kind.size, right: left + wide, bottom: y + 0.25 * kind.size)
  }

  /// Writes a text, whatever stands there.
  mutating func text(
    _ text: String, x: Double, y: Double, anchor: Anchor = .start, kind: Kind = .tick,
    style: String = ""
  ) {
    guard !text.isEmpty else { return }
    boxes.append(Self.box(text, x: x, y: y, anchor: anchor, kind: kind))
    body += "<text class=\"\(kind.rawValue)\(style.isEmpty ? "" : " " + style)\" "
    body += "x=\"\(n(x))\" y=\"\(n(y))\""
    if anchor != .start { body += " text-anchor=\"\(anchor.rawValue)\"" }
    body += ">\(HTML.escaped(text))</text>\n"
  }

  /// Returns whether a box is within the drawing and touches no text.
  func isFree(_ box: Box) -> Bool {
    box.left >= 0 && box.right <= width && box.top >= 0 && box.bottom <= height
      && !boxes.contains { $0.touches(box) }
  }

  /// Writes a text where it is within the drawing and touches no other; returns whether it was written.
  @discardableResult mutating func textIfFree(
    _ text: String, x: Double, y: Double, anchor: Anchor = .start, kind: Kind = .tick,
    room: Double = 2, style: String = ""
  ) -> Bool {
    var box = Self.box(text, x: x, y: y, anchor: anchor, kind: kind)
    box.left -= room
    box.right += room
    let isWithin = box.left + room >= 0 && box.right - room <= width
    guard isWithin, !boxes.contains(where: { $0.touches(box) }) else { return false }
    self.text(text, x: x, y: y, anchor: anchor, kind: kind, style: style)
    return true
  }

  /// Draws points joined by lines, or by steps that hold until the next point; a gap in the data is a gap.
  mutating func path(
    _ points: [(x: Double, y: Double)], isStepped: Bool = false, style: String, dash: String = ""
  ) {
    var path = ""
    var isPenDown = false
    for (x, y) in points {
      guard x.isFinite, y.isFinite else {
        isPenDown = false
        continue
      }
      if isPenDown, isStepped {
        path += "H\(n(x))V\(n(y))"
      } else {
        path += "\(isPenDown ? "L" : "M")\(n(x)) \(n(y))"
      }
      isPenDown = true
    }
    guard !path.isEmpty else { return }
    body += "<path class=\"\(style)\""
    if !dash.isEmpty { body += " stroke-dasharray=\"\(dash)\"" }
    body += " d=\"\(path)\"/>\n"
  }

  /// Draws the area between two courses; a gap in either is a gap.
  mutating func area(_ x: [Double], low: [Double], high: [Double], style: String) {
    var path = ""
    var run: [Int] = []
    for i in x.indices.map({ $0 }) + [x.count] {
      if i < x.count, x[i].isFinite, low[i].isFinite, high[i].isFinite {
        run.append(i)
        continue
      }
      if run.count > 1 {
        path += "M" + run.map { "\(n(x[$0])) \(n(high[$0]))" }.joined(separator: "L")
        path +=
          "L" + run.reversed().map { "\(n(x[$0])) \(n(low[$0]))" }.joined(separator: "L") + "Z"
      }
      run = []
    }
    if !path.isEmpty { body += "<path class=\"\(style)\" d=\"\(path)\"/>\n" }
  }

  /// Draws a mark of one of the shapes that tell series apart without colour.
  mutating func mark(
    _ series: Int, x: Double, y: Double, size: Double = 4.5, tooltip: String = ""
  ) {
    let title = tooltip.isEmpty ? "" : "<title>\(HTML.escaped(tooltip))</title>"
    let style = Self.colour(series)
    switch series % 4 {
    case 0:
      body +=
        "<circle class=\"f \(style)\" cx=\"\(n(x))\" cy=\"\(n(y))\" r=\"\(n(size))\">\(title)</circle>\n"
    case 1:
      body +=
        "<rect class=\"f \(style)\" x=\"\(n(x - size))\" y=\"\(n(y - size))\" width=\"\(n(2 * size))\" "
      body += "height=\"\(n(2 * size))\">\(title)</rect>\n"
    default:
      let up = series % 4 == 2
      let shape =
        up
        ? [(x, y - size - 1), (x + size + 1, y + size), (x - size - 1, y + size)]
        : [(x, y - size - 2), (x + size + 2, y), (x, y + size + 2), (x - size - 2, y)]
      let points = shape.map { "\(n($0.0)),\(n($0.1))" }.joined(separator: " ")
      body += "<polygon class=\"f \(style)\" points=\"\(points)\">\(title)</polygon>\n"
    }
  }

  /// The class that gives the colour of a series.
  static func colour(_ series: Int) -> String { "c\(series % PageStyle.colours.count)" }

  /// Dashes that tell lines apart without colour.
  static func dash(_ series: Int) -> String { ["", "6 3", "2 3", "9 3 2 3"][series % 4] }

  /// The drawing as an element.
  func svg(title: String, kind: String) -> String {
    let plot = plot.map { " data-left=\"\(n($0.left))\" data-right=\"\(n($0.right))\"" } ?? ""
    return "<svg class=\"\(kind)\"\(plot) viewBox=\"0 0 \(n(width)) \(n(height))\" role=\"img\" "
      + "aria-label=\"\(HTML.escaped(title))\">\n\(body)</svg>\n"
  }

  /// A coordinate with a tenth of a pixel.
  private func n(_ value: Double) -> String { NumberText.rounded(value, decimals: 1) }
}
