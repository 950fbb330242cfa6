import CommandLine

extension Parameter {
  /// The argument of every subcommand that works on kept runs.
  static func store(_ place: WritableKeyPath<Command, String>) -> Parameter {
    .argument(
      "STORE", "wattif.sqlite of a result folder, or the folder.", place,
      completion: .file(suffixes: ["sqlite"]))
  }

  /// The runs that it works on.
  static func run(_ place: WritableKeyPath<Command, [String]>) -> Parameter {
    .rest("RUN", "Number or id of a run.", place)
  }
}
