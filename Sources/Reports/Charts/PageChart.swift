/// A chart of a page, drawn once for wide screens and paper and once for narrow screens.
///
/// Titles say what is seen, with its unit. Everything drawn also stands in the data.
package protocol PageChart: Sendable {
  /// What is seen, with the unit.
  var title: String { get }
  /// What has to be known to read it; nothing where the title says it.
  var note: String? { get }
  /// Whether there is nothing to draw.
  var isEmpty: Bool { get }
  /// What is drawn, as a table; nothing where the drawing names every value.
  var data: PageTable? { get }
  /// Draws it.
  ///
  /// - Parameter width: Width of the drawing. [px]
  /// - Returns: The drawing, as high as it needs to be.
  func drawing(width: Double) -> Drawing
}

extension PageChart {
  /// Nothing besides the title.
  package var note: String? { nil }
}

/// Widths that charts are drawn for. [px]
enum ChartWidth {
  /// Screens of more than 640 pixels, and paper.
  static let wide = 880.0
  /// Screens of 390 pixels, less the margins of the page.
  static let narrow = 356.0
}
