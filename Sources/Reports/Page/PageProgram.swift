/// A part of a page that answers to whoever reads it, where scripts run; elsewhere it is not seen.
package struct PageProgram: Sendable {
  /// Its elements, in a hidden `div` that its script shows.
  package var html: String
  /// Rules for its elements.
  package var style: String
  /// The script; it asks nothing of a network.
  package var script: String

  /// Collects the parts.
  package init(html: String, style: String, script: String) {
    self.html = html
    self.style = style
    self.script = script
  }
}
