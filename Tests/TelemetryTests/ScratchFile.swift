import Foundation

/// A file that is gone when the test is over.
final class ScratchFile {
  let path: String

  init(
    _ text: String, name: String = "data.csv", encoding: String.Encoding = .utf8
  ) throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("wattif-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let url = folder.appendingPathComponent(name)
    try text.write(to: url, atomically: false, encoding: encoding)
    path = url.path
  }

  deinit {
    try? FileManager.default.removeItem(
      at: URL(fileURLWithPath: path).deletingLastPathComponent())
  }
}
