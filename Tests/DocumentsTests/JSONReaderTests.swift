import Diagnostics
import Documents
import Numerics
import Testing

@Suite("JSON documents") struct JSONReaderTests {
  private func read(_ text: String) throws -> JSONNode {
    try JSONReader(file: "a.json").read(Array(text.utf8))
  }

  @Test("values keep their place") func places() throws {
    let text = "{\"ä\": [1.5, \"x\\u00e4\\n\", null],\n \"b\": {\"c\": true}}"
    let root = try read(text)
    let lines = LineIndex(Array(text.utf8), file: "a.json")
    let list = try #require(root["ä"]?.list)
    #expect(list[0].number == 1.5)
    #expect(list[1].text == "xä\n")
    #expect(list[2].isNull && root["d"] == nil)
    #expect(lines.position(list[1].offset).description == "a.json:1:13")
    let flag = try #require(root["b"]?["c"])
    #expect(flag.boolean == true && flag.number == nil)
    #expect(lines.position(flag.offset).description == "a.json:2:13")
  }

  @Test("a text is no number, whatever it says") func noNumbers() throws {
    let list = try #require(try read("[\"1.5\", \"0x10\", true, {}, []]").list)
    #expect(list.allSatisfy { $0.number == nil })
    #expect(
      list.map(\.found) == ["'1.5'", "'0x10'", "true", "an object of 0", "a list of 0"])
  }

  @Test(
    "mistakes are named with their place",
    arguments: [
      ("", "1:1: error: the JSON text ends too early"),
      ("{\"a\": 1,\n \"a\": 2}", "2:2: error: 'a' stands twice in this object"),
      ("[1, 0x10]", "1:6: error: ',' or ']' was expected"),
      ("[1,,2]", "1:4: error: a JSON value was expected"), ("[1", "1:2: error: ']' is missing"),
      ("[1] 2", "1:5: error: nothing may follow the JSON value"),
      ("[1e999]", "1:2: error: a number that can be held was expected"),
      ("[+1]", "1:2: error: a JSON value was expected"),
      ("{a: 1}", "1:2: error: a name in quotes was expected"),
      ("{\"a\" 1}", "1:6: error: ':' was expected"),
      ("[\"a]", "1:2: error: a JSON text has no end"),
      ("[\"\\x\"]", "1:4: error: an unknown escape in a JSON text"),
      ("[\"\\u12\"]", "1:4: error: '\\u' needs four hexadecimal digits"),
      (
        String(repeating: "[", count: 101), "1:101: error: JSON is nested too deeply"
      ),
    ] as [(String, String)])
  func mistakes(text: String, expected: String) {
    let error = #expect(throws: InputError.self) { try read(text) }
    #expect(error?.description == "a.json:\(expected)")
  }

  @Test("a large object finds its doubles too") func largeObject() throws {
    let members = (0..<40).map { "\"k\($0)\": \($0)" }
    #expect(try read("{\(members.joined(separator: ","))}")["k39"]?.number == 39)
    #expect(throws: InputError.self) {
      try read("{\((members + ["\"k3\": 0"]).joined(separator: ","))}")
    }
  }

  @Test("what is written is read back", arguments: UInt64(1)...4) func roundTrip(seed: UInt64)
    throws
  {
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<100 {
      let numbers = (0..<20).map { _ in
        Double(bitPattern: generator.next())
      }.filter(\.isFinite)
      let text = JSONValue.numbers(numbers).text()
      #expect(try read(text).list?.map(\.number) == numbers.map { $0 })
    }
    let words: JSONValue = ["a\"\\\n\t\u{1}😀": "/ä"]
    #expect(try read(words.text())["a\"\\\n\t\u{1}😀"]?.text == "/ä")
  }
}
