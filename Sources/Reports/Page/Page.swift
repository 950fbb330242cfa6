/// One result as one page: a file that needs no network and reads without its script.
///
/// Every page answers in the same order: the verdict in a sentence, the few figures that matter, sections with
/// charts and tables, what the run was with everything that was filled, clamped or left out, and the data of the
/// charts. A report makes one with the parts that it has; whoever has more to say of the result appends sections.
package struct Page: Sendable {
  /// What the result is of, such as the scenario's name.
  package var title: String
  /// What came out, in a sentence.
  package var verdict: String
  /// Lines under the verdict: period, resolution, how it was planned.
  package var facts: [String]
  /// The few numbers that matter.
  package var figures: [KeyFigure]
  /// Charts and tables, in the order of reading.
  package var sections: [PageSection]
  /// What the run was: battery, tariff, data, planner, seed, version.
  package var run: [PageFact]
  /// Every warning, fill, clamp and fallback in words.
  package var warnings: [String]

  /// Collects the parts of a page.
  package init(
    title: String, verdict: String, facts: [String] = [], figures: [KeyFigure] = [],
    sections: [PageSection] = [], run: [PageFact] = [], warnings: [String] = []
  ) {
    self.title = title
    self.verdict = verdict
    self.facts = facts
    self.figures = figures
    self.sections = sections
    self.run = run
    self.warnings = warnings
  }

  /// The file.
  package var html: String {
    var writer = PageWriter()
    writer.body += "<h1>\(HTML.escaped(title))</h1>\n"
    writer.body += "<p class=\"verdict\">\(HTML.escaped(verdict))</p>\n"
    if !facts.isEmpty {
      writer.body +=
        "<p class=\"facts\">" + facts.map(HTML.escaped).joined(separator: "<br>\n") + "</p>\n"
    }
    writer.body += KeyFigure.html(figures)
    for section in sections { writer.add(section) }
    if !run.isEmpty || !warnings.isEmpty {
      writer.body += "<h2>What the run was</h2>\n" + PageFact.html(run) + HTML.list(warnings)
    }
    if !writer.data.isEmpty {
      writer.body +=
        "<div class=\"data\">\n<h2>Data of the charts</h2>\n" + writer.data + "</div>\n"
    }
    return """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <title>\(HTML.escaped(title))</title>
      <style>
      \(PageStyle.text)\(writer.style)</style>
      </head>
      <body>
      <main>
      \(writer.body)</main>
      <script>
      \(PageScript.text)\(writer.script)</script>
      </body>
      </html>

      """
  }
}

/// Writes sections and collects the data of their charts.
struct PageWriter {
  var body = ""
  /// Tables of the charts so far, folded.
  private(set) var data = ""
  /// Rules and scripts of its programs.
  private(set) var style = ""
  private(set) var script = ""
  private var chartCount = 0

  mutating func add(_ section: PageSection) {
    let blocks = section.blocks.filter { !$0.isEmpty }
    guard !blocks.isEmpty else { return }
    body += "<section>\n<h2>\(HTML.escaped(section.title))</h2>\n"
    for block in blocks { add(block) }
    body += "</section>\n"
  }

  private mutating func add(_ block: PageBlock) {
    switch block {
    case .chart(let chart): add(chart)
    case .table(let table): body += table.html
    case .list(let lines): body += HTML.list(lines)
    case .text(let text): body += "<p>\(HTML.escaped(text))</p>\n"
    case .folded(let summary, let blocks): fold(summary, blocks)
    case .program(let program):
      body += program.html
      style += program.style
      script += program.script
    case .choice(let label, let choices):
      body += "<div class=\"choice\" data-label=\"\(HTML.escaped(label))\">\n"
      for choice in choices { fold(choice.name, choice.blocks) }
      body += "</div>\n"
    }
  }

  private mutating func fold(_ summary: String, _ blocks: [PageBlock]) {
    body += "<details class=\"fold\"><summary>\(HTML.escaped(summary))</summary>\n"
    for block in blocks where !block.isEmpty { add(block) }
    body += "</details>\n"
  }

  private mutating func add(_ chart: any PageChart) {
    chartCount += 1
    let title = HTML.escaped(chart.title)
    body += "<figure id=\"chart-\(chartCount)\">\n<figcaption>\(title)"
    let table = chart.data
    if table != nil { body += " <a href=\"#data-\(chartCount)\">data</a>" }
    body += "</figcaption>\n"
    if let note = chart.note { body += "<p class=\"note\">\(HTML.escaped(note))</p>\n" }
    for (width, kind) in [(ChartWidth.wide, "wide"), (ChartWidth.narrow, "narrow")] {
      body += chart.drawing(width: width).svg(title: chart.title, kind: kind)
    }
    body += "</figure>\n"
    guard let table else { return }
    data += "<details><summary>\(title)</summary>\n<div id=\"data-\(chartCount)\">\n"
    data += table.html + "</div></details>\n"
  }
}
