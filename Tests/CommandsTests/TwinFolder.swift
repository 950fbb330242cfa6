import Foundation

/// A folder with what `wattif twin` reads, and the scenario that its tests start from.
final class TwinFolder: Sendable {
  private let place: DataCommandTests.Folder
  /// Path of the folder.
  var path: String { place.path }

  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().path
  static var scenario: String { "\(root)/scenarios/quickstart.yaml" }

  init() throws { place = try DataCommandTests.Folder() }

  func write(_ name: String, _ text: String) throws -> String { try place.file(name, text) }

  /// A day of hours with a column of their own.
  static func profile(_ column: String = "power_kw", _ value: (Int) -> String) -> String {
    var text = "time,\(column)\n"
    for hour in 0..<24 {
      text += "2031-01-01T\(hour < 10 ? "0" : "")\(hour):00:00Z,\(value(hour))\n"
    }
    return text
  }

  /// What a run prints as JSON.
  static func object(_ text: String) throws -> [String: Any] {
    try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any] ?? [:]
  }
}
