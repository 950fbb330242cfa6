package import Diagnostics

/// Reads JSON with positions, so that a finding can say where it lies.
///
/// Read is what RFC 8259 describes, and `NaN`, which Python writes, as `null`. A member that stands twice in
/// an object is refused: whichever was taken, a value would be lost.
package struct JSONReader {
  private let file: String
  private let scanner = NumberScanner()

  /// Names the file for positions.
  package init(file: String) { self.file = file }

  /// Reads one value and nothing after it.
  ///
  /// - Parameter bytes: The document in UTF-8, without a byte order mark.
  /// - Returns: The value.
  /// - Throws: `InputError` with the place of the first mistake.
  package func read(_ bytes: [UInt8]) throws(InputError) -> JSONNode {
    let span = bytes.span
    var at = 0
    do throws(Mistake) {
      let node = try value(span, &at, depth: 0)
      skipBlanks(span, &at)
      if at < span.count { throw mistake("nothing may follow the JSON value", span, at) }
      return node
    } catch {
      throw InputError(error.text, at: LineIndex(bytes, file: file).position(error.offset))
    }
  }

  private struct Mistake: Error {
    var text: String
    var offset: Int
  }

  private func mistake(_ message: String, _ bytes: Span<UInt8>, _ at: Int) -> Mistake {
    Mistake(text: message, offset: min(at, max(0, bytes.count - 1)))
  }

  private func skipBlanks(_ bytes: Span<UInt8>, _ at: inout Int) {
    while at < bytes.count,
      bytes[at] == 0x20 || bytes[at] == 0x0A || bytes[at] == 0x0D || bytes[at] == 0x09
    {
      at += 1
    }
  }

  private func value(
    _ bytes: Span<UInt8>, _ at: inout Int, depth: Int
  ) throws(Mistake) -> JSONNode {
    skipBlanks(bytes, &at)
    let start = at
    guard at < bytes.count else { throw mistake("the JSON text ends too early", bytes, at) }
    guard depth < 100 else { throw mistake("JSON is nested too deeply", bytes, at) }
    switch bytes[at] {
    case UInt8(ascii: "{"):
      return JSONNode(content: .members(try members(bytes, &at, depth: depth)), offset: start)
    case UInt8(ascii: "["):
      return JSONNode(content: .list(try list(bytes, &at, depth: depth)), offset: start)
    case UInt8(ascii: "\""):
      return JSONNode(content: .text(try text(bytes, &at)), offset: start)
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
      guard let number = scanner.scan(bytes, from: at, to: bytes.count), number.value.isFinite
      else { throw mistake("a number that can be held was expected", bytes, at) }
      at = number.next
      return JSONNode(content: .number(number.value), offset: start)
    default:
      for (word, content) in [
        ("null", JSONNode.Content.null), ("true", .boolean(true)), ("false", .boolean(false)),
        // Home Assistant's and Python's writers may leave these in.
        ("NaN", .null),
      ] where matches(bytes, at, word) {
        at += word.utf8.count
        return JSONNode(content: content, offset: start)
      }
      throw mistake("a JSON value was expected", bytes, at)
    }
  }

  private func matches(_ bytes: Span<UInt8>, _ at: Int, _ word: String) -> Bool {
    var i = at
    for byte in word.utf8 {
      guard i < bytes.count, bytes[i] == byte else { return false }
      i += 1
    }
    return true
  }

  private func list(
    _ bytes: Span<UInt8>, _ at: inout Int, depth: Int
  ) throws(Mistake) -> [JSONNode] {
    at += 1
    var items: [JSONNode] = []
    skipBlanks(bytes, &at)
    if at < bytes.count, bytes[at] == UInt8(ascii: "]") {
      at += 1
      return items
    }
    while true {
      items.append(try value(bytes, &at, depth: depth + 1))
      skipBlanks(bytes, &at)
      guard at < bytes.count else { throw mistake("']' is missing", bytes, at) }
      let byte = bytes[at]
      guard byte == UInt8(ascii: ",") || byte == UInt8(ascii: "]") else {
        throw mistake("',' or ']' was expected", bytes, at)
      }
      at += 1
      if byte == UInt8(ascii: "]") { return items }
    }
  }

  private func members(
    _ bytes: Span<UInt8>, _ at: inout Int, depth: Int
  ) throws(Mistake) -> [(name: String, value: JSONNode)] {
    at += 1
    var members: [(name: String, value: JSONNode)] = []
    var names: Set<String> = []
    skipBlanks(bytes, &at)
    if at < bytes.count, bytes[at] == UInt8(ascii: "}") {
      at += 1
      return members
    }
    while true {
      skipBlanks(bytes, &at)
      guard at < bytes.count, bytes[at] == UInt8(ascii: "\"") else {
        throw mistake("a name in quotes was expected", bytes, at)
      }
      let place = at
      let name = try text(bytes, &at)
      guard !isTaken(name, members, &names) else {
        throw mistake("'\(name)' stands twice in this object", bytes, place)
      }
      skipBlanks(bytes, &at)
      guard at < bytes.count, bytes[at] == UInt8(ascii: ":") else {
        throw mistake("':' was expected", bytes, at)
      }
      at += 1
      members.append((name, try value(bytes, &at, depth: depth + 1)))
      skipBlanks(bytes, &at)
      guard at < bytes.count else { throw mistake("'}' is missing", bytes, at) }
      let byte = bytes[at]
      guard byte == UInt8(ascii: ",") || byte == UInt8(ascii: "}") else {
        throw mistake("',' or '}' was expected", bytes, at)
      }
      at += 1
      if byte == UInt8(ascii: "}") { return members }
    }
  }

  /// True when an object has a member of that name; large objects are looked up in a set.
  private func isTaken(
    _ name: String, _ members: [(name: String, value: JSONNode)], _ names: inout Set<String>
  ) -> Bool {
    if members.count < 16 { return members.contains { $0.name == name } }
    if names.isEmpty { names = Set(members.map(\.name)) }
    return !names.insert(name).inserted
  }

  private func text(_ bytes: Span<UInt8>, _ at: inout Int) throws(Mistake) -> String {
    let start = at
    at += 1
    let first = at
    while at < bytes.count, bytes[at] != UInt8(ascii: "\""), bytes[at] != UInt8(ascii: "\\") {
      at += 1
    }
    if at < bytes.count, bytes[at] == UInt8(ascii: "\"") {
      at += 1
      return bytes.text(first, at - 1)
    }
    var collected: [UInt8] = []
    for i in first..<at { collected.append(bytes[i]) }
    while at < bytes.count, bytes[at] != UInt8(ascii: "\"") {
      guard bytes[at] == UInt8(ascii: "\\") else {
        collected.append(bytes[at])
        at += 1
        continue
      }
      at += 1
      guard at < bytes.count else { break }
      let plain: [UInt8: UInt8] = [
        UInt8(ascii: "n"): 0x0A, UInt8(ascii: "t"): 0x09, UInt8(ascii: "r"): 0x0D,
        UInt8(ascii: "b"): 0x08, UInt8(ascii: "f"): 0x0C, UInt8(ascii: "\""): 0x22,
        UInt8(ascii: "\\"): 0x5C, UInt8(ascii: "/"): 0x2F,
      ]
      if let byte = plain[bytes[at]] {
        collected.append(byte)
        at += 1
      } else if bytes[at] == UInt8(ascii: "u") {
        collected += Array(try escapedScalar(bytes, &at).utf8)
      } else {
        throw mistake("an unknown escape in a JSON text", bytes, at)
      }
    }
    guard at < bytes.count else { throw mistake("a JSON text has no end", bytes, start) }
    at += 1
    return String(decoding: collected, as: UTF8.self)
  }

  /// Reads `uXXXX`, or a pair of surrogates.
  private func escapedScalar(
    _ bytes: Span<UInt8>, _ at: inout Int
  ) throws(Mistake) -> String {
    let high = try unit(bytes, &at)
    var units = [high]
    if (0xD800..<0xDC00).contains(high), at + 1 < bytes.count, bytes[at] == UInt8(ascii: "\\"),
      bytes[at + 1] == UInt8(ascii: "u")
    {
      at += 1
      units.append(try unit(bytes, &at))
    }
    return String(decoding: units, as: UTF16.self)
  }

  private func unit(_ bytes: Span<UInt8>, _ at: inout Int) throws(Mistake) -> UInt16 {
    guard at + 4 < bytes.count,
      let value = UInt16(bytes.text(at + 1, at + 5), radix: 16)
    else { throw mistake("'\\u' needs four hexadecimal digits", bytes, at) }
    at += 5
    return value
  }
}
