package import Diagnostics

/// One `key: value` of a mapping.
package struct YAMLEntry: Sendable, Hashable {
  /// The key as written.
  package var key: String
  /// Where the key starts.
  package var keyPosition: SourcePosition
  /// The value that belongs to the key.
  package var value: YAMLNode

  /// Creates an entry.
  package init(key: String, keyPosition: SourcePosition, value: YAMLNode) {
    self.key = key
    self.keyPosition = keyPosition
    self.value = value
  }
}
