import Foundation

/// The page that documents the keys of a scenario, as tests read it.
public enum KeyReference {
  /// Folder of the package.
  public static let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// Every documented key as `section.key`, in the order of the page.
  public static func documentedKeys() throws -> [String] {
    let page = package.appendingPathComponent("Sources/wattif/Documentation.docc/Scenario.md")
    var section = ""
    var keys: [String] = []
    for line in try String(contentsOf: page, encoding: .utf8).split(separator: "\n") {
      if line.hasPrefix("### ") {
        section = line.hasPrefix("### `") ? String(line.dropFirst(5).dropLast()) : ""
      } else if line.hasPrefix("| `"), let end = line.dropFirst(3).firstIndex(of: "`") {
        let key = String(line.dropFirst(3)[..<end])
        keys.append(section.isEmpty ? key : "\(section).\(key)")
      }
    }
    return keys
  }
}
