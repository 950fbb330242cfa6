import Foundation
public import Testing

extension Tag {
  /// Laws and cases of cells, heat and converters.
  @Tag public static var physics: Self
  /// Linear programs and planners.
  @Tag public static var solver: Self
  /// The built tool.
  @Tag public static var endToEnd: Self
  /// Minutes rather than seconds; run when `LONG_TESTS` is set.
  @Tag public static var slow: Self
}

/// True when the variable `LONG_TESTS` asks for the slow tests.
public let longTests = ProcessInfo.processInfo.environment["LONG_TESTS"] != nil
