import Diagnostics

extension Grammar {
  /// The text of `--help`, 80 columns wide.
  ///
  /// - Parameters:
  ///   - tool: Name of the program.
  ///   - name: Name of the subcommand.
  /// - Returns: Lines of at most 80 columns, each ended by a newline.
  func help(of tool: String, named name: String) -> String {
    var lines: [String] = []
    let words = arguments.map { argument in
      let word = argument.isRepeatable ? "\(argument.name)..." : argument.name
      return argument.isOptional ? "[\(word)]" : word
    }
    lines.append((["Usage: \(tool)", name, "[options]"] + words).joined(separator: " "))
    lines.append("")
    lines += wrapped(summary, width: 80)
    for paragraph in paragraphs(of: discussion) {
      lines.append("")
      lines += wrapped(paragraph, width: 80)
    }
    if !arguments.isEmpty {
      lines += ["", "Arguments:"]
      for argument in arguments { lines += described(argument.name, argument.about) }
    }
    lines += ["", "Options:"]
    for option in options {
      let short = option.shortName.map { "\($0), " } ?? ""
      let value = option.valueName.map { " \($0)" } ?? ""
      lines += described("\(short)\(option.name)\(value)", option.about)
    }
    lines += described("-h, --help", "Show this text.")
    if !examples.isEmpty {
      lines += ["", "Examples:"]
      for example in examples {
        lines.append("  \(example.line)")
        lines += wrapped(example.about, width: 74).map { "      \($0)" }
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }
}

/// Two columns: what to write, and what it does.
func described(_ left: String, _ right: String) -> [String] {
  let margin = 24
  let text = wrapped(right, width: 80 - margin)
  let head = "  \(left)"
  let pad = String(repeating: " ", count: margin)
  guard head.count <= margin - 2 else { return [head] + text.map { pad + $0 } }
  return text.enumerated().map { index, line in
    index == 0
      ? head + String(repeating: " ", count: margin - head.count) + line : pad + line
  }
}

/// Splits at empty lines; line breaks inside a paragraph are spaces.
private func paragraphs(of text: String) -> [String] {
  text.split(separator: "\n", omittingEmptySubsequences: false)
    .split { $0.allSatisfy(\.isWhitespace) }
    .map { $0.joined(separator: " ") }
}
