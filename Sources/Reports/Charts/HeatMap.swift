import Documents

/// A map of rectangles coloured by a value, with a scale and every value as its tooltip.
struct HeatMap: PageChart {
  /// A row of the map.
  struct Row: Sendable {
    var name: String
    /// Values from left to right; not a number leaves a place out.
    var values: [Double]
  }

  var title: String
  var note: String?
  var unit: String
  var columnTitle: String
  var rows: [Row]
  /// What a column is called, from left to right.
  var columnNames: [String]
  var decimals = 2
  /// Whether cells that are large enough bear their values, rounded to whole numbers, where these tell something.
  var bearsValues = false

  /// From low to high; lightness rises steadily, so that the order survives grey print and colour blindness.
  ///
  /// Source: J. R. Nuñez, C. R. Anderton, R. S. Renslow, "Optimizing colormaps with consideration for color
  /// vision deficiency", PLoS ONE 13 (2018) e0199239, doi:10.1371/journal.pone.0199239 (cividis).
  private static let colours: [(red: Double, green: Double, blue: Double)] = [
    (0, 34, 78), (53, 69, 108), (102, 105, 112), (148, 142, 119), (200, 184, 102), (254, 232, 56),
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

  private var values: [Double] { rows.flatMap(\.values).filter(\.isFinite) }

  var isEmpty: Bool { values.isEmpty }

  private func text(_ value: Double) -> String {
    NumberText.fixed(value.isFinite ? value : nil, decimals: decimals)
  }

  var data: PageTable? {
    PageTable(
      header: [columnTitle] + columnNames, rows: rows.map { [$0.name] + $0.values.map(text) })
  }

  func drawing(width: Double) -> Drawing {
    let (low, high) = (values.min() ?? 0, values.max() ?? 0)
    func share(_ value: Double) -> Double { high > low ? (value - low) / (high - low) : 0.5 }
    let columns = max(1, columnNames.count)
    let left = min(
      width * 0.3, (rows.map { TextWidth.of($0.name, size: 11) }.max() ?? 0) + 8)
    let wide = min(44, (width - left - 4) / Double(columns))
    let tall = min(22, max(4, 420 / Double(max(1, rows.count))))
    let base = Double(rows.count) * tall
    var drawing = Drawing(width: width, height: base + 84)
    let bears =
      bearsValues && tall >= 13 && high - low >= 10
      && wide
        >= (values.map { TextWidth.of(NumberText.fixed($0, decimals: 0), size: 10) }.max() ?? 0)
        + 3
    for (place, row) in rows.enumerated() {
      let y = Double(place) * tall
      drawing.textIfFree(
        TextWidth.fitted(row.name, size: 11, width: left - 6), x: left - 6, y: y + tall / 2 + 4,
        anchor: .end, room: 0)
      for (column, value) in row.values.enumerated() where value.isFinite {
        let x = left + Double(column) * wide
        drawing.rect(
          x: x, y: y, width: max(0.5, wide - (wide > 6 ? 1 : 0)),
          height: max(0.5, tall - (tall > 6 ? 1 : 0)), style: "cell",
          fill: Self.colour(share(value)),
          tooltip: "\(row.name), \(columnNames[column]): \(text(value)) \(unit)")
        guard bears else { continue }
        drawing.text(
          NumberText.fixed(value, decimals: 0), x: x + wide / 2, y: y + tall / 2 + 3.5,
          anchor: .middle, kind: .cell, style: share(value) > 0.55 ? "off" : "on")
      }
    }
    for (column, name) in columnNames.enumerated() {
      drawing.textIfFree(
        name, x: left + (Double(column) + 0.5) * wide, y: base + 15, anchor: .middle, room: 3)
    }
    drawing.textIfFree(
      columnTitle, x: left + wide * Double(columns) / 2, y: base + 33, anchor: .middle)
    scale(low: low, high: high, x: left, y: base + 46, in: &drawing)
    return drawing
  }

  /// The colours with their lowest and highest value.
  private func scale(
    low: Double, high: Double, x: Double, y: Double, in drawing: inout Drawing
  ) {
    let steps = 36
    for step in 0..<steps {
      drawing.rect(
        x: x + Double(step) * 6, y: y, width: 6.2, height: 12, style: "scale",
        fill: Self.colour(Double(step) / Double(steps - 1)))
    }
    drawing.text("\(text(low)) \(unit)", x: x, y: y + 27)
    drawing.textIfFree("\(text(high)) \(unit)", x: x + 6 * Double(steps), y: y + 27, anchor: .end)
  }
}
