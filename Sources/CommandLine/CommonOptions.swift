/// The options that every working subcommand takes.
package struct CommonOptions: Sendable, Equatable {
  /// Print one JSON object instead of tables.
  package var isJSON = false
  /// Folder for result files.
  package var output: String?
  /// Takes the place of the seeds in the scenario.
  package var seed: UInt64?
  /// Number of cases worked on at once; nil for one per processor.
  package var threads: Int?
  /// How progress is shown on standard error.
  package var progress = ProgressStyle.bar
  /// No progress on standard error, whatever its style.
  package var isQuiet = false
  /// Whether tables may be as wide as they are and notes as long.
  package var isWide = false

  /// Options that say how a result is shown or where its parts are kept, and move none.
  package static let ofPresentation: Set = [
    "--html", "--json", "--output", "--threads", "--quiet", "--progress", "--wide", "--cells",
    "--complete",
  ]

  /// Starts with the defaults.
  package init() {}
}

/// A subcommand that takes the common options.
package protocol WorkingSubcommand: Subcommand {
  /// The common options.
  var common: CommonOptions { get set }
}

extension WorkingSubcommand {
  /// The result folder.
  package var outputs: [OutputPlace] { resultFolder }

  /// The folder of `--output`, where it is given.
  package var resultFolder: [OutputPlace] { common.output.map { [.folder($0)] } ?? [] }

  /// Declarations of the common options, for the end of a grammar's list.
  package static var commonOptions: [Parameter<Self>] {
    [
      .flag("--json", "Print one JSON object on standard output.", \.common.isJSON),
      .option(
        "--output", short: "-o", "DIR", "Also write result files into this folder.",
        \.common.output, completion: .folder),
      .option("--seed", "N", "Use this seed in place of the scenario's.", \.common.seed),
      .option(
        "--threads", "N", "Work on this many cases at once; one per processor if left out.",
        \.common.threads),
    ] + progressOptions(\.common) + [.wide(\.common.isWide)]
  }
}

extension Subcommand {
  /// Declarations of how progress is shown, for every subcommand that works long.
  package static func progressOptions(
    _ common: WritableKeyPath<Self, CommonOptions>
  ) -> [Parameter<Self>] {
    [
      .option(
        "--progress", "STYLE",
        "Show progress as bar (lines where there is no terminal), lines, json or none.",
        common.appending(path: \.progress)),
      .flag(
        "--quiet", short: "-q", "Show no progress.", common.appending(path: \.isQuiet)),
    ]
  }
}

extension Parameter {
  /// Declares that tables may be as wide as they are.
  package static func wide(_ place: WritableKeyPath<Command, Bool>) -> Parameter {
    .flag(
      CommandContext.wideOption, "Print every column and whole notes, not what fits 80 columns.",
      place)
  }
}
