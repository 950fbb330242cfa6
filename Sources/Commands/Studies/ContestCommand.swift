import CommandLine
import Documents
import Reports
import Scenarios
import Studies

/// `wattif contest`: batteries planned once for a whole month, at a quadratic price of the peak.
struct ContestCommand: WorkingSubcommand {
  static let name = "contest"

  static var grammar: Grammar<ContestCommand> {
    Grammar(
      summary: "Scores plans of a whole month at a quadratic price of the peak.",
      discussion: """
        FILE names load, production and prices of a period, forecasts that were made before it, batteries and the price \
        of the square of the highest power. The batteries begin full and act at full power or rest. They are planned once \
        with the truth and once with each forecast; every plan is scored on what came. The plan with the truth is proven \
        to a hundred-thousandth of its cost.

        With --output the folder gets contest.csv with what each plan does in every slot, and contest.json.
        """,
      arguments: [
        .argument(
          "FILE", "Contest document.", \.document, completion: .file(suffixes: ["yaml", "yml"]))
      ],
      options: commonOptions,
      examples: [
        (
          "wattif contest scenarios/contest/ieee-cis-2021.yaml",
          "October of the IEEE-CIS challenge of 2021."
        )
      ])
  }

  var document = ""
  var common = CommonOptions()

  var outputs: [OutputPlace] { resultFolder }

  func run(_ context: CommandContext) throws -> ExitCode {
    let (contest, warnings) = try ContestDocument.read(
      path: document, environment: context.environment
    ).contest()
    context.report(warnings)
    let report = ContestReport(contest, try contest.scores(isCancelled: context.isInterrupted))
    if let folder = common.output {
      try context.write(report.csv, to: "contest.csv", in: folder)
      try context.write(report.json.text() + "\n", to: "contest.json", in: folder)
    }
    if common.isJSON { context.print(report.json) } else { context.print(report.text) }
    return .done
  }
}
