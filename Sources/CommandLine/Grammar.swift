/// The command line of one subcommand: its arguments and options, each with a description.
///
/// Parsing, `--help`, suggestions and shell completions all come from this one declaration.
package struct Grammar<Command> {
  /// One line that says what the subcommand answers.
  package var summary: String
  /// What a user should know before the first use; paragraphs are separated by empty lines.
  package var discussion: String
  /// What is given by its place, in order.
  package var arguments: [Parameter<Command>]
  /// What is given by its name.
  package var options: [Parameter<Command>]
  /// Command lines to try, each with a word on what it does.
  package var examples: [(line: String, about: String)]

  /// Declares a command line.
  package init(
    summary: String, discussion: String = "", arguments: [Parameter<Command>] = [],
    options: [Parameter<Command>] = [], examples: [(line: String, about: String)] = []
  ) {
    self.summary = summary
    self.discussion = discussion
    self.arguments = arguments
    self.options = options
    self.examples = examples
  }
}

/// What a shell offers for a value.
package enum Completion: Sendable, Equatable {
  case none
  case file(suffixes: [String])
  case folder
  case words([String])
}

/// One argument, option or flag.
package struct Parameter<Command> {
  /// `--json`, or the placeholder of an argument such as `SCENARIO`.
  package var name: String
  /// A one-letter form such as `-o`.
  package var shortName: String?
  /// Placeholder of the value; nil for a flag.
  package var valueName: String?
  /// What it does, one sentence.
  package var about: String
  /// What a shell offers for the value.
  package var completion: Completion
  /// True when an argument may be left out.
  package var isOptional: Bool
  /// True when it may be given more than once.
  package var isRepeatable: Bool
  /// Takes the value over.
  package var take: (inout Command, String) throws(UsageError) -> Void

  /// Declares a flag.
  package static func flag(
    _ name: String, short: String? = nil, _ about: String,
    _ place: WritableKeyPath<Command, Bool>
  ) -> Parameter {
    Parameter(
      name: name, shortName: short, valueName: nil, about: about, completion: .none,
      isOptional: true, isRepeatable: false
    ) { (command, _) throws(UsageError) in command[keyPath: place] = true }
  }

  /// Declares an option with a value that may be left out.
  package static func option<Value: ArgumentValue>(
    _ name: String, short: String? = nil, _ valueName: String, _ about: String,
    _ place: WritableKeyPath<Command, Value?>, completion: Completion? = nil
  ) -> Parameter {
    valued(name, short, valueName, about, completion) { $0[keyPath: place] = $1 }
  }

  /// Declares an option with a value that has a default.
  package static func option<Value: ArgumentValue>(
    _ name: String, short: String? = nil, _ valueName: String, _ about: String,
    _ place: WritableKeyPath<Command, Value>, completion: Completion? = nil
  ) -> Parameter {
    valued(name, short, valueName, about, completion) { $0[keyPath: place] = $1 }
  }

  /// Declares an option that may be given more than once.
  package static func option<Value: ArgumentValue>(
    _ name: String, short: String? = nil, _ valueName: String, _ about: String,
    _ place: WritableKeyPath<Command, [Value]>, completion: Completion? = nil
  ) -> Parameter {
    valued(name, short, valueName, about, completion, isRepeatable: true) {
      $0[keyPath: place].append($1)
    }
  }

  /// Declares an argument that must be given.
  package static func argument<Value: ArgumentValue>(
    _ name: String, _ about: String, _ place: WritableKeyPath<Command, Value>,
    completion: Completion? = nil
  ) -> Parameter {
    valued(name, nil, name, about, completion, isOptional: false) { $0[keyPath: place] = $1 }
  }

  /// Declares the arguments at the end, as many as there are.
  package static func rest<Value: ArgumentValue>(
    _ name: String, _ about: String, _ place: WritableKeyPath<Command, [Value]>
  ) -> Parameter {
    valued(name, nil, name, about, nil, isRepeatable: true) { $0[keyPath: place].append($1) }
  }

  /// Declares the arguments at the end, at least one.
  package static func arguments<Value: ArgumentValue>(
    _ name: String, _ about: String, _ place: WritableKeyPath<Command, [Value]>,
    completion: Completion? = nil
  ) -> Parameter {
    valued(name, nil, name, about, completion, isOptional: false, isRepeatable: true) {
      $0[keyPath: place].append($1)
    }
  }

  /// Declares what takes a value and reads it before it is set.
  private static func valued<Value: ArgumentValue>(
    _ name: String, _ short: String?, _ valueName: String, _ about: String,
    _ completion: Completion?, isOptional: Bool = true, isRepeatable: Bool = false,
    set: @escaping (inout Command, Value) -> Void
  ) -> Parameter {
    Parameter(
      name: name, shortName: short, valueName: valueName, about: about,
      completion: completion ?? Value.completion, isOptional: isOptional,
      isRepeatable: isRepeatable
    ) { (command, text) throws(UsageError) in
      set(&command, try value(text, named: name))
    }
  }

  private static func value<Value: ArgumentValue>(
    _ text: String, named name: String
  ) throws(UsageError) -> Value {
    guard let value = Value(argument: text) else {
      throw UsageError("'\(name)' must be \(Value.phrase), found '\(text)'")
    }
    return value
  }
}
