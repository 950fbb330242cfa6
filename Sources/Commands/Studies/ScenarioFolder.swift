import Diagnostics
import Foundation

/// A folder with one scenario per site.
enum ScenarioFolder {
  /// True for the path of a folder.
  static func isFolder(_ path: String) -> Bool {
    (try? FileManager.default.contentsOfDirectory(atPath: path)) != nil
  }

  /// The scenarios of a folder by name, in order.
  ///
  /// - Throws: `InputError` when it has none.
  static func scenarios(in folder: String) throws -> [(name: String, path: String)] {
    let names = try names(in: folder, suffixes: [".yaml", ".yml"])
    guard !names.isEmpty else {
      throw InputError("the folder holds no scenario (*.yaml)", at: SourcePosition(file: folder))
    }
    return names.map { name in
      (String(name[..<(name.lastIndex(of: ".") ?? name.endIndex)]), "\(folder)/\(name)")
    }
  }

  /// The names in a folder that end in one of several ways, in order.
  ///
  /// - Throws: `InputError` when it cannot be read.
  static func names(in folder: String, suffixes: [String]) throws -> [String] {
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
      throw InputError("the folder cannot be read", at: SourcePosition(file: folder))
    }
    return names.filter { name in suffixes.contains { name.hasSuffix($0) } }.sorted()
  }
}
