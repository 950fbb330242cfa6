/// `wattif completions`: a script that teaches a shell the command line.
struct CompletionsCommand: Subcommand {
  enum Shell: String, ArgumentChoice {
    case bash, zsh, fish
  }

  static let name = "completions"

  static var grammar: Grammar<CompletionsCommand> {
    Grammar(
      summary: "Prints a completion script for a shell.",
      arguments: [.argument("SHELL", "One of bash, zsh and fish.", \.shell)],
      examples: [
        (
          "wattif completions bash > /etc/bash_completion.d/wattif",
          "Completes subcommands, options and files in new bash sessions."
        ),
        (
          "wattif completions fish > ~/.config/fish/completions/wattif.fish",
          "The same for fish."
        ),
      ])
  }

  var shell = Shell.bash

  func run(_ session: Session) -> ExitCode {
    let subcommands = Tool.allSubcommands
    let script =
      switch shell {
      case .bash: bashCompletions(subcommands)
      case .zsh: zshCompletions(subcommands)
      case .fish: fishCompletions(subcommands)
      }
    session.print(script)
    return .done
  }
}
