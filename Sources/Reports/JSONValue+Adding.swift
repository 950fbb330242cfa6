package import Documents

extension JSONValue {
  /// Returns an object with one more key; other values are returned as they are.
  package func adding(_ key: String, _ value: JSONValue) -> JSONValue {
    guard case .object(var members) = self else { return self }
    members[key] = value
    return .object(members)
  }

  /// Returns an object with the keys of another one; other values are returned as they are.
  package func adding(_ other: JSONValue) -> JSONValue {
    guard case .object(let members) = self, case .object(let more) = other else { return self }
    return .object(members.merging(more) { $1 })
  }

  /// Sets a value inside nested objects, which are made where they are missing.
  mutating func set(_ value: JSONValue, at path: ArraySlice<String>) {
    guard let key = path.first else {
      self = value
      return
    }
    var members: [String: JSONValue] = [:]
    if case .object(let found) = self { members = found }
    members[key, default: .object([:])].set(value, at: path.dropFirst())
    self = .object(members)
  }
}
