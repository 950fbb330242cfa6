extension Diagnostic {
  /// Findings of one kind in one file that are worth reading; the rest is a count.
  public static let mostOfAKind = 20

  /// Returns findings with at most ``mostOfAKind`` of each kind in a file, and a count of what is left out.
  ///
  /// Findings whose words differ only in quoted parts and numbers are of one kind.
  ///
  /// - Parameter findings: All of them, in their order.
  /// - Returns: Those to show, in the same order, then one finding per kind that has more.
  public static func capped(_ findings: [Diagnostic]) -> [Diagnostic] {
    guard findings.count > mostOfAKind else { return findings }
    var counts: [String: Int] = [:]
    var order: [(kind: String, first: Diagnostic)] = []
    var shown: [Diagnostic] = []
    for finding in findings {
      let kind = finding.kind
      let count = counts[kind, default: 0] + 1
      counts[kind] = count
      if count == 1 { order.append((kind, finding)) }
      if count <= mostOfAKind { shown.append(finding) }
    }
    for (kind, first) in order {
      let more = counts[kind, default: 0] - mostOfAKind
      guard more > 0 else { continue }
      shown.append(
        Diagnostic(
          severity: first.severity, position: first.position.map { SourcePosition(file: $0.file) },
          message: "\(more) more of the kind: \(first.message)"))
    }
    return shown
  }

  /// Severity, file and words without quoted parts and digits.
  private var kind: String {
    var words = "\(severity.rawValue) \(position?.file ?? "") "
    var isQuoted = false
    for character in message.unicodeScalars {
      if character == "'" {
        isQuoted.toggle()
      } else if !isQuoted, !("0"..."9").contains(character), character != "." {
        words.unicodeScalars.append(character)
      }
    }
    return words
  }
}
