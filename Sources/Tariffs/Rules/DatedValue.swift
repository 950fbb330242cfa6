import TimeSeries

/// A number that changes on dates, such as a tax set for each year.
package struct DatedValue: Sendable, Hashable, ExpressibleByFloatLiteral,
  ExpressibleByIntegerLiteral
{
  /// A value and the first local day on which it holds.
  package struct Step: Sendable, Hashable {
    /// Days since 1970-01-01 on the local calendar; `Int.min` for "always".
    package let fromDay: Int
    /// The value from that day on.
    package let value: Double

    /// Creates a value that holds from a day on.
    package init(fromDay: Int, value: Double) {
      self.fromDay = fromDay
      self.value = value
    }
  }

  /// Values in order of their first day.
  package let steps: [Step]

  /// A value that never changes.
  package init(_ value: Double) { steps = [Step(fromDay: .min, value: value)] }

  /// A value that changes on the given days; the order given does not matter.
  ///
  /// Days before the first step have no value.
  package init(steps: [Step]) {
    precondition(!steps.isEmpty, "a dated value has at least one value")
    self.steps = steps.sorted { $0.fromDay < $1.fromDay }
  }

  package init(floatLiteral value: Double) { self.init(value) }

  package init(integerLiteral value: Int) { self.init(Double(value)) }

  /// Returns the value on a local day, or nothing before the first step.
  package func value(onDay day: Int) -> Double? {
    steps.last { $0.fromDay <= day }?.value
  }

  /// Returns the value on a local day, or the earliest one known before the first step.
  package func nearestValue(onDay day: Int) -> Double {
    value(onDay: day) ?? steps[0].value
  }

  /// True when the value changes, or begins, on a date.
  var isDated: Bool { steps.count > 1 || steps[0].fromDay != .min }
  /// True when every value is finite.
  var isFinite: Bool { steps.allSatisfy { $0.value.isFinite } }
  /// The smallest of the values.
  var lowest: Double { steps.map(\.value).min() ?? 0 }
  /// The largest of the values.
  var highest: Double { steps.map(\.value).max() ?? 0 }
  /// True when two values are stated for one day.
  var hasDuplicateDays: Bool { Set(steps.map(\.fromDay)).count != steps.count }
}
