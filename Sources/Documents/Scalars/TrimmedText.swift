/// Returns text without spaces, tabs and quotes around it.
package func trimmedText(_ text: String) -> String {
  let blank: Set<Character> = [" ", "\t", "\u{A0}", "\r", "\""]
  guard let first = text.firstIndex(where: { !blank.contains($0) }),
    let last = text.lastIndex(where: { !blank.contains($0) })
  else { return "" }
  return String(text[first...last])
}

extension Span where Element == UInt8 {
  /// The text of a range of bytes in UTF-8.
  package func text(_ start: Int, _ end: Int) -> String {
    var copy: [UInt8] = []
    copy.reserveCapacity(end - start)
    for i in start..<end { copy.append(self[i]) }
    return String(decoding: copy, as: UTF8.self)
  }
}
