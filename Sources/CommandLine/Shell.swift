/// A shell that can learn the command line of a tool.
package enum Shell: String, ArgumentChoice {
  case bash, zsh, fish

  /// Returns the script that completes subcommands, options and files of a tool.
  package func completions(of tool: Tool) -> String {
    switch self {
    case .bash: bashCompletions(tool.name, tool.subcommands)
    case .zsh: zshCompletions(tool.name, tool.subcommands)
    case .fish: fishCompletions(tool.name, tool.subcommands)
    }
  }
}

private func bashCompletions(_ tool: String, _ subcommands: [AnySubcommand]) -> String {
  var lines = [
    "# bash completion for \(tool)", "_\(tool)() {",
    "  local word=\"${COMP_WORDS[COMP_CWORD]}\" previous=\"${COMP_WORDS[COMP_CWORD-1]}\"",
    "  COMPREPLY=()",
    "  if [ \"$COMP_CWORD\" -eq 1 ]; then",
    "    COMPREPLY=($(compgen -W \"\(subcommands.map(\.name).joined(separator: " ")) help --help --version\" -- \"$word\"))",
    "    return", "  fi", "  case \"${COMP_WORDS[1]} $previous\" in",
  ]
  for subcommand in subcommands {
    for option in subcommand.options where option.valueName != nil {
      let names = [option.name, option.shortName].compactMap { $0 }
        .map { "\"\(subcommand.name) \($0)\"" }.joined(separator: "|")
      lines.append("    \(names)) \(bashWords(option.completion)); return ;;")
    }
  }
  lines += ["  esac", "  case \"${COMP_WORDS[1]}\" in"]
  for subcommand in subcommands {
    let options = (subcommand.options.map(\.name) + ["--help"]).joined(separator: " ")
    let argument = subcommand.arguments.last?.completion ?? .none
    lines += [
      "    \(subcommand.name))",
      "      if [[ \"$word\" == -* ]]; then",
      "        COMPREPLY=($(compgen -W \"\(options)\" -- \"$word\"))",
      "      else", "        \(bashWords(argument))", "      fi ;;",
    ]
  }
  let names = subcommands.map(\.name).joined(separator: " ")
  lines += [
    "    help) COMPREPLY=($(compgen -W \"\(names)\" -- \"$word\")) ;;", "  esac", "}",
    "complete -o filenames -F _\(tool) \(tool)",
  ]
  return lines.joined(separator: "\n") + "\n"
}

private func bashWords(_ completion: Completion) -> String {
  switch completion {
  case .none: ":"
  case .file: "COMPREPLY=($(compgen -f -- \"$word\"))"
  case .folder: "COMPREPLY=($(compgen -d -- \"$word\"))"
  case .words(let words):
    "COMPREPLY=($(compgen -W \"\(words.joined(separator: " "))\" -- \"$word\"))"
  }
}

private func zshCompletions(_ tool: String, _ subcommands: [AnySubcommand]) -> String {
  func quoted(_ text: String) -> String {
    var result = ""
    for character in text {
      switch character {
      case "'": result += "'\\''"
      case "[", "]", ":", "\\": result += "\\\(character)"
      default: result.append(character)
      }
    }
    return result
  }
  func action(_ completion: Completion) -> String {
    switch completion {
    case .none: " "
    case .file(let suffixes):
      suffixes.isEmpty
        ? "_files" : "_files -g \"*.(\(suffixes.joined(separator: "|")))(-.)\""
    case .folder: "_files -/"
    case .words(let words): "(\(words.joined(separator: " ")))"
    }
  }
  var lines = [
    "#compdef \(tool)", "_\(tool)() {", "  local -a commands", "  commands=(",
  ]
  for subcommand in subcommands {
    lines.append("    '\(subcommand.name):\(quoted(subcommand.summary))'")
  }
  lines += [
    "  )", "  if (( CURRENT == 2 )); then", "    _describe 'subcommand' commands", "    return",
    "  fi", "  local name=$words[2]", "  shift words", "  (( CURRENT-- ))", "  case $name in",
  ]
  for subcommand in subcommands {
    lines.append("    \(subcommand.name)) _arguments \\")
    for option in subcommand.options {
      let value =
        option.valueName.map { ":\(quoted($0)):\(action(option.completion))" } ?? ""
      lines.append("      '\(option.name)[\(quoted(option.about))]\(value)' \\")
    }
    lines.append("      '--help[Show help.]' \\")
    let arguments = subcommand.arguments.map {
      "      '*:\(quoted($0.name)):\(action($0.completion))'"
    }
    lines += arguments.isEmpty ? ["      && return ;;"] : arguments
    if !arguments.isEmpty { lines.append("      ;;") }
  }
  lines += ["  esac", "}", "_\(tool) \"$@\""]
  return lines.joined(separator: "\n") + "\n"
}

private func fishCompletions(_ tool: String, _ subcommands: [AnySubcommand]) -> String {
  func quoted(_ text: String) -> String {
    "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "\\'")
      + "'"
  }
  func values(_ completion: Completion) -> String {
    switch completion {
    case .none: " -x"
    case .file: " -r -F"
    case .folder: " -x -a '(__fish_complete_directories)'"
    case .words(let words): " -x -a '\(words.joined(separator: " "))'"
    }
  }
  var lines = ["# fish completion for \(tool)", "complete -c \(tool) -f"]
  for subcommand in subcommands {
    lines.append(
      "complete -c \(tool) -n __fish_use_subcommand -a \(subcommand.name)"
        + " -d \(quoted(subcommand.summary))")
  }
  for subcommand in subcommands {
    let condition = "-n '__fish_seen_subcommand_from \(subcommand.name)'"
    for option in subcommand.options {
      let short = option.shortName.map { " -s \($0.dropFirst())" } ?? ""
      let value = option.valueName == nil ? "" : values(option.completion)
      lines.append(
        "complete -c \(tool) \(condition) -l \(option.name.dropFirst(2))\(short)\(value)"
          + " -d \(quoted(option.about))")
    }
    for argument in subcommand.arguments where argument.completion != .none {
      let words = values(argument.completion).dropFirst(3)
      lines.append("complete -c \(tool) \(condition)\(words.isEmpty ? "" : " \(words)")")
    }
  }
  return lines.joined(separator: "\n") + "\n"
}
