import Diagnostics
import Documents

extension MappingReader {
  /// Reads a number that must be given.
  package func number(_ key: String, _ rule: NumberRule = .finite) -> Double {
    guard let node = requiredNode(key) else { return rule.standIn }
    return context.number(node, named: key, rule)
  }

  /// Reads a number, or uses the default.
  package func number(_ key: String, _ rule: NumberRule = .finite, default value: Double) -> Double
  {
    optionalNumber(key, rule) ?? value
  }

  /// Reads a number that may be left out.
  package func optionalNumber(_ key: String, _ rule: NumberRule = .finite) -> Double? {
    node(key).map { context.number($0, named: key, rule) }
  }

  /// Reads a whole number that must be given.
  package func integer(_ key: String, _ range: ClosedRange<Int> = 0...Int.max) -> Int {
    guard let node = requiredNode(key) else { return range.lowerBound }
    return context.integer(node, named: key, range)
  }

  /// Reads a whole number, or uses the default.
  package func integer(
    _ key: String, _ range: ClosedRange<Int> = 0...Int.max, default value: Int
  ) -> Int {
    optionalInteger(key, range) ?? value
  }

  /// Reads a whole number that may be left out.
  package func optionalInteger(_ key: String, _ range: ClosedRange<Int> = 0...Int.max) -> Int? {
    node(key).map { context.integer($0, named: key, range) }
  }

  /// Reads `true` or `false`, or uses the default.
  package func boolean(_ key: String, default value: Bool) -> Bool {
    guard let node = node(key) else { return value }
    guard let scalar = node.scalar, case .boolean(let read) = scalar.resolved else {
      context.error("'\(key)' must be true or false, found \(node.found)", at: node.position)
      return value
    }
    return read
  }

  /// Reads a list of numbers that must be given.
  package func numbers(_ key: String, _ rule: NumberRule = .finite) -> [Double] {
    guard let node = requiredNode(key) else { return [] }
    return context.numbers(node, named: key, rule)
  }

  /// Reads a list of numbers that may be left out; a single number is a list of one.
  package func optionalNumbers(_ key: String, _ rule: NumberRule = .finite) -> [Double]? {
    node(key).map { context.numbers($0, named: key, rule) }
  }

  /// Reads rows of numbers of equal width, such as `[[0, 1.0], [45, 0.5]]`.
  ///
  /// - Parameters:
  ///   - key: The key.
  ///   - columns: What each number of a row is, for the message.
  /// - Returns: The rows, or nil when the key is missing or not a list.
  package func optionalRows(_ key: String, columns: [String]) -> [[Double]]? {
    guard let node = node(key) else { return nil }
    guard let items = node.items, !items.isEmpty else {
      context.error(
        "'\(key)' must be a list of rows [\(columns.joined(separator: ", "))], found \(node.found)",
        at: node.position)
      return nil
    }
    var rows: [[Double]] = []
    for item in items {
      guard let cells = item.items, cells.count == columns.count else {
        context.error(
          "each row of '\(key)' must be [\(columns.joined(separator: ", "))], found \(item.found)"
            + (item.items.map { " of \($0.count)" } ?? ""), at: item.position)
        continue
      }
      rows.append(
        zip(cells, columns).map { context.number($0, named: $1, .finite) })
    }
    return rows
  }
}

extension DecodingContext {
  private static let sizes = 1e-30...1e15

  /// Reads one number and reports, in words, what is wrong with it.
  func number(_ node: YAMLNode, named key: String, _ rule: NumberRule) -> Double {
    let value: Double
    switch node.scalar?.resolved {
    case .integer(let whole): value = Double(whole)
    case .number(let number) where number.isFinite: value = number
    case .number:
      error("'\(key)' must be a finite number, found \(node.found)", at: node.position)
      return rule.standIn
    default:
      error(
        "'\(key)' must be a number, found \(node.found)", at: node.position,
        notes: hints(for: node))
      return rule.standIn
    }
    // What is outside measures nothing, and its products run over or vanish.
    guard value == 0 || DecodingContext.sizes.contains(abs(value)) else {
      error(
        "'\(key)' must be 0 or a number from 1e-30 to 1e15 in size, found \(node.found)",
        at: node.position)
      return rule.standIn
    }
    guard rule.accepts(value) else {
      let percent = key.hasSuffix("_fraction") && value > 1 && value <= 100
      error(
        "'\(key)' must be \(rule.phrase), found \(node.found)", at: node.position,
        notes: percent
          ? ["fractions, not percent: \(plain(value)) % is \(value / 100)"] : [])
      return rule.standIn
    }
    return value
  }

  /// Reads one whole number.
  func integer(_ node: YAMLNode, named key: String, _ range: ClosedRange<Int>) -> Int {
    let value: Int?
    switch node.scalar?.resolved {
    case .integer(let whole): value = whole
    case .number(let number): value = Int(exactly: number)
    default: value = nil
    }
    guard let value else {
      error(
        "'\(key)' must be a whole number, found \(node.found)", at: node.position,
        notes: hints(for: node))
      return range.lowerBound
    }
    guard value.magnitude <= 1_000_000_000_000_000 else {
      error(
        "'\(key)' must be a whole number up to 1e15 in size, found \(node.found)",
        at: node.position)
      return range.lowerBound
    }
    guard range.contains(value) else {
      let words =
        switch (range.lowerBound, range.upperBound) {
        case (0, Int.max): "zero or more"
        case (1, Int.max): "positive"
        case (let low, Int.max): "\(low) or more"
        case (let low, let high): "from \(low) to \(high)"
        }
      error("'\(key)' must be \(words), found \(node.found)", at: node.position)
      return range.lowerBound
    }
    return value
  }

  /// Reads a list of numbers; a single number is a list of one.
  func numbers(_ node: YAMLNode, named key: String, _ rule: NumberRule) -> [Double] {
    (node.items ?? [node]).map { number($0, named: key, rule) }
  }

  /// Says what may have been meant by text in the place of a number.
  private func hints(for node: YAMLNode) -> [String] {
    guard let scalar = node.scalar else { return [] }
    let text = scalar.text
    if !scalar.isPlain, YAMLScalar(text: text, isPlain: true).resolved.isNumber {
      return ["a value in quotes is text; write it without them"]
    }
    // A number that is only too large, or not whole, needs no hint on how numbers are written.
    if scalar.resolved.isNumber { return [] }
    func isNumber(_ text: some StringProtocol) -> Bool { NumberScanner().number(text) != nil }
    let joined = String(text.filter { $0 != "_" })
    if joined != text, isNumber(joined) {
      return ["digits are not grouped; write \(joined)"]
    }
    let pointed = String(text.map { $0 == "," ? "." : $0 })
    if pointed != text, isNumber(pointed) {
      return ["decimals take a point; write \(pointed)"]
    }
    if text.hasSuffix("%"), let percent = NumberScanner().number(text.dropLast()) {
      return ["fractions, not percent: write \(percent / 100)"]
    }
    let head = text.prefix { !($0.isLetter || $0 == "°" || $0 == " ") }
    if !head.isEmpty, head.count < text.count, isNumber(head) {
      return ["the unit is part of the key; write the number alone"]
    }
    return []
  }
}

extension YAMLScalar.Resolved {
  /// True for whole and other numbers.
  var isNumber: Bool {
    switch self {
    case .integer, .number: true
    default: false
    }
  }
}
