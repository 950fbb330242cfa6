package import Diagnostics

/// One value of a YAML document, with the place where it stands.
///
/// Aliases are already replaced by what they name, merge keys (`<<`) are already merged.
package struct YAMLNode: Sendable, Hashable {
  /// Where the value starts; lines and columns count from 1.
  package var position: SourcePosition
  /// The value itself.
  package var content: Content

  /// The three shapes a YAML value can have.
  package enum Content: Sendable, Hashable {
    case scalar(YAMLScalar)
    case sequence([YAMLNode])
    case mapping([YAMLEntry])
  }

  /// Creates a node from its place and its value.
  package init(position: SourcePosition, content: Content) {
    self.position = position
    self.content = content
  }

  /// The scalar, if this is one.
  package var scalar: YAMLScalar? {
    guard case .scalar(let scalar) = content else { return nil }
    return scalar
  }

  /// The entries, if this is a mapping.
  package var entries: [YAMLEntry]? {
    guard case .mapping(let entries) = content else { return nil }
    return entries
  }

  /// The items, if this is a sequence.
  package var items: [YAMLNode]? {
    guard case .sequence(let items) = content else { return nil }
    return items
  }

  /// What the value is, in words for a message: `'abc'`, `a list` or `a section`.
  package var found: String {
    switch content {
    case .scalar(let scalar):
      scalar.resolved == .null ? "nothing" : "'\(scalar.abbreviated)'"
    case .sequence: "a list"
    case .mapping: "a section"
    }
  }

  /// True for a key that was written without a value (`key:`), `~` or `null`.
  package var isNull: Bool { scalar?.resolved == .null }

  /// Number of nodes from here down, this one included.
  var nodeCount: Int {
    switch content {
    case .scalar: 1
    case .sequence(let items): items.reduce(1) { $0 + $1.nodeCount }
    case .mapping(let entries): entries.reduce(1) { $0 + 1 + $1.value.nodeCount }
    }
  }
}
