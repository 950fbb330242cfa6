import CommandLine
import Foundation
import Testing

/// Runs the script in bash and looks at what it offers.
@Suite("Completions in bash", .enabled(if: FileManager.default.fileExists(atPath: "/bin/bash")))
struct BashCompletionTests {
  private func offered(_ words: [String]) throws -> [String] {
    let quoted = words.map { "'\($0)'" }.joined(separator: " ")
    let script =
      wattif("completions", "bash").output + """
        COMP_WORDS=(wattif \(quoted)); COMP_CWORD=\(words.count); _wattif
        printf '%s\\n' "${COMPREPLY[@]}"
        """
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/bash")
    process.arguments = ["--norc", "-c", script]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return String(decoding: data, as: UTF8.self).split(separator: "\n").map(String.init)
  }

  @Test("subcommands, options and choices are offered") func words() throws {
    #expect(try offered(["ver"]) == ["version"])
    #expect(try offered(["version", "--j"]) == ["--json"])
    #expect(try offered(["completions", ""]) == ["bash", "zsh", "fish"])
    #expect(try offered(["check", "x.yaml", "--se"]) == ["--seed"])
    #expect(try offered(["help", "comp"]).contains("completions"))
  }

  @Test("the scripts are right in the eyes of their shells") func syntax() throws {
    for shell in ["bash", "zsh", "fish"] {
      guard
        let path = ["/bin/\(shell)", "/usr/bin/\(shell)"].first(where: {
          FileManager.default.fileExists(atPath: $0)
        })
      else { continue }
      let file = FileManager.default.temporaryDirectory
        .appendingPathComponent("wattif-\(UUID().uuidString)")
      defer { try? FileManager.default.removeItem(at: file) }
      try Data(wattif("completions", shell).output.utf8).write(to: file)
      let process = Process()
      process.executableURL = URL(fileURLWithPath: path)
      process.arguments = ["-n", file.path]
      try process.run()
      process.waitUntilExit()
      #expect(process.terminationStatus == 0, "\(shell)")
    }
  }
}
