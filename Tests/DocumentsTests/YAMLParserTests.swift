import Diagnostics
import Documents
import Numerics
import Testing

@Suite("YAML documents") struct YAMLParserTests {
  private func findings(_ text: String) -> String {
    do {
      _ = try YAMLParser.parse(text, file: "a.yaml")
      return ""
    } catch let error as InputError {
      return error.description
    } catch {
      return "\(error)"
    }
  }

  @Test("values keep their place") func positions() throws {
    let root = try YAMLParser.parse("a: 1\nb:\n  - x\n  - {ä: 'y'}\n", file: "a.yaml")
    let entries = try #require(root.entries)
    #expect(entries.map(\.key) == ["a", "b"])
    #expect(entries[0].value.position == SourcePosition(file: "a.yaml", line: 1, column: 4))
    #expect(entries[1].keyPosition == SourcePosition(file: "a.yaml", line: 2, column: 1))
    let items = try #require(entries[1].value.items)
    #expect(items[1].position.description == "a.yaml:4:5")
    // Columns count characters, so the two bytes of the umlaut are one column.
    #expect(items[1].entries?.first?.value.position.description == "a.yaml:4:9")
    #expect(items[1].entries?.first?.value.scalar?.isPlain == false)
  }

  @Test(
    "scalars follow the core schema",
    arguments: [
      ("1e3", .number(1000)), ("-0.5", .number(-0.5)), (".5", .number(0.5)),
      ("5.", .number(5)), ("+12", .integer(12)), ("0x1F", .integer(31)), ("0o17", .integer(15)),
      ("010", .integer(10)), ("1_000", .text), ("yes", .text), ("off", .text), ("1e", .text),
      ("0x-1", .text), ("--1", .text), (".", .text), ("true", .boolean(true)),
      ("False", .boolean(false)), ("~", .null), ("", .null), (".inf", .number(.infinity)),
      ("1:30", .text), ("2024-01-01", .text), ("inf", .text), ("nan", .text),
    ] as [(String, YAMLScalar.Resolved)])
  func scalars(text: String, expected: YAMLScalar.Resolved) {
    #expect(YAMLScalar(text: text, isPlain: true).resolved == expected)
    #expect(YAMLScalar(text: text, isPlain: false).resolved == .text)
  }

  @Test("aliases and merge keys are replaced by what they name") func aliases() throws {
    let text = "base: &b {x: 1, y: 2}\nuse:\n  <<: *b\n  y: 3\nlist: [*b]\n"
    let root = try YAMLParser.parse(text, file: "a.yaml")
    let use = try #require(root.entries?[1].value.entries)
    #expect(use.map(\.key) == ["x", "y"])
    #expect(use[1].value.scalar?.text == "3")
    #expect(root.entries?[2].value.items?.first?.entries?.count == 2)
  }

  @Test(
    "mistakes are told with their place",
    arguments: [
      (
        "a: 1\na: 2\n",
        "a.yaml:2:1: error: duplicate key 'a'\na.yaml:2:1: note: first given at line 1, column 1"
      ),
      ("a: *x\n", "a.yaml:1:4: error: unknown alias '*x'"),
      ("a: &x [*x]\n", "a.yaml:1:8: error: alias '*x' stands inside its own anchor"),
      ("a: 1\n---\nb: 2\n", "a.yaml:2:1: error: a file holds one document, found a second one"),
      ("", "a.yaml:1:1: error: the document is empty"),
      ("? [a]\n: 1\n", "a.yaml:1:3: error: a key must be text, found a list"),
      ("<<: 3\n", "a.yaml:1:5: error: '<<' must name a section to merge, found '3'"),
      (
        "a:\n\t- 1\n",
        "a.yaml:2:1: error: not valid YAML: found character that cannot start any token\n"
          + "a.yaml:2:1: note: while scanning for the next token that starts at line 2, column 1"
      ),
      (
        "a: [1, 2\nb: 3\n",
        "a.yaml:2:2: error: not valid YAML: did not find expected ',' or ']'\n"
          + "a.yaml:2:2: note: while parsing a flow sequence that starts at line 1, column 4"
      ),
    ])
  func mistakes(text: String, expected: String) {
    #expect(findings(text) == expected)
  }

  @Test("bytes that are not UTF-8 are placed") func encoding() {
    #expect(throws: InputError.self) {
      try YAMLParser.parse(Array("a: 1\nb: ".utf8) + [0xFF, 0xFE], file: "a.yaml")
    }
    do {
      _ = try YAMLParser.parse(Array("a: 1\nb: ".utf8) + [0xFF], file: "a.yaml")
    } catch let error as InputError {
      #expect(
        error.description
          == "a.yaml:2:4: error: not a text file in UTF-8: invalid leading UTF-8 octet")
    } catch {}
  }

  @Test("aliases that multiply are stopped") func expansion() {
    var text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
    for level in 1...9 {
      let names = Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
      text += "a\(level): &a\(level) [\(names)]\n"
    }
    #expect(
      findings(text).contains("error: more than 1000000 values once aliases are unfolded"))
  }

  @Test("nesting is limited") func depth() {
    let text = String(repeating: "[", count: 100_000)
    #expect(findings(text) == "a.yaml:1:65: error: nested deeper than 64 levels")
  }

  @Test("no bytes can crash the parser", arguments: 0..<40)
  func fuzz(seed: Int) {
    var generator = SeededGenerator(seed: UInt64(seed))
    let alphabet = Array("{}[]:,-?&*!|>'\"%@`#~ \n\t<.0aä\u{0}".utf8) + [0xFF, 0xC3, 0xFE, 0x85]
    for _ in 0..<200 {
      let count = Int.random(in: 0..<80, using: &generator)
      var bytes: [UInt8] = []
      for _ in 0..<count {
        bytes.append(alphabet[Int.random(in: 0..<alphabet.count, using: &generator)])
      }
      do {
        let node = try YAMLParser.parse(bytes, file: "f")
        #expect(node.position.line >= 1, "seed \(seed)")
      } catch let error as InputError {
        #expect(!error.diagnostics.isEmpty, "seed \(seed)")
      } catch {
        Issue.record("seed \(seed): \(error)")
      }
    }
  }
}
