extension Tool {
  /// Every subcommand, in the order of the overview.
  static var allSubcommands: [AnySubcommand] {
    [
      AnySubcommand(CompareCommand.self),
      AnySubcommand(SizeCommand.self),
      AnySubcommand(StressCommand.self),
      AnySubcommand(ReplayCommand.self),
      AnySubcommand(PlanCommand.self),
      AnySubcommand(TwinCommand.self),
      AnySubcommand(ForecastCommand.self),
      AnySubcommand(BillCommand.self),
      AnySubcommand(TariffCommand.self),
      AnySubcommand(IngestCommand.self),
      AnySubcommand(SynthCommand.self),
      AnySubcommand(CheckCommand.self),
      AnySubcommand(CompletionsCommand.self),
      AnySubcommand(VersionCommand.self),
    ]
  }
}
