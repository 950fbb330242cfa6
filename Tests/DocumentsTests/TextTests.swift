import Documents
import Testing

@Suite("Numbers and tables in words") struct TextTests {
  @Test(
    "numbers are rounded, grouped and never minus zero",
    arguments: [
      (1234.5, 1, "1234.5"), (12345.678, 2, "12 345.68"), (-0.001, 2, "0.00"),
      (-1234567, 0, "-1 234 567"), (0.5, 0, "1"), (999.995, 2, "1000.00"),
    ])
  func fixed(value: Double, decimals: Int, expected: String) {
    #expect(NumberText.fixed(value, decimals: decimals) == expected)
  }

  @Test("a value that does not exist is a dash") func missing() {
    #expect(NumberText.fixed(nil, decimals: 2) == "–")
    #expect(NumberText.fixed(.nan, decimals: 2) == "–")
    #expect(NumberText.percent(0.1234) == "12.3 %")
    #expect(NumberText.percent(.infinity) == "–")
  }

  @Test("words stand left, numbers right, and no line ends with a space") func table() {
    var table = TextTable([("name", .left), ("kW", .right), ("note", .left)])
    table.add(["a", "1.0", "x"])
    table.addRule()
    table.add(["longer", "10.0", ""])
    #expect(
      table.text == """
        name      kW  note
        ──────────────────
        a        1.0  x
        ──────────────────
        longer  10.0

        """)
  }
}
