package import Documents

extension MappingReader {
  /// Reads a nested section that must be given.
  ///
  /// - Returns: What the closure made of it, or nil when the section is missing or anything in it is
  ///   wrong, so that no stand-in value leaves a section that was not sound.
  package func section<Value>(_ key: String, _ body: (MappingReader) -> Value?) -> Value? {
    requiredNode(key).flatMap { read($0, path: path(of: key), body) }
  }

  /// Reads a nested section that may be left out.
  package func optionalSection<Value>(_ key: String, _ body: (MappingReader) -> Value?) -> Value? {
    node(key).flatMap { read($0, path: path(of: key), body) }
  }

  /// Reads a list of sections that must be given and must not be empty.
  package func list<Value>(_ key: String, _ body: (MappingReader) -> Value?) -> [Value] {
    guard let node = requiredNode(key) else { return [] }
    guard let items = node.items, !items.isEmpty else {
      context.error(
        "'\(key)' must be a list with at least one entry, found "
          + (node.items == nil ? node.found : "an empty list"), at: node.position)
      return []
    }
    return items.compactMap { read($0, path: path(of: key), body) }
  }

  /// Reads a list of sections that may be left out or empty.
  package func optionalList<Value>(_ key: String, _ body: (MappingReader) -> Value?) -> [Value]? {
    guard let node = node(key) else { return nil }
    guard let items = node.items else {
      context.error("'\(key)' must be a list, found \(node.found)", at: node.position)
      return nil
    }
    return items.compactMap { read($0, path: path(of: key), body) }
  }

  /// Reads what may be a section or something shorter, such as a name.
  package func sectionOrNode<Value>(
    _ key: String, section: (MappingReader) -> Value?, other: (YAMLNode) -> Value?
  ) -> Value? {
    guard let node = node(key) else { return nil }
    return node.entries == nil ? other(node) : read(node, path: path(of: key), section)
  }

  /// Reads a node as a section of this one.
  package func read<Value>(
    _ node: YAMLNode, path: String, _ body: (MappingReader) -> Value?
  ) -> Value? {
    let reader = MappingReader(node, path: path, context: context)
    guard node.entries != nil else { return nil }
    let value = body(reader)
    reader.finish()
    return reader.isSound ? value : nil
  }
}
