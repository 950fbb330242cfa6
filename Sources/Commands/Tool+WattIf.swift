package import CommandLine
import Foundation
import Scenarios

extension Tool {
  /// The program `wattif` with all its subcommands.
  package static var wattif: Tool {
    Tool(
      name: "wattif", version: "0.1.0",
      summary: [
        "What-if planning for battery storage: which forecast should plan the battery,",
        "how large it should be, and what a derating policy costs, in money and degrees.",
      ],
      remarks: [
        "Exit codes: 0 done, 1 the run failed, 64 bad command line, 65 bad input,",
        "70 a fault of the program, 130 interrupted (compare keeps the ledgers of",
        "finished versions in --output).",
      ],
      subcommands: [
        AnySubcommand(CompareCommand.self),
        AnySubcommand(BenchmarkCommand.self),
        AnySubcommand(SizeCommand.self),
        AnySubcommand(MergeCommand.self),
        AnySubcommand(StressCommand.self),
        AnySubcommand(ReplayCommand.self),
        AnySubcommand(PlanCommand.self),
        AnySubcommand(ContestCommand.self),
        AnySubcommand(TwinCommand.self),
        AnySubcommand(DerateCommand.self),
        AnySubcommand(ForecastCommand.self),
        AnySubcommand(ThermalCommand.self),
        AnySubcommand(BillCommand.self),
        AnySubcommand(TariffCommand.self),
        AnySubcommand(InitCommand.self),
        AnySubcommand(IngestCommand.self),
        AnySubcommand(ExportCommand.self),
        AnySubcommand(SynthCommand.self),
        AnySubcommand(CheckCommand.self),
        AnySubcommand(RunsCommand.self),
        AnySubcommand(ReportCommand.self),
        AnySubcommand(ShadowCommand.self),
        AnySubcommand(CompletionsCommand.self),
        AnySubcommand(VersionCommand.self),
      ], isResult: ResultNames.isResult)
  }

  /// Variables of `wattif` that the environment may leave out: the batteries and policies that came with the program.
  package static var defaults: [String: String] {
    guard let program = Bundle.main.executableURL?.deletingLastPathComponent().path else {
      return [:]
    }
    var found: [String: String] = [:]
    found[ProductCatalogue.variable] = ProductCatalogue.folder(above: program)
    found[PolicyCatalogue.variable] = PolicyCatalogue.folder(above: program)
    return found
  }
}
