import CommandLine
import TestSupport
import Testing

@Suite("Progress") struct ProgressTests {
  @Test("a terminal gets a bar with rate and time left") func bar() {
    let collector = CollectingConsole(width: 80)
    let progress = Progress(task: "compare", total: 10, console: collector.console)
    progress.advance(by: 4)
    #expect(
      collector.error
        == "\r\u{1B}[2Kcompare [###############------------------------] 40 %  4/10  4.0/s  0:02 left"
    )
    progress.finish()
    #expect(collector.error.hasSuffix("\r\u{1B}[2K"))
  }

  /// The clock of the collector runs by a second a look: one at the start, one each time something is done.
  @Test("anything else gets a line every ten seconds, without control characters")
  func lines() {
    let collector = CollectingConsole()
    let progress = Progress(task: "size", total: 100, console: collector.console)
    for _ in 0..<25 { progress.advance(by: 2) }
    progress.finish()
    #expect(
      collector.error
        == """
        size: 20 % after 0:10, 0:40 left
        size: 40 % after 0:20, 0:30 left
        size: 50 % after 0:26

        """)
  }

  @Test("what ends before the first line says nothing there") func short() {
    let collector = CollectingConsole()
    let progress = Progress(task: "size", total: 4, console: collector.console)
    progress.advance(to: 4)
    progress.finish()
    #expect(collector.error.isEmpty)
  }

  @Test("a bar that is asked for where there is no terminal is lines", arguments: [nil, 80])
  func asked(width: Int?) {
    let collector = CollectingConsole(width: width)
    let progress = Progress(task: "size", total: 100, console: collector.console, style: .bar)
    for _ in 0..<25 { progress.advance(by: 2) }
    progress.finish()
    #expect(collector.error.contains("\u{1B}") == (width != nil))
  }

  @Test("lines that are asked for stand on a terminal as well") func linesOnTerminal() {
    let collector = CollectingConsole(width: 80)
    let progress = Progress(task: "size", total: 100, console: collector.console, style: .lines)
    for _ in 0..<15 { progress.advance(by: 2) }
    progress.finish()
    #expect(
      collector.error == "size: 20 % after 0:10, 0:40 left\nsize: 30 % after 0:16\n")
  }

  @Test("JSON lines come when they are asked for", arguments: [nil, 80])
  func objects(width: Int?) {
    let collector = CollectingConsole(width: width)
    let progress = Progress(task: "size", total: 4, console: collector.console, style: .json)
    progress.advance()
    progress.advance(to: 4)
    progress.finish()
    let lines = collector.error.split(separator: "\n")
    #expect(
      lines.first
        == "{\"done\":1,\"event\":\"progress\",\"left_s\":3,\"rate_per_s\":1,\"task\":\"size\",\"total\":4}"
    )
    #expect(lines.count == 3)
    #expect(lines.last?.contains("\"done\":4") == true)
  }

  @Test("none means nothing at all") func quiet() {
    let collector = CollectingConsole(width: 80)
    let progress = Progress(task: "size", total: 4, console: collector.console, style: .none)
    progress.advance()
    progress.finish()
    #expect(collector.error.isEmpty)
  }
}
