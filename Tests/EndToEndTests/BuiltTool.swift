import Foundation

/// The built `wattif`, run as a user runs it.
struct BuiltTool {
  /// What a run wrote and how it ended.
  struct Outcome {
    var code: Int32
    var output: String
    var error: String
  }

  /// An executable lies beside the test runner.
  static func executable(_ name: String = "wattif") -> URL {
    Bundle.main.bundleURL.appendingPathComponent(name)
  }

  /// The folder of the package.
  static var package: URL {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
  }

  /// Runs the tool to its end.
  ///
  /// - Parameters:
  ///   - arguments: Words after the name of the tool.
  ///   - tool: Name of the executable.
  ///   - environment: Variables to set besides those of the test.
  ///   - folder: Working directory; that of the package when nil.
  /// - Returns: What it wrote and how it ended.
  /// - Throws: When the tool cannot be started.
  static func run(
    _ arguments: [String], tool: String = "wattif", environment: [String: String] = [:],
    folder: URL? = nil
  ) throws -> Outcome {
    let process = Process()
    process.executableURL = executable(tool)
    process.arguments = arguments
    process.currentDirectoryURL = folder ?? package
    var variables = ProcessInfo.processInfo.environment
    for (name, value) in environment { variables[name] = value }
    process.environment = variables
    let output = Pipe()
    // Standard error goes to a file, so that neither channel can fill up and block the tool.
    let errors = FileManager.default.temporaryDirectory
      .appendingPathComponent("wattif-\(UUID().uuidString).txt")
    _ = FileManager.default.createFile(atPath: errors.path, contents: nil)
    defer { try? FileManager.default.removeItem(at: errors) }
    process.standardOutput = output
    process.standardError = try FileHandle(forWritingTo: errors)
    try process.run()
    let text = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return Outcome(
      code: process.terminationStatus, output: String(decoding: text, as: UTF8.self),
      error: (try? String(contentsOf: errors, encoding: .utf8)) ?? "")
  }
}

/// A folder for the files of one test, removed afterwards.
func withFolder<Result>(_ body: (URL) throws -> Result) throws -> Result {
  let folder = FileManager.default.temporaryDirectory
    .appendingPathComponent("wattif-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  return try body(folder)
}

extension URL {
  /// Writes a text file into this folder.
  func write(_ text: String, to name: String) throws {
    try Data(text.utf8).write(to: appendingPathComponent(name))
  }
}
