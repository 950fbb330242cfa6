import CommandLine
import Documents
import Numerics
import Reports

extension PageFact {
  /// What made a page.
  static var program: PageFact {
    PageFact("Program", "\(Tool.wattif.name) \(Tool.wattif.version)")
  }

  /// A file that a page rests on, with its size and what tells it from another.
  ///
  /// - Throws: `InputError` for a file that cannot be read.
  static func file(_ path: String) throws -> PageFact {
    let bytes = try TextFile.contents(path)
    var fingerprint = Fingerprint()
    fingerprint.combine(bytes: bytes)
    let name = path.split(separator: "/").last.map(String.init) ?? path
    return PageFact("File", "\(name), \(bytes.count) bytes, FNV-1a \(fingerprint.text)")
  }
}
