import Foundation

/// Paths as they are kept: from a folder, so that a project may be moved as a whole.
enum Paths {
  /// Returns the folder that a file lies in.
  static func folder(of path: String) -> String {
    URL(fileURLWithPath: path).deletingLastPathComponent().path
  }

  /// Returns a path from a folder.
  static func relative(_ path: String, to folder: String) -> String {
    let target = parts(path)
    let base = parts(folder)
    let common = zip(target, base).prefix { $0 == $1 }.count
    return
      ([String](repeating: "..", count: base.count - common) + target.dropFirst(common))
      .joined(separator: "/")
  }

  /// Returns a path that was kept from a folder.
  static func resolved(_ path: String, from folder: String) -> String {
    path.hasPrefix("/") ? path : folder.isEmpty ? path : "\(folder)/\(path)"
  }

  private static func parts(_ path: String) -> [String] {
    URL(fileURLWithPath: path).standardizedFileURL.resolvingSymlinksInPath().pathComponents
  }
}
