import CommandLine

/// `wattif completions`: a script that teaches a shell the command line.
struct CompletionsCommand: Subcommand {
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

  func run(_ context: CommandContext) -> ExitCode {
    context.printDocument(shell.completions(of: .wattif))
    return .done
  }
}
