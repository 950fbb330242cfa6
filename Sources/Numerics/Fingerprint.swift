/// A 64-bit number that tells contents apart, the same on every machine and from run to run.
///
/// FNV-1a. Two contents that differ have different fingerprints but for one chance in 2⁶⁴; it is no
/// defence against somebody who wants two contents to look alike.
/// Source: G. Fowler, L. C. Noll, K.-P. Vo, D. Eastlake, "The FNV Non-Cryptographic Hash
/// Algorithm", IETF draft-eastlake-fnv, section 5 (offset basis and prime of 64 bits).
package struct Fingerprint: Sendable, Hashable {
  /// The number.
  package private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

  /// Starts with nothing.
  package init() {}

  /// Takes the bytes of a text.
  package init(_ text: String) { combine(bytes: text.utf8) }

  /// Reads the digits of ``text`` back; other texts are nothing.
  package init(digits: String) { value = UInt64(digits, radix: 16) ?? 0 }

  /// Takes in one byte.
  package mutating func combine(byte: UInt8) { combine(word: UInt64(byte)) }

  /// Takes in bytes, with nothing that says where they end.
  package mutating func combine(bytes: some Sequence<UInt8>) {
    for byte in bytes { combine(byte: byte) }
  }

  /// Takes in a text and its end, so that two texts differ from their concatenation.
  package mutating func combine(_ text: String) {
    combine(bytes: text.utf8)
    // No UTF-8 text holds this byte.
    combine(byte: 0xFF)
  }

  /// Takes in the eight bytes of a number, the lowest first.
  package mutating func combine(_ number: Double) {
    let bits = number.bitPattern
    for shift in stride(from: UInt64(0), to: 64, by: 8) { combine(word: bits >> shift & 0xFF) }
  }

  /// Takes in a word by one multiplication, for numbers in bulk.
  ///
  /// Faster than byte by byte and weaker: a high bit of the word moves no lower bit of the result.
  package mutating func combine(word: UInt64) {
    value = (value ^ word) &* 0x0000_0100_0000_01B3
  }

  /// The number as 16 hexadecimal digits.
  package var text: String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
