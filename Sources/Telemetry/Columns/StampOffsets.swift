import Documents
package import Diagnostics
package import TimeSeries

/// The offsets from UTC that the stamps of a table carry, and the zone that they may be of.
package struct StampOffsets: Sendable {
  /// Offsets by how often they stand, in rising order. [minutes]
  package let minutes: [Int]

  /// Reads the stamps of a column.
  ///
  /// - Parameters:
  ///   - path: Path of the table.
  ///   - column: Header of the stamps.
  /// - Throws: `InputError` when the table cannot be read.
  package init(path: String, column: String) throws(InputError) {
    var table = try CSVRows(try TextFile(path))
    var found: Set<Int> = []
    if let place = table.names.firstIndex(of: column) {
      while table.next() {
        let cells = table.texts
        if place < cells.count, let offset = Self.offset(of: cells[place]) { found.insert(offset) }
      }
    }
    minutes = found.sorted()
  }

  /// Returns the offset at the end of a stamp, `Z` or `±hh:mm`; nothing where there is none. [minutes]
  static func offset(of stamp: String) -> Int? {
    // A date alone ends in `-mm-dd`.
    guard stamp.contains(":") else { return nil }
    if stamp.hasSuffix("Z") { return 0 }
    let tail = stamp.suffix(6)
    let digits = tail.filter(\.isNumber)
    guard let sign = tail.first(where: { $0 == "+" || $0 == "-" }),
      let at = tail.firstIndex(of: sign)
    else { return nil }
    let after = tail[tail.index(after: at)...]
    guard [2, 4, 5].contains(after.count), after.allSatisfy({ $0.isNumber || $0 == ":" }),
      digits.count >= 2, let hours = Int(after.prefix(2)),
      let rest = after.count > 2 ? Int(after.suffix(2)) : 0
    else { return nil }
    return (sign == "-" ? -1 : 1) * (hours * 60 + rest)
  }

  /// A zone whose clocks have the offsets, one for many; nothing where no stamp carries one.
  ///
  /// Two offsets are those of winter and summer. One that never changes is a zone of that offset.
  package var zone: Zone? {
    let known: [[Int]: String] = [
      [-600]: "Pacific/Honolulu", [-480, -420]: "America/Los_Angeles",
      [-420, -360]: "America/Denver", [-360, -300]: "America/Chicago",
      [-300, -240]: "America/New_York", [-240, -180]: "America/Halifax", [0]: "UTC",
      [0, 60]: "Europe/London", [60, 120]: "Europe/Berlin", [120, 180]: "Europe/Helsinki",
      [330]: "Asia/Kolkata", [480]: "Asia/Singapore", [540]: "Asia/Tokyo",
      [570, 630]: "Australia/Adelaide", [600]: "Australia/Brisbane",
      [600, 660]: "Australia/Sydney", [720, 780]: "Pacific/Auckland",
    ]
    if let name = known[minutes] { return try? Zone(name) }
    guard minutes.count == 1, minutes[0] % 60 == 0 else { return nil }
    // The database names these zones by the sign of POSIX, which is the other one.
    return try? Zone("Etc/GMT\(minutes[0] > 0 ? "-" : "+")\(abs(minutes[0] / 60))")
  }
}
