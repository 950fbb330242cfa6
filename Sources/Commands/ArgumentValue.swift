/// A type that can be read from the command line.
public protocol ArgumentValue {
  /// Reads the text, or refuses it.
  init?(argument: String)
  /// Ends the sentence "'--seed' must be …".
  static var phrase: String { get }
  /// What a shell offers.
  static var completion: Completion { get }
}

extension ArgumentValue {
  /// Nothing to offer.
  public static var completion: Completion { .none }
}

extension String: ArgumentValue {
  /// Takes any text that is not empty.
  public init?(argument: String) {
    guard !argument.isEmpty else { return nil }
    self = argument
  }
  /// Ends the sentence "'--output' must be …".
  public static var phrase: String { "a text that is not empty" }
}

extension Int: ArgumentValue {
  /// Takes a whole number of one or more.
  public init?(argument: String) {
    guard let value = Int(argument), value > 0 else { return nil }
    self = value
  }
  /// Ends the sentence "'--threads' must be …".
  public static var phrase: String { "a positive whole number" }
}

extension UInt64: ArgumentValue {
  /// Takes a whole number of zero or more.
  public init?(argument: String) {
    guard let value = UInt64(argument), !argument.hasPrefix("+") else { return nil }
    self = value
  }
  /// Ends the sentence "'--seed' must be …".
  public static var phrase: String { "a whole number of zero or more" }
}

extension Double: ArgumentValue {
  /// Takes a finite number.
  public init?(argument: String) {
    guard let value = Double(argument), value.isFinite else { return nil }
    self = value
  }
  /// Ends the sentence "'--price' must be …".
  public static var phrase: String { "a number" }
}

/// A named choice on the command line.
public protocol ArgumentChoice: ArgumentValue, CaseIterable, RawRepresentable<String> {}

extension ArgumentChoice {
  /// Takes one of the names.
  public init?(argument: String) { self.init(rawValue: argument) }
  /// Lists the names.
  public static var phrase: String {
    let names = allCases.map(\.rawValue)
    guard let last = names.last, names.count > 1 else { return names.joined() }
    return names.dropLast().joined(separator: ", ") + " or " + last
  }
  /// Offers the names.
  public static var completion: Completion { .words(allCases.map(\.rawValue)) }
}

/// A part of a study: the k-th of n, from 1.
public struct Shard: ArgumentValue, Sendable, Hashable {
  /// Which part, from 1.
  public var index: Int
  /// How many parts.
  public var count: Int

  /// Reads `k/n`.
  public init?(argument: String) {
    let parts = argument.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, let index = Int(parts[0]), let count = Int(parts[1]),
      index >= 1, index <= count
    else { return nil }
    self.index = index
    self.count = count
  }

  /// Ends the sentence "'--shard' must be …".
  public static var phrase: String { "k/n with k from 1 to n" }
}
