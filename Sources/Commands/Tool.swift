import Diagnostics
import Foundation
import Glibc

/// The command `wattif`: finds the subcommand, runs it, and turns how it ended into an exit code.
package struct Tool {
  /// What this build calls itself.
  package static let version = "0.1.0"

  let subcommands: [AnySubcommand]

  /// Creates the tool with all its subcommands.
  package init() {
    subcommands = Tool.allSubcommands
  }

  /// Runs with the arguments, channels and environment of the process.
  package static func main() -> Int32 {
    _ = signal(SIGPIPE, SIG_IGN)
    Interruption.watch()
    let session = Session(
      console: .process, environment: ProcessInfo.processInfo.environment,
      isInterrupted: { Interruption.isRaised })
    return Tool().run(Array(CommandLine.arguments.dropFirst()), session).rawValue
  }

  /// Runs a command line.
  ///
  /// - Parameters:
  ///   - arguments: Words after the name of the tool.
  ///   - session: The world.
  /// - Returns: What the process should tell its caller.
  package func run(_ arguments: [String], _ session: Session) -> ExitCode {
    guard let first = arguments.first else {
      session.note(overview.trimmingCharacters(in: .newlines))
      return .badCommandLine
    }
    switch first {
    case "--help", "-h", "help":
      return help(arguments.dropFirst().first, session)
    case "--version":
      session.print("wattif \(Tool.version)")
      return .done
    default: break
    }
    guard let subcommand = subcommands.first(where: { $0.name == first }) else {
      let near = suggestion(for: first, among: subcommands.map(\.name))
      let kind = first.hasPrefix("-") ? "option" : "subcommand"
      let hint = near.map { "; did you mean '\($0)'?" } ?? ""
      session.note("error: unknown \(kind) '\(first)'\(hint)\nnote: 'wattif --help' lists them")
      return .badCommandLine
    }
    let rest = Array(arguments.dropFirst())
    if rest.prefix(while: { $0 != "--" }).contains(where: { $0 == "--help" || $0 == "-h" }) {
      session.print(subcommand.help)
      return .done
    }
    return run(subcommand, rest, session)
  }

  private func run(
    _ subcommand: AnySubcommand, _ arguments: [String], _ session: Session
  ) -> ExitCode {
    do {
      return try subcommand.run(arguments, session)
    } catch let error as UsageError {
      session.note("error: \(error.message)\nnote: see 'wattif \(subcommand.name) --help'")
      return .badCommandLine
    } catch let error as InputError {
      session.report(error.diagnostics)
      return .badInput
    } catch let error as RunFailure {
      session.note("error: \(error.message)")
      return .failed
    } catch is CancellationError {
      session.note("interrupted")
      return .interrupted
    } catch {
      session.note("error: \(error)")
      return .failed
    }
  }

  private func help(_ name: String?, _ session: Session) -> ExitCode {
    guard let name else {
      session.print(overview)
      return .done
    }
    guard let subcommand = subcommands.first(where: { $0.name == name }) else {
      session.note("error: unknown subcommand '\(name)'")
      return .badCommandLine
    }
    session.print(subcommand.help)
    return .done
  }

  /// The text of `wattif --help`.
  var overview: String {
    var lines = [
      "Usage: wattif SUBCOMMAND [options]", "",
      "What-if planning for battery storage: which forecast should plan the battery,",
      "how large it should be, and what a derating policy costs, in money and degrees.",
      "",
      "Subcommands:",
    ]
    for subcommand in subcommands { lines += described(subcommand.name, subcommand.summary) }
    lines += [
      "", "Options:",
    ]
    lines += described("-h, --help", "Show this text, or that of a subcommand.")
    lines += described("--version", "Show the version.")
    lines += [
      "", "Exit codes: 0 done, 1 the run failed, 64 bad command line, 65 bad input,",
      "130 interrupted (compare keeps the ledgers of finished versions in --output).",
    ]
    return lines.joined(separator: "\n") + "\n"
  }
}

extension Tool {
  /// The words of all subcommands, in the order of the overview.
  package static var subcommandNames: [String] { allSubcommands.map(\.name) }
}
