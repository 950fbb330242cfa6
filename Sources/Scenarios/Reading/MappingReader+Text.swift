import Diagnostics
package import Documents

extension MappingReader {
  /// Reads a text that must be given.
  package func text(_ key: String) -> String {
    requiredNode(key).flatMap { context.text($0, named: key) } ?? ""
  }

  /// Reads a text, or uses the default.
  package func text(_ key: String, default value: String) -> String {
    optionalText(key) ?? value
  }

  /// Reads a text that may be left out.
  package func optionalText(_ key: String) -> String? {
    node(key).flatMap { context.text($0, named: key) }
  }

  /// Reads a list of texts that may be left out; a single text is a list of one.
  package func optionalTexts(_ key: String) -> [String]? {
    node(key).map { node in
      (node.items ?? [node]).compactMap { context.text($0, named: key) }
    }
  }

  /// Reads one of the names of an enumeration, which must be given.
  package func choice<Choice: CaseIterable & RawRepresentable<String>>(
    _ key: String, _ type: Choice.Type = Choice.self
  ) -> Choice? {
    requiredNode(key).flatMap { node in
      context.choice(node, named: key, among: Choice.allCases.map { ($0.rawValue, $0) })
    }
  }

  /// Reads one of the names of an enumeration, or uses the default.
  package func choice<Choice: CaseIterable & RawRepresentable<String>>(
    _ key: String, default value: Choice
  ) -> Choice {
    choice(key, among: Choice.allCases.map { ($0.rawValue, $0) }, default: value)
  }

  /// Reads one of several names, or uses the default.
  package func choice<Choice>(
    _ key: String, among choices: [(name: String, value: Choice)], default value: Choice
  ) -> Choice {
    node(key).flatMap { context.choice($0, named: key, among: choices) } ?? value
  }

  /// Reads one of several names, which must be given.
  package func choice<Choice>(
    _ key: String, among choices: [(name: String, value: Choice)]
  ) -> Choice? {
    requiredNode(key).flatMap { context.choice($0, named: key, among: choices) }
  }

  /// Reads the path of a file that must be given.
  ///
  /// Relative paths start at the folder of the document; `${NAME}` is replaced by the environment
  /// variable, and one that is not set is an error.
  package func path(_ key: String) -> String {
    requiredNode(key).flatMap { context.path($0, named: key) } ?? ""
  }

  /// Reads the path of a file that must be given and must be there; the file counts as read.
  package func existingPath(_ key: String) -> String {
    let path = path(key)
    guard !path.isEmpty else { return "" }
    if let problem = TextFile.problem(of: path) {
      error(key, "\(problem): '\(path)'")
      return ""
    }
    context.reads(path)
    return path
  }

  /// Reads the path of a file that may be left out.
  package func optionalPath(_ key: String) -> String? {
    node(key).flatMap { context.path($0, named: key) }
  }
}

extension DecodingContext {
  /// Reads any scalar as text; a number or a date is its spelling.
  package func text(_ node: YAMLNode, named key: String) -> String? {
    guard let scalar = node.scalar, !node.isNull else {
      error("'\(key)' must be text, found \(node.found)", at: node.position)
      return nil
    }
    guard !scalar.text.isEmpty else {
      error("'\(key)' must not be empty", at: node.position)
      return nil
    }
    return scalar.text
  }

  /// Reads one of several names.
  func choice<Choice>(
    _ node: YAMLNode, named key: String, among choices: [(name: String, value: Choice)],
    replaced: [String: String] = [:]
  ) -> Choice? {
    guard let text = text(node, named: key) else { return nil }
    if let found = choices.first(where: { $0.name == text }) { return found.value }
    let names = choices.map(\.name)
    let near =
      replaced[text].map { "; use '\($0)'" }
      ?? suggestion(for: text, among: names).map { "; did you mean '\($0)'?" } ?? ""
    error("'\(key)' must be \(listed(names, "or")), found '\(text)'\(near)", at: node.position)
    return nil
  }

  /// Reads a path, with environment variables replaced.
  ///
  /// - Parameters:
  ///   - node: The path.
  ///   - key: Its key, for messages.
  ///   - start: Folder that relative paths start at; that of the document when nil.
  /// - Returns: The path, or nothing after a finding.
  package func path(_ node: YAMLNode, named key: String, from start: String? = nil) -> String? {
    let folder = start ?? folder
    guard var rest = text(node, named: key)?[...] else { return nil }
    var result = ""
    while let start = rest.firstRange(of: "${") {
      result += rest[..<start.lowerBound]
      guard let end = rest[start.upperBound...].firstIndex(of: "}") else {
        error("'\(key)' has '${' without '}', found \(node.found)", at: node.position)
        return nil
      }
      let name = String(rest[start.upperBound..<end])
      guard let value = environment[name], !value.isEmpty else {
        error("environment variable '\(name)' in '\(key)' is not set", at: node.position)
        return nil
      }
      result += value
      rest = rest[rest.index(after: end)...]
    }
    result += rest
    return result.hasPrefix("/") || folder.isEmpty ? result : "\(folder)/\(result)"
  }
}
