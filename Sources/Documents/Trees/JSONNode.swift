/// A JSON value that knows where it stands.
package struct JSONNode: Sendable {
  /// What stands there.
  package enum Content: Sendable {
    case null
    case boolean(Bool)
    case number(Double)
    case text(String)
    case list([JSONNode])
    case members([(name: String, value: JSONNode)])
  }

  /// What stands there.
  package let content: Content
  /// Position of its first byte.
  package let offset: Int

  /// The member of an object, nothing when there is none or it is null.
  package subscript(name: String) -> JSONNode? {
    guard case .members(let members) = content,
      let value = members.first(where: { $0.name == name })?.value
    else { return nil }
    return value.isNull ? nil : value
  }

  /// True for `null`.
  package var isNull: Bool {
    if case .null = content { return true }
    return false
  }

  /// The items, if this is a list.
  package var list: [JSONNode]? {
    if case .list(let items) = content { return items }
    return nil
  }

  /// The members, if this is an object.
  package var members: [(name: String, value: JSONNode)]? {
    if case .members(let members) = content { return members }
    return nil
  }

  /// The text, if this is one.
  package var text: String? {
    if case .text(let text) = content { return text }
    return nil
  }

  /// The number, if this is one; a text is none, whatever it says.
  package var number: Double? {
    if case .number(let number) = content { return number }
    return nil
  }

  /// The truth value, if this is one.
  package var boolean: Bool? {
    if case .boolean(let flag) = content { return flag }
    return nil
  }

  /// What the value is, in words for a message: `'abc'`, `12`, `a list`.
  package var found: String {
    switch content {
    case .null: "null"
    case .boolean(let flag): "\(flag)"
    case .number(let number): NumberText.shortest(number)
    case .text(let text): text.count > 60 ? "'\(text.prefix(60))…'" : "'\(text)'"
    case .list(let items): "a list of \(items.count)"
    case .members(let members): "an object of \(members.count)"
    }
  }
}
