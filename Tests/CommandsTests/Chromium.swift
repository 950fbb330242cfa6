import Foundation
import Testing

/// Headless Chromium, where this machine has one.
enum Chromium {
  /// Path of the program; nothing where there is none.
  static let path: String? = {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    return ["chromium", "chromium-browser", "google-chrome"].lazy
      .flatMap { name in folders.map { "\($0)/\(name)" } }
      .first { FileManager.default.isExecutableFile(atPath: $0) }
  }()

  /// What a test says that is skipped.
  static let absence: Comment = "no chromium is installed, so pages are not opened"

  /// Longest time that it may take. [s]
  private static let longestSeconds = 240.0

  struct Failure: Error {
    var text: String
  }

  /// Opens a file.
  ///
  /// - Parameters:
  ///   - file: The page.
  ///   - options: What is to be done with it, such as `--dump-dom`.
  /// - Returns: Standard output, and what the page wrote to its console.
  /// - Throws: `Failure` when it cannot be started or takes too long.
  static func open(_ file: URL, _ options: [String]) throws -> (output: String, console: [String]) {
    guard let path else { throw Failure(text: "no chromium") }
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("wattif-chromium-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments =
      [
        "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
        "--no-first-run", "--disable-extensions", "--enable-logging=stderr",
        "--user-data-dir=\(folder.path)/profile",
      ] + options + [file.absoluteString]
    // Both channels go to files, so that neither can fill up and block it.
    var channels: [FileHandle] = []
    for name in ["output", "errors"] {
      let file = folder.appendingPathComponent(name)
      _ = FileManager.default.createFile(atPath: file.path, contents: nil)
      channels.append(try FileHandle(forWritingTo: file))
    }
    process.standardOutput = channels[0]
    process.standardError = channels[1]
    try process.run()
    let deadline = Date(timeIntervalSinceNow: longestSeconds)
    while process.isRunning, Date() < deadline { Thread.sleep(forTimeInterval: 0.05) }
    if process.isRunning {
      process.terminate()
      process.waitUntilExit()
      throw Failure(text: "chromium took more than \(longestSeconds) s")
    }
    func text(_ name: String) -> String {
      (try? String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)) ?? ""
    }
    return (
      text("output"),
      text("errors").split(separator: "\n").filter { $0.contains("CONSOLE") }.map(String.init)
    )
  }
}
