package import Diagnostics
import Documents
import TimeSeries

extension LogFormat {
  /// The format of a file that can be no plain table, by its first bytes.
  ///
  /// - Parameter path: Path of the file.
  /// - Returns: Green Button's XML, NEM12 or a log of VRM; nothing for other files, also for those that cannot be
  ///   read.
  package static func recognised(_ path: String) -> LogFormat? {
    let head = String(decoding: TextFile.head(path, bytes: 65_536), as: UTF8.self)
    if head.hasPrefix("100,NEM12") { return .nem12 }
    if VictronLog.isLog(head) { return .victronCSV }
    let text = head.drop { $0.isWhitespace || $0 == "\u{FEFF}" }
    guard text.hasPrefix("<") else { return nil }
    return head.contains("espi") || head.contains("IntervalBlock") || head.contains("<feed")
      || head.contains(":feed") ? .greenButtonXML : nil
  }

  /// What the channels of a file become when nobody says: a net of both directions, or a load; of a log of VRM, what
  /// its names tell.
  ///
  /// - Parameter path: Path of the file.
  /// - Returns: The mappings, several of one quantity adding up.
  /// - Throws: `InputError` with the channels of the file when none speaks for itself.
  package func usualChannels(_ path: String) throws(InputError) -> [ColumnMapping] {
    switch self {
    case .greenButtonXML, .nem12: return try meterChannels(path)
    case .victronCSV:
      let found = try VictronLog.usualChannels(path)
      if !found.isEmpty { return found }
    default: break
    }
    // A name that no file has makes the reader list those that are there.
    let source = LogSource(
      path: path, format: self, channels: [ColumnMapping(column: "", quantity: .load, unit: "kW")])
    do throws(InputError) {
      _ = try source.inputs(zone: .utc, window: Int.min..<Int.max)
    } catch {
      let notes = error.diagnostics.flatMap(\.notes)
      throw InputError([
        .error(
          "no channel is named; say which counts with '--column'",
          at: SourcePosition(file: path), notes: notes)
      ])
    }
    return []
  }

  private func meterChannels(_ path: String) throws(InputError) -> [ColumnMapping] {
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
