/// A JSON value that always prints the same bytes for the same content.
///
/// Keys are sorted, numbers take the shortest form that reads back exactly, and a number that is not
/// finite prints as `null`, so that NaN and infinities never reach a reader.
package enum JSONValue: Sendable, Hashable {
  case null
  case boolean(Bool)
  case integer(Int)
  case number(Double)
  case string(String)
  case array([JSONValue])
  case object([String: JSONValue])

  /// A list of numbers.
  package static func numbers(_ values: some Sequence<Double>) -> JSONValue {
    .array(values.map(JSONValue.number))
  }

  /// A number, or `null` when there is none.
  package static func optional(_ value: Double?) -> JSONValue {
    value.map(JSONValue.number) ?? .null
  }

  /// A text, or `null` when there is none.
  package static func optional(_ value: String?) -> JSONValue {
    value.map(JSONValue.string) ?? .null
  }

  /// Returns the text of the value.
  ///
  /// - Parameter isPretty: Two spaces of indentation per level; otherwise one line. Lists of plain
  ///   values stay on one line in both.
  /// - Returns: JSON text without a newline at the end.
  package func text(isPretty: Bool = true) -> String {
    var result = ""
    write(into: &result, indentation: isPretty ? 0 : nil)
    return result
  }

  private func write(into result: inout String, indentation: Int?) {
    switch self {
    case .null: result += "null"
    case .boolean(let value): result += value ? "true" : "false"
    case .integer(let value): result += String(value)
    case .number(let value): result += Self.text(of: value)
    case .string(let value): Self.write(value, into: &result)
    case .array(let items):
      let inner = items.allSatisfy(\.isPlain) ? nil : indentation.map { $0 + 1 }
      let separator = inner == nil && indentation != nil ? ", " : ","
      result += "["
      for (index, item) in items.enumerated() {
        if index > 0 { result += separator }
        Self.newLine(inner, into: &result)
        item.write(into: &result, indentation: inner)
      }
      if inner != nil { Self.newLine(indentation, into: &result) }
      result += "]"
    case .object(let members):
      let inner = members.isEmpty ? nil : indentation.map { $0 + 1 }
      result += "{"
      for (index, key) in members.keys.sorted().enumerated() {
        if index > 0 { result += "," }
        Self.newLine(inner, into: &result)
        Self.write(key, into: &result)
        result += inner == nil ? ":" : ": "
        members[key]?.write(into: &result, indentation: inner)
      }
      if inner != nil { Self.newLine(indentation, into: &result) }
      result += "}"
    }
  }

  private var isPlain: Bool {
    switch self {
    case .array, .object: false
    default: true
    }
  }

  private static func newLine(_ indentation: Int?, into result: inout String) {
    guard let indentation else { return }
    result += "\n" + String(repeating: "  ", count: indentation)
  }

  /// The shortest text that reads back as the same number; whole numbers have no decimals.
  package static func text(of value: Double) -> String {
    value.isFinite ? NumberText.shortest(value) : "null"
  }

  private static func write(_ text: String, into result: inout String) {
    result += "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      case _ where scalar.value < 0x20:
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    result += "\""
  }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByFloatLiteral, ExpressibleByBooleanLiteral, ExpressibleByNilLiteral,
  ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  package init(stringLiteral value: String) { self = .string(value) }
  package init(integerLiteral value: Int) { self = .integer(value) }
  package init(floatLiteral value: Double) { self = .number(value) }
  package init(booleanLiteral value: Bool) { self = .boolean(value) }
  package init(nilLiteral: ()) { self = .null }
  package init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
  package init(dictionaryLiteral elements: (String, JSONValue)...) {
    self = .object(Dictionary(elements) { _, last in last })
  }
}
