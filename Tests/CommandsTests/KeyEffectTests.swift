import CommandLine
import Foundation
import TestSupport
import Testing

/// A key that is documented, read and without effect would be a promise that nobody keeps.
@Suite("Every documented key acts") struct KeyEffectTests {
  @Test("each of them has a case, and no case is of another key") func completeness() throws {
    let documented = try KeyReference.documentedKeys()
    let cases = KeyCase.all.map(\.key)
    #expect(documented.filter { !cases.contains($0) } == [], "keys without a case")
    #expect(cases.filter { !documented.contains($0) } == [], "cases of keys that are gone")
  }

  @Test("a change of it changes a result", arguments: KeyCase.all) func effect(_ change: KeyCase)
    throws
  {
    let files = try KeyCaseFiles.shared.get()
    let before = try files.outcome(of: change.before, by: change.command)
    let after = try files.outcome(of: change.after, by: change.command)
    #expect(before.code == .done, "\(before.error)")
    guard after.code == .done else {
      // A file that can no longer be read is a result as well; it is said where and why.
      #expect(after.code == .badInput && after.error.contains("error: "), "\(after.error)")
      return
    }
    #expect(before.output.isEmpty == false)
    let names = change.key.hasSuffix(".name") || change.command == .check
    #expect(
      try results(before, names: names) != results(after, names: names),
      "\(change.after.yaml(folder: "."))")
  }

  /// What repeats the document, and what follows from it only as a name.
  private static let echoes: Set<String> = [
    "settings", "inputs_hash", "period", "scenario", "version", "forecast", "planner", "models",
    "state_hash", "policy", "fault", "weather", "name", "conventions",
  ]

  /// The result without what only repeats the document; of a table its text.
  private func results(_ outcome: Outcome, names: Bool) throws -> String {
    guard outcome.output.hasPrefix("{"), !names else { return outcome.output }
    func stripped(_ value: Any) -> Any {
      if let object = value as? [String: Any] {
        return object.filter { !Self.echoes.contains($0.key) }.mapValues(stripped)
      }
      return (value as? [Any])?.map(stripped) ?? value
    }
    let value = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8))
    return String(
      decoding: try JSONSerialization.data(
        withJSONObject: stripped(value), options: [.sortedKeys]), as: UTF8.self)
  }
}
