/// How texts for people are laid out: how wide a line may be, and whether notes are cut short.
///
/// A table that is too wide leaves columns out, a long line is folded, and notes that say the same of several
/// subjects stand once. Without a width nothing is cut.
package struct TextLayout: Sendable {
  /// Columns of a line at most; nothing for as many as it takes.
  package let width: Int?

  /// The layout of what is written within the scope of a run; as wide as it takes outside of one.
  @TaskLocal package static var current = TextLayout(width: nil)

  /// Lays texts out for lines of a width. [columns]
  package init(width: Int?) { self.width = width }

  /// Lines that a note takes at most where there is a width.
  private static let linesOfNote = 2
  /// Columns by which the second line of a note or a sentence stands further in.
  private static let indent = 2

  /// Breaks lines that are too long at spaces; what follows stands further in.
  package func folded(_ text: String) -> String {
    guard let width else { return text }
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    // Of several lists of notes, the last one tells where they stand in full.
    let pointers = lines.indices.filter { lines[$0] == Self.pointer }
    for index in pointers.dropLast().reversed() { lines.remove(at: index) }
    return lines.map { line in
      line.count <= width ? String(line) : folded(line: line, width: width)
    }.joined(separator: "\n")
  }

  /// The layout for what stands further in by some columns.
  package func inset(by columns: Int) -> TextLayout {
    TextLayout(width: width.map { max(1, $0 - columns) })
  }

  /// Where cut notes stand in full.
  private static let pointer = "Notes in full: see the report (--output DIR), or --wide."

  private func folded(line: Substring, width: Int) -> String {
    let head = Self.label(of: line)
    let indent = head.allSatisfy { $0 == " " } ? head.count + Self.indent : head.count
    let first = wrapped(String(line.dropFirst(head.count)), width: width - head.count)
    guard let begin = first.first else { return String(line) }
    // The lines after the first may be narrower, so what is left is broken anew.
    let tail = first.dropFirst().joined(separator: " ")
    let margin = String(repeating: " ", count: indent)
    return ([head + begin] + wrapped(tail, width: width - indent).map { margin + $0 })
      .joined(separator: "\n")
  }

  /// The margin of a line, or the label that stands in a column of its own before the text.
  private static func label(of line: Substring) -> Substring {
    let margin = line.prefix { $0 == " " }
    var end = margin.endIndex
    while end < line.endIndex, line[..<end].count <= widestLabel {
      let next = line.index(after: end)
      if line[end] == " ", next < line.endIndex, line[next] == " " {
        return line[..<(line[end...].firstIndex { $0 != " " } ?? line.endIndex)]
      }
      end = next
    }
    return margin
  }

  /// Labels of two columns are no wider. [columns]
  private static let widestLabel = 24

  /// Notes as lines of text, each with its line end; where there is a width, notes that are alike stand once with
  /// their number, long ones end in dots, and a line tells where all of it stands.
  ///
  /// - Parameter notes: One sentence or more each, the most important first.
  /// - Returns: The text; empty without notes.
  package func notes(_ notes: [String]) -> String {
    guard let width else { return notes.map { $0 + "\n" }.joined() }
    var kinds: [(shape: String, first: String, count: Int)] = []
    for note in notes {
      let shape = Self.shape(of: note)
      if let known = kinds.firstIndex(where: { $0.shape == shape }) {
        kinds[known].count += 1
      } else {
        kinds.append((shape, note, 1))
      }
    }
    // A line ends before the word that does not fit, so all of it is never used.
    let room = Self.linesOfNote * width - Self.indent - Self.lostToWords
    var isCut = false
    var lines = kinds.map { kind in
      let tail = kind.count > 1 ? " (and \(kind.count - 1) more like it)" : ""
      let short = Self.cut(kind.first, to: room - tail.count)
      isCut = isCut || kind.count > 1 || short != kind.first
      return short + tail
    }
    if isCut { lines.append(Self.pointer) }
    return lines.map { folded($0) + "\n" }.joined()
  }

  /// A note without the subject it begins with, names and numbers: equal for notes that say the same.
  private static func shape(of note: String) -> String {
    var words = note.split(separator: " ")
    // The subject ends in a colon: one name, or a difference of two.
    if let colon = words.prefix(3).firstIndex(where: { $0.hasSuffix(":") }) {
      words = Array(words[(colon + 1)...])
    }
    let plain = words.filter { word in
      !word.contains("'") && !word.contains { $0.isNumber }
    }
    return plain.prefix(wordsOfShape).map { $0.filter(\.isLetter) }.joined(separator: " ")
  }

  /// Columns at the end of a line that a word may leave free.
  private static let lostToWords = 14
  /// Words by which notes are told apart.
  private static let wordsOfShape = 3

  /// The beginning of a text that has the room, with dots where something is left out.
  private static func cut(_ text: String, to room: Int) -> String {
    guard text.count > room else { return text }
    var short = ""
    for word in text.split(separator: " ") {
      guard short.count + word.count + 3 <= room else { break }
      short += short.isEmpty ? String(word) : " \(word)"
    }
    while let last = short.last, ",;:(".contains(last) { short.removeLast() }
    return short + " …"
  }
}

/// Texts with each one once, in the order of the first; those that came more than once tell how often.
package func countedOnce(_ texts: [String]) -> [String] {
  var found: [(text: String, count: Int)] = []
  for text in texts {
    if let known = found.firstIndex(where: { $0.text == text }) {
      found[known].count += 1
    } else {
      found.append((text, 1))
    }
  }
  return found.map { text, count in
    guard count > 1 else { return text }
    let body = text.hasSuffix(".") ? text.dropLast() : text[...]
    return "\(body) (\(count) times)" + (text.hasSuffix(".") ? "." : "")
  }
}

/// Breaks a paragraph into lines at spaces, but not within a number or before its percent sign.
package func wrapped(_ text: String, width: Int) -> [String] {
  var lines: [String] = []
  var line = ""
  var words: [String] = []
  for word in text.split(separator: " ") {
    let goesOn = word.hasPrefix("%") || word.prefix(3).count { $0.isNumber } == 3
    if goesOn, let last = words.last?.last, last.isNumber {
      words[words.count - 1] += " \(word)"
    } else {
      words.append(String(word))
    }
  }
  for word in words {
    if !line.isEmpty, line.count + 1 + word.count > width {
      lines.append(line)
      line = ""
    }
    line += line.isEmpty ? word : " \(word)"
  }
  if !line.isEmpty { lines.append(line) }
  return lines
}
