import CommandLine
import TestSupport
import Testing

@Suite("Progress") struct ProgressTests {
  @Test("a terminal gets a bar with rate and time left") func bar() {
    let collector = CollectingConsole(width: 80)
    let progress = Progress(
      task: "compare", total: 10, console: collector.console, isQuiet: false)
    progress.advance(by: 4)
    #expect(
      collector.error
        == "\r\u{1B}[2Kcompare [###############------------------------] 40 %  4/10  4.0/s  0:02 left"
    )
    progress.finish()
    #expect(collector.error.hasSuffix("\r\u{1B}[2K"))
  }

  @Test("anything else gets JSON lines") func lines() {
    let collector = CollectingConsole()
    let progress = Progress(task: "size", total: 4, console: collector.console, isQuiet: false)
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

  @Test("quiet means nothing at all") func quiet() {
    let collector = CollectingConsole(width: 80)
    let progress = Progress(task: "size", total: 4, console: collector.console, isQuiet: true)
    progress.advance()
    progress.finish()
    #expect(collector.error.isEmpty)
  }
}
