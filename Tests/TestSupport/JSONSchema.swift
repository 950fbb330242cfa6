import Foundation

/// A JSON Schema with the words that the schemas of the project use; an unknown word is a mistake.
public struct JSONSchema {
  /// Where a value stands that does not follow the schema, and what is asked of it.
  public struct Violation: Equatable, CustomStringConvertible {
    public var path: String
    public var rule: String
    public var description: String { "\(path): \(rule)" }
  }

  private let file: URL
  /// The schema as it was read.
  public let root: [String: Any]

  /// Reads a schema.
  public init(_ file: URL) throws {
    let object = try JSONSerialization.jsonObject(with: Data(contentsOf: file))
    guard let root = object as? [String: Any] else { throw CocoaError(.fileReadCorruptFile) }
    self.file = file
    self.root = root
  }

  /// Returns what a value breaks: dictionaries, arrays, strings, doubles and truth values.
  public func violations(of value: Any) throws -> [Violation] {
    try check(value, root, "")
  }

  private static let annotations: Set<String> = [
    "$schema", "$id", "$defs", "title", "description", "default", "examples",
  ]

  private func check(_ value: Any, _ schema: [String: Any], _ path: String) throws -> [Violation] {
    var found: [Violation] = []
    func require(_ holds: Bool, _ rule: String) {
      if !holds { found.append(Violation(path: path, rule: rule)) }
    }
    let object = value as? [String: Any]
    let array = value as? [Any]
    let number = value as? Double
    let text = value as? String
    for (word, rule) in schema where !Self.annotations.contains(word) {
      switch word {
      case "$ref":
        let (other, target) = try resolve(rule as? String ?? "")
        found += try other.check(value, target, path)
      case "type":
        let types = rule as? [String] ?? [rule as? String ?? ""]
        require(types.contains { Self.matches(value, $0) }, "type \(types)")
      case "enum": require((rule as? [Any] ?? []).contains { "\($0)" == "\(value)" }, "enum")
      case "oneOf":
        let holds = try (rule as? [[String: Any]] ?? []).count {
          try check(value, $0, path).isEmpty
        }
        require(holds == 1, "oneOf, \(holds) hold")
      case "anyOf":
        require(
          try (rule as? [[String: Any]] ?? []).contains { try check(value, $0, path).isEmpty }, word
        )
      case "not":
        require(try !check(value, rule as? [String: Any] ?? [:], path).isEmpty, word)
      case "if":
        guard let then = schema["then"] as? [String: Any] else { break }
        if try check(value, rule as? [String: Any] ?? [:], path).isEmpty {
          require(try check(value, then, path).isEmpty, "then")
        }
      case "then": break
      case "required":
        for key in rule as? [String] ?? [] where object != nil {
          require(object?[key] != nil, "required '\(key)'")
        }
      case "properties":
        for (key, part) in rule as? [String: [String: Any]] ?? [:] {
          if let inner = object?[key] { found += try check(inner, part, "\(path).\(key)") }
        }
      case "additionalProperties":
        let known = schema["properties"] as? [String: Any] ?? [:]
        for (key, inner) in object ?? [:] where known[key] == nil {
          if let part = rule as? [String: Any] {
            found += try check(inner, part, "\(path).\(key)")
          } else {
            require(false, "unknown '\(key)'")
          }
        }
      case "items":
        for (index, inner) in (array ?? []).enumerated() {
          found += try check(inner, rule as? [String: Any] ?? [:], "\(path)[\(index)]")
        }
      case "minItems": require(array.map { Double($0.count) >= Self.number(rule) } ?? true, word)
      case "maxItems": require(array.map { Double($0.count) <= Self.number(rule) } ?? true, word)
      case "minLength": require(text.map { Double($0.count) >= Self.number(rule) } ?? true, word)
      case "minimum": require(number.map { $0 >= Self.number(rule) } ?? true, word)
      case "maximum": require(number.map { $0 <= Self.number(rule) } ?? true, word)
      case "exclusiveMinimum": require(number.map { $0 > Self.number(rule) } ?? true, word)
      case "exclusiveMaximum": require(number.map { $0 < Self.number(rule) } ?? true, word)
      case "pattern":
        let pattern = try Regex(rule as? String ?? "")
        require(text.map { $0.firstMatch(of: pattern) != nil } ?? true, word)
      default: throw CocoaError(.featureUnsupported, userInfo: ["word": word])
      }
    }
    return found
  }

  private static func number(_ rule: Any) -> Double { (rule as? NSNumber)?.doubleValue ?? .nan }

  private static func matches(_ value: Any, _ type: String) -> Bool {
    switch type {
    case "object": value is [String: Any]
    case "array": value is [Any]
    case "string": value is String
    case "boolean": value is Bool
    case "number": value is Double
    case "integer": (value as? Double).map { $0 == $0.rounded() } ?? false
    default: false
    }
  }

  /// The schema that a reference means: a place in this file or in another one beside it.
  private func resolve(_ reference: String) throws -> (JSONSchema, [String: Any]) {
    let parts = reference.split(separator: "#", omittingEmptySubsequences: false)
    let name = String(parts[0])
    let schema =
      name.isEmpty
      ? self
      : try JSONSchema(file.deletingLastPathComponent().appendingPathComponent(name))
    var target: Any = schema.root
    for key in (parts.count > 1 ? parts[1] : "").split(separator: "/") {
      guard let inner = (target as? [String: Any])?[String(key)] else {
        throw CocoaError(.coderValueNotFound, userInfo: ["reference": reference])
      }
      target = inner
    }
    return (schema, target as? [String: Any] ?? [:])
  }

  /// The path of every key that the schema names, lists and alternatives included.
  ///
  /// - Parameter stops: Whether the keys below a path are another document's.
  /// - Returns: Paths such as `section.key`.
  /// - Throws: When a reference leads nowhere.
  public func keys(except stops: (String) -> Bool) throws -> Set<String> {
    var found: Set<String> = []
    func walk(_ owner: JSONSchema, _ schema: [String: Any], _ path: String) throws {
      guard !stops(path) else { return }
      if let reference = schema["$ref"] as? String {
        let (other, target) = try owner.resolve(reference)
        try walk(other, target, path)
      }
      for (key, part) in schema["properties"] as? [String: [String: Any]] ?? [:] {
        let inner = path.isEmpty ? key : "\(path).\(key)"
        found.insert(inner)
        try walk(owner, part, inner)
      }
      if let items = schema["items"] as? [String: Any] { try walk(owner, items, path) }
      for part in schema["oneOf"] as? [[String: Any]] ?? [] { try walk(owner, part, path) }
    }
    try walk(self, root, "")
    return found
  }
}
