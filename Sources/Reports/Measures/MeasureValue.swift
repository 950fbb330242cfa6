import Documents

/// The value of a measure; a value that does not exist is nothing, never zero.
enum MeasureValue {
  case number(Double?)
  case integer(Int?)
  case text(String?)
  case flag(Bool)
  /// A time that may never come. [years]
  case time(Double?)
  /// Whole numbers.
  case integers([Int])
  /// What only JSON can hold.
  case json(JSONValue)

  /// The value in JSON; nothing where there is none.
  var json: JSONValue? {
    switch self {
    case .number(let value): value.map { .number($0) }
    case .integer(let value): value.map { .integer($0) }
    case .text(let value): value.map { .string($0) }
    case .flag(let value): .boolean(value)
    case .time(let value): value.map { .number($0) } ?? .string(Self.never)
    case .integers(let values): .array(values.map { .integer($0) })
    case .json(let value): value
    }
  }

  /// The value in a CSV file; one that does not exist is empty.
  var csv: String {
    switch self {
    case .text(let value): CSVWriter.cell(value ?? "")
    case .flag(let value): "\(value)"
    case .time(nil): Self.never
    case .number, .integer, .time: CSVWriter.cell(number)
    case .integers(let values): values.map { "\($0)" }.joined(separator: " ")
    case .json: ""
    }
  }

  /// The value as a number; nothing where it is none.
  var number: Double? {
    switch self {
    case .number(let value), .time(let value): value
    case .integer(let value): value.map { Double($0) }
    case .text, .flag, .integers, .json: nil
    }
  }

  /// Returns the value for people; a dash stands for one that does not exist.
  func text(decimals: Int, isFraction: Bool) -> String {
    switch self {
    case .number(let value):
      isFraction
        ? NumberText.percent(value, decimals: decimals)
        : NumberText.fixed(value, decimals: decimals)
    case .integer(let value): value.map { "\($0)" } ?? "–"
    case .text(let value): value ?? "–"
    case .flag(let value): value ? "yes" : "no"
    case .time(let value): value.map { NumberText.fixed($0, decimals: decimals) } ?? Self.never
    case .integers(let values):
      values.isEmpty ? "–" : values.map { "\($0)" }.joined(separator: ", ")
    case .json: ""
    }
  }

  /// What stands for a time that never comes.
  private static let never = "never"
}
