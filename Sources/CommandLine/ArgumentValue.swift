import Diagnostics

/// A type that can be read from the command line.
package protocol ArgumentValue {
  /// Reads the text, or refuses it.
  init?(argument: String)
  /// Ends the sentence "'--seed' must be …".
  static var phrase: String { get }
  /// What a shell offers.
  static var completion: Completion { get }
}

extension ArgumentValue {
  /// Nothing to offer.
  package static var completion: Completion { .none }
}

extension String: ArgumentValue {
  /// Takes any text that is not empty.
  package init?(argument: String) {
    guard !argument.isEmpty else { return nil }
    self = argument
  }
  /// Ends the sentence "'--output' must be …".
  package static var phrase: String { "a text that is not empty" }
}

extension Int: ArgumentValue {
  /// Takes a whole number from one to a billion: no product of two of them runs over.
  package init?(argument: String) {
    guard let value = Int(argument), value > 0, value <= 1_000_000_000 else { return nil }
    self = value
  }
  /// Ends the sentence "'--threads' must be …".
  package static var phrase: String { "a positive whole number, a billion at most" }
}

extension UInt64: ArgumentValue {
  /// Takes a whole number of zero or more.
  package init?(argument: String) {
    guard let value = UInt64(argument), !argument.hasPrefix("+") else { return nil }
    self = value
  }
  /// Ends the sentence "'--seed' must be …".
  package static var phrase: String { "a whole number of zero or more" }
}

extension Double: ArgumentValue {
  /// Takes a decimal number up to a size of 1e12.
  package init?(argument: String) {
    // The standard library also reads `0x10`, as sixteen.
    guard !argument.lowercased().contains("x"), let value = Double(argument),
      abs(value) <= 1e12
    else { return nil }
    self = value
  }
  /// Ends the sentence "'--price' must be …".
  package static var phrase: String { "a number up to 1e12 in size" }
}

/// A named choice on the command line.
package protocol ArgumentChoice: ArgumentValue, CaseIterable, RawRepresentable<String> {}

extension ArgumentChoice {
  /// Takes one of the names.
  package init?(argument: String) { self.init(rawValue: argument) }
  /// Lists the names.
  package static var phrase: String {
    listed(allCases.map(\.rawValue), "or")
  }
  /// Offers the names.
  package static var completion: Completion { .words(allCases.map(\.rawValue)) }
}
