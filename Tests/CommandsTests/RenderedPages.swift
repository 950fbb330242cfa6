import Documents
import Foundation

/// Pages opened side by side in one browser window, each in a frame of a width, and what was found in them.
struct RenderedPages {
  /// How a page is opened.
  struct View {
    var name: String
    /// Width of the frame. [px]
    var width: Int
    /// Whether rules for paper hold, which then show on the screen.
    var isPaper = false
  }

  /// What was found in a frame.
  struct Found: Decodable {
    var page: String
    var view: String
    var figures: Int
    var drawn: Int
    var empty: [String]
    var overlaps: [String]
    var outside: [String]
    var cut: [String]
    var sideways: Int
    var background: String
    var faint: [String]
  }

  let found: [Found]
  /// What the pages wrote to the console.
  let console: [String]

  /// Opens pages.
  ///
  /// - Parameters:
  ///   - pages: Name and contents.
  ///   - views: How each is opened.
  ///   - folder: Folder for the file with the frames.
  ///   - options: Further options of the browser.
  /// - Throws: `Chromium.Failure` when the browser says nothing of the frames.
  init(
    _ pages: [(name: String, html: String)], _ views: [View], in folder: URL, options: [String] = []
  ) throws {
    let frames: JSONValue = .array(
      pages.flatMap { page in
        views.map { view in
          let html =
            view.isPaper
            ? page.html.replacing("@media print", with: "@media all")
              .replacing("@media screen", with: "@media not all")
            : page.html
          return [
            "page": .string(page.name), "view": .string(view.name), "width": .integer(view.width),
            "html": .string(html),
          ]
        }
      })
    let data = frames.text(isPretty: false).replacing("</", with: "<\\/")
    let file = folder.appendingPathComponent("frames.html")
    try Data(Self.document(data).utf8).write(to: file)
    let (output, console) = try Chromium.open(
      file, ["--window-size=1400,900", "--dump-dom"] + options)
    self.console = console
    guard let begin = output.range(of: "<pre id=\"found\">"),
      let end = output.range(of: "</pre>", range: begin.upperBound..<output.endIndex)
    else { throw Chromium.Failure(text: "no result in \(output.prefix(300))") }
    let json = output[begin.upperBound..<end.lowerBound]
      .replacing("&lt;", with: "<").replacing("&gt;", with: ">").replacing("&amp;", with: "&")
    found = try JSONDecoder().decode([Found].self, from: Data(json.utf8))
  }

  /// The document that opens the frames and measures what stands in them.
  private static func document(_ data: String) -> String {
    """
    <!DOCTYPE html><meta charset="utf-8"><body><pre id="found"></pre><script>
    const frames = \(data);
    const luminance = c => {
      const p = (c.match(/[\\d.]+/g) || [0, 0, 0]).slice(0, 3).map(v => {
        v /= 255; return v <= 0.03928 ? v / 12.92 : Math.pow((v + 0.055) / 1.055, 2.4); });
      return 0.2126 * p[0] + 0.7152 * p[1] + 0.0722 * p[2]; };
    const contrast = (a, b) => {
      const [x, y] = [luminance(a), luminance(b)];
      return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05); };
    function measured(frame, f) {
      const d = frame.contentDocument, w = frame.contentWindow;
      // What is folded, or shown one at a time, is opened as well.
      for (const e of d.querySelectorAll('section details')) { e.hidden = false; e.open = true; }
      const paper = w.getComputedStyle(d.body).backgroundColor;
      const r = {page: f.page, view: f.view, figures: d.querySelectorAll('figure').length, drawn: 0,
        empty: [], overlaps: [], outside: [], cut: [], faint: [], background: paper,
        sideways: d.documentElement.scrollWidth - d.documentElement.clientWidth};
      for (const s of d.querySelectorAll('figure svg')) {
        const whole = s.getBoundingClientRect();
        if (whole.width === 0) continue;
        r.drawn += 1;
        const name = s.getAttribute('aria-label');
        if (!s.querySelector('path,rect,circle,polygon')) r.empty.push(name);
        const texts = [...s.querySelectorAll('text')].map(t => [t.textContent, t.getBoundingClientRect(), t]);
        texts.forEach(([text, a, t], i) => {
          if (a.left < whole.left - 2 || a.right > whole.right + 2 || a.top < whole.top - 3
            || a.bottom > whole.bottom + 3) r.outside.push(name + ': ' + text);
          if (t.getAttribute('class').startsWith('cell')) return;
          if (contrast(w.getComputedStyle(t).fill, paper) < 4) r.faint.push(name + ': ' + text);
          for (const [other, b] of texts.slice(i + 1))
            if (Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1
              && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 2)
              r.overlaps.push(name + ': ' + text + ' on ' + other);
        });
      }
      for (const e of d.querySelectorAll('.scroll'))
        if (e.scrollWidth > e.clientWidth + 1)
          r.cut.push(e.textContent.slice(0, 60) + ' ' + e.scrollWidth + ' of ' + e.clientWidth);
      return r;
    }
    const results = [];
    for (const f of frames) {
      const frame = document.createElement('iframe');
      frame.style.cssText = 'border:0;height:800px;width:' + f.width + 'px';
      frame.onload = () => {
        results.push(measured(frame, f));
        document.getElementById('found').textContent = JSON.stringify(results);
      };
      frame.srcdoc = f.html;
      document.body.appendChild(frame);
    }
    </script></body>
    """
  }
}
