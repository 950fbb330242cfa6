import CommandLine
import Diagnostics
import Documents
import Foundation
import Numerics

/// The hashes of everything that a benchmark reads, in the form of `sha256sum`.
///
/// Lines with a hash and two blanks are of files below the data folder, so that `sha256sum -c` in that folder checks
/// them; those of scenarios and of what comes with them begin with `#`.
struct BenchmarkLock {
  /// Name of the file in the folder of the benchmark.
  static let name = "benchmark.lock"

  /// Hashes by name, of data and of what comes with the scenarios.
  private(set) var data: [String: String] = [:]
  private(set) var own: [String: String] = [:]

  /// Takes the hashes of files.
  ///
  /// - Parameters:
  ///   - files: Paths.
  ///   - folder: Folder of the benchmark.
  ///   - dataRoot: Folder of the data, or nothing.
  /// - Throws: `InputError` when a file cannot be read.
  init(of files: [String], folder: String, dataRoot: String?) throws {
    for file in files {
      let hash = SHA256.text(of: try TextFile.contents(file))
      if let dataRoot, let name = Self.name(of: file, in: dataRoot) {
        data[name] = hash
      } else {
        own[Self.name(of: file, in: folder) ?? file] = hash
      }
    }
  }

  /// Reads a lock; lines that are none are left out.
  init(_ text: String) {
    for line in text.split(separator: "\n") {
      let isOwn = line.hasPrefix("# ")
      let words = line.dropFirst(isOwn ? 2 : 0).split(separator: " ", maxSplits: 1)
      guard words.count == 2, words[0].count == 64 else { continue }
      let name = String(words[1].drop { $0 == " " })
      if isOwn { own[name] = String(words[0]) } else { data[name] = String(words[0]) }
    }
  }

  private static func name(of file: String, in folder: String) -> String? {
    let start = folder.hasSuffix("/") ? folder : folder + "/"
    return file.hasPrefix(start) ? String(file.dropFirst(start.count)) : nil
  }

  /// The lock as a file.
  var text: String {
    func lines(_ hashes: [String: String], _ start: String) -> String {
      hashes.sorted { $0.key < $1.key }.map { "\(start)\($0.value)  \($0.key)\n" }.joined()
    }
    return "# What the benchmark was run on; 'sha256sum -c' in the data folder checks the data.\n"
      + lines(own, "# ") + lines(data, "")
  }

  /// What differs from what was locked, in sentences.
  func differences(from locked: BenchmarkLock) -> [String] {
    func compared(_ now: [String: String], _ then: [String: String]) -> [String] {
      now.sorted { $0.key < $1.key }.compactMap { name, hash in
        guard let before = then[name] else { return "'\(name)' is not in the lock" }
        return before == hash ? nil : "'\(name)' is not what was locked"
      } + then.keys.sorted().filter { now[$0] == nil }.map { "'\($0)' of the lock was not read" }
    }
    return compared(own, locked.own) + compared(data, locked.data)
  }

  /// One hash for all of it.
  var hash: String { SHA256.text(of: Array(text.utf8)) }
}
