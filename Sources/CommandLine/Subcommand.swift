import Diagnostics

/// One thing a program can do: a struct with its options, a check, and the work.
package protocol Subcommand: SendableMetatype {
  /// The word on the command line.
  static var name: String { get }
  /// The declared arguments and options.
  static var grammar: Grammar<Self> { get }
  /// Starts with the defaults.
  init()
  /// Refuses combinations of options that make no sense, before any work starts.
  func validate() throws(UsageError)
  /// What will be written besides standard output; tried before any work starts.
  var outputs: [OutputPlace] { get }
  /// Does the work; results go to `context.print`, everything else to the context's other channels.
  func run(_ context: CommandContext) throws -> ExitCode
}

extension Subcommand {
  /// Accepts every combination.
  package func validate() throws(UsageError) {}

  /// Nothing is written.
  package var outputs: [OutputPlace] { [] }
}

/// A subcommand without its type, as the tool keeps it.
package struct AnySubcommand {
  /// The word on the command line.
  package let name: String
  /// One line that says what it answers.
  package let summary: String
  let arguments: [ParameterOutline]
  let options: [ParameterOutline]
  private let helpText: (_ tool: String) -> String
  private let parseAndRun: ([String], CommandContext) throws -> ExitCode

  /// Wraps a subcommand.
  package init<Command: Subcommand>(_ type: Command.Type) {
    let grammar = Command.grammar
    name = Command.name
    summary = grammar.summary
    helpText = { grammar.help(of: $0, named: Command.name) }
    arguments = grammar.arguments.map(ParameterOutline.init)
    options = grammar.options.map(ParameterOutline.init)
    parseAndRun = { arguments, context in
      let (command, options) = try grammar.parse(arguments, into: Command())
      try command.validate()
      for place in command.outputs { try place.attempt(context.journal) }
      var context = context
      context.options = options
      return try TextLayout.$current.withValue(context.layout) { try command.run(context) }
    }
  }

  /// Returns the text of `--help` in the program of a name.
  func help(of tool: String) -> String { helpText(tool) }

  /// Parses the arguments, checks them and does the work.
  func run(_ arguments: [String], _ context: CommandContext) throws -> ExitCode {
    try parseAndRun(arguments, context)
  }
}

/// What completions need to know of a parameter.
struct ParameterOutline {
  var name: String
  var shortName: String?
  var valueName: String?
  var about: String
  var completion: Completion

  init<Command>(_ parameter: Parameter<Command>) {
    name = parameter.name
    shortName = parameter.shortName
    valueName = parameter.valueName
    about = parameter.about
    completion = parameter.completion
  }
}
