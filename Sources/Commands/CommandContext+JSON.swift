import CommandLine
import Documents

extension CommandContext {
  /// Prints a JSON result on standard output.
  func print(_ value: JSONValue) {
    printDocument(value.text())
  }
}
