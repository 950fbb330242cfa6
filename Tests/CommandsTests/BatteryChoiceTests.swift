import CommandLine
import Foundation
import Testing

@Suite("Studies of one of several batteries") struct BatteryChoiceTests {
  private static let folder = Result {
    let folder = try OutputsPageFiles.prepared()
    let site = try String(contentsOfFile: "\(folder.path)/site.yaml", encoding: .utf8)
    _ = try folder.file("nmc.yaml", site.replacing("chemistry: lfp", with: "chemistry: nmc"))
    return folder
  }

  private static func object(_ arguments: [String]) throws -> [String: Any] {
    let outcome = wattif(arguments + ["--json", "-q"])
    #expect(outcome.code == .done, "\(outcome.error)")
    return try #require(
      try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
  }

  @Test(
    "the battery of a name is that of a document that has it alone",
    arguments: ["replay", "size", "stress", "plan"])
  func named(command: String) throws {
    let folder = try Self.folder.get().path
    var chosen = try Self.object([command, "\(folder)/batteries.yaml", "--battery", "nmc"])
    #expect(chosen.removeValue(forKey: "battery") as? String == "nmc")
    let alone = try Self.object([command, "\(folder)/nmc.yaml"])
    #expect(NSDictionary(dictionary: chosen) == NSDictionary(dictionary: alone))
    var own = try Self.object([command, "\(folder)/batteries.yaml"])
    #expect(own.removeValue(forKey: "battery") is NSNull)
    #expect(NSDictionary(dictionary: own) != NSDictionary(dictionary: alone))
  }

  @Test("without a name it is said which battery it is") func own() throws {
    let folder = try Self.folder.get().path
    let own = wattif("plan", "\(folder)/batteries.yaml", "-q")
    #expect(
      own.output.hasPrefix(
        "Four days of a shop\n"
          + "The battery is that of the section 'battery'; --battery takes 'lfp' or 'nmc'.\n"))
    let named = wattif("plan", "\(folder)/batteries.yaml", "-q", "--battery", "nmc")
    #expect(named.output.hasPrefix("Four days of a shop: nmc\n"))
    #expect(!named.output.contains("--battery"))
    #expect(wattif("plan", "\(folder)/site.yaml", "-q").output.hasPrefix("Four days of a shop\n"))
    let unknown = wattif("size", "\(folder)/batteries.yaml", "--battery", "nmx")
    #expect(
      unknown.code == .badCommandLine
        && unknown.error.contains(
          "the scenario has no battery 'nmx' among its 'batteries'; did you mean 'nmc'?")
    )
  }

  @Test("check lists them and what subcommands do with them") func check() throws {
    let folder = try Self.folder.get().path
    let found = wattif("check", "\(folder)/batteries.yaml").output
    #expect(found.contains("of batteries") && found.contains("nmc: ") && found.contains("lfp: "))
    #expect(
      found.contains(
        "compare and twin take all of 'batteries'; replay, size, stress and plan take 'battery'; "
          + "--battery takes one"))
    #expect(!wattif("check", "\(folder)/site.yaml").output.contains("batteries"))
  }
}
