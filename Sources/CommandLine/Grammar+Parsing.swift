import Diagnostics

extension Grammar {
  /// Reads a command line into a command.
  ///
  /// Options may stand before, between and after arguments, as `--name value` or `--name=value`;
  /// everything after `--` is an argument.
  ///
  /// - Parameters:
  ///   - words: The words after the subcommand.
  ///   - command: What takes them over.
  /// - Returns: The command, and the options that were given as words that say the same again.
  /// - Throws: `UsageError` for the first mistake.
  func parse(
    _ words: [String], into command: Command
  ) throws(UsageError) -> (command: Command, options: [String]) {
    var command = command
    var given: Set<String> = []
    var options: [String] = []
    var plain: [String] = []
    var rest = words[...]
    while let word = rest.popFirst() {
      if word == "--" {
        plain += rest
        break
      }
      guard word.hasPrefix("-"), word != "-", Double(word) == nil else {
        plain.append(word)
        continue
      }
      let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let option = try option(named: String(parts[0]))
      guard given.insert(option.name).inserted || option.isRepeatable else {
        throw UsageError("'\(option.name)' may be given once")
      }
      if option.valueName == nil {
        guard parts.count == 1 else { throw UsageError("'\(option.name)' takes no value") }
        try option.take(&command, "")
        options.append(option.name)
      } else if let value = parts.count == 2 ? String(parts[1]) : rest.popFirst() {
        try option.take(&command, value)
        options.append("\(option.name)=\(value)")
      } else {
        throw UsageError("'\(option.name)' needs a value: \(option.name) \(option.valueName ?? "")")
      }
    }
    try take(plain, into: &command)
    return (command, options)
  }

  private func option(named name: String) throws(UsageError) -> Parameter<Command> {
    guard let option = options.first(where: { $0.name == name || $0.shortName == name }) else {
      let near = suggestion(for: name, among: options.map(\.name) + ["--help"])
      throw UsageError(
        "unknown option '\(name)'" + (near.map { "; did you mean '\($0)'?" } ?? ""))
    }
    return option
  }

  private func take(_ words: [String], into command: inout Command) throws(UsageError) {
    var plain = words
    for argument in arguments {
      guard !plain.isEmpty else {
        if argument.isOptional { continue }
        throw UsageError("missing argument \(argument.name)")
      }
      let count = argument.isRepeatable ? plain.count : 1
      for word in plain.prefix(count) { try argument.take(&command, word) }
      plain.removeFirst(count)
    }
    if let extra = plain.first { throw UsageError("unexpected argument '\(extra)'") }
  }
}
