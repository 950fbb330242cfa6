package import Diagnostics
import Documents
import TimeSeries

extension LogFormat {
  /// The format of a file that can be no plain table, by its first bytes.
  ///
  /// - Parameter path: Path of the file.
  /// - Returns: Green Button's XML or NEM12; nothing for other files, also for those that cannot be read.
  package static func recognised(_ path: String) -> LogFormat? {
    let head = String(decoding: TextFile.head(path, bytes: 4096), as: UTF8.self)
    if head.hasPrefix("100,NEM12") { return .nem12 }
    let text = head.drop { $0.isWhitespace || $0 == "\u{FEFF}" }
    guard text.hasPrefix("<") else { return nil }
    return head.contains("espi") || head.contains("IntervalBlock") || head.contains("<feed")
      || head.contains(":feed") ? .greenButtonXML : nil
  }

  /// What the channels of a recognised file become when nobody says: a net of both directions, or a load.
  ///
  /// - Parameter path: Path of the file.
  /// - Returns: One mapping, or two that add up.
  /// - Throws: `InputError` when the file holds none.
  package func usualChannels(_ path: String) throws(InputError) -> [ColumnMapping] {
    func holds(_ channel: String) -> Bool {
      let source = LogSource(
        path: path, format: self,
        channels: [ColumnMapping(column: channel, quantity: .net)])
      return (try? source.inputs(zone: .utc, window: Int.min..<Int.max)) != nil
    }
    guard holds("export") else {
      return [
        holds("net")
          ? ColumnMapping(column: "net", quantity: .net)
          : ColumnMapping(column: "import", quantity: .load)
      ]
    }
    return [
      ColumnMapping(column: "import", quantity: .net, combination: .sumInFile),
      ColumnMapping(column: "export", quantity: .net, factor: -1, combination: .sumInFile),
    ]
  }
}
