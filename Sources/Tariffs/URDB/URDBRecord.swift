import Diagnostics
import Foundation

/// A value of a JSON rate record.
enum URDBValue: Sendable {
  case null
  case boolean(Bool)
  case number(Double)
  case text(String)
  case list([URDBValue])
  case object([String: URDBValue])

  /// The number, also where a record writes it as text.
  var number: Double? {
    switch self {
    case .number(let value): value
    case .text(let text): Double(text)
    default: nil
    }
  }

  /// The number where it is whole and of a size that can be counted with.
  var wholeNumber: Int? {
    number.flatMap { abs($0) < 1e12 ? Int(exactly: $0) : nil }
  }

  var text: String? {
    guard case .text(let text) = self else { return nil }
    return text
  }

  var list: [URDBValue]? {
    guard case .list(let items) = self else { return nil }
    return items
  }

  var object: [String: URDBValue]? {
    guard case .object(let fields) = self else { return nil }
    return fields
  }

  var isTrue: Bool {
    if case .boolean(let flag) = self { return flag }
    return number.map { $0 != 0 } ?? false
  }

  /// The value in a few words.
  var summary: String {
    switch self {
    case .null: "null"
    case .boolean(let flag): "\(flag)"
    case .number(let value):
      value == value.rounded() && abs(value) < 1e15 ? "\(Int(value))" : "\(value)"
    case .text(let text): text.count > 60 ? "\(text.prefix(57))..." : text
    case .list(let items): "a list of \(items.count)"
    case .object(let fields): "an object of \(fields.count)"
    }
  }
}

/// A rate record of the Utility Rate Database as read from JSON.
struct URDBRecord: Sendable {
  /// Fields by name as the record spells them.
  let fields: [String: URDBValue]

  /// Reads a record, alone or as the only item of an API answer.
  ///
  /// - Throws: `InputError` when the bytes are no JSON or hold no single rate record.
  init(_ bytes: [UInt8], file: String) throws {
    let place = SourcePosition(file: file)
    let root: Any
    do {
      root = try JSONSerialization.jsonObject(with: Data(bytes), options: [.fragmentsAllowed])
    } catch {
      throw InputError("the file is not JSON", at: place)
    }
    guard case .object(let top) = URDBRecord.value(root) else {
      throw InputError("a rate record must be a JSON object", at: place)
    }
    var found = top
    if let items = top["items"]?.list {
      guard items.count == 1, let only = items[0].object else {
        throw InputError(
          "'items' must hold one rate record, found \(items.count)", at: place)
      }
      found = only
    } else if let inner = top["urdb_response"]?.object {
      found = inner
    }
    fields = found
  }

  /// Returns a field, whatever its capitals: version 7 and 8 differ in them.
  subscript(name: String) -> URDBValue? {
    if let value = fields[name] { return value }
    return fields.keys.sorted().first { $0.lowercased() == name.lowercased() }
      .flatMap { fields[$0] }
  }

  private static func value(_ any: Any) -> URDBValue {
    switch any {
    case let object as [String: Any]: .object(object.mapValues { value($0) })
    case let list as [Any]: .list(list.map { value($0) })
    case let text as String: .text(text)
    case let number as NSNumber:
      // Booleans arrive as numbers of type "c" (character).
      unsafe String(cString: number.objCType) == "c"
        ? .boolean(number.boolValue) : .number(number.doubleValue)
    default: .null
    }
  }
}
