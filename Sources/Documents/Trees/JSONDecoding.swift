package import Diagnostics

/// Decodes what the program saved as JSON; a mistake is named with its place.
package enum JSONDecoding {
  /// Decodes a whole document.
  ///
  /// - Parameters:
  ///   - type: What the document holds.
  ///   - document: The document.
  /// - Returns: The value.
  /// - Throws: `InputError` for text that is no JSON, a member that is missing, or a value of another kind.
  package static func decode<Value: Decodable>(
    _ type: Value.Type, from document: TextFile
  ) throws(InputError) -> Value {
    let root = try JSONReader(file: document.path).read(document.bytes)
    let decoder = NodeDecoder(
      node: root, codingPath: [], lines: LineIndex(document.bytes, file: document.path))
    do {
      return try Value(from: decoder)
    } catch let error as InputError {
      throw error
    } catch DecodingError.dataCorrupted(let context), DecodingError.valueNotFound(_, let context),
      DecodingError.keyNotFound(_, let context), DecodingError.typeMismatch(_, let context)
    {
      throw InputError(context.debugDescription, at: SourcePosition(file: document.path))
    } catch {
      throw InputError("\(error)", at: SourcePosition(file: document.path))
    }
  }
}

/// A value of a tree as a source to decode from.
private struct NodeDecoder: Decoder, SingleValueDecodingContainer {
  let node: JSONNode
  let codingPath: [any CodingKey]
  let lines: LineIndex
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  func mistake(_ expected: String) -> InputError {
    let name = codingPath.last.map { $0.intValue.map { "item \($0 + 1)" } ?? "'\($0.stringValue)'" }
    return InputError(
      "\(name ?? "the document") must be \(expected), found \(node.found)",
      at: lines.position(node.offset))
  }

  func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
    guard let members = node.members else { throw mistake("an object") }
    return KeyedDecodingContainer(
      Members<Key>(
        values: Dictionary(uniqueKeysWithValues: members.map { ($0.name, $0.value) }),
        owner: self))
  }

  func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
    guard let items = node.list else { throw mistake("a list") }
    return Items(items: items, owner: self)
  }

  func singleValueContainer() throws -> any SingleValueDecodingContainer { self }

  func decodeNil() -> Bool { node.isNull }

  func decode(_ type: Bool.Type) throws -> Bool {
    guard let flag = node.boolean else { throw mistake("true or false") }
    return flag
  }

  func decode(_ type: String.Type) throws -> String {
    guard let text = node.text else { throw mistake("a text") }
    return text
  }

  func decode(_ type: Double.Type) throws -> Double {
    guard let number = node.number else { throw mistake("a number") }
    return number
  }

  func decode(_ type: Float.Type) throws -> Float { Float(try decode(Double.self)) }

  private func whole<Value: FixedWidthInteger>() throws -> Value {
    // Beyond 2^53 a `Double` would round.
    guard let number = node.number, abs(number) <= 9_007_199_254_740_992,
      let value = Value(exactly: number)
    else { throw mistake("a whole number") }
    return value
  }

  func decode(_ type: Int.Type) throws -> Int { try whole() }
  func decode(_ type: Int8.Type) throws -> Int8 { try whole() }
  func decode(_ type: Int16.Type) throws -> Int16 { try whole() }
  func decode(_ type: Int32.Type) throws -> Int32 { try whole() }
  func decode(_ type: Int64.Type) throws -> Int64 { try whole() }
  func decode(_ type: UInt.Type) throws -> UInt { try whole() }
  func decode(_ type: UInt8.Type) throws -> UInt8 { try whole() }
  func decode(_ type: UInt16.Type) throws -> UInt16 { try whole() }
  func decode(_ type: UInt32.Type) throws -> UInt32 { try whole() }
  func decode(_ type: UInt64.Type) throws -> UInt64 { try whole() }

  func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
    // Numbers in long lists need no container of their own.
    if type == Double.self, let number = try decode(Double.self) as? Value { return number }
    do {
      return try Value(from: self)
    } catch DecodingError.dataCorrupted {
      // An enumeration says only that it does not know the text.
      throw mistake("a known value")
    }
  }

  func inner(_ node: JSONNode, _ key: any CodingKey) -> NodeDecoder {
    NodeDecoder(node: node, codingPath: codingPath + [key], lines: lines)
  }
}

/// The position of an item in a list as a key.
private struct ItemKey: CodingKey {
  let position: Int
  var intValue: Int? { position }
  var stringValue: String { "\(position)" }
  init(_ position: Int) { self.position = position }
  init?(intValue: Int) { position = intValue }
  init?(stringValue: String) { nil }
}

/// The members of an object.
private struct Members<Key: CodingKey>: KeyedDecodingContainerProtocol {
  let values: [String: JSONNode]
  let owner: NodeDecoder
  var codingPath: [any CodingKey] { owner.codingPath }
  var allKeys: [Key] { values.keys.sorted().compactMap { Key(stringValue: $0) } }

  func contains(_ key: Key) -> Bool { values[key.stringValue] != nil }

  private func member(_ key: any CodingKey) throws -> NodeDecoder {
    guard let node = values[key.stringValue] else {
      throw InputError(
        "the object must have '\(key.stringValue)'", at: owner.lines.position(owner.node.offset))
    }
    return owner.inner(node, key)
  }

  func decodeNil(forKey key: Key) throws -> Bool { try member(key).decodeNil() }

  func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
    try member(key).decode(type)
  }

  func nestedContainer<Inner: CodingKey>(
    keyedBy type: Inner.Type, forKey key: Key
  ) throws -> KeyedDecodingContainer<Inner> { try member(key).container(keyedBy: type) }

  func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
    try member(key).unkeyedContainer()
  }

  func superDecoder() throws -> any Decoder { owner }

  func superDecoder(forKey key: Key) throws -> any Decoder { try member(key) }
}

/// The items of a list.
private struct Items: UnkeyedDecodingContainer {
  let items: [JSONNode]
  let owner: NodeDecoder
  private(set) var currentIndex = 0
  var codingPath: [any CodingKey] { owner.codingPath }
  var count: Int? { items.count }
  var isAtEnd: Bool { currentIndex == items.count }

  init(items: [JSONNode], owner: NodeDecoder) {
    self.items = items
    self.owner = owner
  }

  private mutating func next() throws -> NodeDecoder {
    guard currentIndex < items.count else { throw owner.mistake("a longer list") }
    defer { currentIndex += 1 }
    return owner.inner(items[currentIndex], ItemKey(currentIndex))
  }

  mutating func decodeNil() throws -> Bool {
    guard currentIndex < items.count, items[currentIndex].isNull else { return false }
    currentIndex += 1
    return true
  }

  mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
    try next().decode(type)
  }

  mutating func nestedContainer<Inner: CodingKey>(
    keyedBy type: Inner.Type
  ) throws -> KeyedDecodingContainer<Inner> { try next().container(keyedBy: type) }

  mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
    try next().unkeyedContainer()
  }

  mutating func superDecoder() throws -> any Decoder { try next() }
}
