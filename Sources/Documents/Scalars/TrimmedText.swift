/// Returns text without spaces, tabs and quotes around it.
package func trimmedText(_ text: String) -> String {
  let blank: Set<Character> = [" ", "\t", "\u{A0}", "\r", "\""]
  guard let first = text.firstIndex(where: { !blank.contains($0) }),
    let last = text.lastIndex(where: { !blank.contains($0) })
  else { return "" }
  return String(text[first...last])
}
