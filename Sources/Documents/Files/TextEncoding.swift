import Diagnostics

/// How the characters of a file are written in bytes.
package enum TextEncoding: String, Sendable, Hashable, CaseIterable {
  /// One to four bytes per character.
  case utf8 = "UTF-8"
  /// Two or four bytes per character, the lower half first.
  case utf16LittleEndian = "UTF-16 LE"
  /// Two or four bytes per character, the higher half first.
  case utf16BigEndian = "UTF-16 BE"
  /// One byte per character, for western Europe; Latin-1 is nearly a part of it.
  case windows1252 = "Windows-1252"

  /// Recognises the encoding of a text and returns it in UTF-8 without a byte order mark.
  ///
  /// - Throws: `InputError` for UTF-32 and for a damaged UTF-16.
  static func decoded(
    _ bytes: [UInt8], path: String
  ) throws(InputError) -> (encoding: TextEncoding, bytes: [UInt8], warnings: [Diagnostic]) {
    func starts(_ mark: UInt8...) -> Bool {
      bytes.count >= mark.count && mark.indices.allSatisfy { bytes[$0] == mark[$0] }
    }
    if starts(0xFF, 0xFE, 0, 0) || starts(0, 0, 0xFE, 0xFF) {
      throw InputError("the file is UTF-32; save it as UTF-8", at: SourcePosition(file: path))
    }
    if starts(0xFF, 0xFE) {
      return (.utf16LittleEndian, withLineFeeds(try utf16(bytes, path, low: 0, high: 1)), [])
    }
    if starts(0xFE, 0xFF) {
      return (.utf16BigEndian, withLineFeeds(try utf16(bytes, path, low: 1, high: 0)), [])
    }
    let isMarked = starts(0xEF, 0xBB, 0xBF)
    guard let wrong = firstInvalid(bytes.span) else {
      return (.utf8, withLineFeeds(isMarked ? Array(bytes.dropFirst(3)) : bytes), [])
    }
    let lines = LineIndex(bytes, file: path)
    let warning = Diagnostic.warning(
      "the file is not UTF-8 and is read as \(TextEncoding.windows1252.rawValue)",
      at: lines.position(wrong), notes: ["save it as UTF-8 when names or units look wrong"])
    let text = windows1252(bytes.dropFirst(isMarked ? 3 : 0))
    return (.windows1252, withLineFeeds(text), [warning])
  }

  /// Replaces the carriage returns of old spreadsheets, which end lines by nothing else.
  private static func withLineFeeds(_ bytes: [UInt8]) -> [UInt8] {
    guard !bytes.contains(0x0A), bytes.contains(0x0D) else { return bytes }
    return bytes.map { $0 == 0x0D ? 0x0A : $0 }
  }

  /// Position of the first byte that is no UTF-8, nothing when all are.
  static func firstInvalid(_ bytes: Span<UInt8>) -> Int? {
    if isASCII(bytes) { return nil }
    do {
      _ = try UTF8Span(validating: bytes)
      return nil
    } catch {
      return error.byteOffsets.lowerBound
    }
  }

  /// True when no byte has its highest bit set, as in most files of loggers; eight bytes at a time.
  private static func isASCII(_ bytes: Span<UInt8>) -> Bool {
    unsafe bytes.withUnsafeBytes { buffer in
      var found: UInt64 = 0
      let words = buffer.count / 8
      for word in 0..<words {
        unsafe found |= buffer.loadUnaligned(fromByteOffset: word * 8, as: UInt64.self)
      }
      for i in words * 8..<buffer.count { unsafe found |= UInt64(buffer[i]) }
      return found & 0x8080_8080_8080_8080 == 0
    }
  }

  private static func utf16(
    _ bytes: [UInt8], _ path: String, low: Int, high: Int
  ) throws(InputError) -> [UInt8] {
    guard bytes.count % 2 == 0 else {
      throw InputError(
        "the file is UTF-16 and ends within a character", at: SourcePosition(file: path))
    }
    let units = stride(from: 2, to: bytes.count, by: 2).lazy.map {
      UInt16(bytes[$0 + high]) << 8 | UInt16(bytes[$0 + low])
    }
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    let isDamaged = transcode(
      units.makeIterator(), from: UTF16.self, to: UTF8.self, stoppingOnError: true,
      into: { result.append($0) })
    if isDamaged {
      throw InputError(
        "the file is UTF-16 with half a character in it; save it as UTF-8",
        at: LineIndex(result, file: path).position(result.count))
    }
    return result
  }

  private static func windows1252(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count + bytes.count / 8)
    for byte in bytes {
      if byte < 0x80 {
        result.append(byte)
      } else {
        let code = byte < 0xA0 ? windows1252Codes[Int(byte) - 0x80] : UInt16(byte)
        if code >= 0x800 { result.append(0xE0 | UInt8(code >> 12)) }
        result.append(code >= 0x800 ? 0x80 | UInt8(code >> 6 & 0x3F) : 0xC0 | UInt8(code >> 6))
        result.append(0x80 | UInt8(code & 0x3F))
      }
    }
    return result
  }

  /// Characters of 0x80…0x9F; the five that are not assigned stay controls.
  ///
  /// Source: WHATWG Encoding Standard, index windows-1252.
  private static let windows1252Codes: [UInt16] = [
    0x20AC, 0x0081, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039,
    0x0152, 0x008D, 0x017D, 0x008F, 0x0090, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
    0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x009D, 0x017E, 0x0178,
  ]
}
