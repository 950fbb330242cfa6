package import Documents
import Numerics
import Store
import Studies

/// What changed between two runs, in words and as JSON.
package struct RunDifferenceReport: Sendable {
  private let difference: RunDifference
  private let names: (first: String, second: String)

  /// Figures that a table shows at most.
  static let shownFigures = 20

  /// Prepares the report.
  ///
  /// - Parameters:
  ///   - difference: What changed.
  ///   - names: What the two runs are called.
  package init(_ difference: RunDifference, names: (first: String, second: String)) {
    self.difference = difference
    self.names = names
  }

  /// The sentence that says what changed.
  package var verdict: String {
    sentence.prefix(1).uppercased() + sentence.dropFirst()
  }

  private var sentence: String {
    let (settings, inputs) = (difference.settings.count, difference.inputs.count)
    if settings + inputs == 0 {
      return difference.hasSameResult
        ? "\(names.first) and \(names.second) are the same: settings, data and result to the byte."
        : "Settings and data of \(names.first) and \(names.second) are the same, and their results differ: "
          + "that should not be; \(counted(difference.figures.count, "figure")) of them "
          + "\(difference.figures.count == 1 ? "differs" : "differ")."
    }
    let counts = [(settings, "setting"), (inputs, "input")].filter { $0.0 > 0 }
      .map { counted($0.0, $0.1) }
    let causes =
      counts.joined(separator: " and ") + (settings + inputs == 1 ? " differs" : " differ")
    return difference.hasSameResult
      ? "\(names.first) and \(names.second) have the same result, though \(causes)."
      : "\(money); \(causes)."
  }

  /// What it makes in money, where the two can be held against each other.
  private var money: String {
    let (first, second) = (difference.first, difference.second)
    guard first.run.command == second.run.command else {
      return
        "\(names.first) is of '\(first.run.command)' and \(names.second) of '\(second.run.command)'"
    }
    guard first.from == second.from, first.to == second.to else {
      return "The two runs are of different periods, so that their money does not compare"
    }
    guard first.currency == second.currency else {
      return "The two runs are in different currencies"
    }
    guard let before = first.headline, let after = second.headline else {
      let amounts = difference.figures.filter { $0.isMoney && $0.change != nil }.count
      return "\(counted(amounts, "amount")) of money \(amounts == 1 ? "differs" : "differ")"
    }
    let change = after.amount - before.amount
    let amount = "\(NumberText.fixed(abs(change), decimals: 2)) \(second.currency)"
    let relation =
      abs(change) < PairedInterval.cent
      ? "as much as" : "\(amount) \(change < 0 ? "less" : "more") than"
    let whose = before.name == after.name ? "" : " with \(before.name)"
    return
      "The \(after.figure) of \(after.name) in \(names.second) is "
      + "\(NumberText.fixed(after.amount, decimals: 2)) \(second.currency), \(relation) in \(names.first)\(whose)"
  }

  private func counted(_ count: Int, _ word: String) -> String {
    "\(count == 0 ? "no" : "\(count)") \(word)\(count == 1 ? "" : "s")"
  }

  /// Verdict, settings, data and money.
  package var text: String {
    var text = verdict + "\n"
    if !difference.settings.isEmpty {
      var table = TextTable([("setting", .left), (names.first, .left), (names.second, .left)])
      for setting in difference.settings {
        table.add([setting.key, setting.first ?? "–", setting.second ?? "–"].map(Self.shortened))
      }
      text += "\nWhat was set:\n" + table.text
    }
    if !difference.inputs.isEmpty { text += "\nWhat was read:\n" + inputTable.text }
    text += figureText
    return text
  }

  private static func shortened(_ text: String) -> String {
    let line = text.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
    let isWhole = line.count == text.count && line.count <= 40
    return text.isEmpty ? "none" : isWhole ? line : line.prefix(39) + "…"
  }

  private var inputTable: TextTable {
    var table = TextTable([
      ("read", .left), ("name", .left), ("", .left), (names.first, .right), (names.second, .right),
    ])
    for input in difference.inputs {
      guard let any = input.second ?? input.first else { continue }
      func row(_ what: String, _ value: (RunInput) -> String) {
        table.add([
          any.kind.rawValue, any.name, what, input.first.map(value) ?? "–",
          input.second.map(value) ?? "–",
        ])
      }
      row(any.kind == .file ? "bytes" : any.kind == .history ? "slots" : "rows") { "\($0.count)" }
      if any.kind != .file {
        row("missing") { "\($0.missing ?? 0)" }
        row("mean") { NumberText.fixed($0.mean, decimals: 4) }
      }
      row("fingerprint") { String($0.fingerprint.text.prefix(8)) }
    }
    return table
  }

  private var figureText: String {
    let money = difference.figures.filter(\.isMoney)
    let changed = money.filter { ($0.change ?? 0).magnitude >= PairedInterval.cent }
    var text = ""
    if !changed.isEmpty {
      let currency = difference.second.currency
      var table = TextTable([
        ("amount", .left), (names.first, .right), (names.second, .right),
        ("change \(currency)", .right),
      ])
      for figure in changed.prefix(Self.shownFigures) {
        table.add(
          [figure.path]
            + [figure.first, figure.second, figure.change].map {
              NumberText.fixed($0, decimals: 2)
            })
      }
      text += "\nWhat came out:\n" + table.text
    }
    let shown = min(changed.count, Self.shownFigures)
    let alone = difference.figures.filter { $0.change == nil }.count
    let others = difference.figures.count - shown - alone
    if others > 0 {
      text +=
        "\(counted(others, shown == 0 ? "figure" : "further figure")) "
        + "\(others == 1 ? "differs" : "differ"); --json has all.\n"
    }
    if alone > 0 { text += "\(counted(alone, "figure")) of one run only; --json has all.\n" }
    return text
  }

  /// The difference as members of an object.
  package var json: JSONValue {
    [
      "verdict": .string(verdict), "same_result": .boolean(difference.hasSameResult),
      "runs": KeptRun.measures.list([difference.first, difference.second]),
      "settings": .array(
        difference.settings.map {
          ["key": .string($0.key), "first": .optional($0.first), "second": .optional($0.second)]
        }),
      "inputs": .array(
        difference.inputs.map { input in
          func json(_ side: RunInput?) -> JSONValue {
            side.map { RunInput.measures.json($0) } ?? .null
          }
          return ["first": json(input.first), "second": json(input.second)]
        }),
      "figures": .array(
        difference.figures.map {
          [
            "path": .string($0.path), "first": .optional($0.first), "second": .optional($0.second),
            "change": .optional($0.change),
          ]
        }),
    ]
  }
}
