/// A part of a page under a heading; one without contents is left out.
package struct PageSection: Sendable {
  package var title: String
  package var blocks: [PageBlock]

  /// Collects the contents of a heading.
  package init(_ title: String, _ blocks: [PageBlock]) {
    self.title = title
    self.blocks = blocks
  }
}

/// Something that stands on a page.
package enum PageBlock: Sendable {
  case chart(any PageChart)
  case table(PageTable)
  case list([String])
  case text(String)
  /// Contents that open at a click, under a summary.
  indirect case folded(String, [PageBlock])
  /// Contents of which one is seen at a time where scripts run, and which are folded otherwise, under a label.
  indirect case choice(String, [PageChoice])
  /// Something that answers where scripts run.
  case program(PageProgram)

  /// Whether there is nothing to see.
  var isEmpty: Bool {
    switch self {
    case .chart(let chart): chart.isEmpty
    case .table(let table): table.rows.isEmpty
    case .list(let lines): lines.isEmpty
    case .text(let text): text.isEmpty
    case .folded(_, let blocks): blocks.allSatisfy(\.isEmpty)
    case .choice(_, let choices): choices.isEmpty
    case .program(let program): program.html.isEmpty
    }
  }
}

/// One of several contents that are chosen by their name.
package struct PageChoice: Sendable {
  package var name: String
  package var blocks: [PageBlock]

  /// Names contents.
  package init(_ name: String, _ blocks: [PageBlock]) {
    self.name = name
    self.blocks = blocks
  }
}

/// One of the few numbers that a page opens with.
package struct KeyFigure: Sendable {
  /// What it is.
  package var name: String
  /// The number with its unit.
  package var value: String
  /// How sure it is, or what it is against.
  package var detail: String

  /// Takes a number in words.
  package init(_ name: String, _ value: String, _ detail: String = "") {
    self.name = name
    self.value = value
    self.detail = detail
  }

  /// Returns the row of figures; nothing for none.
  static func html(_ figures: [KeyFigure]) -> String {
    guard !figures.isEmpty else { return "" }
    return "<div class=\"figures\">\n"
      + figures.map { figure in
        "<div><span class=\"name\">\(HTML.escaped(figure.name))</span>"
          + "<span class=\"value\">\(HTML.broken(figure.value))</span>"
          + (figure.detail.isEmpty
            ? "" : "<span class=\"detail\">\(HTML.escaped(figure.detail))</span>")
          + "</div>\n"
      }.joined() + "</div>\n"
  }
}

/// A line on what a run was, such as its battery.
package struct PageFact: Sendable {
  package var name: String
  package var value: String

  /// Names a fact.
  package init(_ name: String, _ value: String) {
    self.name = name
    self.value = value
  }

  /// Returns the facts as a list of names and values; nothing for none.
  static func html(_ facts: [PageFact]) -> String {
    guard !facts.isEmpty else { return "" }
    return "<dl>\n"
      + facts.map {
        "<dt>\(HTML.escaped($0.name))</dt><dd>\(HTML.escaped($0.value))</dd>\n"
      }.joined() + "</dl>\n"
  }
}
