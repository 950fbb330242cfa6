import Documents

/// A map of rectangles coloured by a value, with a scale and every value as its tooltip.
struct HeatMap {
  var title: String
  var unit: String
  var columnTitle: String
  /// Names of the rows, and their values from left to right; not a number leaves a place out.
  var rows: [(name: String, values: [Double])]
  /// What a column is called, from left to right.
  var columnNames: [String]

  private static let width = 860.0
  private static let left = 76.0
  private static let right = 16.0
  private static let most = 40.0

  /// From cold to hot; lightness rises steadily, so that the order survives grey print (viridis, reversed ends).
  private static let colours: [(red: Double, green: Double, blue: Double)] = [
    (68, 1, 84), (59, 82, 139), (33, 145, 140), (94, 201, 98), (253, 231, 37),
  ]

  private static func colour(_ share: Double) -> String {
    let place = min(max(share, 0), 1) * Double(colours.count - 1)
    let low = min(Int(place), colours.count - 2)
    let part = place - Double(low)
    func mixed(_ a: Double, _ b: Double) -> String {
      let value = Int((a + part * (b - a)).rounded())
      let digits = String(value, radix: 16)
      return value < 16 ? "0" + digits : digits
    }
    let (a, b) = (colours[low], colours[low + 1])
    return "#" + mixed(a.red, b.red) + mixed(a.green, b.green) + mixed(a.blue, b.blue)
  }

  /// The map as an HTML figure.
  var html: String {
    let values = rows.flatMap(\.values).filter(\.isFinite)
    guard let low = values.min(), let high = values.max() else { return "" }
    func n(_ value: Double) -> String { NumberText.rounded(value, decimals: 2) }
    let columns = max(1, columnNames.count)
    let inner = Self.width - Self.left - Self.right
    let wide = min(Self.most, inner / Double(columns))
    let tall = min(26, max(6, 420 / Double(max(1, rows.count))))
    let bottom = 96.0
    let height = Double(rows.count) * tall + bottom
    var svg =
      "<svg viewBox=\"0 0 \(n(Self.width)) \(n(height))\" role=\"img\" "
      + "aria-label=\"\(HTML.escaped(title))\">\n"
    // Names that stand closer than their own height are left out.
    let everyRow = max(1, Int((13 / tall).rounded(.up)))
    for (place, row) in rows.enumerated() {
      let y = Double(place) * tall
      if place % everyRow == 0 {
        svg += "<text class=\"tick\" x=\"\(n(Self.left - 6))\" y=\"\(n(y + tall / 2 + 4))\" "
        svg += "text-anchor=\"end\">\(HTML.escaped(row.name))</text>\n"
      }
      for (column, value) in row.values.enumerated() where value.isFinite {
        let share = high > low ? (value - low) / (high - low) : 0.5
        svg += "<rect x=\"\(n(Self.left + Double(column) * wide))\" y=\"\(n(y))\" "
        svg += "width=\"\(n(max(0.5, wide - (wide > 6 ? 1 : 0))))\" "
        svg +=
          "height=\"\(n(max(0.5, tall - (tall > 6 ? 1 : 0))))\" fill=\"\(Self.colour(share))\">"
        svg += "<title>\(HTML.escaped(row.name)), \(HTML.escaped(columnNames[column])): "
        svg += "\(NumberText.fixed(value, decimals: 2)) \(HTML.escaped(unit))</title></rect>\n"
      }
    }
    let base = Double(rows.count) * tall
    let everyColumn = max(1, Int((Double(columns) / 16).rounded(.up)))
    for column in stride(from: 0, to: columns, by: everyColumn) where column < columnNames.count {
      svg += "<text class=\"tick\" x=\"\(n(Self.left + (Double(column) + 0.5) * wide))\" "
      svg += "y=\"\(n(base + 15))\" text-anchor=\"middle\">"
      svg += "\(HTML.escaped(columnNames[column]))</text>\n"
    }
    let middle = Self.left + wide * Double(columns) / 2
    svg += "<text class=\"axis\" x=\"\(n(middle))\" y=\"\(n(base + 34))\" "
    svg += "text-anchor=\"middle\">\(HTML.escaped(columnTitle))</text>\n"
    svg += scale(low: low, high: high, y: base + 50)
    return
      "<figure>\n<figcaption>\(HTML.escaped(title))</figcaption>\n\(svg)</svg>\n\(table)</figure>\n"
  }

  /// The colours with their lowest and highest value.
  private func scale(low: Double, high: Double, y: Double) -> String {
    func n(_ value: Double) -> String { NumberText.rounded(value, decimals: 2) }
    let steps = 40
    var svg = ""
    for step in 0..<steps {
      svg +=
        "<rect x=\"\(n(Self.left + Double(step) * 6))\" y=\"\(n(y))\" width=\"6\" height=\"12\" "
      svg += "fill=\"\(Self.colour(Double(step) / Double(steps - 1)))\"/>"
    }
    for (text, x, anchor) in [
      (low, Self.left, "start"), (high, Self.left + 6 * Double(steps), "end"),
    ] {
      svg += "<text class=\"tick\" x=\"\(n(x))\" y=\"\(n(y + 28))\" text-anchor=\"\(anchor)\">"
      svg += "\(NumberText.fixed(text, decimals: 2)) \(HTML.escaped(unit))</text>\n"
    }
    return svg
  }

  private var table: String {
    "<details><summary>Data</summary>\n"
      + HTML.table(
        header: [""] + columnNames,
        rows: rows.map { row in
          [row.name] + row.values.map { NumberText.fixed($0.isFinite ? $0 : nil, decimals: 2) }
        }) + "</details>\n"
  }
}
