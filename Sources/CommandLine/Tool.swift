import Diagnostics
import Foundation
import Glibc

/// A program of subcommands: finds the subcommand, runs it, and turns how it ended into an exit code.
package struct Tool {
  /// The word that starts it.
  package let name: String
  /// What this build calls itself.
  package let version: String
  /// What the program answers, lines of at most 80 columns.
  package let summary: [String]
  /// What a reader of the overview needs besides, lines of at most 80 columns.
  package let remarks: [String]
  /// What it can do, in the order of the overview.
  package let subcommands: [AnySubcommand]
  /// True for names of files that the program gives to results.
  let isResult: @Sendable (String) -> Bool

  /// Declares a program.
  package init(
    name: String, version: String, summary: [String], remarks: [String],
    subcommands: [AnySubcommand], isResult: @escaping @Sendable (String) -> Bool = { _ in false }
  ) {
    self.name = name
    self.version = version
    self.summary = summary
    self.remarks = remarks
    self.subcommands = subcommands
    self.isResult = isResult
  }

  /// Runs with the arguments, channels and environment of the process.
  ///
  /// - Parameter defaults: Values of variables that the environment does not set.
  /// - Returns: The exit code.
  package func main(defaults: [String: String] = [:]) -> Int32 {
    Console.holdClosedChannels()
    _ = signal(SIGPIPE, SIG_IGN)
    Faults.watch(name, version)
    Interruption.watch(exitCode: ExitCode.interrupted.rawValue)
    let context = CommandContext(
      console: .process,
      environment: defaults.merging(ProcessInfo.processInfo.environment) { $1 },
      isInterrupted: { Interruption.isRaised })
    return run(Array(Swift.CommandLine.arguments.dropFirst()), context).rawValue
  }

  /// Runs a command line.
  ///
  /// - Parameters:
  ///   - arguments: Words after the name of the tool.
  ///   - context: Channels, environment and the wish to stop.
  /// - Returns: What the process should tell its caller.
  package func run(_ arguments: [String], _ context: CommandContext) -> ExitCode {
    let code = outcome(arguments, context)
    let (failures, remarks) = context.journal.conclusion(isResult: isResult)
    for failure in failures { context.note("error: \(failure)") }
    // What is kept of a run that was stopped, the run itself has said.
    if code != .interrupted, context.tellsFiles {
      for remark in remarks { context.note(remark) }
    }
    if let reason = context.console.outputFailure() {
      context.note("error: standard output cannot be written: \(reason)")
      return .failed
    }
    return failures.isEmpty || code == .interrupted ? code : .failed
  }

  private func outcome(_ arguments: [String], _ context: CommandContext) -> ExitCode {
    guard let first = arguments.first else {
      context.note(overview.trimmingCharacters(in: .newlines))
      return .badCommandLine
    }
    switch first {
    case "--help", "-h", "help":
      return help(arguments.dropFirst().first, context)
    case "--version":
      context.print("\(name) \(version)")
      return .done
    default: break
    }
    guard let subcommand = subcommands.first(where: { $0.name == first }) else {
      let near = suggestion(for: first, among: subcommands.map(\.name))
      let kind = first.hasPrefix("-") ? "option" : "subcommand"
      let hint = near.map { "; did you mean '\($0)'?" } ?? ""
      context.note("error: unknown \(kind) '\(first)'\(hint)\nnote: '\(name) --help' lists them")
      return .badCommandLine
    }
    let rest = Array(arguments.dropFirst())
    if rest.prefix(while: { $0 != "--" }).contains(where: { $0 == "--help" || $0 == "-h" }) {
      context.print(subcommand.help(of: name))
      return .done
    }
    return run(subcommand, rest, context)
  }

  private func run(
    _ subcommand: AnySubcommand, _ arguments: [String], _ context: CommandContext
  ) -> ExitCode {
    do {
      return try subcommand.run(arguments, context)
    } catch let error as UsageError {
      context.note("error: \(error.message)\nnote: see '\(name) \(subcommand.name) --help'")
      return .badCommandLine
    } catch let error as InputError {
      context.report(error.diagnostics)
      return .badInput
    } catch let error as RunFailure {
      context.note("error: \(error.message)")
      return .failed
    } catch is CancellationError {
      context.note("interrupted")
      return .interrupted
    } catch {
      context.note("error: \(error)")
      return .failed
    }
  }

  private func help(_ word: String?, _ context: CommandContext) -> ExitCode {
    guard let word else {
      context.print(overview)
      return .done
    }
    guard let subcommand = subcommands.first(where: { $0.name == word }) else {
      context.note("error: unknown subcommand '\(word)'")
      return .badCommandLine
    }
    context.print(subcommand.help(of: name))
    return .done
  }

  /// The text of `--help` without a subcommand.
  var overview: String {
    var lines = ["Usage: \(name) SUBCOMMAND [options]", ""] + summary + ["", "Subcommands:"]
    for subcommand in subcommands { lines += described(subcommand.name, subcommand.summary) }
    lines += ["", "Options:"]
    lines += described("-h, --help", "Show this text, or that of a subcommand.")
    lines += described("--version", "Show the version.")
    lines += [""] + remarks
    return lines.joined(separator: "\n") + "\n"
  }
}
