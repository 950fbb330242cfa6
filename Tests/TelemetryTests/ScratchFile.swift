import Foundation

/// A file that is gone when the test is over.
final class ScratchFile {
  let path: String

  init(_ text: String, name: String = "data.csv") throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("wattif-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let url = folder.appendingPathComponent(name)
    try Data(text.utf8).write(to: url)
    path = url.path
  }

  deinit {
    try? FileManager.default.removeItem(
      at: URL(fileURLWithPath: path).deletingLastPathComponent())
  }
}
