/// An element of an XML document: its name without prefix, attributes, text and children.
package struct XMLNode: Sendable {
  /// Name without the prefix of its namespace.
  package let name: String
  /// Attributes by name.
  package let attributes: [String: String]
  /// Line on which the element begins.
  package let line: Int
  /// Text inside the element and not inside of a child, without blanks around it.
  package internal(set) var text = ""
  /// Elements inside, in order.
  package internal(set) var children: [XMLNode] = []

  init(name: String, attributes: [String: String], line: Int) {
    self.name = name
    self.attributes = attributes
    self.line = line
  }

  /// The first child of a name.
  package subscript(name: String) -> XMLNode? { children.first { $0.name == name } }
}
