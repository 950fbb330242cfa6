/// A JSON value that knows where it stands.
package struct JSONNode {
  /// What stands there.
  package enum Content {
    case null
    case boolean(Bool)
    case number(Double)
    case text(String)
    case list([JSONNode])
    case members([(name: String, value: JSONNode)])
  }

  package var content: Content
  /// Position of its first byte.
  package var offset: Int

  /// The member of an object, nothing when there is none or it is null.
  package subscript(name: String) -> JSONNode? {
    guard case .members(let members) = content,
      let value = members.first(where: { $0.name == name })?.value
    else { return nil }
    if case .null = value.content { return nil }
    return value
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

  /// The number, if this is one.
  package var number: Double? {
    if case .number(let number) = content { return number }
    return nil
  }
}
