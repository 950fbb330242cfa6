package import Documents
import Replay
import Store
import Studies

/// One run of the ledger: what came out, what it was made from and how it is made again.
package struct RunReport: Sendable {
  private let kept: KeptRun

  /// Prepares the report of a run.
  package init(_ kept: KeptRun) { self.kept = kept }

  /// Verdict, table, command line and what was read.
  package var text: String {
    let run = kept.run
    var lines = ["Run \(run.number) (\(run.shortHash)): \(kept.scenario ?? "")"]
    if let verdict = kept.verdict { lines.append(verdict) }
    var text = lines.map { $0 + "\n" }.joined()
    for table in tables { text += "\n" + table.text }
    text +=
      "\nMade by version \(run.programVersion) with seed \(run.seed); again, from the folder of the database:\n"
    text += "  \(kept.commandLine)\n"
    if !kept.inputs.isEmpty { text += "\n" + RunInput.measures.table(kept.inputs).text }
    return text
  }

  /// The tables of the result, made from its numbers.
  private var tables: [TextTable] {
    guard let result = kept.result else { return [] }
    func table<Subject>(_ measures: MeasureList<Subject>, _ rows: [JSONNode]?) -> [TextTable] {
      guard let rows, !rows.isEmpty else { return [] }
      return [measures.table(of: rows, currency: kept.currency, scores: kept.scores)]
    }
    switch kept.run.command {
    case "compare":
      return table(VersionScore.measures, result["versions"]?.list)
        + table(BatteryRun.measures, result["batteries"]?.list)
    case "replay": return table(VersionScore.measures, [result])
    case "size": return table(SizingCandidate.measures, result["candidates"]?.list)
    case "stress": return table(StressCell.measures, result["cells"]?.list)
    default: return []
    }
  }

  /// The run as members of an object, with its document and the whole result.
  package var json: JSONValue {
    [
      "run": KeptRun.measures.json(kept), "inputs": RunInput.measures.list(kept.inputs),
      "text": .string(kept.run.scenario), "result": kept.result.map { JSONValue($0) } ?? .null,
    ]
  }
}

extension MeasureList {
  /// Returns the table of some results that were written as JSON.
  ///
  /// - Parameters:
  ///   - rows: The results.
  ///   - currency: Currency of their money.
  ///   - scores: What JSON does not have under the measure's path, by version and key.
  /// - Returns: One row per result.
  func table(
    of rows: [JSONNode], currency: String, scores: [String: [String: Double]]
  ) -> TextTable {
    var table = TextTable(columns(currency: currency))
    for row in rows {
      let cells = measures.map { measure in
        var place: JSONNode? = row
        for part in measure.path.split(separator: ".") { place = place?[String(part)] }
        let score = row["version"]?.text.flatMap { scores[$0]?[measure.key] }
        let number = place.map { $0.number } ?? score
        let words = place.flatMap { $0.words }
        return (measure.key, words ?? number.map { measure.text($0) } ?? "–")
      }
      table.add(self.row(cells: Dictionary(cells) { first, _ in first }))
    }
    return table
  }
}

extension JSONNode {
  /// The value as people read it, where it is no number; nothing for one.
  fileprivate var words: String? {
    switch content {
    case .number: nil
    case .text(let text): text
    case .boolean(let flag): flag ? "yes" : "no"
    case .list(let items): JSONNode.listed(items)
    case .null, .members: "–"
    }
  }

  private static func listed(_ items: [JSONNode]) -> String {
    var numbers: [String] = []
    for item in items {
      guard case .number(let value) = item.content else { continue }
      numbers.append(NumberText.shortest(value))
    }
    return items.isEmpty ? "–" : numbers.joined(separator: ", ")
  }
}

extension JSONValue {
  /// Takes a value over that was read.
  init(_ node: JSONNode) {
    switch node.content {
    case .null: self = .null
    case .boolean(let flag): self = .boolean(flag)
    case .number(let number): self = .number(number)
    case .text(let text): self = .string(text)
    case .list(let items): self = .array(items.map { JSONValue($0) })
    case .members(let members):
      self = .object(
        Dictionary(members.map { ($0.name, JSONValue($0.value)) }) { first, _ in first })
    }
  }
}
