import Diagnostics
import Documents
import TimeSeries

/// The column that tells several rows of one stamp apart: a register, a direction, an entity.
struct RowKinds {
  /// Cell of the column.
  let cell: Int
  /// Its header.
  let name: String
  /// What it was seen to read, in order of appearance.
  let seen: [String]

  /// Finds the column in rows of which most share their stamp with another, or their time; nothing where they do not,
  /// or nothing tells them apart.
  ///
  /// - Parameters:
  ///   - rows: Cells of the first rows.
  ///   - stamps: When each row is.
  ///   - ends: When the interval of each row ends, where it says so.
  ///   - names: Headers.
  ///   - taken: Cells that hold times or values.
  init?(rows: [[String]], stamps: [Int], ends: [Int?], names: [String], taken: Set<Int>) {
    guard rows.count == stamps.count, stamps.count >= 4,
      Set(stamps).count * 10 <= stamps.count * 6
        || RowKinds.overlapping(stamps, ends) * 10 >= stamps.count * 4
    else { return nil }
    struct Key: Hashable {
      let stamp: Int
      let kind: String
    }
    var best: (cell: Int, seen: [String], isText: Bool)?
    for cell in names.indices where !taken.contains(cell) {
      var keys: Set<Key> = []
      var seen: [String] = []
      for (row, stamp) in zip(rows, stamps) {
        let text = cell < row.count ? row[cell] : ""
        if keys.insert(Key(stamp: stamp, kind: text)).inserted, !seen.contains(text),
          seen.count < 65
        {
          seen.append(text)
        }
      }
      guard keys.count * 100 >= stamps.count * 95, (2...64).contains(seen.count) else { continue }
      let isText = !seen.contains { NumberScanner().number($0) != nil }
      if best == nil || isText && best?.isText == false { best = (cell, seen, isText) }
    }
    guard let best else { return nil }
    cell = best.cell
    name = names[best.cell]
    seen = best.seen
  }

  /// Rows that begin within the interval of another one.
  private static func overlapping(_ stamps: [Int], _ ends: [Int?]) -> Int {
    var reached = Int.min
    var count = 0
    for (stamp, end) in zip(stamps, ends).sorted(by: { $0.0 < $1.0 }) {
      if stamp < reached { count += 1 }
      if let end { reached = max(reached, end) }
    }
    return count
  }

  /// Which rows a quantity takes when nobody says so: those of its own direction, all of them known.
  func directions(for quantity: Quantity) -> Set<FlowDirection>? {
    guard seen.allSatisfy({ FlowDirection($0) != nil }) else { return nil }
    switch quantity {
    case .load: return [.imported]
    case .pv: return [.exported]
    case .net: return [.imported, .exported]
    default: return nil
    }
  }

  /// Says how to name the rows that shall count.
  func refusal(of mapping: ColumnMapping, at position: SourcePosition) -> Diagnostic {
    let list = seen.prefix(20).map { "'\($0)'" }.joined(separator: ", ")
    return .error(
      "several rows have the same stamp and are told apart by '\(name)': name the ones that count "
        + "for '\(mapping.quantity.rawValue)', such as "
        + "'\(mapping.column)[\(name)=\(seen.first ?? "")]'", at: position,
      notes: ["'\(name)' reads \(list); '*' stands for any letters, and what is taken adds up"])
  }
}
