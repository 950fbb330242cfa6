import CommandLine
import Diagnostics
import Documents
import Scenarios
import Twin

/// `wattif derate`: a policy on samples, line by line.
struct DerateCommand: Subcommand {
  static let name = "derate"

  static var grammar: Grammar<DerateCommand> {
    Grammar(
      summary: "Answers samples with the limits of a derating policy, line by line.",
      discussion: """
        Reads samples as CSV from a recorded log or from standard input and answers each with \
        the shares of the rated current and of the inverter's rating that the policy leaves until the next \
        one, at once and in the same order; rules and memory are those of a replay. The first line names \
        the columns: 'time' (a stamp) or 'seconds'; 'hottest_c' and 'coldest_c' of the cells; 'soc_fraction'; \
        'lowest_v' and 'highest_v' of the cells; 'heatsink_c' and 'ambient_c' of the inverter; 'current_a', \
        positive in discharge; 'rise_k' and 'probability' that a forecast of heat tells; 'planned_a' that a kept \
        model which knows the plan is to reckon with. Only those are needed \
        that the policy looks at; other columns are passed over. A line that cannot be read, or whose time does \
        not run forward, is answered with the limits of the one before, marked 'held', and counted.

        --list names the policies, --show writes one as a document to copy and edit.
        """,
      options: [
        .option(
          "--policy", "NAME|FILE",
          "The policy: by the name of the program's own or of a document in a folder 'policies', or the path of a "
            + "document.", \.policy, completion: .file(suffixes: [".yaml", ".yml"])),
        .option(
          "--log", "FILE", "A recorded log; standard input without one.", \.log,
          completion: .file(suffixes: [".csv"])),
        .option("--charge-a", "A", "Rated charging current; adds 'charge_a'.", \.chargeA),
        .option(
          "--discharge-a", "A", "Rated discharging current; adds 'discharge_a'.", \.dischargeA),
        .option("--power-kw", "KW", "Rating of the inverter; adds 'power_kw'.", \.powerKW),
        .flag("--json", "Answer with one JSON object a line.", \.isJSON),
        .flag("--list", "Name the policies and where their numbers come from.", \.isList),
        .option("--show", "NAME|FILE", "Write a policy as a document.", \.show),
        .wide(\.isWide),
      ],
      examples: [
        ("wattif derate --show residential > mine.yaml", "A copy to edit."),
        ("wattif derate --policy mine.yaml --log log.csv", "Limits for every line of a log."),
        (
          "./samples | wattif derate --policy four_level --power-kw 30",
          "Limits at once, line by line."
        ),
      ])
  }

  var log: String?
  var policy: String?
  var chargeA: Double?
  var dischargeA: Double?
  var powerKW: Double?
  var isJSON = false
  var isList = false
  var isWide = false
  var show: String?

  func validate() throws(UsageError) {
    let ways = [policy != nil, isList, show != nil].count { $0 }
    guard ways == 1 else {
      throw UsageError("one of '--policy', '--list' and '--show' must be given")
    }
    for (name, value) in [
      ("--charge-a", chargeA), ("--discharge-a", dischargeA), ("--power-kw", powerKW),
    ] {
      if let value, !(value > 0 && value.isFinite) {
        throw UsageError("'\(name)' must be positive, found '\(value)'")
      }
    }
  }

  func run(_ context: CommandContext) throws -> ExitCode {
    if isList { return list(context) }
    if let show {
      let found = try PolicyCatalogue.policy(show, environment: context.environment)
      context.printDocument(PolicyDocument.text(of: found.policy))
      return .done
    }
    let found = try PolicyCatalogue.policy(policy ?? "", environment: context.environment)
    var lines = DerateLines(
      found.policy, source: log ?? "standard input", chargeA: chargeA, dischargeA: dischargeA,
      powerKW: powerKW, isJSON: isJSON)
    func take(_ line: String) throws {
      if let answer = try lines.answer(line) { context.printDocument(answer) }
    }
    if let log {
      let text = String(decoding: try context.read(log).bytes, as: UTF8.self)
      for line in text.split(separator: "\n", omittingEmptySubsequences: true) {
        try take(String(line))
      }
    } else {
      while let line = readLine(strippingNewline: true) {
        if context.isInterrupted() { break }
        if !line.isEmpty { try take(line) }
      }
    }
    context.report(lines.findings)
    guard lines.hasHeader else {
      throw InputError("no line with the names of columns", at: SourcePosition(file: lines.source))
    }
    return .done
  }

  private func list(_ context: CommandContext) -> ExitCode {
    var table = TextTable([("policy", .left), ("where its numbers come from", .left)])
    for policy in DeratingPolicy.library {
      table.add([policy.name, policy.sources.first ?? "nothing is held back"])
    }
    for entry in PolicyCatalogue(folder: "", environment: context.environment).paths {
      let sources =
        (try? PolicyCatalogue.policy(entry.path, environment: context.environment))?.policy.sources
      table.add([entry.name, sources?.first ?? entry.path])
    }
    context.print(table.text)
    return .done
  }
}
