/// Pieces of a page that is one file, needs no network and reads without scripts.
enum HTML {
  /// Returns text with the characters that mean something in HTML written out.
  static func escaped(_ text: String) -> String {
    var result = ""
    for character in text {
      switch character {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      default: result.append(character)
      }
    }
    return result
  }

  /// Returns a table whose first column holds words and whose other columns hold numbers.
  static func table(header: [String], rows: [[String]]) -> String {
    var html = "<div class=\"scroll\"><table>\n<thead><tr>"
    for cell in header { html += "<th>\(escaped(cell))</th>" }
    html += "</tr></thead>\n<tbody>\n"
    for row in rows {
      html += "<tr>"
      for cell in row { html += "<td>\(escaped(cell))</td>" }
      html += "</tr>\n"
    }
    return html + "</tbody>\n</table></div>\n"
  }

  /// Returns a list of lines.
  static func list(_ lines: [String]) -> String {
    "<ul>\n" + lines.map { "<li>\(escaped($0))</li>\n" }.joined() + "</ul>\n"
  }

  /// Returns a whole page.
  static func page(title: String, body: String) -> String {
    """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>\(escaped(title))</title>
    <style>
    :root { color-scheme: light dark; }
    body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 74rem; padding: 0 1rem;
      color: #1a1a1a; background: #fff; }
    h1 { font-size: 1.5rem; margin-bottom: .2rem; } h2 { font-size: 1.15rem; margin-top: 2.2rem; }
    .verdict { font-size: 1.15rem; font-weight: 600; max-width: 60rem; }
    .scroll { overflow-x: auto; }
    table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
    th, td { padding: .2rem .5rem; font-size: .9rem; text-align: right; white-space: nowrap;
      border-bottom: 1px solid #ddd; }
    th:first-child, td:first-child { text-align: left; }
    thead th { border-bottom: 2px solid #888; }
    figure { margin: 1.2rem 0; } figcaption { font-weight: 600; }
    svg { width: 100%; height: auto; }
    svg.bars { min-width: 30rem; max-width: 54rem; }
    svg .grid { stroke: #e3e3e3; } svg text { font: 11px system-ui, sans-serif; fill: #444; }
    svg .axis { font-size: 12px; } svg .label { font-size: 12px; fill: #111; }
    .legend span { margin-right: 1rem; white-space: nowrap; }
    .legend i { display: inline-block; width: .9rem; height: .9rem; margin-right: .3rem;
      vertical-align: -.1rem; border-radius: 2px; }
    details summary { cursor: pointer; color: #555; }
    /* Charts stay on paper: their line colours are chosen for it. */
    @media (prefers-color-scheme: dark) {
      body { color: #e6e6e6; background: #16181b; }
      th, td { border-color: #3a3d42; } thead th { border-color: #888; }
      figure { color: #1a1a1a; background: #fff; padding: .6rem; border-radius: 6px; }
    }
    </style>
    </head>
    <body>
    \(body)</body>
    </html>

    """
  }
}
