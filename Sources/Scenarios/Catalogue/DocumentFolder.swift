import Documents
import Foundation

/// Folders whose YAML documents are found by name.
enum DocumentFolder {
  /// Returns the folder of a name in a folder or in the nearest one above it.
  static func nearest(to start: String, named name: String) -> String? {
    var folder = URL(fileURLWithPath: start).standardizedFileURL
    while true {
      let candidate = folder.appendingPathComponent(name).path
      if TextFile.problem(of: candidate) == "a folder, not a file" { return candidate }
      let parent = folder.deletingLastPathComponent()
      if parent.path == folder.path { return nil }
      folder = parent
    }
  }

  /// Paths of all documents by name; of two with one name the first folder's counts.
  static func documents(in folders: [String]) -> [(name: String, path: String)] {
    var found: [String: String] = [:]
    for folder in folders {
      let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
      for file in names where file.hasSuffix(".yaml") {
        let path = "\(folder)/\(file)"
        if found[name(of: path)] == nil { found[name(of: path)] = path }
      }
    }
    return found.sorted { $0.key < $1.key }.map { (name: $0.key, path: $0.value) }
  }

  /// The folder that a document stands in; empty for the working directory.
  static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "" }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// The name that a document is found by.
  static func name(of path: String) -> String {
    URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent
  }
}
