import Numerics
import Testing

@Suite("Fingerprint") struct FingerprintTests {
  // Published test vectors: draft-eastlake-fnv, appendix "A Few Test Vectors", 64 bits.
  @Test(
    "texts have the published FNV-1a values",
    arguments: [
      ("", "cbf29ce484222325"), ("a", "af63dc4c8601ec8c"), ("foobar", "85944171f73967e8"),
    ]) func published(text: String, expected: String)
  {
    #expect(Fingerprint(text).text == expected)
  }

  @Test("a number is its eight bytes, the lowest first") func numbers() {
    var number = Fingerprint()
    number.combine(1.0)
    var bytes = Fingerprint()
    bytes.combine(bytes: [0, 0, 0, 0, 0, 0, 0xF0, 0x3F])
    #expect(number == bytes)
  }

  @Test("where one text ends and the next begins counts") func ends() {
    func of(_ texts: String...) -> Fingerprint {
      var result = Fingerprint()
      for text in texts { result.combine(text) }
      return result
    }
    #expect(of("ab", "c") != of("a", "bc"))
    #expect(of("abc") != of("abc", ""))
  }

  @Test("the sign of each of two numbers counts") func signs() {
    func of(_ numbers: Double...) -> Fingerprint {
      var result = Fingerprint()
      for number in numbers { result.combine(number) }
      return result
    }
    #expect(of(1, 2) != of(-1, -2))
  }
}
