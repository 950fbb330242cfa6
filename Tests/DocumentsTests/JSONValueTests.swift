import Documents
import Testing

@Suite("JSON output") struct JSONValueTests {
  @Test("keys are sorted and plain lists stay on one line") func layout() {
    let value: JSONValue = ["b": [1, 2.5], "a": [["x": nil]], "c": [:]]
    #expect(
      value.text() == """
        {
          "a": [
            {
              "x": null
            }
          ],
          "b": [1, 2.5],
          "c": {}
        }
        """)
    #expect(value.text(isPretty: false) == "{\"a\":[{\"x\":null}],\"b\":[1,2.5],\"c\":{}}")
  }

  @Test(
    "numbers take the shortest form that reads back",
    arguments: [
      (0.1, "0.1"), (100, "100"), (-0.0, "0"), (1e22, "1e+22"), (1 / 3, "0.3333333333333333"),
      (.nan, "null"), (.infinity, "null"), (1e-300, "1e-300"),
    ])
  func numbers(value: Double, expected: String) {
    #expect(JSONValue.number(value).text() == expected)
  }

  @Test("text is escaped") func strings() {
    #expect(JSONValue.string("a\"\\\n\u{1}é").text() == "\"a\\\"\\\\\\n\\u0001é\"")
  }
}
